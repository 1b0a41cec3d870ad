/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/run/release_reports.h. */
#include "run/release_reports.h"

#include "base/parallel.h"
#include "report/data_csv.h"
#include "report/html.h"
#include "report/indicators.h"
#include "report/metadata.h"
#include "report/paths.h"
#include "report/xlsx.h"

/* What is being written, and by whom: each item has a content of its own. */
struct writing {
    const struct release *release;
    const struct view *view;
    struct release_files *files;
    struct text content;
};

/* Puts the content, if it could be made. */
static int put(struct writing *w, int made, const char *path, struct err *err)
{
    return made == 0 ? release_files_put(w->files, path, &w->content, err) : -1;
}

/* The same under "FOLDER/NAME SUFFIX". */
static int put_named(struct writing *w, int made, const char *folder, const char *name,
                     const char *suffix, struct err *err)
{
    struct text path;
    text_init(&path);
    text_format(&path, "%s/%s%s", folder, name, suffix);
    int rc = path.failed ? err_memory(err) : put(w, made, path.bytes, err);
    text_release(&path);
    return rc;
}

/* libxlsxwriter writes files by itself. */
static int write_workbook(struct writing *w, const char *folder, size_t unit, struct err *err)
{
    struct text path, full;
    text_init(&path);
    text_init(&full);
    text_format(&path, "%s/report.xlsx", folder);
    text_format(&full, "%s/%s", w->files->folder, path.failed ? "" : path.bytes);
    int rc =
        path.failed || full.failed ? err_memory(err) : xlsx_write(full.bytes, w->view, unit, err);
    if (rc == 0)
        rc = release_files_adopt(w->files, path.bytes, err);
    text_release(&path);
    text_release(&full);
    return rc;
}

/* The files of units/UNIT. */
static int write_unit(struct writing *w, size_t unit, struct err *err)
{
    const struct view *v = w->view;
    struct text folder, *out = &w->content;
    text_init(&folder);
    text_string(&folder, "units/");
    unit_folder(&folder, &v->rules->structure, unit);
    const char *name = folder.bytes;
    int rc = folder.failed ? err_memory(err) : release_files_folder(w->files, name, err);
    if (rc == 0 &&
        (put_named(w, data_csv_write(out, v, unit, err), name, "data.csv", "", err) != 0 ||
         put_named(w, csvw_data_write(out, v->rules, err), name, "data.csv", "-metadata.json",
                   err) != 0 ||
         put_named(w, report_html_write(out, v, unit, err), name, "report.html", "", err) != 0 ||
         write_workbook(w, name, unit, err) != 0))
        rc = -1;
    text_release(&folder);
    return rc;
}

/* A table's metadata, and the table as SDMX. */
static int write_table(struct writing *w, size_t t, struct err *err)
{
    const struct release *r = w->release;
    const char *name = r->rules.structure.tables[t].name;
    struct text *out = &w->content;
    if (put_named(w, csvw_table_write(out, &r->rules, t, err), "tables", name, ".csv-metadata.json",
                  err) != 0 ||
        put_named(w, sdmx_csv_write(out, &r->rules, &r->cells, t, r->counts, r->status, err),
                  "sdmx", name, ".csv", err) != 0)
        return -1;
    return put_named(w, csvw_sdmx_write(out, &r->rules, t, err), "sdmx", name, ".csv-metadata.json",
                     err);
}

static int write_top(struct writing *w, struct err *err)
{
    const struct view *v = w->view;
    const struct config *c = v->config;
    struct text *out = &w->content;
    if (put(w, indicators_write(out, v, err), "indicators.csv", err) != 0 ||
        put(w, csvw_indicators_write(out, v->rules, err), "indicators.csv-metadata.json", err) !=
            0 ||
        put(w, csvw_turnover_write(out, v->rules, err), "turnover.csv-metadata.json", err) != 0 ||
        put(w, csvw_quality_write(out, err), "quality.csv-metadata.json", err) != 0 ||
        put(w, catalog_write(out, v->rules, c->name, c->authorisation, err), "catalog.jsonld",
            err) != 0 ||
        put(w, index_html_write(out, v, err), "index.html", err) != 0)
        return -1;
    return put(w, sdmx_structure_write(out, v->rules, err), "sdmx/structure.json", err);
}

/* What is above the tables and units, then each of these, by any thread. */
static int write_item(void *context, unsigned worker, size_t item, struct err *err)
{
    const struct writing *all = context;
    const size_t tables = all->release->rules.structure.table_count;
    struct writing own = {.release = all->release, .view = all->view, .files = all->files};
    (void)worker;
    text_init(&own.content);
    int rc = item == 0        ? write_top(&own, err)
             : item <= tables ? write_table(&own, item - 1, err)
                              : write_unit(&own, item - 1 - tables, err);
    text_release(&own.content);
    return rc;
}

int release_reports(const struct release *r, const struct config *config, const struct past *past,
                    unsigned threads, struct release_files *files, struct err *err)
{
    const struct structure *s = &r->rules.structure;
    struct view v = {0};
    struct writing all = {.release = r, .view = &v, .files = files};
    int rc =
        view_open(&v, &r->rules, &r->cells, r->counts, r->status, &r->turnover, past, config, err);
    if (rc == 0 &&
        (release_files_folder(files, "sdmx", err) != 0 ||
         release_files_folder(files, "units", err) != 0 ||
         parallel_items(threads, 1 + s->table_count + s->unit_count, write_item, &all, err) != 0))
        rc = -1;
    view_close(&v);
    return rc;
}

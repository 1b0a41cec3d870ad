/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/run/release_reports.h. */
#include "run/release_reports.h"

#include "report/data_csv.h"
#include "report/html.h"
#include "report/indicators.h"
#include "report/paths.h"

/* The files of units/UNIT. */
static int write_unit(const struct view *v, size_t unit, struct release_files *w,
                      struct text *content, struct err *err)
{
    static const struct {
        const char *name;
        int (*write)(struct text *out, const struct view *v, size_t unit, struct err *err);
    } files[] = {{"data.csv", data_csv_write}, {"report.html", report_html_write}};
    struct text folder, path;
    text_init(&folder);
    text_init(&path);
    text_string(&folder, "units/");
    unit_folder(&folder, &v->rules->structure, unit);
    int rc = folder.failed ? err_memory(err) : release_files_folder(w, folder.bytes, err);
    for (size_t i = 0; i < sizeof files / sizeof *files && rc == 0; i++) {
        text_clear(&path);
        text_format(&path, "%s/%s", folder.bytes, files[i].name);
        rc = path.failed ? err_memory(err) : files[i].write(content, v, unit, err);
        if (rc == 0)
            rc = release_files_put(w, path.bytes, content, err);
    }
    text_release(&folder);
    text_release(&path);
    return rc;
}

int release_reports(const struct release *r, const struct config *config, const struct past *past,
                    struct release_files *w, struct err *err)
{
    struct view v = {0};
    struct text content;
    text_init(&content);
    int rc = view_open(&v, &r->rules, &r->cells, r->counts, r->status, &r->turnover,
                       past, config, err);
    if (rc == 0 && (indicators_write(&content, &v, err) != 0 ||
                    release_files_put(w, "indicators.csv", &content, err) != 0 ||
                    index_html_write(&content, &v, err) != 0 ||
                    release_files_put(w, "index.html", &content, err) != 0 ||
                    release_files_folder(w, "units", err) != 0))
        rc = -1;
    for (size_t unit = 0; rc == 0 && unit < r->rules.structure.unit_count; unit++)
        rc = write_unit(&v, unit, w, &content, err);
    view_close(&v);
    text_release(&content);
    return rc;
}

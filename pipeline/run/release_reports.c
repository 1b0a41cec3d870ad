/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/run/release_reports.h. */
#include "run/release_reports.h"

#include "report/data_csv.h"
#include "report/indicators.h"
#include "report/paths.h"

/* The files of units/UNIT. */
static int write_unit(const struct view *v, size_t unit, struct release_files *w,
                      struct text *content, struct err *err)
{
    struct text folder, path;
    text_init(&folder);
    text_init(&path);
    text_string(&folder, "units/");
    unit_folder(&folder, &v->rules->structure, unit);
    text_format(&path, "%s/data.csv", folder.failed ? "" : folder.bytes);
    int rc = folder.failed || path.failed ? err_memory(err) : 0;
    if (rc == 0 && (release_files_folder(w, folder.bytes, err) != 0 ||
                    data_csv_write(content, v, unit, err) != 0 ||
                    release_files_put(w, path.bytes, content, err) != 0))
        rc = -1;
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
    int rc = view_open(&v, &r->rules, &r->cells, r->counts, r->status, past, config, err);
    if (rc == 0 && (indicators_write(&content, &v, err) != 0 ||
                    release_files_put(w, "indicators.csv", &content, err) != 0 ||
                    release_files_folder(w, "units", err) != 0))
        rc = -1;
    for (size_t unit = 0; rc == 0 && unit < r->rules.structure.unit_count; unit++)
        rc = write_unit(&v, unit, w, &content, err);
    view_close(&v);
    text_release(&content);
    return rc;
}

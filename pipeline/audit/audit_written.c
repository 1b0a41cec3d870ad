/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Metadata follow from the rules, and there is one form of them only. They are written anew from
 * what the audit has read, and must be the same bytes. See include/audit/case.h.
 */
#include "audit/case.h"

#include "report/metadata.h"
#include "report/paths.h"

#include <jansson.h>
#include <string.h>

enum { FILE_BYTES = 256 << 20, MANIFEST_BYTES = 1 << 20 };

struct written {
    struct audit_case *c;
    size_t files;
    struct text expected, found;
};

/* The file is what was written, whose making went as `made` says. */
static int same(struct written *w, int made, const char *path, struct err *err)
{
    text_clear(&w->found);
    if (made != 0)
        return -1;
    w->files++;
    if (audit_read(w->c->folder, path, FILE_BYTES, &w->found, err) != 0)
        return audit_find_error(w->c->result, AUDIT_REPORTS, path, err);
    bool equal = w->found.length == w->expected.length &&
                 memcmp(w->found.bytes, w->expected.bytes, w->found.length) == 0;
    return equal ? 0
                 : audit_find(w->c->result, AUDIT_REPORTS, path, "", err,
                              "not what follows from the rules and the tables");
}

static int same_named(struct written *w, int made, const char *folder, const char *name,
                      const char *suffix, struct err *err)
{
    struct text path;
    text_init(&path);
    text_format(&path, "%s/%s%s", folder, name, suffix);
    int rc = path.failed ? err_memory(err) : same(w, made, path.bytes, err);
    text_release(&path);
    text_clear(&w->expected);
    return rc;
}

static int check_table(struct written *w, size_t t, struct err *err)
{
    const struct audit_case *c = w->c;
    const char *name = c->rules.structure.tables[t].name;
    struct text *out = &w->expected;
    if (same_named(w, csvw_table_write(out, &c->rules, t, err), "tables", name,
                   ".csv-metadata.json", err) != 0)
        return -1;
    return same_named(w, csvw_sdmx_write(out, &c->rules, t, err), "sdmx", name,
                      ".csv-metadata.json", err);
}

static int check_unit(struct written *w, size_t unit, struct err *err)
{
    const struct rules *rules = &w->c->rules;
    struct text folder, *out = &w->expected;
    text_init(&folder);
    text_string(&folder, "units/");
    unit_folder(&folder, &rules->structure, unit);
    int rc = folder.failed ? err_memory(err)
                           : same_named(w, csvw_data_write(out, rules, err), folder.bytes,
                                        "data.csv", "-metadata.json", err);
    text_release(&folder);
    return rc;
}

static int check_catalog(struct written *w, struct err *err)
{
    struct text json;
    text_init(&json);
    int rc = audit_read(w->c->folder, "manifest.json", MANIFEST_BYTES, &json, err);
    json_t *root =
        rc == 0 ? json_loadb(json.bytes, json.length, JSON_REJECT_DUPLICATES, NULL) : NULL;
    const char *name = json_string_value(json_object_get(root, "name"));
    const char *legal = json_string_value(json_object_get(root, "authorisation"));
    if (name && legal)
        rc = same(w, catalog_write(&w->expected, &w->c->rules, name, legal, err), "catalog.jsonld",
                  err);
    json_decref(root);
    text_release(&json);
    text_clear(&w->expected);
    return rc;
}

static int check_top(struct written *w, struct err *err)
{
    const struct rules *rules = &w->c->rules;
    static const char suffix[] = "-metadata.json";
    struct text *out = &w->expected;
    if (check_catalog(w, err) != 0 ||
        same_named(w, csvw_indicators_write(out, rules, err), ".", "indicators.csv", suffix, err) !=
            0 ||
        same_named(w, csvw_turnover_write(out, rules, err), ".", "turnover.csv", suffix, err) !=
            0 ||
        same_named(w, csvw_quality_write(out, err), ".", "quality.csv", suffix, err) != 0)
        return -1;
    return same_named(w, sdmx_structure_write(out, rules, err), "sdmx", "structure.json", "", err);
}

static int check_all(struct written *w, struct err *err)
{
    const struct structure *s = &w->c->rules.structure;
    if (check_top(w, err) != 0)
        return -1;
    for (size_t t = 0; t < s->table_count; t++)
        if (check_table(w, t, err) != 0)
            return -1;
    for (size_t u = 0; u < s->unit_count; u++)
        if (check_unit(w, u, err) != 0)
            return -1;
    return 0;
}

int audit_written(struct audit_case *c, struct err *err)
{
    struct written w = {.c = c};
    text_init(&w.expected);
    text_init(&w.found);
    int rc = check_all(&w, err);
    audit_figure(c->result, AUDIT_REPORTS, "files written anew", w.files);
    text_release(&w.expected);
    text_release(&w.found);
    return rc;
}

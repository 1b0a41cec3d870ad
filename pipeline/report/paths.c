/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/report/paths.h. */
#include "report/paths.h"

#include <stdlib.h>
#include <string.h>

void unit_folder(struct text *out, const struct structure *s, size_t unit)
{
    const struct unit *u = &s->units[unit];
    for (size_t i = 0; i < s->unit_count; i++)
        if (s->units[i].level < u->level && strcmp(s->units[i].code, u->code) == 0) {
            text_format(out, "%s-%s", level_name(u->level), u->code);
            return;
        }
    text_string(out, u->code);
}

static int by_bytes(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Takes the text as a path, and clears it. */
static int add(struct report_paths *l, struct text *path, struct err *err)
{
    if (l->count == l->capacity) {
        size_t capacity = l->capacity ? 2 * l->capacity : 64;
        char **paths = reallocarray((void *)l->paths, capacity, sizeof *paths);
        if (!paths)
            return err_memory(err);
        l->paths = paths;
        l->capacity = capacity;
    }
    char *copy = path->failed ? NULL : text_duplicate(path->bytes, path->length);
    text_clear(path);
    if (!copy)
        return err_memory(err);
    l->paths[l->count++] = copy;
    return 0;
}

static int add_unit(struct report_paths *l, const struct structure *s, size_t unit,
                    struct text *path, struct err *err)
{
    static const char *const files[] = {"data.csv", "data.csv-metadata.json", "report.html",
                                        "report.xlsx"};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        text_string(path, "units/");
        unit_folder(path, s, unit);
        text_format(path, "/%s", files[i]);
        if (add(l, path, err) != 0)
            return -1;
    }
    return 0;
}

static int add_table(struct report_paths *l, const struct structure *s, size_t table,
                     struct text *path, struct err *err)
{
    static const char *const forms[][2] = {
        {"tables", "csv-metadata.json"}, {"sdmx", "csv"}, {"sdmx", "csv-metadata.json"}};
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        text_format(path, "%s/%s.%s", forms[i][0], s->tables[table].name, forms[i][1]);
        if (add(l, path, err) != 0)
            return -1;
    }
    return 0;
}

int report_paths_list(struct report_paths *l, const struct structure *s, struct err *err)
{
    static const char *const files[] = {"catalog.jsonld",
                                        "index.html",
                                        "indicators.csv",
                                        "indicators.csv-metadata.json",
                                        "quality.csv-metadata.json",
                                        "sdmx/structure.json",
                                        "turnover.csv-metadata.json"};
    struct text path;
    int rc = 0;
    memset(l, 0, sizeof *l);
    text_init(&path);
    for (size_t i = 0; i < sizeof files / sizeof *files && rc == 0; i++) {
        text_string(&path, files[i]);
        rc = add(l, &path, err);
    }
    for (size_t t = 0; t < s->table_count && rc == 0; t++)
        rc = add_table(l, s, t, &path, err);
    for (size_t u = 0; u < s->unit_count && rc == 0; u++)
        rc = add_unit(l, s, u, &path, err);
    if (rc == 0)
        qsort((void *)l->paths, l->count, sizeof *l->paths, by_bytes);
    text_release(&path);
    return rc;
}

bool report_paths_have(const struct report_paths *l, const char *path)
{
    return l->count > 0 &&
           bsearch(&path, (const void *)l->paths, l->count, sizeof *l->paths, by_bytes) != NULL;
}

void report_paths_release(struct report_paths *l)
{
    for (size_t i = 0; i < l->count; i++)
        free(l->paths[i]);
    free((void *)l->paths);
    memset(l, 0, sizeof *l);
}

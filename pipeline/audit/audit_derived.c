/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/audit/derived.h. */
#include "audit/derived.h"

#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *pattern; /* of paths; * stands for anything but a slash */
    derived_check check;
} DERIVED[] = {
    {"indicators.csv", audit_indicators},
    {"units/*/data.csv", audit_unit_data},
    {"sdmx/*.csv", audit_sdmx},
};
enum { DERIVED_COUNT = sizeof DERIVED / sizeof *DERIVED };

int audit_find_line(struct derived_file *f, long line, const char *cell, struct err *err,
                    const char *what)
{
    return audit_find(f->c->result, AUDIT_DERIVED, f->path, cell, err, "line %ld: %s", line, what);
}

static int by_code(const void *a, const void *b, void *context)
{
    const struct structure *s = context;
    const struct unit *x = &s->units[*(const uint32_t *)a], *y = &s->units[*(const uint32_t *)b];
    int order = strcmp(x->code, y->code);
    return order ? order : (int)x->level - (int)y->level;
}

static int index_units(struct derived_units *u, struct audit_case *c, struct err *err)
{
    size_t units = c->rules.structure.unit_count, cells = c->cells.count;
    u->by_code = malloc((units + 1) * sizeof *u->by_code);
    u->start = calloc(units + 3, sizeof *u->start);
    u->cell = malloc((cells + 1) * sizeof *u->cell);
    if (!u->by_code || !u->start || !u->cell)
        return err_memory(err);
    for (uint32_t i = 0; i < units; i++)
        u->by_code[i] = i;
    qsort_r(u->by_code, units, sizeof *u->by_code, by_code, &c->rules.structure);
    for (size_t i = 0; i < cells; i++)
        if (!(c->cells.flags[i] & CELL_UNPUBLISHED))
            u->start[c->cells.unit[i] + 2]++;
    for (size_t i = 1; i < units + 3; i++)
        u->start[i] += u->start[i - 1];
    for (uint32_t i = 0; i < cells; i++)
        if (!(c->cells.flags[i] & CELL_UNPUBLISHED))
            u->cell[u->start[c->cells.unit[i] + 1]++] = i;
    return 0;
}

static int look_at_files(struct derived_file *f, size_t *files, struct err *err)
{
    const struct audit_tree *tree = &f->c->tree;
    for (size_t i = 0; i < tree->count; i++)
        for (size_t k = 0; k < DERIVED_COUNT; k++) {
            if (fnmatch(DERIVED[k].pattern, tree->paths[i], FNM_PATHNAME | FNM_PERIOD) != 0)
                continue;
            f->path = tree->paths[i];
            ++*files;
            if (DERIVED[k].check(f, err) != 0)
                return -1;
        }
    return 0;
}

int audit_derived_files(struct audit_case *c, const int64_t *then, struct err *err)
{
    struct derived_units units = {0};
    struct derived_file f = {.c = c, .units = &units, .then = then};
    size_t files = 0;
    int rc = index_units(&units, c, err);
    if (rc == 0)
        rc = look_at_files(&f, &files, err);
    free(units.by_code);
    free(units.start);
    free(units.cell);
    audit_figure(c->result, AUDIT_DERIVED, "files", files);
    audit_figure(c->result, AUDIT_DERIVED, "figures", f.figures);
    if (rc == 0)
        audit_end(c->result, AUDIT_DERIVED);
    return rc;
}

int audit_derived(struct audit_case *c, struct err *err)
{
    return audit_derived_files(c, NULL, err);
}

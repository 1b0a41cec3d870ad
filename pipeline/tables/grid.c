/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/tables/grid.h. */
#include "tables/grid.h"

#include <stdlib.h>
#include <string.h>

/* Lists the children of every coordinate; parents come before their children. */
static int axis_list_children(struct axis *x, struct err *err)
{
    x->child_start = calloc(x->size + 2, sizeof *x->child_start);
    x->child = calloc(x->size + 1, sizeof *x->child);
    if (!x->child_start || !x->child)
        return err_memory(err);
    uint32_t *start = x->child_start + 1; /* start[i]: next free place of i, then i's end */
    for (size_t i = 0; i < x->size; i++)
        if (x->parent[i] >= 0)
            start[x->parent[i] + 1]++;
    for (size_t i = 1; i < x->size; i++)
        start[i] += start[i - 1];
    for (size_t i = 0; i < x->size; i++)
        if (x->parent[i] >= 0)
            x->child[start[x->parent[i]]++] = (uint32_t)i;
    return 0;
}

static int axis_of_units(struct axes *a, const struct structure *s, struct err *err)
{
    struct axis *x = &a->axis[0];
    uint32_t *coordinate = calloc(s->unit_count + 1, sizeof *coordinate);
    a->unit = calloc(s->unit_count + 1, sizeof *a->unit);
    x->parent = calloc(s->unit_count + 1, sizeof *x->parent);
    if (!coordinate || !a->unit || !x->parent) {
        free(coordinate);
        return err_memory(err);
    }
    for (size_t u = 0; u < s->unit_count; u++) {
        if (!s->units[u].delivered)
            continue;
        int parent = s->units[u].parent;
        coordinate[u] = (uint32_t)x->size;
        a->unit[x->size] = (uint32_t)u;
        x->parent[x->size++] = parent < 0 ? -1 : (int32_t)coordinate[parent];
    }
    free(coordinate);
    return axis_list_children(x, err);
}

static int axis_of_variable(struct axis *x, const struct variable *v, struct err *err)
{
    x->size = v->category_count;
    x->parent = calloc(x->size + 1, sizeof *x->parent);
    if (!x->parent)
        return err_memory(err);
    for (size_t i = 0; i < x->size; i++)
        x->parent[i] = v->categories[i].parent;
    return axis_list_children(x, err);
}

int axes_init(struct axes *a, const struct structure *s, struct err *err)
{
    memset(a, 0, sizeof *a);
    a->count = s->variable_count + 1;
    a->axis = calloc(a->count, sizeof *a->axis);
    if (!a->axis)
        return err_memory(err);
    if (axis_of_units(a, s, err) != 0)
        return -1;
    for (size_t v = 0; v < s->variable_count; v++)
        if (axis_of_variable(&a->axis[1 + v], &s->variables[v], err) != 0)
            return -1;
    return 0;
}

void axes_release(struct axes *a)
{
    for (size_t i = 0; a->axis && i < a->count; i++) {
        free(a->axis[i].parent);
        free(a->axis[i].child_start);
        free(a->axis[i].child);
    }
    free(a->axis);
    free(a->unit);
    memset(a, 0, sizeof *a);
}

int grid_init(struct grid *g, const struct axes *a, const struct leaf_table *t, struct err *err)
{
    memset(g, 0, sizeof *g);
    g->dimensions = 1 + t->variable_count;
    g->axis[0] = &a->axis[0];
    g->variable[0] = -1;
    for (size_t i = 0; i < t->variable_count; i++) {
        g->axis[1 + i] = &a->axis[1 + t->variables[i]];
        g->variable[1 + i] = t->variables[i];
    }
    g->cells = 1;
    for (size_t d = g->dimensions; d-- > 0;) {
        g->step[d] = g->cells;
        if (__builtin_mul_overflow(g->cells, g->axis[d]->size, &g->cells) || g->cells > CELLS_MAX)
            return err_set(err, ERR_DATA, "a table or closing crossing of more than %d cells",
                           CELLS_MAX);
    }
    return 0;
}

void grid_next(const struct grid *g, uint32_t at[static GRID_DIMENSIONS])
{
    for (size_t d = g->dimensions; d-- > 0;) {
        if (++at[d] < g->axis[d]->size)
            return;
        at[d] = 0;
    }
}

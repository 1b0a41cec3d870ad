/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Counts of all cells from the counts at the leaves: a table is filled as a dense array and summed
 * along one dimension after the other. See include/tables/structure.h.
 */
#include "tables/structure.h"

#include "tables/grid.h"

#include <stdlib.h>
#include <string.h>

size_t cells_leaf_tables(const struct cells *c, struct leaf_table *out, size_t capacity)
{
    for (size_t t = 0; t < c->leaf_table_count && t < capacity; t++)
        out[t] = c->leaf_tables[t];
    return c->leaf_table_count;
}

/* An error of this kind that names the cell. */
static int blame(const struct cells *c, size_t cell, const char *what, struct err *err)
{
    struct text key;
    text_init(&key);
    cell_key(&key, c, cell);
    err_set(err, ERR_INTERNAL, "%s: cell %s", what, key.bytes && !key.failed ? key.bytes : "?");
    text_release(&key);
    return -1;
}

static int fill_leaves(const struct cells *c, const struct axes *axes, const struct grid *g,
                       size_t t, int64_t *dense, leaf_count leaf, void *context, struct err *err)
{
    uint32_t at[GRID_DIMENSIONS] = {0};
    uint16_t categories[CONFIG_VARIABLES] = {0};
    for (size_t i = 0; i < g->cells; i++, grid_next(g, at)) {
        bool is_leaf = true;
        for (size_t d = 0; d < g->dimensions && is_leaf; d++)
            is_leaf = axis_children(g->axis[d], at[d]) == 0;
        dense[i] = 0;
        if (!is_leaf)
            continue;
        for (size_t d = 1; d < g->dimensions; d++)
            categories[g->variable[d]] = (uint16_t)at[d];
        dense[i] = leaf(context, t, (int)axes->unit[at[0]], categories);
        if (dense[i] < 0)
            return blame(c, c->table_cell[c->table_start[t] + i], "a negative count", err);
    }
    return 0;
}

/* Adds every cell to its parent's along dimension d, the last ones first: children stand after
 * their parents. */
static int sum_along(const struct grid *g, size_t d, int64_t *dense)
{
    size_t step = g->step[d], size = g->axis[d]->size;
    for (size_t i = g->cells; i-- > 0;) {
        size_t coordinate = i / step % size;
        int32_t parent = g->axis[d]->parent[coordinate];
        if (parent < 0)
            continue;
        size_t to = i - (coordinate - (size_t)parent) * step;
        if (__builtin_add_overflow(dense[to], dense[i], &dense[to]))
            return -1;
    }
    return 0;
}

static int sum_table(const struct cells *c, const struct axes *axes, size_t t, int64_t *dense,
                     int64_t *counts, leaf_count leaf, void *context, struct err *err)
{
    struct grid g;
    if (grid_init(&g, axes, &c->leaf_tables[t], err) != 0 ||
        fill_leaves(c, axes, &g, t, dense, leaf, context, err) != 0)
        return -1;
    for (size_t d = 0; d < g.dimensions; d++)
        if (sum_along(&g, d, dense) != 0)
            return err_set(err, ERR_INTERNAL, "a table's counts exceed 63 bits");
    const uint32_t *table = c->table_cell + c->table_start[t];
    for (size_t i = 0; i < g.cells; i++) {
        if (counts[table[i]] < 0)
            counts[table[i]] = dense[i];
        else if (counts[table[i]] != dense[i])
            return blame(c, table[i], "two tables count differently", err);
    }
    return 0;
}

/* Not a bug: who is counted in the part, where, and how, is said in the configuration. */
static int blame_inclusion(const struct cells *c, const struct inclusion *in, size_t part,
                           struct err *err)
{
    const struct structure *s = c->structure;
    const struct unit *u = &s->units[c->unit[part]];
    return err_set(err, ERR_DATA,
                   "population %s is not within population %s: in %s %s people count in the first "
                   "who count elsewhere, otherwise or not at all in the second; the tables "
                   "cannot say `within`",
                   s->populations[in->part].id, s->populations[in->whole].id, level_name(u->level),
                   u->code);
}

static int sum_slack(const struct cells *c, int64_t *counts, struct err *err)
{
    for (size_t i = 0; i < c->inclusion_count; i++) {
        const struct inclusion *in = &c->inclusions[i];
        for (size_t slack = in->first; slack < in->first + in->count; slack++) {
            size_t part = c->slack_part[slack - c->inclusions[0].first];
            size_t whole =
                cells_find(c, in->whole, (int)c->unit[part], c->categories + part * c->stride);
            counts[slack] = counts[whole] - counts[part];
            if (counts[slack] < 0)
                return blame_inclusion(c, in, part, err);
        }
    }
    return 0;
}

int cells_sum_up(const struct cells *c, int64_t *counts, leaf_count leaf, void *context,
                 struct err *err)
{
    struct axes axes;
    int64_t *dense = NULL;
    int rc = -1;
    if (axes_init(&axes, c->structure, err) != 0)
        goto out;
    size_t largest = 0;
    for (size_t t = 0; t < c->leaf_table_count; t++)
        if (c->table_start[t + 1] - c->table_start[t] > largest)
            largest = c->table_start[t + 1] - c->table_start[t];
    dense = malloc((largest + 1) * sizeof *dense);
    if (!dense) {
        err_memory(err);
        goto out;
    }
    for (size_t i = 0; i < c->count; i++)
        counts[i] = -1;
    for (size_t t = 0; t < c->leaf_table_count; t++)
        if (sum_table(c, &axes, t, dense, counts, leaf, context, err) != 0)
            goto out;
    rc = sum_slack(c, counts, err);
out:
    free(dense);
    axes_release(&axes);
    return rc;
}

int cells_additive(const struct cells *c, const int64_t *counts, struct err *err)
{
    for (size_t e = 0; e < c->equation_count; e++) {
        const uint32_t *member = c->equation_cell + c->equation_start[e];
        size_t count = c->equation_start[e + 1] - c->equation_start[e];
        int64_t sum = 0;
        for (size_t i = 1; i < count; i++)
            if (__builtin_add_overflow(sum, counts[member[i]], &sum))
                return blame(c, member[0], "an equation exceeds 63 bits", err);
        if (sum != counts[member[0]])
            return blame(c, member[0], "an equation does not hold", err);
    }
    return 0;
}

/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * A cell is the sum of the cells of its children, along one dimension at a time. A cell of several
 * tables has the same equation along a dimension in all of them, so a bit for each (cell,
 * dimension) tells that it was stated. See include/tables/cell_equations.h.
 */
#include "tables/cell_equations.h"

#include <stdlib.h>

_Static_assert(GRID_DIMENSIONS <= 32, "the dimensions of a cell are bits of 32");

struct builder {
    struct equation_writer writer;
    uint32_t *stated; /* per cell: bit 0 along the units, bit 1 + v along variable v */
};

int equation_open(struct equation_writer *w, size_t members, struct err *err)
{
    struct cells *c = w->cells;
    if (c->equation_count + 2 > w->equation_capacity) {
        size_t capacity = w->equation_capacity ? w->equation_capacity * 2 : 1024;
        uint32_t *start = realloc(c->equation_start, capacity * sizeof *start);
        if (!start)
            return err_memory(err);
        c->equation_start = start;
        w->equation_capacity = capacity;
    }
    if (w->member_count + members > w->member_capacity) {
        size_t capacity = w->member_capacity ? w->member_capacity : 4096;
        while (capacity < w->member_count + members)
            capacity *= 2;
        if (capacity > UINT32_MAX)
            return err_set(err, ERR_DATA, "the tables have too many equations");
        uint32_t *member = realloc(c->equation_cell, capacity * sizeof *member);
        if (!member)
            return err_memory(err);
        c->equation_cell = member;
        w->member_capacity = capacity;
    }
    c->equation_start[c->equation_count++] = (uint32_t)w->member_count;
    c->equation_start[c->equation_count] = (uint32_t)(w->member_count + members);
    return 0;
}

void equation_add(struct equation_writer *w, uint32_t cell)
{
    w->cells->equation_cell[w->member_count++] = cell;
}

/* The equation of the cell at `position` along dimension d, unless it was stated or is trivial. */
static int state(struct builder *b, const struct grid *g, const uint32_t *table, size_t position,
                 size_t d, uint32_t coordinate, struct err *err)
{
    const struct axis *axis = g->axis[d];
    size_t children = axis_children(axis, coordinate);
    uint32_t cell = table[position];
    uint32_t bit = (uint32_t)1 << (g->variable[d] + 1);
    if (children == 0 || (b->stated[cell] & bit))
        return 0;
    b->stated[cell] |= bit;
    if (equation_open(&b->writer, children + 1, err) != 0)
        return -1;
    equation_add(&b->writer, cell);
    size_t line = position - coordinate * g->step[d];
    for (size_t i = 0; i < children; i++)
        equation_add(&b->writer,
                     table[line + axis->child[axis->child_start[coordinate] + i] * g->step[d]]);
    return 0;
}

static int state_table(struct builder *b, const struct axes *axes, size_t t, struct err *err)
{
    struct cells *c = b->writer.cells;
    struct grid g;
    if (grid_init(&g, axes, &c->leaf_tables[t], err) != 0)
        return -1;
    const uint32_t *table = c->table_cell + c->table_start[t];
    uint32_t at[GRID_DIMENSIONS] = {0};
    for (size_t i = 0; i < g.cells; i++, grid_next(&g, at))
        for (size_t d = 0; d < g.dimensions; d++)
            if (state(b, &g, table, i, d, at[d], err) != 0)
                return -1;
    return 0;
}

/* whole = part + slack */
static int state_inclusion(struct builder *b, const struct inclusion *inclusion, struct err *err)
{
    struct cells *c = b->writer.cells;
    size_t first_slack = c->inclusions[0].first;
    for (size_t i = 0; i < inclusion->count; i++) {
        uint32_t slack = (uint32_t)(inclusion->first + i);
        uint32_t part = c->slack_part[slack - first_slack];
        size_t whole =
            cells_find(c, inclusion->whole, (int)c->unit[part], c->categories + part * c->stride);
        if (whole == SIZE_MAX)
            return err_set(err, ERR_INTERNAL, "a slack cell without its whole");
        if (equation_open(&b->writer, 3, err) != 0)
            return -1;
        equation_add(&b->writer, (uint32_t)whole);
        equation_add(&b->writer, part);
        equation_add(&b->writer, slack);
    }
    return 0;
}

int equations_build(struct cells *c, const struct axes *axes, struct err *err)
{
    struct builder b = {.writer.cells = c};
    int rc = -1;
    b.stated = calloc(c->count + 1, sizeof *b.stated);
    c->equation_start = calloc(1, sizeof *c->equation_start);
    if (!b.stated || !c->equation_start) {
        err_memory(err);
        goto out;
    }
    for (size_t p = 0; p < c->structure->population_count; p++)
        for (size_t t = 0; t < c->leaf_table_count; t++)
            if (c->leaf_tables[t].population == (int)p && state_table(&b, axes, t, err) != 0)
                goto out;
    for (size_t i = 0; i < c->inclusion_count; i++)
        if (state_inclusion(&b, &c->inclusions[i], err) != 0)
            goto out;
    rc = 0;
out:
    free(b.stated);
    return rc;
}

/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * grid: a table's cells as a dense array. Private to pipeline/tables.
 *
 * An axis is a tree of coordinates, parents before children: axis 0 the delivered units, axis 1 + v
 * the categories of variable v (0 = total). A grid is a leaf table's shape: its dimensions in
 * order, units first; the last one runs fastest. Position = sum of coordinate * step.
 */
#ifndef HERKOMST_TABLES_GRID_H
#define HERKOMST_TABLES_GRID_H

#include "base/err.h"
#include "tables/structure.h"

struct axis {
    size_t size;
    int32_t *parent;       /* -1: the root */
    uint32_t *child_start; /* children of i: child[child_start[i] .. child_start[i + 1]) */
    uint32_t *child;       /* increasing */
};

struct axes {
    size_t count; /* 1 + variables */
    struct axis *axis;
    uint32_t *unit; /* coordinate on axis 0 -> index in the structure's units */
};

enum { GRID_DIMENSIONS = CONFIG_VARIABLES + 1 };

struct grid {
    size_t dimensions;
    const struct axis *axis[GRID_DIMENSIONS];
    int variable[GRID_DIMENSIONS]; /* -1 for the units */
    size_t step[GRID_DIMENSIONS];
    size_t cells;
};

int axes_init(struct axes *a, const struct structure *s, struct err *err);
void axes_release(struct axes *a);

/* ERR_DATA if it has more than CELLS_MAX cells. g refers to a. */
int grid_init(struct grid *g, const struct axes *a, const struct leaf_table *t, struct err *err);

/* The next coordinates in the array's order; from the last ones back to all zero. */
void grid_next(const struct grid *g, uint32_t at[static GRID_DIMENSIONS]);

static inline size_t axis_children(const struct axis *x, size_t coordinate)
{
    return x->child_start[coordinate + 1] - x->child_start[coordinate];
}

#endif

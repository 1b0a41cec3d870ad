/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * blocks: the system of cells as units times classes.
 *
 * A CLASS is what a cell is but for its unit: a population and categories ("staff|origin=foreign|
 * sex=f"). The cells of one unit form its BLOCK. Every unit's block has the same LINES (equations
 * within a unit: along the variables, and slack), and every class has the same FAMILIES (equations
 * along the tree of units: a unit and its children).
 *
 * So a change v of the classes that keeps all lines, made in one unit and undone in a sibling,
 * keeps every equation there is: that is what makes exchanges (sdc/exchange.h) cheap to find.
 *
 * A SLOT is unit * class_count + class. A cell that does not fit (an equation mixes units and
 * classes, or a unit that moved between releases) has no slot; whoever searches by blocks leaves it
 * alone.
 */
#ifndef HERKOMST_SDC_BLOCKS_H
#define HERKOMST_SDC_BLOCKS_H

#include "base/err.h"
#include "tables/structure.h"

#define SLOT_NONE UINT32_MAX

struct blocks {
    const struct cells *cells;
    size_t unit_count, class_count;
    uint32_t *cell; /* per slot; SLOT_NONE = there is no such cell */
    uint32_t *slot; /* per cell; SLOT_NONE = it does not fit */

    size_t line_count;
    uint32_t *line_start;  /* line l: members [line_start[l], line_start[l + 1]) */
    uint32_t *line_class;  /* the total first: it has sign -1, the others +1 */
    uint32_t *class_start; /* class c stands in lines [class_start[c], class_start[c + 1]) */
    uint32_t *class_line;
    int8_t *class_sign;

    uint32_t *child_start; /* unit u: children [child_start[u], child_start[u + 1]) */
    uint32_t *child;
};

/* cells must outlive it. */
int blocks_build(struct blocks *b, const struct cells *cells, struct err *err);
void blocks_release(struct blocks *b);

#endif

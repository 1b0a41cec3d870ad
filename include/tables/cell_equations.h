/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * cell_equations: the equations of a system of cells. Private to pipeline/tables; structure.h says
 * which there are.
 */
#ifndef HERKOMST_TABLES_CELL_EQUATIONS_H
#define HERKOMST_TABLES_CELL_EQUATIONS_H

#include "tables/grid.h"
#include "tables/structure.h"

/* Appends equations to `cells`, whose equation_start (one element, 0) is there at first. */
struct equation_writer {
    struct cells *cells;
    size_t member_count;
    size_t equation_capacity, member_capacity;
};

/* Opens an equation of `members` members, which equation_add then gives, the total first. */
int equation_open(struct equation_writer *w, size_t members, struct err *err);
void equation_add(struct equation_writer *w, uint32_t cell);

/* Fills equation_* of c, whose cells are complete. Order: table by table as the cells were added,
 * cell by cell, along the units first, then along each variable; inclusions last. */
int equations_build(struct cells *c, const struct axes *axes, struct err *err);

#endif

/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * cell_equations: the equations of a system of cells. Private to pipeline/tables; structure.h says
 * which there are.
 */
#ifndef HERKOMST_TABLES_CELL_EQUATIONS_H
#define HERKOMST_TABLES_CELL_EQUATIONS_H

#include "tables/grid.h"
#include "tables/structure.h"

/* Fills equation_* of c, whose cells are complete. Order: table by table as the cells were added,
 * cell by cell, along the units first, then along each variable; inclusions last. */
int equations_build(struct cells *c, const struct axes *axes, struct err *err);

#endif

/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * fine_tables: tables that cross so many variables that programmes over several units take too
 * long, and have vertices that are hardly ever whole numbers (tables of four ways have no such
 * structure: De Loera and Onn, SIAM J. Optim. 17, 2006).
 *
 * Such systems are protected by exchanges alone, and what stands above an entity's hidden cells is
 * hidden too (secondary_coarsen). Then nothing that is published ties two entities together: any
 * tables of theirs add up to one of the whole, and each is searched by itself (search_units).
 */
#ifndef HERKOMST_SDC_FINE_TABLES_H
#define HERKOMST_SDC_FINE_TABLES_H

#include "tables/structure.h"

/* Of one release: does a published table cross four variables or more, in 200 cells a unit, and is
 * one published cell in twenty hidden, or more? hidden: per cell. Where few are, programmes find
 * cheaper patterns in time, however many variables are crossed. */
bool tables_are_fine(const struct cells *cells, const uint8_t *hidden);

#endif

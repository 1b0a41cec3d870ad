/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * whole_table: a whole-number table near a fractional one. Where the vertex of a linear programme
 * is fractional, it is so in a few places: the unknowns there and those that equations tie to them
 * are solved anew by branch and bound, all others kept as they are; in circles that grow.
 */
#ifndef HERKOMST_SDC_WHOLE_TABLE_H
#define HERKOMST_SDC_WHOLE_TABLE_H

#include "sdc/part_equations.h"

/* x: per unknown, equations hold but for rounding. kept: per unknown, its value if it must not
 * change (0 or more), else -1. Fills values if *found; false: there is none so near, or none was
 * found by a limited search. */
int whole_table(const struct part_equations *q, const double *x, const int64_t *kept,
                int64_t *values, bool *found, struct err *err);

#endif

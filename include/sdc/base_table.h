/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * base_table: some whole-number table that agrees with what is published of a part: where a search
 * starts that sees the published view only.
 *
 * A linear programme without objective, by the primal simplex method of COIN-OR CLP: on the systems
 * of tables that there are, that ends at a whole-number vertex nearly always, and tens of times as
 * soon as GLPK, which the other programmes use (README, "Measured").
 */
#ifndef HERKOMST_SDC_BASE_TABLE_H
#define HERKOMST_SDC_BASE_TABLE_H

#include "sdc/part_equations.h"

/* *found = false: the vertex was fractional, or additions found it wrong. */
int base_table(const struct part_equations *q, int64_t *values, bool *found, struct err *err);

#endif

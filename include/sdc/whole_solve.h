/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * whole_solve: a linear programme whose columns are at least 0, to be minimised, in whole numbers
 * or nearly the cheapest ones. For sdc/joint_programme.h and sdc/whole_table.h.
 *
 * The vertex comes from COIN-OR CLP, which is many times as fast as GLPK on such systems. Where it
 * is fractional, whole columns are kept and those around the fractional
 * ones solved again by GLPK's branch and bound, in circles that grow, up to a fixed number of
 * nodes.
 */
#ifndef HERKOMST_SDC_WHOLE_SOLVE_H
#define HERKOMST_SDC_WHOLE_SOLVE_H

#include "base/err.h"

#include <glpk.h>
#include <stdbool.h>

/* Rows of lp are equal or at most (GLP_FX, GLP_UP), costs not negative. values[1 .. columns] where
 * *found; false: there are none, or none were found. */
int whole_solve(glp_prob *lp, double *values, bool *found, struct err *err);

#endif

/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * joint_solve: a linear programme whose columns are at least 0, to be minimised, in whole numbers
 * or nearly the cheapest ones. Private to sdc/joint_programme.h.
 *
 * The vertex comes from COIN-OR CLP, which is many times as fast as GLPK on such systems (as in
 * sdc/base_table.h). Where it is fractional, whole columns are kept and those around the fractional
 * ones solved again by GLPK's branch and bound, in circles that grow, up to a fixed number of
 * nodes.
 */
#ifndef HERKOMST_SDC_JOINT_SOLVE_H
#define HERKOMST_SDC_JOINT_SOLVE_H

#include "base/err.h"

#include <glpk.h>
#include <stdbool.h>

/* Rows of lp are equal or at most (GLP_FX, GLP_UP), costs not negative. values[1 .. columns] where
 * *found; false: there are none, or none were found. */
int joint_solve(glp_prob *lp, double *values, bool *found, struct err *err);

#endif

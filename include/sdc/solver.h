/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * solver: GLPK, tamed. It prints nothing, and what it would abort the process for (out of memory, a
 * broken call) becomes an error.
 *
 * GLPK keeps an environment for each thread: a problem is used by the thread that made it, and a
 * thread calls solver_thread_end when all its problems are deleted. After a failed solver_run the
 * problem must be forgotten, not deleted; solver_thread_end frees it.
 */
#ifndef HERKOMST_SDC_SOLVER_H
#define HERKOMST_SDC_SOLVER_H

#include "base/err.h"

#include <glpk.h>
#include <stdbool.h>

/* Calls body(context) and returns what it returns; -1 with ERR_SYSTEM when GLPK gave up inside. */
int solver_run(void (*body)(void *context), void *context, struct err *err);

/* Primal simplex from the basis at hand. No limits: results must not depend on the clock. */
void solver_simplex_parameters(glp_smcp *parameters);

/* Branch and bound until the first whole-number solution, or after `nodes` nodes. The problem must
 * have just been solved to optimality; true if a solution was found (glp_mip_col_val). */
bool solver_branch(glp_prob *lp, int nodes);

void solver_thread_end(void);

#endif

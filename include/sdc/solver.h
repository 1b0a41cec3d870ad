/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * solver: GLPK, tamed. It prints nothing, and what it would abort the process for (out of memory, a
 * broken call) becomes an error.
 *
 * GLPK keeps an environment for each thread: a problem is used by the thread that made it. A thread
 * that ends frees its own; the program's first thread calls solver_thread_end when all its problems
 * are deleted. After a failed solver_run the problem must be forgotten, not deleted; it is freed with
 * the environment.
 */
#ifndef HERKOMST_SDC_SOLVER_H
#define HERKOMST_SDC_SOLVER_H

#include "base/err.h"

#include <glpk.h>

/* Calls body(context) and returns what it returns; -1 with ERR_SYSTEM when GLPK gave up inside. */
int solver_run(void (*body)(void *context), void *context, struct err *err);

void solver_thread_end(void);

#endif

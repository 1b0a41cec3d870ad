/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * least_change: the cheapest change of a table that moves one cell by a wanted amount, as a linear
 * programme, by a dual simplex method for this one task.
 *
 * minimise  sum over cells of  up * (rise) + down * (fall)
 * so that   every equation goes on holding; no cell falls below zero; the target moves by `by`
 *
 * METHOD. No price is negative, so the basis of slacks is dual feasible, and only the target's own
 * equations are broken at first. Each iteration mends the equation or cell that is broken most, for
 * its steepest edge (Forrest and Goldfarb 1992); a fall that is blocked by a count is passed where
 * that pays (the long-step rule: Maros 2003, chapter 7). A rise and a fall of a cell are one column
 * whose price has a kink. All vectors are sparse and nothing is set up for a programme, so that it
 * takes time for the cells that it comes near, not for all that there are: a general solver, which
 * does, takes several times as long for what takes a few dozen iterations.
 *
 * It gives up, for a general solver, what takes very many iterations or has no safe pivot.
 */
#ifndef HERKOMST_SDC_LEAST_CHANGE_H
#define HERKOMST_SDC_LEAST_CHANGE_H

#include "base/err.h"
#include "sdc/change_system.h"

struct least_change;

enum least_change_answer { CHANGE_FOUND, CHANGE_IMPOSSIBLE, CHANGE_GIVEN_UP };

struct change_limits { /* of a column */
    double up, down;   /* prices; more than 0 */
    double fall;       /* how far it can fall; 0 = not at all */
    bool closed;       /* it cannot move */
};

/* limits: of every column. Everything of the caller's must outlive it; limits may change between
 * programmes. */
int least_change_open(struct least_change **l, const struct change_system *system,
                      const struct change_limits *limits, struct err *err);
void least_change_close(struct least_change *l);

/* by: not 0. It gives up after so many iterations. 0, or -1 when memory is short. */
int least_change_solve(struct least_change *l, uint32_t target, double by, size_t iterations_most,
                       enum least_change_answer *answer, struct err *err);

/* Of the last change found: the columns that may have moved, each once, in no order; by how much.
 */
const uint32_t *least_change_moved(const struct least_change *l, size_t *count);
double least_change_by(const struct least_change *l, uint32_t column);
/* Simplex iterations of the last programme. */
size_t least_change_iterations(const struct least_change *l);

#endif

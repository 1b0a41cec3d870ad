/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * deviations: how a table can be changed so that a cell changes by a wanted amount, moving the
 * cheapest other cells. Whoever sees neither the moved cells nor the target cannot tell the changed
 * table from the first one, so the target and all moved cells have both values in their range.
 *
 * A linear programme over a set of movable cells: each can go up, or down to zero, at a price a
 * unit; every equation must go on holding; cells that are not movable stay. Built once; the target,
 * its direction and the prices change between solutions. Solved by sdc/least_change.h, or, where
 * that gives up, by COIN-OR CLP (sdc/change_general.h).
 *
 * "True" is whatever table it is given: suppression starts from the true counts, a proof from a
 * witness.
 */
#ifndef HERKOMST_SDC_DEVIATIONS_H
#define HERKOMST_SDC_DEVIATIONS_H

#include "base/err.h"
#include "tables/structure.h"

struct deviations;

struct move { /* a change of the table; equations hold, no count falls below zero */
    size_t count;
    uint32_t *cells; /* increasing */
    int64_t *by;     /* not 0 */
    bool whole;      /* false: the programme's answer was fractional: the cells that it would
                      * move are listed, `by` is 0 and no such table is known */
    bool possible;   /* false: the target cannot move that far (and nothing is listed) */
};
void move_release(struct move *m);
int move_copy(struct move *to, const struct move *from, struct err *err); /* to be released too */
/* The amount by which it moves a cell, 0 if it does not. */
int64_t move_of(const struct move *m, uint32_t cell);

/* Only cells with movable[cell] may move, and of those only the ones that are not held (NULL: none
 * is). cells, counts and held must outlive it. */
int deviations_open(struct deviations **d, const struct cells *cells, const int64_t *counts,
                    const uint8_t *movable, const uint8_t *held, struct err *err);
void deviations_close(struct deviations *d);

/* What one unit up or down costs; more than 0. */
void deviations_price(struct deviations *d, uint32_t cell, double up, double down);

/* What takes more simplex iterations, or has no safe pivot, counts as impossible from now on.
 * Without this, a general solver is asked then. */
void deviations_give_up_after(struct deviations *d, size_t iterations);

/* Call this when counts (equations still hold) or held have changed: it starts from them from now
 * on. */
void deviations_rebase(struct deviations *d);

/* The cheapest way to move the target by exactly `by` (negative: down). The move is the caller's to
 * release. */
int deviations_solve(struct deviations *d, uint32_t target, int64_t by, struct move *out,
                     struct err *err);
/* Simplex iterations of the last programme. */
size_t deviations_iterations(const struct deviations *d);
/* By how much the last solution moves the cell; of use where that is fractional. */
double deviations_moved(const struct deviations *d, uint32_t cell);

#endif

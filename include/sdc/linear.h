/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * linear: one linear programme over the equations of a part, built once and solved for many
 * objectives, each from the last basis.
 *
 *     linear_open(&p, equations, stepped, err)
 *     linear_clear(p);  linear_weigh(p, u, below, above, step);  ...     the objective
 *     linear_maximise(p, err)
 *     linear_whole(p, values)            the vertex, if it is a whole-number table (checked)
 *     linear_close(p)
 *
 * An unknown's value is weighed in two pieces: `below` a unit up to `step`, `above` a unit beyond
 * it. So "raise as many cells as possible to what each needs" is one objective, and no objective is
 * unbounded as long as above <= 0. Only unknowns marked in `stepped` can be weighed.
 */
#ifndef HERKOMST_SDC_LINEAR_H
#define HERKOMST_SDC_LINEAR_H

#include "sdc/part_equations.h"

struct linear;

/* equations must outlive it. */
int linear_open(struct linear **p, const struct part_equations *q, const uint8_t *stepped,
                struct err *err);
void linear_close(struct linear *p);

void linear_clear(struct linear *p); /* every weight 0, every step 0 */
void linear_weigh(struct linear *p, size_t unknown, double below, double above, int64_t step);

/* From now on the unknown has this value (-1: any). Not for settled unknowns. */
void linear_fix(struct linear *p, size_t unknown, int64_t value);

/* ERR_INTERNAL when no table agrees with the equations. */
int linear_maximise(struct linear *p, struct err *err);
double linear_value(const struct linear *p, size_t unknown); /* at the last vertex */

/* The last vertex as whole numbers; false if it is none, or if additions find it wrong. */
bool linear_whole(const struct linear *p, int64_t *values);

/* As linear_whole; where the vertex is fractional, the first whole-number table that branch and
 * bound finds from there with at most `nodes` nodes. */
int linear_repair(struct linear *p, int nodes, int64_t *values, bool *found, struct err *err);

/* A whole-number table with least <= unknown <= most (most < 0: no limit), by branch and bound of
 * at most `nodes` nodes. *found tells; the objective is lost. */
int linear_branch(struct linear *p, size_t unknown, int64_t least, int64_t most, int nodes,
                  int64_t *values, bool *found, struct err *err);

/* After minimising one unknown (below = above = -1): the greatest whole number that the dual
 * proves, in integer arithmetic, to be a lower bound of it; 0 if nothing is proved. */
int64_t linear_floor(const struct linear *p, size_t unknown);

size_t linear_solved(const struct linear *p); /* how many programmes were solved */

#endif

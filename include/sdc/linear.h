/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * linear: one linear programme over the equations of a part, built once and solved for many
 * objectives, each from the last basis.
 *
 *     linear_open(&p, equations, stepped, constants, err)
 *     linear_clear(p);  linear_weigh(p, u, below, above, step);  ...     the objective
 *     linear_maximise(p, err)
 *     linear_whole(p, values)            the vertex, if it is a whole-number table (checked)
 *     linear_close(p)
 *
 * An unknown's value is weighed in two pieces: `below` a unit up to `step`, `above` a unit beyond
 * it. So "raise as many cells as possible to what each needs" is one objective, and no objective is
 * unbounded as long as above <= 0. Only unknowns marked in `stepped` can be weighed.
 *
 * Solved by the primal simplex method of COIN-OR CLP: on systems of tables its vertices are nearly
 * always whole numbers, and it takes a tenth of GLPK's time (README, "Measured").
 */
#ifndef HERKOMST_SDC_LINEAR_H
#define HERKOMST_SDC_LINEAR_H

#include "sdc/part_equations.h"

struct linear;

/* constants: per unknown its value if it is not to change (0 or more), else -1; q->known, or more
 * than that: a programme over few unknowns of a table whose others stay as they are. All arguments
 * must outlive it, except stepped. */
int linear_open(struct linear **p, const struct part_equations *q, const uint8_t *stepped,
                const int64_t *constants, struct err *err);
void linear_close(struct linear *p);

void linear_clear(struct linear *p); /* every weight 0, every step 0 */
/* Every weight 0; steps stay, and with them the last vertex a place to start from. */
void linear_unweigh(struct linear *p);
void linear_weigh(struct linear *p, size_t unknown, double below, double above, int64_t step);

/* The next programme starts from nothing, after presolve, and not from the last vertex: sooner
 * there when nearly every weight is another. */
void linear_restart(struct linear *p);

/* From now on the unknown has this value (-1: any). Not for constants. */
void linear_fix(struct linear *p, size_t unknown, int64_t value);

/* ERR_INTERNAL when no table agrees with the equations. */
int linear_maximise(struct linear *p, struct err *err);
double linear_value(const struct linear *p, size_t unknown); /* at the last vertex */

/* The last vertex as whole numbers; false if it is none, or if additions find it wrong. */
bool linear_whole(const struct linear *p, int64_t *values);

/* As linear_whole; where the vertex is fractional, by sdc/whole_table.h from there. */
int linear_repair(struct linear *p, int64_t *values, bool *found, struct err *err);

/* After minimising one unknown (below = above = -1): the greatest whole number that the dual
 * proves, in integer arithmetic, to be a lower bound of it; 0 if nothing is proved. */
int64_t linear_floor(const struct linear *p, size_t unknown);

size_t linear_solved(const struct linear *p); /* how many programmes were solved */

#endif

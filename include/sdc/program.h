/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * program: one linear programme over the equations of a part, built once and solved for many
 * objectives, each from the last basis.
 *
 *     program_open(&p, equations, stepped, err)
 *     program_clear(p);  program_weigh(p, u, below, above, step);  ...     the objective
 *     program_maximise(p, err)
 *     program_whole(p, values)            the vertex, if it is a whole-number table (checked)
 *     program_close(p)
 *
 * An unknown's value is weighed in two pieces: `below` a unit up to `step`, `above` a unit beyond it. So
 * "raise as many cells as possible to what each needs" is one objective, and no objective is unbounded as
 * long as above <= 0. Only unknowns marked in `stepped` can be weighed.
 */
#ifndef HERKOMST_SDC_PROGRAM_H
#define HERKOMST_SDC_PROGRAM_H

#include "sdc/part_equations.h"

struct program;

/* equations must outlive it. */
int program_open(struct program **p, const struct part_equations *q, const uint8_t *stepped,
                 struct err *err);
void program_close(struct program *p);

void program_clear(struct program *p); /* every weight 0, every step 0 */
void program_weigh(struct program *p, size_t unknown, double below, double above, int64_t step);

/* From now on the unknown has this value (-1: any). Not for settled unknowns. */
void program_fix(struct program *p, size_t unknown, int64_t value);

/* ERR_INTERNAL when no table agrees with the equations. */
int program_maximise(struct program *p, struct err *err);
double program_value(const struct program *p, size_t unknown); /* at the last vertex */

/* The last vertex as whole numbers; false if it is none, or if additions find it wrong. */
bool program_whole(const struct program *p, int64_t *values);

/* A whole-number table with least <= unknown <= most (most < 0: no limit), by branch and bound of at
 * most `nodes` nodes. *found tells; the objective is lost. */
int program_branch(struct program *p, size_t unknown, int64_t least, int64_t most, int nodes,
                   int64_t *values, bool *found, struct err *err);

/* After minimising one unknown (below = above = -1): the greatest whole number that the dual proves,
 * in integer arithmetic, to be a lower bound of it; 0 if nothing is proved. */
int64_t program_floor(const struct program *p, size_t unknown);

size_t program_solved(const struct program *p); /* how many programmes were solved */

#endif

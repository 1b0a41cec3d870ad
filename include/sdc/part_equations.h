/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * part_equations: what the view says of one part, with its hidden cells as unknowns 0 .. unknowns -
 * 1 (in the order of the part) and the published members moved to the right-hand side.
 *
 * REDUCTION. What follows at sight is found here, so that no solver needs to see it: an equation
 * with one unknown left gives its value; unknowns of one sign that must add up to 0 are all 0.
 * Repeated until nothing follows; `known` holds the values, -1 elsewhere.
 */
#ifndef HERKOMST_SDC_PART_EQUATIONS_H
#define HERKOMST_SDC_PART_EQUATIONS_H

#include "sdc/parts.h"
#include "sdc/prove.h"

struct part_equations {
    size_t unknowns;
    int64_t *known; /* per unknown: the value that follows at sight, or -1 */
    size_t count;
    uint32_t *start;    /* equation e: terms [start[e], start[e + 1]) */
    uint32_t *member;   /* per term: unknown, */
    int8_t *sign;       /* and +1 or -1 */
    int64_t *right;     /* per equation: what the terms add up to */
    uint32_t *in_start; /* unknown u: stands in equations in[in_start[u] .. in_start[u + 1]) */
    uint32_t *in;
    int8_t *in_sign;
};

/* ERR_INTERNAL when the view contradicts itself at sight. */
int part_equations_build(struct part_equations *q, const struct view *view,
                         const struct parts *parts, size_t part, struct err *err);
void part_equations_release(struct part_equations *q);

/* Is this a table that the view allows: no value negative, every equation holds? Additions only. */
bool part_equations_hold(const struct part_equations *q, const int64_t *values);

#endif

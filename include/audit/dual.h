/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * dual: does no table go below a claimed floor? Shown by linear programming duality, over whole
 * numbers.
 *
 * The hidden cells x of a connected part satisfy A x = b, x >= 0. For any multipliers y of the
 * equations with A'y <= e (e: 1 at the cell, 0 elsewhere), x_cell >= b'y. A solver proposes y; it
 * is rounded to multiples of 1/D and the two conditions are checked in integers, so that no error
 * of the solver's can make a wrong floor look right. Weak duality is all that is used.
 */
#ifndef HERKOMST_AUDIT_DUAL_H
#define HERKOMST_AUDIT_DUAL_H

#include "audit/case.h"

/* The linear programme of the part that was asked for last. Zeroed to begin with. */
struct audit_dual {
    void *lp;                    /* glp_prob */
    uint32_t *column;            /* per cell: its column, 0 = not in the part */
    uint32_t *row;               /* per equation: its row, 0 = not in the part */
    uint32_t *cells, *equations; /* of the part, in order of their numbers */
    size_t cell_count, equation_count;
};

/* in_start, in: cell i is in the equations in[in_start[i] .. in_start[i + 1]). *shown: the cell is
 * at least `floor` in every table that agrees with what is published. */
int audit_dual_floor(struct audit_dual *d, const struct audit_case *c, const uint32_t *in_start,
                     const uint32_t *in, size_t cell, int64_t floor, bool *shown, struct err *err);
void audit_dual_release(struct audit_dual *d);

#endif

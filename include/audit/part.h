/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * part: the hidden cells that the equations tie to one another, and what is left of the equations
 * when those cells are written as sums of as few of them as the equations allow. Private to
 * pipeline/audit.
 *
 *     audit_index_build(&index, &cells, err)
 *     audit_part_begin(&p, case, &index, err)
 *     audit_part_enter(&p, cell, err)      the part of this hidden cell; leaves the one before
 *     audit_part_hold(&p, values)          does this whole-number table satisfy every equation?
 *     audit_part_close(&p)                 always; fit for a zeroed struct
 *
 * A hidden cell that is the total of an equation is the sum of the others in it, and not negative
 * since they are not. So it needs no unknown of its own: the FREE cells are those that no equation
 * says to be a sum (or only in a circle). What an equation then still says of the free cells is a
 * ROW; equal rows are there once, and those that say nothing are not there.
 */
#ifndef HERKOMST_AUDIT_PART_H
#define HERKOMST_AUDIT_PART_H

#include "audit/case.h"

struct audit_index { /* cell i is in equation[start[i] .. start[i + 1]) */
    uint32_t *start, *equation;
};
int audit_index_build(struct audit_index *x, const struct cells *c, struct err *err);
void audit_index_release(struct audit_index *x);

struct audit_list { /* of numbers, that grows */
    size_t count, capacity;
    int64_t *values;
};

struct audit_part {
    const struct audit_case *c;
    const struct audit_index *index;
    uint32_t *place, *met; /* per cell of the system: its place in the part + 1; per equation: 1 */
    size_t cell_count, equation_count;
    uint32_t *cells, *equations; /* of the part, in the order in which they were met */

    int64_t *base;                 /* per place: the published part of its sum, */
    size_t *sum_start, *sum_count; /* and the free cells that are added, */
    struct audit_list sum;         /* by their number */
    size_t free_count;
    uint32_t *free_place; /* per free cell: its place */

    bool contradiction; /* a row says that nothing is something: no table agrees */
    size_t row_count;   /* sum of coefficient * free cell = right */
    struct audit_list row_start, row_free, row_coefficient, row_right;
    struct audit_list row_equation; /* the equation that it is left of */

    uint8_t *state;       /* private: scratch per place, */
    uint32_t *defined;    /* by which equation + 1 a place is a sum */
    int64_t *coefficient; /* and per free cell */
};

int audit_part_begin(struct audit_part *p, const struct audit_case *c,
                     const struct audit_index *index, struct err *err);
int audit_part_enter(struct audit_part *p, size_t cell, struct err *err);
void audit_part_close(struct audit_part *p);

/* values: per place; not negative, and below AUDIT_ADDABLE together. Checked against the equations
 * as published. */
bool audit_part_holds(const struct audit_part *p, const int64_t *values);

#endif

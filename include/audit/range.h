/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * range: how small and how large can a hidden cell be, as anybody can work out from what is
 * published? Private to pipeline/audit.
 *
 *     audit_range_begin(&r, case, &index, err)
 *     audit_range_enter(&r, cell, err)               the linear programme of the cell's part
 *     audit_range_clear(&r); audit_range_price(&r, cell, -1);   what to look for: a large value
 *     audit_range_solve(&r)
 *     audit_range_table(&r)             is the answer a whole-number table? Then it is r.table
 *     audit_range_bound(&r, cell, -1, &bound)        how far does it go at most?
 *     audit_range_close(&r)             always; fit for a zeroed struct
 *
 * Nothing that a floating-point solver says is believed. A table counts when its whole numbers
 * satisfy every equation of the part; a bound counts when the solver's multipliers y of the rows
 * A x = b, rounded to multiples of 1/D, satisfy A'y <= price in whole numbers, so that price'x >=
 * b'y for every table (weak duality is all that is used). An error of the solver's can only make an
 * answer missing.
 *
 * STEPS. Optima far away are often halves and thirds where three variables cross. Once a table is
 * known, a programme can ask for a cell's change by few people in few other cells instead: such
 * answers are mostly whole.
 */
#ifndef HERKOMST_AUDIT_RANGE_H
#define HERKOMST_AUDIT_RANGE_H

#include "audit/part.h"

struct audit_range {
    struct audit_part part;
    int64_t *table; /* per place: the last whole-number table */
    int64_t *from;  /* per free cell: the table that steps are taken from; 0 while there is none */
    bool has_from;
    void
        *lp; /* Clp_Simplex: two columns a free cell, how much more and how much less than `from` */
    double *price, *low, *high;          /* of lp, per column */
    double *least, *most;                /* per free cell: its limits */
    uint32_t *column_start, *column_row; /* the matrix by free cell */
    int64_t *column_coefficient;
    size_t programmes; /* solved since the part was entered */
};

int audit_range_begin(struct audit_range *r, const struct audit_case *c,
                      const struct audit_index *index, struct err *err);
/* Leaves the part before. Time and memory: the part's, however large the system is. */
int audit_range_enter(struct audit_range *r, size_t cell, struct err *err);
void audit_range_close(struct audit_range *r);

/* Nothing is asked for any more, every cell may be anything. */
void audit_range_clear(struct audit_range *r);
/* This much of a cell of the part is asked for as well; what is asked for is made least. */
void audit_range_price(struct audit_range *r, size_t cell, double price);
/* A change of a free cell costs 1 each, and none changes by more than `most`. */
void audit_range_step(struct audit_range *r, int64_t most);
/* The value of a free cell is between these. */
void audit_range_limit(struct audit_range *r, size_t free_cell, double low, double high);

enum audit_solved { RANGE_SOLVED, RANGE_EMPTY, RANGE_UNSOLVED };
/* RANGE_EMPTY: the solver found that no table agrees with what is published. */
enum audit_solved audit_range_solve(struct audit_range *r);
/* After limits were changed, from the answer at hand. */
enum audit_solved audit_range_resolve(struct audit_range *r);
double audit_range_value(const struct audit_range *r, size_t free_cell);
/* The answer rounded to whole numbers, if that is a table. */
bool audit_range_table(struct audit_range *r);
/* From now on steps are taken from the table at hand. */
void audit_range_from(struct audit_range *r);

/* After a solution with the price `sign` (1 or -1) at this cell alone: sign * cell >= *bound in
 * every whole-number table. False: the solver's multipliers show nothing. */
bool audit_range_bound(const struct audit_range *r, size_t cell, int sign, int64_t *bound);

/* After a solution that is no whole-number table: looks for one near it, within the limits that are
 * set: by rounding many cells at once, in at most `nodes` programmes, and where that leads nowhere
 * by branch and bound, in as many. True: it is in r.table. */
bool audit_range_near(struct audit_range *r, size_t nodes);
/* The first of the two. */
bool audit_range_dive(struct audit_range *r, size_t nodes);
/* Did this row decide the answer? */
bool audit_range_decides(const struct audit_range *r, size_t row);

/* Looks for whole-number tables by branch and bound, in at most `nodes` programmes, until sign *
 * cell <= goal in one (it is in r.table). *best: the least sign * cell that was met, unchanged if
 * none was below it. True: there is none below *best, as far as the solver can be believed. */
bool audit_range_whole(struct audit_range *r, size_t cell, int sign, int64_t goal, size_t nodes,
                       int64_t *best);

#endif

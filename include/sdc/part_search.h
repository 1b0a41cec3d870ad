/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * part_search: the search for witnesses in one part, from the view alone. Parts are independent, so several
 * may be searched at the same time by different threads.
 *
 *     search_open(&s, view, rules, parts, part, err);
 *     search_run(&s, err);                      every target is now closed
 *     search_without(&s, unknown, value, ...)   and what if this cell were published?
 *     search_release(&s);
 *
 * SEARCH. A pool of whole-number tables; each new one widens what every cell has been seen at.
 *   1 together: "lower all open cells as far as each needs" and "raise them", in turn, while a round
 *     closes a cell (open = not yet protected by what was seen). Weights differ a little from cell to
 *     cell, in a fixed way, so that cells that compete do not tie.
 *   2 alone: each cell still open, by the smallest change of a table of the pool (sdc/deviations.h): nearly
 *     always in whole numbers, and quick. Its minimum may prove a floor; a change that is impossible shows
 *     that the cell is not protected; what is fractional is retried by branch and bound with a limit in
 *     nodes.
 */
#ifndef HERKOMST_SDC_PART_SEARCH_H
#define HERKOMST_SDC_PART_SEARCH_H

#include "sdc/deviations.h"
#include "sdc/linear.h"
#include "sdc/part_equations.h"

enum { TABLE_NONE = -1 };

struct target { /* a cell that needs protection */
    uint32_t cell, unknown;
    struct needs needs;
    int64_t low, high;   /* seen so far, */
    int low_at, high_at; /* in which table of the pool; TABLE_NONE = in none */
    int64_t floor;       /* proved by a dual, or 0 */
    int64_t floor_before;
    bool closed;         /* protected, or shown not to be */
    bool published;      /* search_without published it: needs nothing any more */
};

struct search {
    const uint32_t *cells; /* of the part */
    struct part_equations equations;
    struct linear *linear;
    const struct cells *system;
    struct deviations *deviations; /* from a table of the pool; made at first use */
    int64_t *base;                 /* that table, per cell of the system */
    size_t solved;                 /* programmes over deviations */
    size_t effort;                 /* cells times programmes, those for all cells counting more */
    struct target *targets;
    size_t target_count, open;
    int64_t **tables; /* the pool: a value for every unknown */
    size_t table_count, table_capacity;
    int64_t *scratch;
    uint32_t random; /* a fixed sequence */
    int branch_nodes;
};

/* view, rules and parts must outlive it. A part without targets has nothing to search. */
int search_open(struct search *s, const struct view *view, const struct disclosure *rules,
                const struct parts *parts, size_t part, struct err *err);
int search_run(struct search *s, struct err *err);
void search_release(struct search *s);

size_t search_programmes(const struct search *s); /* how many were solved */

/* By a pair of tables, or by a floor. */
bool target_protected(const struct target *t);
bool target_paired(const struct target *t);

/* Would every target still be protected if this unknown were published with this value? If so (*possible)
 * the search goes on as if it were. Fractional vertices count as no. */
int search_without(struct search *s, size_t unknown, int64_t value, bool *possible,
                   struct err *err);

#endif

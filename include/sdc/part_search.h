/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * part_search: the search for witnesses in one part, from the view alone. Parts are independent, so
 * several may be searched at the same time by different threads.
 *
 *     search_open(&s, view, rules, parts, part, err);
 *     search_run(&s, err);                      every target is now closed
 *     search_without(&s, unknown, value, ...)   and if this cell were published?
 *     search_release(&s);
 *
 * SEARCH. A pool of whole-number tables; each new one widens what every cell has been seen at.
 *
 * Bounds: a cell that single equations keep at the threshold or above needs no more,
 * and one whose bounds are too near cannot be protected (sdc/bounds.h).
 *
 * Passes: a base, which is a vertex of the whole part in which the cells above the entities have
 * room, or stand where they must still be seen (in haste, the known table first); then tables that
 * exchanges grow from it, which show most cells and take no programme (part_growth.c); then, with
 * what is above the entities as in the base, vertices of each domain's entities by itself, in which
 * all of its open cells are pulled up or down at random, the same in every run (part_regions.c).
 * When a pass closes few of the few that are left, each of these is searched by itself.
 *
 * Of several releases (tables/joint.h), passes go on only while they close half of what is open,
 * and turns come instead: vertices of the whole part in which some open cells have their turn.
 * Where these are fractional, as in large parts, cells have their turns in more passes, domain by
 * domain.
 *
 * Then each open cell by exchanges from the base (sdc/transfer.h), then together, as in the passes
 * but over the whole part.
 *
 * Then alone: each cell still open by the smallest change of the base (sdc/deviations.h), up and
 * down; its minimum may prove a floor. A change that is impossible shows that the cell is not
 * protected; what is fractional, by branch and bound nearby (sdc/whole_table.h). What neither finds
 * nor shows to be impossible is searched again from other bases.
 */
#ifndef HERKOMST_SDC_PART_SEARCH_H
#define HERKOMST_SDC_PART_SEARCH_H

#include "sdc/bounds.h"
#include "sdc/deviations.h"
#include "sdc/linear.h"
#include "sdc/part_equations.h"
#include "sdc/transfer.h"

#define TARGET_NONE UINT32_MAX

enum {
    TABLE_NONE = -1,
    /* A programme for all open cells takes as long as this many for one cell: only for more. */
    SEARCH_TOGETHER_LEAST = 24,
};

struct target { /* a cell that needs protection */
    uint32_t cell, unknown;
    struct needs needs;
    int64_t low, high;   /* seen so far, */
    int low_at, high_at; /* in which table of the pool; TABLE_NONE = in none */
    int64_t floor;       /* proved by a dual, or 0 */
    int64_t floor_before;
    bool closed;     /* protected, or shown not to be */
    bool impossible; /* its last search_target showed that nothing protects it */
    bool published;  /* search_without published it: needs nothing any more */
};

struct neighbourhood {
    struct deviations *deviations; /* made at first use */
    unsigned version;
};

struct search {
    const struct view *view;
    const struct parts *parts;
    size_t part;
    const uint32_t *cells; /* of the part */
    struct part_equations equations;
    struct linear *linear;
    const struct cells *system;
    struct neighbourhood *neighbourhoods; /* per unit: deviations among its children; [0]: all */
    size_t base_at;                       /* the table of the pool that they start from, */
    int64_t *base;                        /* per cell of the system */
    uint8_t *held;                        /* per cell of the system: published by search_without */
    unsigned version;                     /* of base and held */
    size_t solved;                        /* programmes over deviations */
    size_t domains;            /* how many the part has entities of, once regions were searched */
    size_t effort;             /* cells times programmes, those for all cells counting more */
    struct transfer *transfer; /* the thread's own; NULL: without exchanges */
    struct effort effort_each; /* for one exchange */
    uint32_t *target_of;       /* per unknown: its target, or TARGET_NONE */
    int64_t *sums;             /* per equation: 0; room for checks */
    struct target *targets;
    size_t target_count, open;
    int64_t **tables; /* the pool: a value for every unknown */
    size_t table_count, table_capacity;
    size_t *layers; /* those tables that are sums of moves from the base, and can take more */
    size_t layer_count;
    int64_t *scratch;
    uint32_t random;  /* a fixed sequence */
    unsigned threads; /* for search_regions; the result is the same for any number */
    bool may_branch;
    bool by_units;   /* tables are those of search_units: no programme is of the whole part */
    bool fractional; /* turns over the whole part find no whole-number tables */
};

/* bounds: of every cell of the view. view, rules and parts must outlive it. A part
 * without targets has nothing to search. */
int search_open(struct search *s, const struct view *view, const struct bounds *bounds,
                const struct disclosure *rules, const struct parts *parts, size_t part,
                struct transfer *transfer, struct err *err);
int search_run(struct search *s, struct err *err);
void search_end(struct search *s); /* keeps the equations, the targets and the tables alone */
void search_release(struct search *s);

size_t search_programmes(const struct search *s); /* how many were solved */

/* By a pair of tables, or by a floor. */
bool target_protected(const struct target *t);
bool target_paired(const struct target *t);

/* Would every target still be protected if this unknown were published with this value? If so
 * (*possible) the search goes on as if it were. Fractional vertices count as no. */
int search_without(struct search *s, size_t unknown, int64_t value, bool *possible,
                   struct err *err);

/* Steps of the search. search_grow: tables that exchanges make of the last one, with as many open
 * cells as can be where they must be seen. search_regions: the open cells of each domain's entities
 * together. search_exchange: each open cell by exchanges from the base. */
int search_grow(struct search *s, struct err *err);
int search_regions(struct search *s, struct err *err);
int search_exchange(struct search *s, struct err *err);
/* Of fine tables (sdc/fine_tables.h), before search_run: tables of the whole from those that each
 * entity has by itself. None where that is not possible. */
int search_units(struct search *s, const struct bounds *bounds, const struct disclosure *rules,
                 struct err *err);
/* Of several releases: some of the open cells at a time, over the whole part. */
int search_turns(struct search *s, struct err *err);
double search_chance(uint32_t *random);             /* in [0, 1), a fixed sequence */
int64_t search_wanted_high(const struct target *t); /* to be protected, given its low */
/* Weighs an open target so that it goes where it must still be seen: down with the chance `lean`,
 * if it can go down; the more the surer, at random, so that others have their turn. */
void search_pull(uint32_t *random, struct linear *linear, const struct target *t, double lean);
/* Weighs an open target of several releases, which has its turn or hardly any weight. */
void search_turn(uint32_t *random, struct linear *linear, const struct target *t, bool turn);
/* The share of open cells that has its turn next time, when `got` of `pulled` got where they must.
 */
double search_share(double share, double most, size_t pulled, size_t got);
/* The unit among whose children's cells a cell is moved first; 0 is the whole part. */
size_t search_neighbourhood_of(const struct search *s, uint32_t cell);
/* Notes that a table of the pool shows the target at this value; true if that is news. */
bool search_notice(struct search *s, struct target *t, int64_t value, int table);
/* Anew from the pool, or from the tables of it that are kept (NULL: all). */
void search_look_again(const struct search *s, struct target *t, const bool *kept);
bool target_notice(struct target *t, int64_t value, int table); /* without counting open ones */
int search_pool_add(struct search *s, const int64_t *table, struct err *err); /* a copy */
/* Targets refer to as few tables as can be: others show what was first seen in the rest. */
int search_leave_out_tables(struct search *s, struct err *err);
size_t search_unknown_of(const struct search *s, uint32_t cell); /* position within the part */
/* Adds the base, changed by a move, to the pool. */
int search_add_move(struct search *s, const struct move *m, struct err *err);
bool search_move_allowed(struct search *s, const struct move *m);

/* Steps that search_without shares with the search. search_set_base: moves start from the table
 * base_at of the pool from now on; search_target: one target alone. */
int search_pool_grow(struct search *s, struct err *err);
/* A programme over the whole part, in which targets can be weighed. */
int search_open_linear(const struct search *s, struct linear **linear, struct err *err);
/* Adds the scratch table to the pool if it shows an open cell at a new low or high. */
int search_pool_offer(struct search *s, struct err *err);
int search_solve_and_offer(struct search *s, struct err *err);
void search_set_base(struct search *s);
int search_together(struct search *s, struct err *err);
/* A table for the pool, whatever it shows; of a part without targets too. */
int search_any_table(struct search *s, struct err *err);
/* Another base: a vertex in which open cells are pulled at random. */
int search_other_base(struct search *s, struct err *err);
int search_target(struct search *s, struct target *t, struct err *err);
int search_alone(struct search *s, struct err *err); /* every open target; then none is */

#endif

/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * derive_facts: a frame of facts walked piece by piece: where everybody counts, and as what.
 *
 *     derive_facts_open(&f, &context, "facts", false, &source, err)      columns and words
 *     f.rows.domain = ...; f.rows.entity_domain = ...; f.rows.reference_date = ...
 *     derive_facts_want(&f, variables, &source, err)
 *     while ((rc = derive_facts_next(&f, err)) > 0) ...          the piece is in f
 *     derive_facts_close(&f)                                              always
 *
 * A piece has the plan's `batch` of rows or a little more, and a person's rows may go on in the
 * next one. Besides it the distinct combinations of the facts that each expression uses are held:
 * within the plan's `partition`, past which they are forgotten and found anew.
 */
#ifndef HERKOMST_LINK_DERIVE_FACTS_H
#define HERKOMST_LINK_DERIVE_FACTS_H

#include "io/config.h"
#include "io/frame_ahead.h"
#include "link/combinations.h"
#include "link/memory_plan.h"
#include "tables/structure.h"

enum { DERIVE_POPULATIONS = 39 }; /* so many columns are left in the frame `rows` */

struct derive_context {
    const struct config *config;
    const struct memory_plan *plan;
    struct field_set available;
    struct countries countries;
    struct structure *structure; /* variables get the category unknown where it is met */
};

struct derive_judged; /* an expression and what it gives; private */

struct derive_facts {
    const struct derive_context *context;
    bool then;             /* at another date: categories that are not there are not added */
    struct fact_rows rows; /* of this piece: rows.facts is &frame */
    struct frame frame;
    size_t left;                         /* rows of all pieces, until they are wanted */
    struct frame_ahead ahead;            /* of the rows that come after it */
    uint32_t variables;                  /* set of those that are wanted */
    const struct column *first, *entity; /* first: U8, 1 = the row begins a person */
    struct derive_judged *judged;        /* of populations, then of variables */

    uint64_t *mask; /* by row: bit p = its person counts in population p at this row */
    uint32_t *kept; /* the rows that count somewhere, */
    size_t kept_count;
    uint8_t *categories[CONFIG_VARIABLES]; /* and their categories; NULL: not wanted */

    bool begun;       /* there was a row */
    uint64_t counted; /* populations in which the person of the last row has counted */
    uint32_t *codes;  /* room for a piece's rows, as has all of the above */
    uint8_t *verdicts;
};

/* Also the columns that every run needs: ERR_DATA where they are missing. */
int derive_facts_open(struct derive_facts *f, const struct derive_context *context,
                      const char *name, bool then, const struct source *from, struct err *err);
int derive_facts_want(struct derive_facts *f, uint32_t variables, const struct source *from,
                      struct err *err);
/* 1: the next piece is there; 0: there is none; -1. ERR_CONFIG: an expression that gives what is no
 * category (of its leaves) or no truth value. */
int derive_facts_next(struct derive_facts *f, struct err *err);
void derive_facts_close(struct derive_facts *f);

static inline bool derive_facts_begins(const struct derive_facts *f, size_t row)
{
    return ((const uint8_t *)f->first->cells)[row] != 0;
}

/* ---- populations within each other ---- */

struct derive_within {
    uint64_t within[DERIVE_POPULATIONS]; /* populations in which everybody of this one is */
    size_t people[DERIVE_POPULATIONS];
    uint64_t person; /* where the last row's person counts */
};
void derive_within_open(struct derive_within *w);
/* The next piece. */
void derive_within_add(struct derive_within *w, const struct derive_facts *f);
/* All came. ERR_CONFIG for a population within another one that does not say so. */
int derive_within_check(struct derive_within *w, const struct derive_context *context,
                        struct err *err);

/* The first table of a population. */
const struct table_config *derive_table_of(const struct derive_context *context, size_t population);

/* ---- what derive_facts.c asks of derive_judge.c ---- */

/* An array of derive_judged: populations, then the wanted variables. NULL: an error. */
struct derive_judged *derive_judged_open(const struct derive_facts *f, struct err *err);
void derive_judged_close(struct derive_judged *judged, const struct structure *s);
/* verdicts[i]: of row rows[i] of the piece, or of row i if rows is NULL. A population gives 0 or 1,
 * a variable (structure->population_count + its index) a category. */
int derive_judge(struct derive_facts *f, size_t which, const uint32_t *rows, size_t count,
                 uint8_t *verdicts, struct err *err);

#endif

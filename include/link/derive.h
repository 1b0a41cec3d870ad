/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * derive: from linked facts to the rows that are counted, and the structure that they are counted
 * in.
 *
 *     rules_init(&rules); frame_init(&rows, "rows"); frame_init(&moves, "moves");
 *     derive(&config, &input, &rules, &rows, &moves, &quality, err)
 *
 * The input are frames of linked.zone, rows and moves those of derived.zone (io/artefacts.h).
 *
 * Units: the government, domains by code, entities by code; an entity's predecessors are those that
 * ended, were valid at one of the other dates, and lead to it. Variables and tables: those of the
 * configuration, in its order. A variable whose expression gives NULL where no category stands for
 * that gets the category `unknown`, last.
 *
 * Populations: one for each distinct filter, however it is spaced. Its id is X for the filter
 * employment = 'X' where X is a code, else the name of the first table that has it, made unique. A
 * person counts once in a population: at the first of their rows for which the filter is true. Rows
 * that count nowhere are left out.
 *
 * MOVES (tables/turnover.h). At another date everybody counts by the same rules, as things were
 * then, in the units of today: an entity that ended is the one that goes on with it, else its
 * domain, else the government. A category that today's variable does not have is none. Somebody
 * counted in the same places on both dates has not moved and leaves no trace.
 *
 * ERR_CONFIG: an expression that gives what is no category (of its leaves) or no truth value; or a
 * population that lies within another one which shares a sensitive variable with it, when its
 * tables do not say `within`: the attacker could tell the difference, so that the rules must know
 * of it. Only the people who are counted are looked at. Nothing depends on the order of
 * dictionaries.
 */
#ifndef HERKOMST_LINK_DERIVE_H
#define HERKOMST_LINK_DERIVE_H

#include "io/config.h"
#include "io/frame.h"
#include "io/quality.h"
#include "link/combinations.h"
#include "tables/rules.h"

struct derive_input {
    const struct frame *facts, *entities, *countries;
    const struct frame *since, *former;
    const struct source *then; /* gives the frame of each date of `since` */
    unsigned threads;
};

int derive(const struct config *c, const struct derive_input *in, struct rules *rules,
           struct frame *rows, struct frame *moves, struct quality *quality, struct err *err);

/* Its parts. Units of the structure from the frames `entities` and `former`. */
int derive_units(struct structure *s, const struct config *c, const struct frame *entities,
                 const struct frame *former, struct err *err);
/* Variables, populations and tables as configured. */
int derive_shape(struct structure *s, const struct config *c, struct err *err);

enum { DERIVE_POPULATIONS = 39 }; /* so many columns are left in the frame `rows` */

struct derive_context {
    const struct config *config;
    struct field_set available;
    struct countries countries;
    struct fact_rows rows;
    const uint8_t *first; /* 1: the row begins a person */
    unsigned threads;
    struct structure *structure;
    bool then; /* at another date: categories that are not there are not added */
};

/* Takes `facts`, for d->rows and d->first: the columns that every run needs, and codes that are
 * there. */
int derive_open_facts(struct derive_context *d, const struct frame *facts, struct err *err);
/* The rows that count somewhere; malloc'd, or NULL. */
uint32_t *derive_kept(const uint64_t *mask, size_t rows, size_t *count, struct err *err);

/* Where everybody counts: bit p of mask[row] is set at the row at which its person counts in
 * population p. mask: the caller's, a zeroed uint64_t a row of facts. */
int derive_populations(struct derive_context *d, uint64_t *mask, struct err *err);
/* ERR_CONFIG for a population within another one that does not say so. */
int derive_check_within(const struct derive_context *d, const uint64_t *mask, struct err *err);
/* The category of variable v (index in the structure's categories) at rows kept[0..count). */
int derive_variable(struct derive_context *d, size_t v, const uint32_t *kept, size_t count,
                    uint8_t *categories, struct err *err);

/* Who counts on the reference date: kept rows of facts, in the order of `rows`. */
struct derive_counted {
    const uint64_t *mask;
    const uint32_t *kept;
    size_t count;
    const struct frame *rows;
};
/* Fills moves, an initialised frame, for all other dates. d has the facts of the reference date. */
int derive_moves(const struct derive_context *d, const struct derive_counted *now,
                 const struct derive_input *in, struct frame *moves, struct err *err);

#endif

/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * derive: from linked facts to the rows that are counted, and the structure that they are counted
 * in.
 *
 *     rules_init(&rules);
 *     derive(&config, &input, &rules, &sink, &rows, &quality, err)
 *
 * The input are frames of linked.zone, and what is written are the first frames of derived.zone, up
 * to the moves (io/artefacts.h). Facts are read piece by piece, and nobody's are kept but, where
 * there are other dates, the places where people count: these are in a temporary file
 * (link/derive_places.h). Memory (link/derive_facts.h) does not grow with the number of people.
 *
 * Units: the government, domains by code, entities by code; an entity's predecessors are those that
 * ended, were valid at one of the other dates, and lead to it. Variables and tables: those of the
 * configuration, in its order. A variable whose expression gives NULL where no category stands for
 * that gets the category `unknown`, last. That is known when all facts were read: the rules are
 * written without it, before the rows, and the frame `unknown` names the variables after them.
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
#include "link/derive_moves.h"
#include "tables/rules.h"

struct derive_input {
    const struct frame *entities, *countries;
    const struct frame *since, *former;
    const struct source *facts;     /* gives the frame facts, then one of each date of `since` */
    const struct memory_plan *plan; /* its folder is that of the temporary file */
};

/* *rows: how many facts the reference date had. */
int derive(const struct config *c, const struct derive_input *in, struct rules *rules,
           const struct sink *to, uint64_t *rows, struct quality *quality, struct err *err);

/* Its parts. Units of the structure from the frames `entities` and `former`. */
int derive_units(struct structure *s, const struct config *c, const struct frame *entities,
                 const struct frame *former, struct err *err);
/* Variables, populations and tables as configured. */
int derive_shape(struct structure *s, const struct config *c, struct err *err);

#endif

/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * derive: from linked facts to the rows that are counted, and the structure that they are counted
 * in.
 *
 *     rules_init(&rules); frame_init(&rows, "rows");
 *     derive(&config, &facts, &entities, &countries, &rules, &rows, &quality, err)
 *
 * facts, entities and countries are frames of linked.zone, rows the one of derived.zone
 * (io/artefacts.h).
 *
 * Units: the government, domains by code, entities by code. Variables and tables: those of the
 * configuration, in its order. A variable whose expression gives NULL where no category stands for
 * that gets the category `unknown`, last.
 *
 * Populations: one for each distinct filter, however it is spaced. Its id is X for the filter
 * employment = 'X' where X is a code, else the name of the first table that has it, made unique. A
 * person counts once in a population: at the first of their rows for which the filter is true. Rows
 * that count nowhere are left out.
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

int derive(const struct config *c, const struct frame *facts, const struct frame *entities,
           const struct frame *countries, struct rules *rules, struct frame *rows,
           struct quality *quality, struct err *err);

/* Its parts. Units of the structure from the frame `entities`. */
int derive_units(struct structure *s, const struct config *c, const struct frame *entities,
                 struct err *err);
/* Variables, populations and tables as configured. */
int derive_shape(struct structure *s, const struct config *c, struct err *err);

enum { DERIVE_POPULATIONS = 39 }; /* so many columns are left in the frame `rows` */

struct derive_context {
    const struct config *config;
    struct field_set available;
    struct countries countries;
    struct fact_rows rows;
    const uint8_t *first; /* 1: the row begins a person */
    struct structure *structure;
};

/* Where everybody counts: bit p of mask[row] is set at the row at which its person counts in
 * population p. mask: the caller's, a zeroed uint64_t a row of facts. */
int derive_populations(struct derive_context *d, uint64_t *mask, struct err *err);
/* ERR_CONFIG for a population within another one that does not say so. */
int derive_check_within(const struct derive_context *d, const uint64_t *mask, struct err *err);
/* The category of variable v (index in the structure's categories) at rows kept[0..count). */
int derive_variable(struct derive_context *d, size_t v, const uint32_t *kept, size_t count,
                    uint8_t *categories, struct err *err);

#endif

/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * derive_places: where everybody counts on the reference date, in a temporary file
 * (secure/spill.h), for the comparison with other dates: in the order of facts, and read again for
 * each date.
 *
 *     derive_places_open(&p, s, plan, err)
 *     derive_places_add(&p, &facts, unit, err)              piece after piece
 *     derive_places_end(&p, err)
 *     derive_places_begin(&reader, &p, err); reader.place while reader.there
 *     derive_places_stop(&reader); derive_places_close(&p)  always
 */
#ifndef HERKOMST_LINK_DERIVE_PLACES_H
#define HERKOMST_LINK_DERIVE_PLACES_H

#include "link/derive_facts.h"
#include "secure/record_lists.h"

struct derive_places {
    struct spill *file;
    struct record_lists records;
    struct record_writer writer;
    size_t variable_count; /* those that decide about groups */
    uint8_t variables[CONFIG_VARIABLES];
    uint64_t rows;  /* of facts that came */
    uint32_t begin; /* where the last one's person begins: row + 1 */
};

/* Of a population's tables, the set of variables without sensitive categories. */
uint32_t derive_group_variables(const struct structure *s, size_t population);

int derive_places_open(struct derive_places *p, const struct structure *s,
                       const struct memory_plan *plan, struct err *err);
/* unit: of the structure, by code of the entity. */
int derive_places_add(struct derive_places *p, const struct derive_facts *facts,
                      const uint32_t *unit, struct err *err);
int derive_places_end(struct derive_places *p, struct err *err);
void derive_places_close(struct derive_places *p); /* a zeroed one too */

/* A row at which somebody counts, or a person's first row. */
struct derive_place {
    uint32_t begin; /* where in facts the person begins: row + 1 */
    uint32_t unit;
    uint64_t mask;                        /* populations in which they count at this row */
    uint8_t categories[CONFIG_VARIABLES]; /* 0 of variables that decide about no group */
};

struct derive_places_reader {
    struct derive_places *from;
    uint8_t *room; /* a block */
    size_t block, at, count;
    bool there; /* there is one: */
    struct derive_place place;
};
int derive_places_begin(struct derive_places_reader *r, struct derive_places *p, struct err *err);
/* The next place, or r->there is false. */
int derive_places_next(struct derive_places_reader *r, struct err *err);
void derive_places_stop(struct derive_places_reader *r); /* a zeroed one too */

#endif

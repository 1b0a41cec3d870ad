/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * government: the sample's domains and entities, with their sizes, and the yearly figures of the
 * source documents that the sample is made to give.
 */
#ifndef HERKOMST_SAMPLES_GOVERNMENT_H
#define HERKOMST_SAMPLES_GOVERNMENT_H

#include "base/err.h"

#include <stddef.h>
#include <stdint.h>

enum { DOMAIN_COUNT = 11, ENTITIES_NAMED = 75, STAFF_NAMED = 45000 };

struct domain {
    const char *code, *name;
};
extern const struct domain DOMAINS[DOMAIN_COUNT];

/* Which staff an entity has: decides the mix of levels and sexes. */
enum entity_kind { KIND_OFFICE, KIND_CARE, KIND_TRANSPORT, KIND_FIELD, KIND_COUNCIL };

struct named_entity {
    unsigned char domain; /* index in DOMAINS */
    unsigned char kind;
    unsigned short staff;   /* on each day, of STAFF_NAMED */
    unsigned short foreign; /* per mille of foreign origin at 2017-12-31 */
    const char *name;
};
extern const struct named_entity NAMED_ENTITIES[ENTITIES_NAMED];

/* Entities that ended before the sample's first day, and one that begins after its last. */
struct past_entity {
    const char *code, *name;
    unsigned char domain;
    const char *valid_from, *valid_to;
    const char *successor; /* code of a named entity, or NULL */
};
enum { PAST_ENTITIES = 5 };
extern const struct past_entity PAST_ENTITY_LIST[PAST_ENTITIES];

/* Figures at 31 December of FIRST_YEAR + i, for the named sizes; other sizes scale them. */
enum { FIRST_YEAR = 2015, YEAR_COUNT = 6 };
struct year_figures {
    unsigned foreign_per_mille;
    unsigned top_women, top_men, middle_women, middle_men;
    unsigned disability;
};
extern const struct year_figures YEARS[YEAR_COUNT];

struct entity {
    char code[12]; /* OMG-07 */
    const char *name;
    int domain;
    enum entity_kind kind;
    uint32_t staff;   /* employments in force on each day */
    uint32_t foreign; /* per mille */
};

/* `count` entities that employ `staff` people (staff >= count); free() the result. At
 * ENTITIES_NAMED and STAFF_NAMED the list as it stands; fewer entities: the first of each domain
 * come first; more: invented services are added to all domains but FB. */
struct entity *government_build(uint64_t seed, size_t count, uint32_t staff, struct err *err);

#endif

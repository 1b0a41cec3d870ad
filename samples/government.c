/* SPDX-License-Identifier: EUPL-1.2 */
/* See government.h. Sizes other than the named ones are shared out by largest remainder. */
#include "government.h"

#include "draw.h"

#include <stdio.h>
#include <stdlib.h>

enum { FB_DOMAIN = 1 }; /* stays at two entities: the hardest domain to protect */

/* What is being put together: weights add up while entities are appended. */
struct building {
    struct entity *entities;
    size_t count, wanted;
    unsigned in_domain[DOMAIN_COUNT]; /* entities of a domain so far */
};

static void entity_append(struct building *b, int domain, enum entity_kind kind, uint32_t weight,
                          uint32_t foreign, const char *name)
{
    struct entity *e = &b->entities[b->count++];
    e->name = name;
    e->domain = domain;
    e->kind = kind;
    e->staff = weight;
    e->foreign = foreign;
    (void)snprintf(e->code, sizeof e->code, "%s-%02u", DOMAINS[domain].code,
                   ++b->in_domain[domain] % 100000U);
}

/* The number that a named entity has within its domain, from 0. */
static unsigned rank_in_domain(size_t index)
{
    unsigned rank = 0;
    for (size_t i = 0; i < index; i++)
        rank += NAMED_ENTITIES[i].domain == NAMED_ENTITIES[index].domain;
    return rank;
}

/* Fewer than all: keeps those that come first when the domains take turns. */
static void append_named(struct building *b)
{
    bool keep[ENTITIES_NAMED] = {false};
    size_t kept = 0;
    for (unsigned rank = 0; rank < ENTITIES_NAMED && kept < b->wanted; rank++)
        for (size_t i = 0; i < ENTITIES_NAMED && kept < b->wanted; i++)
            if (rank_in_domain(i) == rank) {
                keep[i] = true;
                kept++;
            }
    for (size_t i = 0; i < ENTITIES_NAMED; i++) {
        const struct named_entity *n = &NAMED_ENTITIES[i];
        if (keep[i])
            entity_append(b, n->domain, (enum entity_kind)n->kind, n->staff, n->foreign, n->name);
    }
}

static void append_invented(struct building *b, uint64_t seed)
{
    int domain = 0;
    for (uint64_t i = 0; b->count < b->wanted; i++) {
        uint32_t scale = 10U << draw_below(seed, DRAW_ENTITY_SIZE, 2 * i, 6);
        uint32_t weight = scale + draw_below(seed, DRAW_ENTITY_SIZE, 2 * i + 1, scale);
        entity_append(b, domain, KIND_OFFICE, weight, 60 + weight % 60, "Uitvoeringsdienst");
        do
            domain = (domain + 1) % DOMAIN_COUNT;
        while (domain == FB_DOMAIN);
    }
}

/* Turns weights into numbers of staff: at least one each, `staff` in all. */
static void share_out(struct building *b, uint32_t staff)
{
    uint64_t weights = 0, given = 0;
    for (size_t i = 0; i < b->count; i++)
        weights += b->entities[i].staff;
    uint64_t running = 0, free_staff = staff - b->count;
    if (weights == staff)
        return;
    for (size_t i = 0; i < b->count; i++) { /* each takes what its end of the line leaves */
        running += b->entities[i].staff;
        uint64_t until = running * free_staff / weights;
        b->entities[i].staff = (uint32_t)(until - given) + 1;
        given = until;
    }
}

struct entity *government_build(uint64_t seed, size_t count, uint32_t staff, struct err *err)
{
    struct building b = {.wanted = count};
    b.entities = calloc(count, sizeof *b.entities);
    if (!b.entities) {
        (void)err_memory(err);
        return NULL;
    }
    append_named(&b);
    append_invented(&b, seed);
    share_out(&b, staff);
    return b.entities;
}

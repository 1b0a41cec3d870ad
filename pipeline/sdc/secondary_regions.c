/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The programmes of sdc/secondary.h, by the units whose cells they may move, the others staying as
 * they are: the entities of one domain (of many, the cell's own and the roomiest); everything; or,
 * in large systems, those entities of all domains whose unsafe counts have most room, and all units
 * above them. Made at first use. Which units they have depends on the counts alone, not on what is
 * hidden, and so not on when they are made.
 */
#include "sdc/secondary_state.h"

#include <stdlib.h>

enum {
    ALL_MOST = 40000,      /* in a system of more cells, programmes over several domains have */
    MANY = 12000,          /* this many, unless nothing else protects */
    SIBLINGS_MOST = 16,    /* in a domain, where units have many cells */
    ITERATIONS_MOST = 3000 /* what takes more is left to exchanges, which hide more */
};

/* Where a programme stands among them: a domain's at its unit. */
enum { EVERYTHING = 0 };
static size_t place_of_middle(const struct secondary *s)
{
    return s->cells->structure->unit_count;
}

static bool is_leaf(const struct secondary *s, uint32_t unit)
{
    return s->blocks.child_start[unit] == s->blocks.child_start[unit + 1];
}

uint32_t secondary_domain(const struct secondary *s, uint32_t unit)
{
    int parent = s->cells->structure->units[unit].parent;
    return is_leaf(s, unit) && parent > 0 ? (uint32_t)parent : unit;
}

struct roomy {
    size_t room;
    uint32_t unit;
};

static int by_room(const void *a, const void *b)
{
    const struct roomy *x = a, *y = b;
    if (x->room != y->room)
        return x->room > y->room ? -1 : 1;
    return (x->unit > y->unit) - (x->unit < y->unit);
}

/* How far the unit's unsafe counts can move, which are hidden anyway. */
static size_t room_in(const struct secondary *s, uint32_t unit)
{
    const struct blocks *b = &s->blocks;
    size_t room = 0;
    for (size_t k = 0; k < b->class_count; k++) {
        uint32_t i = b->cell[unit * b->class_count + k];
        int64_t n = i == SLOT_NONE ? s->rules->threshold : s->counts[i];
        if (n < s->rules->threshold && (n > 0 || s->rules->protect_zeros) && s->may[i])
            room += (size_t)n + 1;
    }
    return room;
}

/* Those children of the unit that have none themselves: the `most` with most room. */
static int choose_leaves(const struct secondary *s, uint32_t unit, size_t most, uint8_t *in,
                         struct err *err)
{
    const struct blocks *b = &s->blocks;
    size_t count = 0;
    struct roomy *list =
        malloc((b->child_start[unit + 1] - b->child_start[unit] + 1) * sizeof *list);
    if (!list)
        return err_memory(err);
    for (uint32_t k = b->child_start[unit]; k < b->child_start[unit + 1]; k++)
        if (is_leaf(s, b->child[k]))
            list[count++] = (struct roomy){room_in(s, b->child[k]), b->child[k]};
    if (count)
        qsort(list, count, sizeof *list, by_room);
    for (size_t i = 0; i < count && i < most; i++)
        in[list[i].unit] = 1;
    free(list);
    return 0;
}

static int choose_middle(const struct secondary *s, uint8_t *in, struct err *err)
{
    const struct blocks *b = &s->blocks;
    size_t parents = 0, units = MANY / (b->class_count + 1);
    for (uint32_t u = 0; u < b->unit_count; u++)
        parents += in[u] = !is_leaf(s, u);
    size_t most = units > parents ? (units - parents) / (parents + 1) : 0;
    int rc = 0;
    for (uint32_t u = 0; u < b->unit_count && rc == 0; u++)
        if (!is_leaf(s, u))
            rc = choose_leaves(s, u, most < 2 ? 2 : most, in, err);
    return rc;
}

static int choose(const struct secondary *s, size_t place, uint8_t *in, struct err *err)
{
    const struct blocks *b = &s->blocks;
    if (place == place_of_middle(s))
        return choose_middle(s, in, err);
    for (uint32_t u = 0; u < b->unit_count; u++)
        in[u] = place == EVERYTHING || (secondary_domain(s, u) == place && u != place);
    return 0;
}

/* Of a domain of many entities with many cells each, only the entity and the roomiest of the others
 * may move: among more, a programme takes several times as long to find hardly anything better. */
static int hold_others(struct secondary *s, uint32_t domain, uint32_t unit, struct err *err)
{
    const struct blocks *b = &s->blocks;
    if (s->few || s->held_for[domain] == unit)
        return 0;
    uint8_t *in = calloc(b->unit_count + 1, 1);
    if (!in)
        return err_memory(err);
    int rc = choose_leaves(s, domain, SIBLINGS_MOST, in, err);
    in[unit] = 1;
    for (uint32_t k = b->child_start[domain]; rc == 0 && k < b->child_start[domain + 1]; k++)
        for (size_t n = 0; n < b->class_count; n++) {
            uint32_t i = b->cell[b->child[k] * b->class_count + n];
            if (i != SLOT_NONE)
                s->held[i] = !in[b->child[k]];
        }
    if (rc == 0)
        deviations_rebase(s->regions[domain]);
    s->held_for[domain] = unit;
    free(in);
    return rc;
}

static int make(struct secondary *s, size_t place, struct err *err)
{
    const struct cells *c = s->cells;
    uint8_t *in = calloc(c->structure->unit_count + 1, 1), *movable = calloc(c->count + 1, 1);
    bool domain = place != EVERYTHING && place != place_of_middle(s);
    int rc = in && movable ? choose(s, place, in, err) : err_memory(err);
    for (uint32_t i = 0; rc == 0 && i < c->count; i++)
        movable[i] = s->may[i] && in[c->unit[i]];
    if (rc == 0)
        rc = deviations_open(&s->regions[place], c, s->counts, movable, domain ? s->held : NULL,
                             err);
    if (rc == 0)
        deviations_give_up_after(s->regions[place], ITERATIONS_MOST);
    for (uint32_t i = 0; rc == 0 && i < c->count; i++)
        if (movable[i])
            secondary_price(s, s->regions[place], i);
    free(in);
    free(movable);
    return rc;
}

bool secondary_reach_is_all(const struct secondary *s)
{
    return s->cells->count <= ALL_MOST;
}

int secondary_region(struct secondary *s, uint32_t cell, enum region region,
                     struct deviations **out, struct err *err)
{
    uint32_t unit = s->cells->unit[cell], domain = secondary_domain(s, unit);
    size_t place = EVERYTHING;
    if (region == REGION_DOMAIN && domain != unit)
        place = domain;
    else if (region != REGION_ALL && !secondary_reach_is_all(s))
        place = place_of_middle(s);
    if (!s->regions[place] && make(s, place, err) != 0)
        return -1;
    *out = s->regions[place];
    return place == domain && domain != unit ? hold_others(s, domain, unit, err) : 0;
}

void secondary_price_again(struct secondary *s, uint32_t cell)
{
    uint32_t unit = s->cells->unit[cell], domain = secondary_domain(s, unit);
    if (s->regions[EVERYTHING])
        secondary_price(s, s->regions[EVERYTHING], cell);
    if (s->regions[place_of_middle(s)])
        secondary_price(s, s->regions[place_of_middle(s)], cell);
    if (domain != unit && s->regions[domain])
        secondary_price(s, s->regions[domain], cell);
}

void secondary_close_regions(struct secondary *s)
{
    for (size_t u = 0; s->regions && u <= place_of_middle(s); u++)
        deviations_close(s->regions[u]);
    free((void *)s->regions);
}

/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * REGIONS of sdc/secondary.h: the units whose cells a programme may move, the others staying as
 * they are. For an entity: entities of its domain. For a domain: the government, its own entities,
 * and other domains with some of theirs. For the government: all domains, with some of theirs. Of
 * those that are too many, the ones with most room in what is hidden already.
 */
#include "sdc/secondary_state.h"

#include <stdlib.h>
#include <string.h>

struct chosen { /* a region while it is chosen */
    const struct secondary *s;
    uint8_t *in; /* per unit */
    size_t units, most;
};

struct scored {
    int64_t score;
    uint32_t unit;
};

static int by_score(const void *a, const void *b)
{
    const struct scored *x = a, *y = b;
    if (x->score != y->score)
        return x->score > y->score ? -1 : 1;
    return (x->unit > y->unit) - (x->unit < y->unit);
}

static int64_t room_in(const struct secondary *s, uint32_t unit)
{
    const struct blocks *b = &s->blocks;
    int64_t room = 0, width = s->rules->protection_width;
    for (size_t k = 0; k < b->class_count; k++) {
        uint32_t i = b->cell[unit * b->class_count + k];
        if (i != SLOT_NONE && s->hidden[i] && s->may[i])
            room += 1 + (s->counts[i] < width ? s->counts[i] : width);
    }
    return room;
}

static void add_unit(struct chosen *c, uint32_t unit)
{
    if (!c->in[unit] && c->units < c->most) {
        c->in[unit] = 1;
        c->units++;
    }
}

/* Adds the children of the unit with most room, `most` of them. */
static int add_children(struct chosen *c, uint32_t unit, size_t most, struct err *err)
{
    const struct blocks *b = &c->s->blocks;
    size_t count = b->child_start[unit + 1] - b->child_start[unit];
    const uint32_t *child = b->child + b->child_start[unit];
    if (count == 0)
        return 0;
    struct scored *list = malloc(count * sizeof *list);
    if (!list)
        return err_memory(err);
    for (size_t i = 0; i < count; i++)
        list[i] = (struct scored){count > most ? room_in(c->s, child[i]) : 0, child[i]};
    qsort(list, count, sizeof *list, by_score);
    for (size_t i = 0; i < count && i < most; i++)
        add_unit(c, list[i].unit);
    free(list);
    return 0;
}

/* A unit below the government that has children: with them; other ones with a few of theirs. */
static int choose_upper(struct chosen *c, uint32_t unit, struct err *err)
{
    enum { FEW = 6 };
    const struct blocks *b = &c->s->blocks;
    size_t count = b->child_start[1] - b->child_start[0];
    struct scored *list = malloc((count + 1) * sizeof *list);
    if (!list)
        return err_memory(err);
    add_unit(c, 0);
    int rc = unit ? add_children(c, unit, c->most / 2, err) : 0;
    for (size_t i = 0; i < count; i++) {
        uint32_t domain = b->child[b->child_start[0] + i];
        list[i] = (struct scored){room_in(c->s, domain), domain};
    }
    if (count)
        qsort(list, count, sizeof *list, by_score);
    size_t few = unit ? FEW : c->most / (count + 1);
    for (size_t i = 0; i < count && rc == 0 && c->units < c->most; i++) {
        add_unit(c, list[i].unit);
        rc = add_children(c, list[i].unit, few, err);
    }
    free(list);
    return rc;
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

static int choose(struct chosen *c, uint32_t unit, bool wide, struct err *err)
{
    uint32_t domain = secondary_domain(c->s, unit);
    add_unit(c, unit);
    if (!wide && domain != unit)
        return add_children(c, domain, c->most - 1, err);
    return choose_upper(c, is_leaf(c->s, domain) ? 0 : domain, err);
}

/* Which units' region it is: entities of a domain that is small enough share theirs. */
static uint32_t key_of(const struct secondary *s, uint32_t unit, bool wide, size_t most)
{
    uint32_t domain = secondary_domain(s, unit);
    const struct blocks *b = &s->blocks;
    size_t children = b->child_start[domain + 1] - b->child_start[domain];
    return children <= (wide ? most / 2 : most) ? domain : unit;
}

static int make(struct secondary *s, struct region *r, uint32_t unit, struct err *err)
{
    const struct cells *c = s->cells;
    struct chosen chosen = {.s = s, .most = r->most, .in = calloc(c->structure->unit_count + 1, 1)};
    uint8_t *movable = calloc(c->count + 1, 1);
    int rc = chosen.in && movable ? choose(&chosen, unit, r->wide, err) : err_memory(err);
    for (uint32_t i = 0; rc == 0 && i < c->count; i++)
        movable[i] = s->may[i] && chosen.in[c->unit[i]];
    if (rc == 0)
        rc = deviations_open(&r->deviations, c, s->counts, movable, NULL, err);
    for (uint32_t i = 0; rc == 0 && i < c->count; i++)
        if (movable[i])
            secondary_price(s, r->deviations, i);
    free(chosen.in);
    free(movable);
    return rc;
}

int secondary_region(struct secondary *s, uint32_t cell, bool wide, size_t cells_most,
                     struct deviations **out, struct err *err)
{
    size_t units = s->cells->structure->unit_count, most = cells_most / (s->blocks.class_count + 1);
    most = most < 2 ? 2 : most > units ? units : most;
    uint32_t unit = s->cells->unit[cell], key = key_of(s, unit, wide, most);
    struct region *r = &s->regions[0];
    for (size_t i = 0; i < REGIONS_MOST; i++) {
        struct region *there = &s->regions[i];
        if (there->deviations && there->key == key && there->wide == wide && there->most == most) {
            there->used = ++s->clock;
            *out = there->deviations;
            return 0;
        }
        r = there->used < r->used ? there : r;
    }
    deviations_close(r->deviations);
    *r = (struct region){.key = key, .wide = wide, .most = most, .used = ++s->clock};
    int rc = make(s, r, unit, err);
    *out = r->deviations;
    return rc;
}

void secondary_close_regions(struct secondary *s)
{
    for (size_t i = 0; i < REGIONS_MOST; i++) {
        deviations_close(s->regions[i].deviations);
        s->regions[i] = (struct region){.deviations = NULL};
    }
}

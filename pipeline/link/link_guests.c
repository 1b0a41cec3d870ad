/* SPDX-License-Identifier: EUPL-1.2 */
/* See link_spill_invite in include/link/link_spilled.h. Ids are + 1 here, as in columns. */
#include "link/link_spilled.h"

#include "io/artefacts.h"
#include "link/intake_spill.h"

#include <stdlib.h>
#include <string.h>

/* Distinct people, sorted. */
struct guest_list {
    uint32_t *ids;
    size_t count, capacity;
};

struct inviting {
    struct link *part;
    struct record_lists *parents; /* of all people */
    size_t base, days;
    struct guest_list guests;
    date *births; /* by day */
    uint16_t *first;
    uint32_t *theirs; /* two parents each */
};

static bool is_person(uint32_t id)
{
    return id != 0 && id != PARENT_NONE;
}

static bool is_own(const struct inviting *v, uint32_t id)
{
    return id > v->base && id - v->base <= v->part->people.count;
}

static int add(struct inviting *v, uint32_t id, struct err *err)
{
    struct guest_list *g = &v->guests;
    if (!is_person(id) || is_own(v, id))
        return 0;
    if (g->count == g->capacity) {
        size_t capacity = g->capacity ? 2 * g->capacity : 1024;
        uint32_t *ids = reallocarray(g->ids, capacity, sizeof *ids);
        if (!ids)
            return err_memory(err);
        g->ids = ids;
        g->capacity = capacity;
    }
    g->ids[g->count++] = id;
    return 0;
}

static int by_id(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

static void settle(struct guest_list *g)
{
    size_t kept = 0;
    if (g->count > 0)
        qsort(g->ids, g->count, sizeof *g->ids, by_id);
    for (size_t i = 0; i < g->count; i++)
        if (kept == 0 || g->ids[kept - 1] != g->ids[i])
            g->ids[kept++] = g->ids[i];
    g->count = kept;
}

/* The first guest who is not below the id. */
static size_t find(const struct guest_list *g, uint32_t id)
{
    size_t low = 0, high = g->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (g->ids[middle] < id)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Parents of a local id, which is a person's. */
static int add_parents_of(struct inviting *v, size_t person, struct err *err)
{
    const uint32_t *parents = v->part->people.parents + 2 * person;
    return add(v, parents[0], err) != 0 ? -1 : add(v, parents[1], err);
}

/* Of everybody with employments the parents, and with them those of parents who are the
 * partition's own. */
static int add_staff(struct inviting *v, bool theirs_too, struct err *err)
{
    const struct frame *f = &v->part->personnel;
    const uint32_t *person = frame_find(f, "person")->cells;
    int rc = 0;
    for (size_t row = 0; rc == 0 && row < f->rows; row++) {
        if (person[row] == 0 || (row > 0 && person[row] == person[row - 1]))
            continue;
        rc = add_parents_of(v, person[row] - 1, err);
        for (size_t i = 0; rc == 0 && theirs_too && i < 2; i++) {
            uint32_t parent = v->part->people.parents[2 * (size_t)(person[row] - 1) + i];
            if (is_person(parent) && is_own(v, parent))
                rc = add_parents_of(v, parent - v->base - 1, err);
        }
    }
    settle(&v->guests);
    return rc;
}

/* ---- who they are ---- */

static void take_guest(struct inviting *v, size_t guest, const uint32_t *record)
{
    for (size_t day = 0; day < v->days; day++)
        v->births[day * v->guests.count + guest] = (date)*record++;
    v->first[guest] = (uint16_t)*record++;
    v->theirs[2 * guest] = record[0];
    v->theirs[2 * guest + 1] = record[1];
}

/* The block's first record is that of id `first`. */
static int look_up_block(struct inviting *v, size_t block, uint32_t *room, struct err *err)
{
    struct record_lists *l = v->parents;
    uint32_t first = (uint32_t)(block * l->block_records) + 1;
    size_t count = l->lists[0].blocks[block].length / l->width, words = l->width / sizeof *room;
    size_t from = find(&v->guests, first), end = find(&v->guests, first + (uint32_t)count);
    if (from == end)
        return 0;
    if (record_block_read(l, 0, block, room, &count, err) != 0)
        return -1;
    for (size_t g = from; g < end; g++)
        take_guest(v, g, room + (v->guests.ids[g] - first) * words);
    return 0;
}

/* Asks the list of parents about all guests. */
static int look_up(struct inviting *v, struct err *err)
{
    size_t count = v->guests.count ? v->guests.count : 1;
    free(v->births);
    free(v->first);
    free(v->theirs);
    v->births = calloc(count * v->days, sizeof *v->births);
    v->first = calloc(count, sizeof *v->first);
    v->theirs = calloc(count, 2 * sizeof *v->theirs);
    uint32_t *room = malloc(v->parents->block_records * v->parents->width);
    int rc = v->births && v->first && v->theirs && room ? 0 : err_memory(err);
    for (size_t b = 0; rc == 0 && b < v->parents->lists[0].block_count; b++)
        rc = look_up_block(v, b, room, err);
    free(room);
    return rc;
}

/* ---- their places ---- */

/* What a parent is called among the partition's own people and guests. Whom nobody will ask about
 * is unknown. */
static uint32_t local_id(const struct inviting *v, uint32_t id)
{
    if (!is_person(id))
        return id;
    if (is_own(v, id))
        return id - (uint32_t)v->base;
    size_t guest = find(&v->guests, id);
    bool there = guest < v->guests.count && v->guests.ids[guest] == id;
    return there ? (uint32_t)(v->part->people.count + guest) + 1 : 0;
}

static int seat(struct inviting *v, struct err *err)
{
    struct people *p = &v->part->people;
    if (people_invite(p, v->guests.count, err) != 0)
        return -1;
    for (size_t i = 0; i < 2 * p->count; i++)
        p->parents[i] = local_id(v, p->parents[i]);
    for (size_t g = 0; g < p->guests; g++) {
        p->first[p->count + g] = v->first[g];
        for (size_t i = 0; i < 2; i++)
            p->parents[2 * (p->count + g) + i] = local_id(v, v->theirs[2 * g + i]);
    }
    return 0;
}

int link_spill_invite(struct link *part, const struct link *l, size_t base, int32_t **births,
                      struct err *err)
{
    struct inviting v = {.part = part,
                         .parents = &l->spill->parents,
                         .base = base,
                         .days = 1 + l->people.since_count};
    bool grandparents = fields_generations(l->fields) == 2;
    int rc = add_staff(&v, grandparents, err);
    if (rc == 0)
        rc = look_up(&v, err);
    if (rc == 0 && grandparents) {
        size_t count = v.guests.count; /* who are added lie behind them */
        for (size_t i = 0; rc == 0 && i < 2 * count; i++)
            rc = add(&v, v.theirs[i], err);
        settle(&v.guests);
        if (rc == 0)
            rc = look_up(&v, err);
    }
    if (rc == 0)
        rc = seat(&v, err);
    *births = v.births;
    free(v.guests.ids);
    free(v.first);
    free(v.theirs);
    return rc;
}

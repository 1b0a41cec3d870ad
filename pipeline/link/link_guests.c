/* SPDX-License-Identifier: EUPL-1.2 */
/* See link_spill_invite in include/link/link_spilled.h. Ids are + 1 here, as in columns. */
#include "link/link_spilled.h"

#include "base/parallel.h"
#include "io/artefacts.h"
#include "link/number_set.h"

#include <stdlib.h>

/* Some of all people: a bit each, and how many come before each word of bits. */
struct guest_list {
    uint64_t *bits;
    uint32_t *before;
    size_t words, count;
};

struct inviting {
    struct link *part;
    struct record_lists *parents; /* of all people */
    size_t base, days;
    struct guest_list guests;
    date *births; /* by day */
    uint16_t *first;
    uint32_t *theirs; /* two parents each */
    uint32_t *rooms[PARALLEL_MOST];
};

static bool is_person(uint32_t id)
{
    return id != 0 && id != PARENT_NONE;
}

static bool is_own(const struct inviting *v, uint32_t id)
{
    return id > v->base && id - v->base <= v->part->people.count;
}

static void add(struct inviting *v, uint32_t id)
{
    if (is_person(id) && !is_own(v, id))
        v->guests.bits[id / 64] |= UINT64_C(1) << id % 64;
}

static int guests_open(struct guest_list *g, size_t persons, struct err *err)
{
    g->words = persons / 64 + 2;
    g->bits = calloc(g->words, sizeof *g->bits);
    g->before = calloc(g->words, sizeof *g->before);
    return g->bits && g->before ? 0 : err_memory(err);
}

static void settle(struct guest_list *g)
{
    g->count = 0;
    for (size_t w = 0; w < g->words; w++) {
        g->before[w] = (uint32_t)g->count;
        g->count += number_bits(g->bits[w]);
    }
}

static bool is_guest(const struct guest_list *g, uint32_t id)
{
    return g->bits[id / 64] >> id % 64 & 1;
}

/* Guests below the id. */
static size_t rank_of(const struct guest_list *g, uint32_t id)
{
    return g->before[id / 64] + number_bits(g->bits[id / 64] & ((UINT64_C(1) << id % 64) - 1));
}

/* Parents of a local id, which is a person's. */
static void add_parents_of(struct inviting *v, size_t person)
{
    add(v, v->part->people.parents[2 * person]);
    add(v, v->part->people.parents[2 * person + 1]);
}

/* Of everybody with employments the parents, and with them those of parents who are the
 * partition's own. */
static void add_staff(struct inviting *v, bool theirs_too)
{
    const struct frame *f = &v->part->personnel;
    const uint32_t *person = frame_find(f, "person")->cells;
    for (size_t row = 0; row < f->rows; row++) {
        if (person[row] == 0 || (row > 0 && person[row] == person[row - 1]))
            continue;
        add_parents_of(v, person[row] - 1);
        for (size_t i = 0; theirs_too && i < 2; i++) {
            uint32_t parent = v->part->people.parents[2 * (size_t)(person[row] - 1) + i];
            if (is_person(parent) && is_own(v, parent))
                add_parents_of(v, parent - v->base - 1);
        }
    }
    settle(&v->guests);
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
static int look_up_block(void *context, unsigned worker, size_t block, struct err *err)
{
    struct inviting *v = context;
    struct record_lists *l = v->parents;
    uint32_t first = (uint32_t)(block * l->block_records) + 1;
    size_t count = l->lists[0].blocks[block].records;
    size_t words = l->width / sizeof(uint32_t), guest = rank_of(&v->guests, first);
    if (guest == rank_of(&v->guests, first + (uint32_t)count))
        return 0;
    if (!v->rooms[worker] && !(v->rooms[worker] = malloc(l->block_records * l->width)))
        return err_memory(err);
    const uint32_t *records = v->rooms[worker];
    if (record_block_read(l, 0, block, v->rooms[worker], &count, err) != 0)
        return -1;
    for (size_t i = 0; i < count; i++)
        if (is_guest(&v->guests, first + (uint32_t)i))
            take_guest(v, guest++, records + i * words);
    return 0;
}

static void guests_forget(struct inviting *v)
{
    free(v->births);
    free(v->first);
    free(v->theirs);
    v->births = NULL;
}

/* Asks the list of parents about all guests. */
static int look_up(struct inviting *v, struct err *err)
{
    size_t count = v->guests.count ? v->guests.count : 1;
    guests_forget(v);
    v->births = calloc(count * v->days, sizeof *v->births);
    v->first = calloc(count, sizeof *v->first);
    v->theirs = calloc(count, 2 * sizeof *v->theirs);
    if (!v->births || !v->first || !v->theirs)
        return err_memory(err);
    return parallel_items(v->part->threads, v->parents->lists[0].block_count, look_up_block, v,
                          err);
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
    return is_guest(&v->guests, id)
               ? (uint32_t)(v->part->people.count + rank_of(&v->guests, id)) + 1
               : 0;
}

static int seat_own(void *context, unsigned range, size_t begin, size_t end, struct err *err)
{
    struct inviting *v = context;
    (void)range;
    (void)err;
    for (size_t i = 2 * begin; i < 2 * end; i++)
        v->part->people.parents[i] = local_id(v, v->part->people.parents[i]);
    return 0;
}

static int seat(struct inviting *v, struct err *err)
{
    struct people *p = &v->part->people;
    if (people_invite(p, v->guests.count, err) != 0 ||
        parallel_ranges(v->part->threads, p->count, seat_own, v, err) != 0)
        return -1;
    for (size_t g = 0; g < p->guests; g++) {
        p->first[p->count + g] = v->first[g];
        for (size_t i = 0; i < 2; i++)
            p->parents[2 * (p->count + g) + i] = local_id(v, v->theirs[2 * g + i]);
    }
    return 0;
}

int link_spill_invite(struct link *part, const struct link *l, size_t base, date **births,
                      struct err *err)
{
    struct inviting v = {.part = part,
                         .parents = &l->spill->parents,
                         .base = base,
                         .days = 1 + l->people.since_count};
    bool grandparents = fields_generations(l->fields) == 2;
    int rc = guests_open(&v.guests, l->spill->persons, err);
    if (rc == 0) {
        add_staff(&v, grandparents);
        rc = look_up(&v, err);
    }
    if (rc == 0 && grandparents) {
        for (size_t i = 0; i < 2 * v.guests.count; i++)
            add(&v, v.theirs[i]);
        settle(&v.guests);
        rc = look_up(&v, err);
    }
    if (rc == 0)
        rc = seat(&v, err);
    *births = v.births;
    v.births = NULL;
    guests_forget(&v);
    for (size_t i = 0; i < PARALLEL_MOST; i++)
        free(v.rooms[i]);
    free(v.guests.bits);
    free(v.guests.before);
    return rc;
}

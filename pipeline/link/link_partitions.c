/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/link/link_spilled.h: the partitions, one after the other. */
#include "link/link_spilled.h"

#include "link/person_rows.h"
#include "link/record_frame.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

/* Appends a block's rows, whose persons are counted from `base` on. */
static int load_block(struct spilled_dataset *d, size_t list, size_t block, size_t base,
                      uint32_t *room, struct err *err)
{
    size_t count, row = d->frame.rows, words = d->frame.column_count, at = 0;
    if (record_block_read(&d->lists, list, block, room, &count, err) != 0)
        return -1;
    if (row + count > d->frame.capacity) {
        size_t most = d->lists.lists[list].records, twice = 2 * d->frame.capacity;
        size_t wanted = row + count > twice ? row + count : twice;
        if (frame_reserve(&d->frame, wanted > most && most >= row + count ? most : wanted, err) !=
            0)
            return -1;
    }
    d->frame.rows += count;
    while (strcmp(d->frame.columns[at]->name, "person") != 0)
        at++;
    for (size_t i = 0; i < count; i++)
        room[i * words + at] -= room[i * words + at] ? (uint32_t)base : 0;
    record_frame_put(&d->frame, row, room, count);
    return 0;
}

static uint32_t *room_of(const struct spilled_dataset *d, struct err *err)
{
    uint32_t *room = malloc(d->lists.block_records * d->lists.width);
    if (!room)
        (void)err_memory(err);
    return room;
}

static int fold_dataset(struct link *part, struct spilled_dataset *d, size_t list, size_t base,
                        struct err *err)
{
    size_t blocks = d->lists.lists[list].block_count, block = 0;
    link_fold fold = link_fold_of(d->frame.name);
    uint32_t *room = room_of(d, err);
    int rc = room ? 0 : -1;
    d->frame.rows = 0;
    do {
        size_t before = block; /* what a person has too many rows for is no piece yet */
        while (rc == 0 && block < blocks && (d->frame.rows < LINK_PIECE_ROWS || block == before))
            rc = load_block(d, list, block++, base, room, err);
        if (rc == 0)
            rc = link_fold_piece(part, &d->frame, blocks - block, fold, err);
    } while (rc == 0 && block < blocks);
    free(room);
    return rc;
}

/* First id of a partition: ids + 1 are what memory_plan_part is asked about, and 0 is nobody's. */
static size_t part_begin(const struct link_spill *s, size_t part)
{
    uint64_t first = ((uint64_t)part * ((uint64_t)s->persons + 1) + s->parts - 1) / s->parts;
    return first > 0 ? (size_t)first - 1 : 0;
}

/* A link of the people of a partition alone; of none for rows without a person. */
static int open_part(struct link *part, const struct link *l, size_t count, struct err *err)
{
    memset(part, 0, sizeof *part);
    part->fields = l->fields;
    part->groups = l->groups;
    part->reference = l->reference;
    part->threads = l->threads;
    if (people_init(&part->people, count, l->fields, l->reference, err) != 0)
        return -1;
    part->people.persons = l->spill->persons;
    return l->people.since_count == 0 ? 0
                                      : people_since(&part->people, l->groups, l->people.since,
                                                     l->people.since_count, err);
}

static void close_part(struct link *part)
{
    size_t begins = part->people.count + 1 + part->personnel.rows;
    memset(&part->personnel, 0, sizeof part->personnel); /* is the dataset's */
    if (part->begins)
        sodium_memzero(part->begins, begins * sizeof *part->begins);
    free(part->begins);
    part->begins = NULL;
    people_release(&part->people);
}

static int load_personnel(struct link *part, struct spilled_dataset *d, size_t list, size_t first,
                          size_t end, size_t base, struct err *err)
{
    uint32_t *room = room_of(d, err);
    int rc = room ? 0 : -1;
    d->frame.rows = 0;
    for (size_t block = first; rc == 0 && block < end; block++)
        rc = load_block(d, list, block, base, room, err);
    free(room);
    part->personnel = d->frame;
    return rc;
}

/* A partition's people and personnel. */
static int load_part(struct link *part, struct link *l, size_t q, struct err *err)
{
    struct link_spill *s = l->spill;
    size_t base = part_begin(s, q);
    size_t end = q + 1 < s->parts ? part_begin(s, q + 1) : s->persons;
    struct spilled_dataset *d = &s->datasets[SPILL_PERSONNEL];
    int rc = open_part(part, l, end - base, err);
    for (size_t i = SPILL_REGISTERS; rc == 0 && i < SPILL_DATASETS; i++)
        rc = fold_dataset(part, &s->datasets[i], q, base, err);
    if (rc == 0)
        rc = load_personnel(part, d, q, 0, d->lists.lists[q].block_count, base, err);
    return rc;
}

static int select_on(struct employments *e, const struct link *part, size_t day, struct err *err)
{
    const uint32_t *person = person_rows_check(&part->personnel, part->people.count, err);
    return person ? employment_select(e, &part->personnel, person, people_day(&part->people, day),
                                      part->threads, err)
                  : -1;
}

/* ---- what people are as parents ---- */

static int put_parents(const struct link *part, struct record_writer *to, const date *births,
                       size_t days, struct err *err)
{
    const struct people *p = &part->people;
    for (size_t i = 0; i < p->count; i++) {
        uint32_t *record = record_slot(to, 0, err);
        if (!record)
            return -1;
        for (size_t day = 0; day < days; day++)
            *record++ = (uint32_t)births[day * p->count + i];
        *record++ = p->first[i];
        *record++ = p->parents[2 * i];
        *record++ = p->parents[2 * i + 1];
    }
    return 0;
}

/* A birth date that the register lacks may be completed by an employment of each day. */
static int note_parents(struct link *part, struct record_writer *to, size_t days, struct err *err)
{
    struct people *p = &part->people;
    date *births = malloc((p->count ? p->count : 1) * days * sizeof *births);
    int rc = births ? 0 : err_memory(err);
    for (size_t day = 0; rc == 0 && day < days; day++) {
        struct employments e = {0};
        rc = select_on(&e, part, day, err);
        if (rc == 0)
            rc = facts_complete(p, &part->personnel, &e, part->threads, err);
        employments_release(&e);
        if (rc == 0)
            memcpy(births + day * p->count, p->birth, p->count * sizeof *births);
    }
    if (rc == 0)
        rc = put_parents(part, to, births, days, err);
    if (births)
        sodium_memzero(births, p->count * days * sizeof *births);
    free(births);
    return rc;
}

static int note_all_parents(struct link *l, struct err *err)
{
    struct link_spill *s = l->spill;
    struct record_writer to = {0};
    size_t days = 1 + l->people.since_count;
    if (record_lists_open(&s->parents, s->file, 1, (days + 3) * sizeof(uint32_t),
                          memory_plan_block(l->plan, 1, 1), err) != 0)
        return -1;
    int rc = record_writer_open(&to, &s->parents, err);
    for (size_t q = 0; rc == 0 && q < s->parts; q++) {
        struct link part;
        rc = load_part(&part, l, q, err);
        if (rc == 0)
            rc = note_parents(&part, &to, days, err);
        close_part(&part);
    }
    return record_writer_close(&to, rc == 0 ? err : NULL) == 0 ? rc : -1;
}

/* ---- facts ---- */

/* A partition on one of the days. births: of guests, by day; NULL: there are none. */
static int make_facts(struct link *part, struct link *l, size_t day, const date *births,
                      size_t begin, const uint32_t *row_of, struct facts_counts *counts,
                      struct err *err)
{
    struct people *p = &part->people;
    struct employments e = {0};
    struct facts_counts own;
    struct frame facts;
    frame_init(&facts, day ? "then" : "facts");
    if (births && p->guests > 0)
        memcpy(p->birth + p->count, births + day * p->guests, p->guests * sizeof *births);
    int rc = select_on(&e, part, day, err);
    if (rc == 0 && day == 0)
        rc = link_check_entities(part, &e, row_of, err);
    if (rc == 0)
        rc = facts_make(&facts, &own, p, day, &part->personnel, &e, day ? l->groups : l->fields,
                        part->threads, err);
    if (rc == 0 && day == 0)
        facts_counts_add(counts, &own);
    if (rc == 0 && day == 0 && p->since_count > 0)
        rc = link_note_begins(part, &e, err);
    if (rc == 0 && day > 0) {
        struct column *now = frame_add(&facts, "now", COLUMN_U32, err);
        rc = now ? 0 : -1;
        for (size_t row = 0; rc == 0 && row < e.count; row++) {
            uint32_t at = *link_begin_of(part, &e, e.rows[row]);
            column_set(now, row, at ? at + begin : 0);
        }
    }
    employments_release(&e);
    if (rc == 0)
        rc = link_spill_put(l, day, &facts, err);
    frame_release(&facts);
    return rc;
}

static int make_days(struct link *part, struct link *l, const date *births, const uint32_t *row_of,
                     struct facts_counts *counts, struct err *err)
{
    size_t begin = l->spill->facts[0].rows;
    int rc = 0;
    for (size_t day = 0; rc == 0 && day < l->spill->days; day++)
        rc = make_facts(part, l, day, births, begin, row_of, counts, err);
    return rc;
}

static int make_part(struct link *l, size_t q, const uint32_t *row_of, struct facts_counts *counts,
                     struct err *err)
{
    struct link part;
    date *births = NULL;
    int rc = load_part(&part, l, q, err);
    if (rc == 0 && part.people.parents)
        rc = link_spill_invite(&part, l, part_begin(l->spill, q), &births, err);
    if (rc == 0)
        rc = make_days(&part, l, births, row_of, counts, err);
    free(births);
    close_part(&part);
    return rc;
}

/* Rows without a valid number: each is a person, and they came in their order. */
static int make_unlinked(struct link *l, const uint32_t *row_of, struct facts_counts *counts,
                         struct err *err)
{
    struct spilled_dataset *d = &l->spill->datasets[SPILL_PERSONNEL];
    size_t blocks = d->lists.lists[l->spill->parts].block_count;
    size_t most =
        (size_t)(l->plan->partition / (link_spill_row_bytes(l, true) * d->lists.block_records)) + 1;
    int rc = 0;
    for (size_t first = 0; rc == 0 && first < blocks; first += most) {
        struct link part;
        size_t end = first + most < blocks ? first + most : blocks;
        rc = open_part(&part, l, 0, err);
        if (rc == 0)
            rc = load_personnel(&part, d, l->spill->parts, first, end, 0, err);
        if (rc == 0)
            rc = make_days(&part, l, NULL, row_of, counts, err);
        close_part(&part);
    }
    return rc;
}

int link_spill_finish(struct link *l, const uint32_t *row_of, struct facts_counts *counts,
                      struct err *err)
{
    struct link_spill *s = l->spill;
    s->facts = calloc(1 + l->people.since_count, sizeof *s->facts);
    if (!s->facts)
        return err_memory(err);
    s->days = 1 + l->people.since_count;
    int rc = l->people.parents ? note_all_parents(l, err) : 0;
    for (size_t q = 0; rc == 0 && q < s->parts; q++)
        rc = make_part(l, q, row_of, counts, err);
    if (rc == 0)
        rc = make_unlinked(l, row_of, counts, err);
    for (size_t day = 0; rc == 0 && day < s->days; day++)
        rc = link_spill_settle(l, day, err);
    return rc;
}

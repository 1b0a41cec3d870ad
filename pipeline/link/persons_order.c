/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/link/persons_order.h. What is sorted are pseudonyms, which are as good as random: one
 * pass puts them into buckets, by their first bits, each of which fits in the cache while it is
 * sorted. Of each the first eight bytes are kept, its head: two that have the same one are hashed
 * again, which in a country happens once in a hundred thousand runs. */
#include "link/persons_order.h"

#include "base/parallel.h"
#include "base/room.h"
#include "link/buckets.h"
#include "link/national_number.h"

#include <endian.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

enum { BITS_LEAST = 4, BITS_MOST = 14, SPREAD = 11 };

struct ranking {
    struct persons *persons;
    const struct pseudonymiser *by;
    uint64_t *heads;  /* by place of the number */
    uint64_t *sorted; /* by bucket, where by_id has their numbers meanwhile */
    unsigned bits;    /* of a pseudonym that choose its bucket */
    struct buckets buckets;
};

void number_batch_hash(struct number_batch *b, const struct pseudonymiser *by, size_t count)
{
    /* Each number's NUL is overwritten by the next number. */
    for (size_t i = 0; i < count; i++)
        national_number_digits(national_number_unpack(b->numbers[i]),
                               b->digits + i * NATIONAL_NUMBER_DIGITS);
    pseudonyms_of(by, b->pseudonyms, (const char(*)[NATIONAL_NUMBER_DIGITS])(const void *)b->digits,
                  count);
}

static uint32_t *next_of(const struct ranking *r, uint64_t head, unsigned range)
{
    return bucket_next(&r->buckets, (size_t)(head >> (64 - r->bits)), range);
}

/* Hashes the numbers of places begin ... end - 1, and counts what each bucket will hold. */
static int hash_numbers(void *context, unsigned range, size_t begin, size_t end, struct err *err)
{
    const struct ranking *r = context;
    struct number_cursor cursor;
    struct number_batch batch;
    (void)err;
    number_set_from(&r->persons->numbers, begin, &cursor);
    for (size_t at = begin; at < end; at += BLAKE2B_LANES) {
        size_t count = end - at < BLAKE2B_LANES ? end - at : BLAKE2B_LANES;
        for (size_t i = 0; i < count; i++)
            batch.numbers[i] = number_set_next(&r->persons->numbers, &cursor);
        number_batch_hash(&batch, r->by, count);
        for (size_t i = 0; i < count; i++) {
            uint64_t head;
            memcpy(&head, batch.pseudonyms[i], sizeof head);
            r->heads[at + i] = be64toh(head);
            ++*next_of(r, r->heads[at + i], range);
        }
    }
    sodium_memzero(&batch, sizeof batch);
    sodium_memzero(&cursor, sizeof cursor);
    return 0;
}

/* Puts heads and numbers into their buckets. */
static int fill_buckets(void *context, unsigned range, size_t begin, size_t end, struct err *err)
{
    const struct ranking *r = context;
    struct number_cursor cursor;
    (void)err;
    number_set_from(&r->persons->numbers, begin, &cursor);
    for (size_t at = begin; at < end; at++) {
        uint32_t to = (*next_of(r, r->heads[at], range))++;
        r->sorted[to] = r->heads[at];
        r->persons->by_id[to] = number_set_next(&r->persons->numbers, &cursor);
    }
    sodium_memzero(&cursor, sizeof cursor);
    return 0;
}

/* Entries of a bucket that begin with the same SPREAD bits, which come behind those of the bucket,
 * lie together in `to`: then nearly all stand where they belong. */
static void spread(const struct ranking *r, size_t from, size_t count, struct person_entry *to)
{
    const uint64_t *all = r->sorted + from;
    uint32_t ends[1 << SPREAD] = {0}, at = 0;
    unsigned left = 64 - r->bits - SPREAD, mask = (1U << SPREAD) - 1;
    for (size_t i = 0; i < count; i++)
        ends[all[i] >> left & mask]++;
    for (size_t s = 0; s <= mask; s++) {
        uint32_t own = ends[s];
        ends[s] = at;
        at += own;
    }
    for (size_t i = 0; i < count; i++)
        to[ends[all[i] >> left & mask]++] =
            (struct person_entry){all[i], r->persons->by_id[from + i]};
}

/* Order of two numbers by their whole pseudonyms. */
static int compare_whole(const struct pseudonymiser *by, uint32_t a, uint32_t b)
{
    struct number_batch batch = {.numbers = {a, b}};
    number_batch_hash(&batch, by, 2);
    int order = memcmp(batch.pseudonyms[0], batch.pseudonyms[1], PSEUDONYM_BYTES);
    sodium_memzero(&batch, sizeof batch);
    return order;
}

static int compare(const struct pseudonymiser *by, const struct person_entry *a,
                   const struct person_entry *b)
{
    if (a->head != b->head)
        return a->head < b->head ? -1 : 1;
    return compare_whole(by, a->number, b->number);
}

/* By insertion: nothing has far to go. */
bool person_entries_sort(const struct pseudonymiser *by, struct person_entry *list, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        struct person_entry own = list[i];
        size_t at = i;
        int order = -1;
        for (; at > 0 && (order = compare(by, &own, &list[at - 1])) < 0; at--)
            list[at] = list[at - 1];
        if (order == 0)
            return false;
        list[at] = own;
    }
    return true;
}

/* Ids are ranks. */
static int sort_bucket(const struct ranking *r, size_t b, struct person_entry *room,
                       struct err *err)
{
    struct persons *p = r->persons;
    size_t from = bucket_begin(&r->buckets, b), count = bucket_begin(&r->buckets, b + 1) - from;
    spread(r, from, count, room);
    if (!person_entries_sort(r->by, room, count))
        return err_set(err, ERR_INTERNAL, "two national numbers have the same pseudonym");
    for (size_t i = 0; i < count; i++) {
        p->by_id[from + i] = room[i].number;
        p->ids[number_set_place(&p->numbers, room[i].number)] = (uint32_t)(from + i) + 1;
    }
    return 0;
}

static int sort_buckets(void *context, unsigned range, size_t begin, size_t end, struct err *err)
{
    const struct ranking *r = context;
    struct person_entry *room = calloc(r->buckets.largest ? r->buckets.largest : 1, sizeof *room);
    int rc = room ? 0 : err_memory(err);
    (void)range;
    for (size_t b = begin; rc == 0 && b < end; b++)
        rc = sort_bucket(r, b, room, err);
    if (room)
        sodium_memzero(room, r->buckets.largest * sizeof *room);
    free(room);
    return rc;
}

static int allocate(struct ranking *r, struct room *work, unsigned threads, struct err *err)
{
    struct persons *p = r->persons;
    size_t room = p->count ? p->count : 1;
    while (r->bits < BITS_MOST && p->count >> (r->bits + SPREAD + 1) > 0)
        r->bits++;
    bool made = buckets_make(&r->buckets, (size_t)1 << r->bits, parallel_count(threads, room));
    r->heads = room_for(work, 2 * room * sizeof *r->heads);
    r->sorted = r->heads + room;
    p->ids = malloc(room * sizeof *p->ids);
    p->by_id = malloc(room * sizeof *p->by_id);
    return made && r->heads && p->ids && p->by_id ? 0 : err_memory(err);
}

static int rank(struct ranking *r, unsigned threads, struct err *err)
{
    size_t count = r->persons->count;
    if (parallel_ranges(r->buckets.threads, count, hash_numbers, r, err) != 0)
        return -1;
    buckets_place(&r->buckets);
    if (parallel_ranges(r->buckets.threads, count, fill_buckets, r, err) != 0)
        return -1;
    return parallel_ranges(threads, r->buckets.count, sort_buckets, r, err);
}

int persons_rank(struct persons *p, const struct pseudonymiser *by, struct room *room,
                 unsigned threads, struct err *err)
{
    struct ranking r = {.persons = p, .by = by, .bits = BITS_LEAST};
    int rc = allocate(&r, room, threads, err);
    if (rc == 0)
        rc = rank(&r, threads, err);
    buckets_free(&r.buckets);
    return rc;
}

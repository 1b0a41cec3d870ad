/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/link/persons_order.h. What is sorted are pseudonyms, which are as good as random: one
 * pass puts them into buckets, by their first bits, each of which fits in the cache while it is
 * sorted. Of each the bits behind the bucket's are kept: two that have the same ones are hashed
 * again, which in a country are one or two pairs. */
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
    uint64_t *heads;       /* of pseudonyms, by place of the number */
    person_entry *entries; /* by bucket */
    unsigned bits;         /* of a pseudonym that choose its bucket */
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

uint64_t number_batch_head(const struct number_batch *b, size_t i)
{
    uint64_t head;
    memcpy(&head, b->pseudonyms[i], sizeof head);
    return be64toh(head);
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
    for (size_t at = begin; at < end; at += LANES) {
        size_t count = end - at < LANES ? end - at : LANES;
        for (size_t i = 0; i < count; i++)
            batch.numbers[i] = number_set_next(&r->persons->numbers, &cursor);
        number_batch_hash(&batch, r->by, count);
        for (size_t i = 0; i < count; i++) {
            r->heads[at + i] = number_batch_head(&batch, i);
            ++*next_of(r, r->heads[at + i], range);
        }
    }
    sodium_memzero(&batch, sizeof batch);
    sodium_memzero(&cursor, sizeof cursor);
    return 0;
}

static int fill_buckets(void *context, unsigned range, size_t begin, size_t end, struct err *err)
{
    const struct ranking *r = context;
    (void)err;
    for (size_t place = begin; place < end; place++) {
        uint64_t head = r->heads[place];
        r->entries[(*next_of(r, head, range))++] = person_entry_of(head, r->bits, place);
    }
    return 0;
}

/* Entries that begin with the same SPREAD bits lie together in `to`: then nearly all stand where
 * they belong. */
static void spread(const person_entry *list, size_t count, person_entry *to)
{
    uint32_t ends[1 << SPREAD] = {0}, at = 0;
    for (size_t i = 0; i < count; i++)
        ends[list[i] >> (64 - SPREAD)]++;
    for (size_t s = 0; s < 1 << SPREAD; s++) {
        uint32_t own = ends[s];
        ends[s] = at;
        at += own;
    }
    for (size_t i = 0; i < count; i++)
        to[ends[list[i] >> (64 - SPREAD)]++] = list[i];
}

/* Order of two people by their whole pseudonyms. */
static int compare_whole(const struct pseudonymiser *by, const struct number_set *numbers,
                         person_entry a, person_entry b)
{
    struct number_batch batch = {
        .numbers = {number_set_at(numbers, (uint32_t)a), number_set_at(numbers, (uint32_t)b)}};
    number_batch_hash(&batch, by, 2);
    int order = memcmp(batch.pseudonyms[0], batch.pseudonyms[1], PSEUDONYM_BYTES);
    sodium_memzero(&batch, sizeof batch);
    return order;
}

/* By insertion: nothing has far to go. */
bool person_entries_sort(const struct pseudonymiser *by, const struct number_set *numbers,
                         const person_entry *list, person_entry *sorted, size_t count)
{
    spread(list, count, sorted);
    for (size_t i = 1; i < count; i++) {
        person_entry own = sorted[i];
        size_t at = i;
        for (; at > 0 && own >> 32 <= sorted[at - 1] >> 32; at--) {
            int order = own >> 32 < sorted[at - 1] >> 32
                            ? -1
                            : compare_whole(by, numbers, own, sorted[at - 1]);
            if (order == 0)
                return false;
            if (order > 0)
                break;
            sorted[at] = sorted[at - 1];
        }
        sorted[at] = own;
    }
    return true;
}

/* Ids are ranks. */
static int sort_bucket(const struct ranking *r, size_t b, person_entry *sorted, struct err *err)
{
    struct persons *p = r->persons;
    size_t from = bucket_begin(&r->buckets, b), count = bucket_begin(&r->buckets, b + 1) - from;
    if (!person_entries_sort(r->by, &p->numbers, r->entries + from, sorted, count))
        return err_set(err, ERR_INTERNAL, "two national numbers have the same pseudonym");
    for (size_t i = 0; i < count; i++)
        p->ids[(uint32_t)sorted[i]] = (uint32_t)(from + i) + 1;
    return 0;
}

static int sort_buckets(void *context, unsigned range, size_t begin, size_t end, struct err *err)
{
    const struct ranking *r = context;
    person_entry *sorted = malloc((r->buckets.largest ? r->buckets.largest : 1) * sizeof *sorted);
    int rc = sorted ? 0 : err_memory(err);
    (void)range;
    for (size_t b = begin; rc == 0 && b < end; b++)
        rc = sort_bucket(r, b, sorted, err);
    free(sorted);
    return rc;
}

static int allocate(struct ranking *r, struct room *work, unsigned threads, struct err *err)
{
    struct persons *p = r->persons;
    size_t room = p->count ? p->count : 1;
    while (r->bits < BITS_MOST && p->count >> (r->bits + SPREAD + 1) > 0)
        r->bits++;
    bool made =
        buckets_make(&r->buckets, (size_t)1 << r->bits, parallel_pieces_count(threads, room));
    r->heads = room_for(work, 2 * room * sizeof *r->heads);
    r->entries = r->heads + room;
    p->ids = malloc(room * sizeof *p->ids);
    return made && r->heads && p->ids ? 0 : err_memory(err);
}

static int rank(struct ranking *r, unsigned threads, struct err *err)
{
    size_t count = r->persons->count;
    if (parallel_pieces(threads, count, hash_numbers, r, err) != 0)
        return -1;
    buckets_place(&r->buckets);
    if (parallel_pieces(threads, count, fill_buckets, r, err) != 0)
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

/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/link/persons_order.h. What is sorted are pseudonyms, which are as good as random: one
 * pass puts them into buckets, by their first bits, each of which fits in the cache while it is
 * sorted. All numbers are hashed twice, first to count what each bucket will hold: that costs less
 * than the memory to keep pseudonyms in between. Nobody needs them once people are ranked. */
#include "link/persons_order.h"

#include "base/pages.h"
#include "base/parallel.h"
#include "link/national_number.h"
#include "secure/blake2b_lanes.h"

#include <endian.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

enum { BITS_LEAST = 4, BITS_MOST = 14, SPREAD = 11 };

struct ranking {
    struct persons *persons;
    const struct pseudonymiser *by;
    uint8_t (*pseudonyms)[PSEUDONYM_BYTES]; /* by bucket; by_id has their numbers meanwhile */
    unsigned bits;                          /* of a pseudonym that choose its bucket */
    uint32_t *starts; /* of buckets: `ranges` of each bucket, one behind the other */
    unsigned ranges;
    size_t largest; /* bucket */
};

struct entry {
    uint8_t pseudonym[PSEUDONYM_BYTES];
    uint32_t number;
};

/* Numbers that are hashed together. */
struct batch {
    char digits[BLAKE2B_LANES * NATIONAL_NUMBER_DIGITS + 1];
    uint8_t pseudonyms[BLAKE2B_LANES][PSEUDONYM_BYTES];
    uint32_t numbers[BLAKE2B_LANES];
};

static void batch_hash(struct batch *b, const struct ranking *r, struct number_cursor *c,
                       size_t count)
{
    /* Each number's NUL is overwritten by the next number. */
    for (size_t i = 0; i < count; i++) {
        b->numbers[i] = number_set_next(&r->persons->numbers, c);
        national_number_digits(national_number_unpack(b->numbers[i]),
                               b->digits + i * NATIONAL_NUMBER_DIGITS);
    }
    pseudonyms_of(r->by, b->pseudonyms,
                  (const char(*)[NATIONAL_NUMBER_DIGITS])(const void *)b->digits, count);
}

static uint64_t first_bytes(const uint8_t *pseudonym)
{
    uint64_t value;
    memcpy(&value, pseudonym, sizeof value);
    return be64toh(value);
}

static uint32_t *start_of(const struct ranking *r, const uint8_t *pseudonym, unsigned range)
{
    return &r->starts[(size_t)(first_bytes(pseudonym) >> (64 - r->bits)) * r->ranges + range];
}

/* Counts, or puts pseudonyms and numbers into their buckets. */
static void hash_range(const struct ranking *r, unsigned range, size_t begin, size_t end, bool put)
{
    struct persons *p = r->persons;
    struct number_cursor cursor;
    struct batch batch;
    number_set_from(&p->numbers, begin, &cursor);
    for (size_t at = begin; at < end; at += BLAKE2B_LANES) {
        size_t count = end - at < BLAKE2B_LANES ? end - at : BLAKE2B_LANES;
        batch_hash(&batch, r, &cursor, count);
        for (size_t i = 0; i < count; i++) {
            uint32_t to = (*start_of(r, batch.pseudonyms[i], range))++;
            if (!put)
                continue;
            memcpy(r->pseudonyms[to], batch.pseudonyms[i], PSEUDONYM_BYTES);
            p->by_id[to] = batch.numbers[i];
        }
    }
    sodium_memzero(&batch, sizeof batch);
    sodium_memzero(&cursor, sizeof cursor);
}

static int count_buckets(void *context, unsigned range, size_t begin, size_t end, struct err *err)
{
    (void)err;
    hash_range(context, range, begin, end, false);
    return 0;
}

static int fill_buckets(void *context, unsigned range, size_t begin, size_t end, struct err *err)
{
    (void)err;
    hash_range(context, range, begin, end, true);
    return 0;
}

/* Entries of a bucket that begin with the same SPREAD bits, which come behind those of the bucket,
 * lie together in `to`: then nearly all stand where they belong. */
static void spread(const struct ranking *r, size_t from, size_t count, struct entry *to)
{
    const uint8_t(*all)[PSEUDONYM_BYTES] =
        (const uint8_t(*)[PSEUDONYM_BYTES])(r->pseudonyms + from);
    uint32_t ends[1 << SPREAD] = {0}, at = 0;
    unsigned left = 64 - r->bits - SPREAD, mask = (1U << SPREAD) - 1;
    for (size_t i = 0; i < count; i++)
        ends[first_bytes(all[i]) >> left & mask]++;
    for (size_t s = 0; s <= mask; s++) {
        uint32_t own = ends[s];
        ends[s] = at;
        at += own;
    }
    for (size_t i = 0; i < count; i++) {
        struct entry *e = &to[ends[first_bytes(all[i]) >> left & mask]++];
        memcpy(e->pseudonym, all[i], PSEUDONYM_BYTES);
        e->number = r->persons->by_id[from + i];
    }
}

static bool is_before(const struct entry *a, const struct entry *b)
{
    uint64_t x = first_bytes(a->pseudonym), y = first_bytes(b->pseudonym);
    return x != y ? x < y : memcmp(a->pseudonym, b->pseudonym, PSEUDONYM_BYTES) < 0;
}

/* By insertion: nothing has far to go. False: two are the same. */
static bool sort_entries(struct entry *list, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        struct entry own = list[i];
        size_t at = i;
        for (; at > 0 && is_before(&own, &list[at - 1]); at--)
            list[at] = list[at - 1];
        if (at > 0 && memcmp(own.pseudonym, list[at - 1].pseudonym, PSEUDONYM_BYTES) == 0)
            return false;
        list[at] = own;
    }
    return true;
}

/* A bucket has been filled by now, so that its start has moved to its end. Ids are ranks. */
static int sort_bucket(const struct ranking *r, size_t b, struct entry *room, struct err *err)
{
    struct persons *p = r->persons;
    size_t from = b == 0 ? 0 : r->starts[b * r->ranges - 1];
    size_t count = r->starts[(b + 1) * r->ranges - 1] - from;
    spread(r, from, count, room);
    if (!sort_entries(room, count))
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
    struct entry *room = calloc(r->largest ? r->largest : 1, sizeof *room);
    int rc = room ? 0 : err_memory(err);
    (void)range;
    for (size_t b = begin; rc == 0 && b < end; b++)
        rc = sort_bucket(r, b, room, err);
    if (room)
        sodium_memzero(room, r->largest * sizeof *room);
    free(room);
    return rc;
}

static void place_buckets(struct ranking *r)
{
    uint32_t at = 0;
    for (size_t b = 0; b < (size_t)1 << r->bits; b++) {
        uint32_t begin = at;
        for (size_t i = b * r->ranges; i < (b + 1) * r->ranges; i++) {
            uint32_t count = r->starts[i];
            r->starts[i] = at;
            at += count;
        }
        if (at - begin > r->largest)
            r->largest = at - begin;
    }
}
static int allocate(struct ranking *r, struct room *work, unsigned threads, struct err *err)
{
    struct persons *p = r->persons;
    size_t room = p->count ? p->count : 1;
    while (r->bits < BITS_MOST && p->count >> (r->bits + SPREAD + 1) > 0)
        r->bits++;
    r->ranges = parallel_count(threads, room);
    r->pseudonyms = room_for(work, room * PSEUDONYM_BYTES);
    p->ids = pages_large(malloc(room * sizeof *p->ids), room * sizeof *p->ids);
    p->by_id = pages_large(malloc(room * sizeof *p->by_id), room * sizeof *p->by_id);
    r->starts = calloc(((size_t)1 << r->bits) * r->ranges, sizeof *r->starts);
    return r->pseudonyms && p->ids && p->by_id && r->starts ? 0 : err_memory(err);
}

static int rank(struct ranking *r, unsigned threads, struct err *err)
{
    size_t count = r->persons->count;
    if (parallel_ranges(r->ranges, count, count_buckets, r, err) != 0)
        return -1;
    place_buckets(r);
    if (parallel_ranges(r->ranges, count, fill_buckets, r, err) != 0)
        return -1;
    return parallel_ranges(threads, (size_t)1 << r->bits, sort_buckets, r, err);
}

int persons_rank(struct persons *p, const struct pseudonymiser *by, struct room *room,
                 unsigned threads, struct err *err)
{
    struct ranking r = {.persons = p, .by = by, .bits = BITS_LEAST};
    int rc = allocate(&r, room, threads, err);
    if (rc == 0)
        rc = rank(&r, threads, err);
    free(r.starts);
    return rc;
}

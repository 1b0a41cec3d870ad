/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/link/persons_order.h. What is sorted are pseudonyms, which are as good as random: one
 * pass puts them into so many buckets, by their first bits, that each holds a few. To save memory
 * an entry has no more of a pseudonym than tells it from all others, and pseudonyms are hashed once
 * more when their place is known. */
#include "link/persons_order.h"

#include "base/pages.h"
#include "base/parallel.h"
#include "link/national_number.h"
#include "secure/blake2b_lanes.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

enum { BITS_LEAST = 8, BITS_MOST = 20, SLOT_BITS = 26, AHEAD = 16 };

struct entry {
    uint64_t first; /* bytes 0 to 7 of the pseudonym, most significant first */
    uint32_t next;  /* bytes 8 to 11 */
    uint32_t where; /* part << SLOT_BITS | slot */
};
_Static_assert(sizeof(struct entry) == PSEUDONYM_BYTES, "one takes the other's place");

struct ranking {
    struct persons *persons;
    const struct pseudonymiser *by;
    struct entry *entries, *sorted; /* by part; by pseudonym */
    size_t part_start[PERSONS_PARTS];
    unsigned bits;    /* of a pseudonym that choose its bucket */
    uint32_t *starts; /* of buckets in sorted: `ranges` of each bucket, one behind the other */
    unsigned ranges;
};

/* Numbers that are hashed together. */
struct batch {
    char digits[BLAKE2B_LANES * NATIONAL_NUMBER_DIGITS + 1];
    uint8_t pseudonyms[BLAKE2B_LANES][PSEUDONYM_BYTES];
    size_t count;
};

static void batch_add(struct batch *b, uint64_t slot)
{
    /* Each number's NUL is overwritten by the next number. */
    national_number_digits(national_number_unpack((uint32_t)(slot >> 32)),
                           b->digits + b->count++ * NATIONAL_NUMBER_DIGITS);
}

static void batch_hash(struct batch *b, const struct pseudonymiser *by)
{
    pseudonyms_of(by, b->pseudonyms, (const char(*)[NATIONAL_NUMBER_DIGITS])(const void *)b->digits,
                  b->count);
}

static uint64_t big_endian(const uint8_t *bytes, size_t count)
{
    uint64_t value = 0;
    for (size_t i = 0; i < count; i++)
        value = value << 8 | bytes[i];
    return value;
}

static void entries_put(struct ranking *r, struct batch *b, struct entry *to,
                        const uint32_t where[static BLAKE2B_LANES])
{
    batch_hash(b, r->by);
    for (size_t i = 0; i < b->count; i++)
        to[i] = (struct entry){big_endian(b->pseudonyms[i], 8),
                               (uint32_t)big_endian(b->pseudonyms[i] + 8, 4), where[i]};
    b->count = 0;
}

static int hash_parts(void *context, unsigned range, size_t begin, size_t end, struct err *err)
{
    struct ranking *r = context;
    struct batch batch = {.count = 0};
    uint32_t where[BLAKE2B_LANES];
    (void)range;
    for (size_t k = begin; k < end; k++) {
        const struct persons_part *part = &r->persons->parts[k];
        struct entry *to = r->entries + r->part_start[k];
        if (part->slot_count > (size_t)1 << SLOT_BITS)
            return err_set(err, ERR_INTERNAL, "a part of the persons is too large");
        for (size_t slot = 0; slot < part->slot_count; slot++) {
            if (part->slots[slot] == 0)
                continue;
            where[batch.count] = (uint32_t)(k << SLOT_BITS | slot);
            batch_add(&batch, part->slots[slot]);
            if (batch.count == BLAKE2B_LANES) {
                entries_put(r, &batch, to, where);
                to += BLAKE2B_LANES;
            }
        }
        entries_put(r, &batch, to, where);
    }
    sodium_memzero(&batch, sizeof batch);
    return 0;
}

static uint32_t *start_of(const struct ranking *r, const struct entry *e, unsigned range)
{
    return &r->starts[(size_t)(e->first >> (64 - r->bits)) * r->ranges + range];
}

static int count_buckets(void *context, unsigned range, size_t begin, size_t end, struct err *err)
{
    const struct ranking *r = context;
    (void)err;
    for (size_t i = begin; i < end; i++)
        ++*start_of(r, &r->entries[i], range);
    return 0;
}

static int fill_buckets(void *context, unsigned range, size_t begin, size_t end, struct err *err)
{
    const struct ranking *r = context;
    (void)err;
    for (size_t i = begin; i < end; i++)
        r->sorted[(*start_of(r, &r->entries[i], range))++] = r->entries[i];
    return 0;
}

static bool is_before(const struct entry *a, const struct entry *b)
{
    return a->first != b->first ? a->first < b->first : a->next < b->next;
}

/* By insertion: a bucket has about eight entries, and has been filled by now, so that its start has
 * moved to its end. */
static int sort_buckets(void *context, unsigned range, size_t begin, size_t end, struct err *err)
{
    const struct ranking *r = context;
    (void)range;
    (void)err;
    for (size_t b = begin; b < end; b++) {
        size_t from = b == 0 ? 0 : r->starts[b * r->ranges - 1];
        size_t to = r->starts[(b + 1) * r->ranges - 1];
        for (size_t i = from + 1; i < to; i++) {
            struct entry e = r->sorted[i];
            size_t at = i;
            for (; at > from && is_before(&e, &r->sorted[at - 1]); at--)
                r->sorted[at] = r->sorted[at - 1];
            r->sorted[at] = e;
        }
    }
    return 0;
}

static uint64_t *slot_at(const struct ranking *r, size_t i)
{
    uint32_t where = r->sorted[i].where;
    return &r->persons->parts[where >> SLOT_BITS].slots[where & (((uint32_t)1 << SLOT_BITS) - 1)];
}

/* Ids are ranks. */
static int assign_ids(void *context, unsigned range, size_t begin, size_t end, struct err *err)
{
    struct ranking *r = context;
    struct persons *p = r->persons;
    struct batch batch = {.count = 0};
    (void)range;
    (void)err;
    for (size_t i = begin; i < end; i++) {
        if (i + AHEAD < end)
            __builtin_prefetch(slot_at(r, i + AHEAD), 1);
        uint64_t *slot = slot_at(r, i);
        *slot |= i + 1;
        batch_add(&batch, *slot);
        if (batch.count == BLAKE2B_LANES || i + 1 == end) {
            batch_hash(&batch, r->by);
            memcpy(p->pseudonyms[i + 1 - batch.count], batch.pseudonyms,
                   batch.count * PSEUDONYM_BYTES);
            batch.count = 0;
        }
    }
    sodium_memzero(&batch, sizeof batch);
    return 0;
}

/* Of the entries only the first 12 bytes were compared. */
static int check_order(void *context, unsigned range, size_t begin, size_t end, struct err *err)
{
    const struct ranking *r = context;
    const uint8_t(*all)[PSEUDONYM_BYTES] =
        (const uint8_t(*)[PSEUDONYM_BYTES])r->persons->pseudonyms;
    (void)range;
    for (size_t i = begin ? begin : 1; i < end; i++)
        if (memcmp(all[i - 1], all[i], PSEUDONYM_BYTES) >= 0)
            return err_set(err, ERR_INTERNAL, "two national numbers have the same pseudonym");
    return 0;
}

static void place_buckets(struct ranking *r)
{
    uint32_t at = 0;
    for (size_t i = 0; i < ((size_t)1 << r->bits) * r->ranges; i++) {
        uint32_t count = r->starts[i];
        r->starts[i] = at;
        at += count;
    }
}

static int allocate(struct ranking *r, unsigned threads, struct err *err)
{
    struct persons *p = r->persons;
    size_t room = p->count ? p->count : 1;
    for (size_t k = 1; k < PERSONS_PARTS; k++)
        r->part_start[k] = r->part_start[k - 1] + p->parts[k - 1].count;
    for (r->bits = BITS_LEAST; r->bits < BITS_MOST && p->count >> (r->bits + 3) > 0;)
        r->bits++;
    r->ranges = parallel_count(threads, room);
    size_t bytes = room * sizeof *r->entries;
    r->entries = pages_large(malloc(bytes), bytes);
    r->sorted = pages_large(malloc(bytes), bytes);
    r->starts = calloc(((size_t)1 << r->bits) * r->ranges, sizeof *r->starts);
    return r->entries && r->sorted && r->starts ? 0 : err_memory(err);
}

static int rank(struct ranking *r, unsigned threads, struct err *err)
{
    struct persons *p = r->persons;
    if (parallel_ranges(threads, PERSONS_PARTS, hash_parts, r, err) != 0 ||
        parallel_ranges(r->ranges, p->count, count_buckets, r, err) != 0)
        return -1;
    place_buckets(r);
    if (parallel_ranges(r->ranges, p->count, fill_buckets, r, err) != 0)
        return -1;
    /* Done with: pseudonyms take the place of the entries. */
    p->pseudonyms = (uint8_t(*)[PSEUDONYM_BYTES])(void *)r->entries;
    r->entries = NULL;
    return parallel_ranges(threads, (size_t)1 << r->bits, sort_buckets, r, err) != 0 ||
                   parallel_ranges(threads, p->count, assign_ids, r, err) != 0 ||
                   parallel_ranges(threads, p->count, check_order, r, err) != 0
               ? -1
               : 0;
}

int persons_rank(struct persons *p, const struct pseudonymiser *by, unsigned threads,
                 struct err *err)
{
    struct ranking r = {.persons = p, .by = by};
    int rc = allocate(&r, threads, err);
    if (rc == 0)
        rc = rank(&r, threads, err);
    free(r.entries);
    free(r.sorted);
    free(r.starts);
    return rc;
}

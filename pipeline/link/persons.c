/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/link/persons.h. Numbers are put in tables with linear probing. A probe is a wait for
 * memory: to add numbers they are brought together by table, each small enough for the cache; to
 * look them up they are taken in batches, whose slots are all asked for before the first is read.
 */
#include "link/persons.h"

#include "base/pages.h"
#include "base/parallel.h"
#include "io/artefacts.h"
#include "link/intake_table.h"
#include "link/national_number.h"
#include "link/persons_order.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_SLOTS = 64, BATCH = 32 };

void persons_init(struct persons *p)
{
    memset(p, 0, sizeof *p);
}

static void slots_forget(struct persons_part *part)
{
    if (part->slots)
        sodium_memzero(part->slots, part->slot_count * sizeof *part->slots);
    free(part->slots);
    part->slots = NULL;
    part->slot_count = 0;
}

static void sorted_forget(struct persons *p)
{
    if (p->sorted)
        sodium_memzero(p->sorted, p->room * sizeof *p->sorted);
    free(p->sorted);
    p->sorted = NULL;
    p->room = 0;
}

void persons_forget(struct persons *p)
{
    sorted_forget(p);
    for (size_t i = 0; i < PERSONS_PARTS; i++)
        slots_forget(&p->parts[i]);
}

void persons_release(struct persons *p)
{
    persons_forget(p);
    free(p->pseudonyms);
    persons_init(p);
}

/* Multiplicative hashing (Knuth, TAOCP vol. 3, 6.4), by 2^64 over the golden ratio; the upper bits
 * are the good ones: the first six choose the part, the next ones the slot. */
static inline uint64_t hash_of(uint32_t number)
{
    return number * UINT64_C(0x9E3779B97F4A7C15);
}

static inline size_t part_of(uint64_t hash)
{
    return (size_t)(hash >> 58);
}

static inline size_t home_of(const struct persons_part *part, uint64_t hash)
{
    return (size_t)(hash >> 26) & (part->slot_count - 1);
}

/* The slot that holds the number, or the free one where it belongs. */
static inline uint64_t *slot_of(const struct persons_part *part, uint32_t number, uint64_t hash)
{
    size_t mask = part->slot_count - 1, i = home_of(part, hash);
    while (part->slots[i] != 0 && part->slots[i] >> 32 != number)
        i = (i + 1) & mask;
    return &part->slots[i];
}

static int grow(struct persons_part *part, struct err *err)
{
    struct persons_part old = *part;
    size_t slots = old.slot_count ? old.slot_count * 2 : FIRST_SLOTS;
    part->slots = pages_calloc(slots, sizeof *part->slots);
    if (!part->slots) {
        part->slots = old.slots;
        return err_memory(err);
    }
    part->slot_count = slots;
    for (size_t i = 0; i < old.slot_count; i++)
        if (old.slots[i] != 0) {
            uint32_t number = (uint32_t)(old.slots[i] >> 32);
            *slot_of(part, number, hash_of(number)) = old.slots[i];
        }
    slots_forget(&old);
    return 0;
}

static int insert(struct persons_part *part, uint32_t number, uint64_t hash, struct err *err)
{
    if (part->count >= part->slot_count / 4 * 3 && grow(part, err) != 0)
        return -1;
    uint64_t *slot = slot_of(part, number, hash);
    part->count += *slot == 0;
    *slot = (uint64_t)number << 32;
    return 0;
}

struct adding {
    struct persons *persons;
    const uint32_t *numbers;
    size_t starts[PERSONS_PARTS * PARALLEL_MOST + 1]; /* in persons->sorted: by part, then range */
    unsigned ranges;
};

static bool is_number(uint32_t number)
{
    return number != NUMBER_NONE && number != NUMBER_NO_PARENT;
}

static size_t *start_of(struct adding *a, uint32_t number, unsigned range)
{
    return &a->starts[part_of(hash_of(number)) * a->ranges + range];
}

static int count_parts(void *context, unsigned range, size_t begin, size_t end, struct err *err)
{
    struct adding *a = context;
    size_t counts[PERSONS_PARTS] = {0};
    (void)err;
    for (size_t i = begin; i < end; i++)
        counts[part_of(hash_of(a->numbers[i]))] += is_number(a->numbers[i]);
    for (size_t part = 0; part < PERSONS_PARTS; part++)
        a->starts[part * a->ranges + range] = counts[part];
    return 0;
}

static void place_parts(struct adding *a)
{
    size_t at = 0;
    for (size_t i = 0; i < (size_t)PERSONS_PARTS * a->ranges; i++) {
        size_t count = a->starts[i];
        a->starts[i] = at;
        at += count;
    }
    a->starts[(size_t)PERSONS_PARTS * a->ranges] = at;
}

static int sort_by_part(void *context, unsigned range, size_t begin, size_t end, struct err *err)
{
    struct adding *a = context;
    (void)err;
    for (size_t i = begin; i < end; i++)
        if (is_number(a->numbers[i]))
            a->persons->sorted[(*start_of(a, a->numbers[i], range))++] = a->numbers[i];
    return 0;
}

/* By now every start has moved to its end. */
static int fill_parts(void *context, unsigned range, size_t begin, size_t end, struct err *err)
{
    const struct adding *a = context;
    struct persons *p = a->persons;
    (void)range;
    for (size_t part = begin; part < end; part++) {
        size_t from = part == 0 ? 0 : a->starts[part * a->ranges - 1];
        for (size_t i = from; i < a->starts[(part + 1) * a->ranges - 1]; i++)
            if (insert(&p->parts[part], p->sorted[i], hash_of(p->sorted[i]), err) != 0)
                return -1;
    }
    return 0;
}

static int make_room(struct persons *p, size_t count, struct err *err)
{
    if (count <= p->room)
        return 0;
    sorted_forget(p);
    p->sorted = pages_large(malloc(count * sizeof *p->sorted), count * sizeof *p->sorted);
    if (!p->sorted)
        return err_memory(err);
    p->room = count;
    return 0;
}

/* Numbers are brought together by part first, so that a part's table, which they hit at random,
 * stays in the cache while it is filled. */
int persons_add(struct persons *p, const uint32_t *numbers, size_t count, unsigned threads,
                struct err *err)
{
    struct adding *a = calloc(1, sizeof *a);
    if (!a)
        return err_memory(err);
    a->persons = p;
    a->numbers = numbers;
    a->ranges = parallel_count(threads, count ? count : 1);
    int rc = make_room(p, count, err);
    if (rc == 0)
        rc = parallel_ranges(a->ranges, count, count_parts, a, err);
    place_parts(a);
    if (rc == 0)
        rc = parallel_ranges(a->ranges, count, sort_by_part, a, err);
    if (rc == 0)
        rc = parallel_ranges(threads, PERSONS_PARTS, fill_parts, a, err);
    free(a);
    p->count = 0;
    for (size_t i = 0; i < PERSONS_PARTS; i++)
        p->count += p->parts[i].count;
    return rc;
}

void person_pseudonym(uint8_t out[static PSEUDONYM_BYTES], uint64_t number,
                      const uint8_t key[static PSEUDONYM_KEYBYTES])
{
    char digits[NATIONAL_NUMBER_DIGITS + 1];
    national_number_digits(number, digits);
    pseudonym_of(out, digits, key);
    sodium_memzero(digits, sizeof digits);
}

int persons_hash(struct persons *p, const uint8_t key[static PSEUDONYM_KEYBYTES], unsigned threads,
                 struct err *err)
{
    struct pseudonymiser *by = pseudonymiser_open(key, err);
    if (!by)
        return -1;
    sorted_forget(p);
    int rc = persons_rank(p, by, threads, err);
    pseudonymiser_close(by);
    return rc;
}

struct asking {
    const struct persons *persons;
    uint32_t *numbers;
};

static uint32_t id_of(const struct persons *p, uint32_t number)
{
    if (!is_number(number))
        return number == NUMBER_NONE ? 0 : PARENT_NONE;
    uint64_t hash = hash_of(number);
    uint64_t slot = *slot_of(&p->parts[part_of(hash)], number, hash);
    return (uint32_t)slot;
}

static int ids_of(void *context, unsigned range, size_t begin, size_t end, struct err *err)
{
    const struct asking *a = context;
    const struct persons *p = a->persons;
    (void)range;
    (void)err;
    for (size_t at = begin; at < end; at += BATCH) {
        size_t stop = end - at < BATCH ? end : at + BATCH;
        for (size_t i = at; i < stop; i++) {
            uint64_t hash = hash_of(a->numbers[i]);
            const struct persons_part *part = &p->parts[part_of(hash)];
            if (part->slot_count > 0)
                __builtin_prefetch(&part->slots[home_of(part, hash)]);
        }
        for (size_t i = at; i < stop; i++)
            a->numbers[i] = id_of(p, a->numbers[i]);
    }
    return 0;
}

int persons_ids(const struct persons *p, uint32_t *numbers, size_t count, unsigned threads,
                struct err *err)
{
    struct asking a = {p, numbers};
    return parallel_ranges(threads, count, ids_of, &a, err);
}

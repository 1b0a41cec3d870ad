/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/link/persons.h. Numbers are never sorted, but put in tables with linear probing. A
 * probe is a wait for memory: numbers are looked at in batches, whose slots are all asked for
 * before the first is read. */
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

void persons_forget(struct persons *p)
{
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
    size_t count;
};

static bool is_number(uint32_t number)
{
    return number != NUMBER_NONE && number != NUMBER_NO_PARENT;
}

static int insert_batch(struct persons *p, const uint32_t *numbers, size_t count, struct err *err)
{
    for (size_t i = 0; i < count; i++) {
        uint64_t hash = hash_of(numbers[i]);
        const struct persons_part *part = &p->parts[part_of(hash)];
        if (part->slot_count > 0)
            __builtin_prefetch(&part->slots[home_of(part, hash)], 1);
    }
    for (size_t i = 0; i < count; i++) {
        uint64_t hash = hash_of(numbers[i]);
        if (insert(&p->parts[part_of(hash)], numbers[i], hash, err) != 0)
            return -1;
    }
    return 0;
}

/* Looks at all numbers, and takes those of the parts [begin, end). */
static int add_to_parts(void *context, unsigned range, size_t begin, size_t end, struct err *err)
{
    const struct adding *a = context;
    uint32_t batch[BATCH + 1];
    size_t n = 0;
    int rc = 0;
    (void)range;
    for (size_t i = 0; rc == 0 && i < a->count; i++) {
        size_t part = part_of(hash_of(a->numbers[i]));
        batch[n] = a->numbers[i];
        n += part >= begin && part < end && is_number(a->numbers[i]);
        if (n == BATCH) {
            rc = insert_batch(a->persons, batch, n, err);
            n = 0;
        }
    }
    if (rc == 0)
        rc = insert_batch(a->persons, batch, n, err);
    sodium_memzero(batch, sizeof batch);
    return rc;
}

int persons_add(struct persons *p, const uint32_t *numbers, size_t count, unsigned threads,
                struct err *err)
{
    struct adding a = {p, numbers, count};
    if (parallel_ranges(threads, PERSONS_PARTS, add_to_parts, &a, err) != 0)
        return -1;
    p->count = 0;
    for (size_t i = 0; i < PERSONS_PARTS; i++)
        p->count += p->parts[i].count;
    return 0;
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

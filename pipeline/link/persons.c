/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/link/persons.h. Numbers are never sorted, but put in a table with linear probing;
 * what is sorted are pseudonyms, which are as good as random: one pass puts them into buckets by
 * their first two bytes, and the buckets are small. */
#include "link/persons.h"

#include "base/parallel.h"
#include "io/artefacts.h"
#include "link/intake_table.h"
#include "link/national_number.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_SLOTS = 1024, BUCKETS = 65536 };

void persons_init(struct persons *p)
{
    memset(p, 0, sizeof *p);
}

void persons_forget(struct persons *p)
{
    if (p->keys)
        sodium_memzero(p->keys, p->slot_count * sizeof *p->keys);
    free(p->keys);
    free(p->values);
    p->keys = NULL;
    p->values = NULL;
    p->slot_count = 0;
}

void persons_release(struct persons *p)
{
    persons_forget(p);
    free(p->pseudonyms);
    persons_init(p);
}

/* The slot that holds the number, or the free one where it belongs. Multiplicative hashing (Knuth,
 * TAOCP vol. 3, 6.4), by 2^64 over the golden ratio; the upper bits are the good ones. */
static size_t slot_of(const struct persons *p, uint64_t number)
{
    size_t mask = p->slot_count - 1;
    size_t i = (size_t)((number * UINT64_C(0x9E3779B97F4A7C15)) >> 24) & mask;
    while (p->keys[i] != 0 && p->keys[i] != number)
        i = (i + 1) & mask;
    return i;
}

static int grow(struct persons *p, struct err *err)
{
    struct persons old = *p;
    size_t slots = old.slot_count ? old.slot_count * 2 : FIRST_SLOTS;
    uint64_t *keys = calloc(slots, sizeof *keys);
    uint32_t *values = calloc(slots, sizeof *values);
    if (!keys || !values || slots > UINT32_MAX) {
        free(keys);
        free(values);
        return err_memory(err);
    }
    p->keys = keys;
    p->values = values;
    p->slot_count = slots;
    for (size_t i = 0; i < old.slot_count; i++)
        if (old.keys[i] != 0) {
            size_t slot = slot_of(p, old.keys[i]);
            keys[slot] = old.keys[i];
            values[slot] = old.values[i];
        }
    persons_forget(&old);
    return 0;
}

int persons_add(struct persons *p, const uint64_t *numbers, size_t count, struct err *err)
{
    for (size_t i = 0; i < count; i++) {
        if (numbers[i] == NUMBER_NONE || numbers[i] == NUMBER_NO_PARENT)
            continue;
        if (p->count >= p->slot_count / 8 * 5 && grow(p, err) != 0)
            return -1;
        size_t slot = slot_of(p, numbers[i]);
        if (p->keys[slot] != 0)
            continue;
        p->keys[slot] = numbers[i];
        p->values[slot] = (uint32_t)++p->count;
    }
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

struct entry {
    uint8_t pseudonym[PSEUDONYM_BYTES];
    uint32_t slot;
};

struct sorting {
    struct persons *persons;
    const uint8_t *key;
    struct entry *entries; /* in order of appearance */
    struct entry *sorted;
    size_t start[BUCKETS + 1]; /* of each bucket in sorted */
};

static size_t bucket_of(const struct entry *e)
{
    return (size_t)e->pseudonym[0] << 8 | e->pseudonym[1];
}

static int hash_slots(void *context, unsigned range, size_t begin, size_t end, struct err *err)
{
    struct sorting *s = context;
    const struct persons *p = s->persons;
    (void)range;
    (void)err;
    for (size_t slot = begin; slot < end; slot++) {
        if (p->keys[slot] == 0)
            continue;
        struct entry *e = &s->entries[p->values[slot] - 1];
        person_pseudonym(e->pseudonym, p->keys[slot], s->key);
        e->slot = (uint32_t)slot;
    }
    return 0;
}

static void fill_buckets(struct sorting *s)
{
    size_t count = s->persons->count;
    memset(s->start, 0, sizeof s->start);
    for (size_t i = 0; i < count; i++)
        s->start[bucket_of(&s->entries[i]) + 1]++;
    for (size_t b = 0; b < BUCKETS; b++)
        s->start[b + 1] += s->start[b];
    for (size_t i = 0; i < count; i++)
        s->sorted[s->start[bucket_of(&s->entries[i])]++] = s->entries[i];
    /* every start has moved to its bucket's end, which is where the next one starts */
    memmove(s->start + 1, s->start, BUCKETS * sizeof *s->start);
    s->start[0] = 0;
}

static int by_pseudonym(const void *a, const void *b)
{
    return memcmp(a, b, PSEUDONYM_BYTES);
}

static int sort_buckets(void *context, unsigned range, size_t begin, size_t end, struct err *err)
{
    struct sorting *s = context;
    (void)range;
    (void)err;
    for (size_t b = begin; b < end; b++)
        if (s->start[b + 1] - s->start[b] > 1)
            qsort(&s->sorted[s->start[b]], s->start[b + 1] - s->start[b], sizeof *s->sorted,
                  by_pseudonym);
    return 0;
}

/* Ids are ranks, and take the place of the order of appearance. */
static int assign_ids(struct sorting *s, struct err *err)
{
    struct persons *p = s->persons;
    for (size_t i = 0; i < p->count; i++) {
        const struct entry *e = &s->sorted[i];
        if (i > 0 && memcmp(e->pseudonym, e[-1].pseudonym, PSEUDONYM_BYTES) == 0)
            return err_set(err, ERR_INTERNAL, "two national numbers have the same pseudonym");
        memcpy(p->pseudonyms[i], e->pseudonym, PSEUDONYM_BYTES);
        p->values[e->slot] = (uint32_t)i + 1;
    }
    return 0;
}

int persons_hash(struct persons *p, const uint8_t key[static PSEUDONYM_KEYBYTES], unsigned threads,
                 struct err *err)
{
    size_t room = p->count ? p->count : 1;
    struct sorting *s = calloc(1, sizeof *s);
    int rc = -1;
    if (!s)
        return err_memory(err);
    s->persons = p;
    s->key = key;
    s->entries = calloc(room, sizeof *s->entries);
    s->sorted = calloc(room, sizeof *s->sorted);
    if (!s->entries || !s->sorted) {
        (void)err_memory(err);
        goto out;
    }
    if (parallel_ranges(threads, p->slot_count, hash_slots, s, err) != 0)
        goto out;
    fill_buckets(s);
    free(s->entries);
    s->entries = NULL;
    p->pseudonyms = calloc(room, sizeof *p->pseudonyms);
    if (!p->pseudonyms) {
        (void)err_memory(err);
        goto out;
    }
    if (parallel_ranges(threads, BUCKETS, sort_buckets, s, err) == 0)
        rc = assign_ids(s, err);
out:
    free(s->entries);
    free(s->sorted);
    free(s);
    return rc;
}

void persons_ids(const struct persons *p, const uint64_t *numbers, size_t stride, uint32_t *ids,
                 size_t count)
{
    for (size_t i = 0; i < count; i++) {
        uint64_t number = numbers[i * stride];
        if (number == NUMBER_NONE)
            ids[i] = 0;
        else if (number == NUMBER_NO_PARENT)
            ids[i] = PARENT_NONE;
        else
            ids[i] = p->values[slot_of(p, number)];
    }
}

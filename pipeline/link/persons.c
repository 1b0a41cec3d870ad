/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/link/persons.h. */
#include "link/persons.h"

#include "base/parallel.h"
#include "io/artefacts.h"
#include "link/buckets.h"
#include "link/intake_table.h"
#include "link/national_number.h"
#include "link/persons_order.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

enum { BATCH = 64, PARTS = 1 << (32 - NUMBER_PART_SHIFT) };

void persons_init(struct persons *p)
{
    memset(p, 0, sizeof *p);
    number_set_init(&p->numbers);
}

/* Ids in the order of numbers say how people's numbers are ordered. */
void persons_settle(struct persons *p)
{
    if (p->ids)
        sodium_memzero(p->ids, p->count * sizeof *p->ids);
    free(p->ids);
    p->ids = NULL;
    number_set_release(&p->numbers);
}

void persons_release(struct persons *p)
{
    persons_settle(p);
    persons_init(p);
}

void person_pseudonym(uint8_t out[static PSEUDONYM_BYTES], uint64_t number,
                      const uint8_t key[static PSEUDONYM_KEYBYTES])
{
    char digits[NATIONAL_NUMBER_DIGITS + 1];
    national_number_digits(number, digits);
    pseudonym_of(out, digits, key);
    sodium_memzero(digits, sizeof digits);
}

int persons_hash(struct persons *p, const uint8_t key[static PSEUDONYM_KEYBYTES], struct room *room,
                 unsigned threads, struct err *err)
{
    struct pseudonymiser *by = pseudonymiser_open(key, err);
    if (!by)
        return -1;
    int rc = number_set_rank(&p->numbers, err);
    p->count = p->numbers.count;
    if (rc == 0)
        rc = persons_rank(p, by, room, threads, err);
    pseudonymiser_close(by);
    return rc;
}

struct asking {
    const struct persons *persons;
    uint32_t *numbers;
    uint32_t *sorted; /* room for as many */
    struct buckets parts;
};

static bool is_number(uint32_t number)
{
    return number != NUMBER_NONE && number != NUMBER_NO_PARENT;
}

/* A look at an id is a wait for memory: a batch's are all asked for before the first is read. */
static void ids_of_batch(const struct persons *p, uint32_t *numbers, size_t count)
{
    uint32_t places[BATCH];
    for (size_t i = 0; i < count; i++)
        number_set_prefetch(&p->numbers, numbers[i]);
    for (size_t i = 0; i < count; i++) {
        places[i] = is_number(numbers[i]) ? number_set_place(&p->numbers, numbers[i]) : 0;
        __builtin_prefetch(&p->ids[places[i]]);
    }
    for (size_t i = 0; i < count; i++)
        if (is_number(numbers[i]))
            numbers[i] = p->ids[places[i]];
        else
            numbers[i] = numbers[i] == NUMBER_NONE ? 0 : PARENT_NONE;
    sodium_memzero(places, sizeof places);
}

/* Numbers are brought together by their first bits, so that what is looked at lies in the cache;
 * then every row fetches the next one of its part. */
static size_t part_of(uint32_t number)
{
    return number >> NUMBER_PART_SHIFT;
}

static int count_parts(void *context, unsigned range, size_t begin, size_t end, struct err *err)
{
    const struct asking *a = context;
    (void)err;
    for (size_t i = begin; i < end; i++)
        ++*bucket_next(&a->parts, part_of(a->numbers[i]), range);
    return 0;
}

static int fill_parts(void *context, unsigned range, size_t begin, size_t end, struct err *err)
{
    const struct asking *a = context;
    (void)err;
    for (size_t i = begin; i < end; i++)
        a->sorted[(*bucket_next(&a->parts, part_of(a->numbers[i]), range))++] = a->numbers[i];
    return 0;
}

static int ids_of_part(void *context, unsigned worker, size_t part, struct err *err)
{
    const struct asking *a = context;
    size_t end = bucket_begin(&a->parts, part + 1);
    (void)worker;
    (void)err;
    for (size_t at = bucket_begin(&a->parts, part); at < end; at += BATCH)
        ids_of_batch(a->persons, a->sorted + at, end - at < BATCH ? end - at : BATCH);
    return 0;
}

static int fetch_ids(void *context, unsigned range, size_t begin, size_t end, struct err *err)
{
    const struct asking *a = context;
    size_t at[PARTS];
    (void)err;
    for (size_t part = 0; part < PARTS; part++)
        at[part] = bucket_begin_of(&a->parts, part, range);
    for (size_t i = begin; i < end; i++)
        a->numbers[i] = a->sorted[at[part_of(a->numbers[i])]++];
    return 0;
}

int persons_ids(const struct persons *p, uint32_t *numbers, size_t count, struct room *room,
                unsigned threads, struct err *err)
{
    struct asking a = {p, numbers, room_for(room, count * sizeof *numbers), {0}};
    if (count == 0)
        return 0;
    if (!a.sorted || !buckets_make(&a.parts, PARTS, parallel_pieces_count(threads, count)))
        return err_memory(err);
    int rc = parallel_pieces(threads, count, count_parts, &a, err);
    buckets_place(&a.parts);
    if (rc == 0)
        rc = parallel_pieces(threads, count, fill_parts, &a, err);
    if (rc == 0)
        rc = parallel_items(threads, PARTS, ids_of_part, &a, err);
    if (rc == 0)
        rc = parallel_pieces(threads, count, fetch_ids, &a, err);
    buckets_free(&a.parts);
    sodium_memzero(a.sorted, count * sizeof *a.sorted);
    return rc;
}

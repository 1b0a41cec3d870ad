/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/link/persons_spilled.h. People are partitioned by the first bits of their pseudonyms,
 * and each partition is sorted; what is before it are lower ids. */
#include "link/persons_spilled.h"

#include "base/parallel.h"
#include "link/intake_spill.h"
#include "link/persons_order.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

enum { BITS_MOST = 12 };

struct ranking {
    struct persons_spilled *persons;
    const struct number_set *numbers;
    struct pseudonymiser *by;
    unsigned bits;               /* of a pseudonym that choose its bucket */
    struct record_lists buckets; /* of entries */
    size_t *before;              /* people in buckets before each */
    struct record_writer writers[PARALLEL_MOST];
};

/* place: of the first number in its set. */
static int put_batch(struct ranking *r, struct record_writer *to, struct number_batch *batch,
                     size_t place, size_t count, struct err *err)
{
    number_batch_hash(batch, r->by, count);
    for (size_t i = 0; i < count; i++) {
        uint64_t head = number_batch_head(batch, i);
        size_t bucket = r->bits ? (size_t)(head >> (64 - r->bits)) : 0;
        person_entry *entry = record_slot(to, bucket, err);
        if (!entry)
            return -1;
        *entry = person_entry_of(head, r->bits, place + i);
    }
    return 0;
}

static int hash_range(void *context, unsigned range, size_t begin, size_t end, struct err *err)
{
    struct ranking *r = context;
    struct record_writer *to = &r->writers[range];
    struct number_cursor cursor;
    struct number_batch batch;
    int rc = record_writer_open(to, &r->buckets, err);
    number_set_from(r->numbers, begin, &cursor);
    for (size_t at = begin; rc == 0 && at < end; at += LANES) {
        size_t count = end - at < LANES ? end - at : LANES;
        for (size_t i = 0; i < count; i++)
            batch.numbers[i] = number_set_next(r->numbers, &cursor);
        rc = put_batch(r, to, &batch, at, count, err);
    }
    sodium_memzero(&batch, sizeof batch);
    sodium_memzero(&cursor, sizeof cursor);
    return record_writer_close(to, rc == 0 ? err : NULL) == 0 ? rc : -1;
}

static int give_ids(struct ranking *r, struct record_writer *to, const person_entry *sorted,
                    size_t first, size_t count, struct err *err)
{
    for (size_t i = 0; i < count; i++) {
        uint32_t place = (uint32_t)sorted[i];
        uint32_t *pair = record_slot(to, place / r->persons->window, err);
        if (!pair)
            return -1;
        pair[0] = (uint32_t)(place % r->persons->window);
        pair[1] = (uint32_t)(first + i) + 1;
    }
    return 0;
}

static int rank_bucket(void *context, unsigned worker, size_t bucket, struct err *err)
{
    struct ranking *r = context;
    struct record_list *list = &r->buckets.lists[bucket];
    struct record_writer *to = &r->writers[worker];
    size_t total = list->records, at = 0, count;
    person_entry *all = malloc((2 * total + 1) * sizeof *all);
    int rc = all ? 0 : err_memory(err);
    if (rc == 0 && !to->to)
        rc = record_writer_open(to, &r->persons->pairs, err);
    for (size_t b = 0; rc == 0 && b < list->block_count; b++, at += count)
        rc = record_block_read(&r->buckets, bucket, b, all + at, &count, err);
    if (rc == 0)
        rc = person_entries_sort(r->by, r->numbers, all, all + total, at)
                 ? give_ids(r, to, all + total, r->before[bucket], at, err)
                 : err_set(err, ERR_INTERNAL, "two national numbers have the same pseudonym");
    free(all);
    return rc;
}

static int rank(struct ranking *r, unsigned threads, struct err *err)
{
    size_t buckets = (size_t)1 << r->bits;
    if (parallel_ranges(threads, r->persons->count, hash_range, r, err) != 0)
        return -1;
    r->before = calloc(buckets + 1, sizeof *r->before);
    if (!r->before)
        return err_memory(err);
    for (size_t b = 0; b < buckets; b++)
        r->before[b + 1] = r->before[b] + r->buckets.lists[b].records;
    int rc = parallel_items(threads, buckets, rank_bucket, r, err);
    return record_writers_close(r->writers, PARALLEL_MOST, rc == 0 ? err : NULL) == 0 ? rc : -1;
}

int persons_spilled_rank(struct persons_spilled *p, struct number_set *numbers,
                         const uint8_t key[static PSEUDONYM_KEYBYTES],
                         const struct memory_plan *plan, struct spill *spill, unsigned threads,
                         struct err *err)
{
    memset(p, 0, sizeof *p);
    if (number_set_rank(numbers, err) != 0)
        return -1;
    p->count = numbers->count;
    p->window = p->count < plan->window ? (p->count ? p->count : 1) : plan->window;
    p->windows = p->count ? (p->count - 1) / p->window + 1 : 1;
    struct ranking *r = calloc(1, sizeof *r);
    if (!r)
        return err_memory(err);
    r->persons = p;
    r->numbers = numbers;
    while (r->bits < BITS_MOST && p->count >> r->bits > plan->bucket)
        r->bits++;
    size_t buckets = (size_t)1 << r->bits;
    r->by = pseudonymiser_open(key, err);
    int rc = r->by ? 0 : -1;
    if (rc == 0)
        rc = record_lists_open(&p->pairs, spill, p->windows, 2 * sizeof(uint32_t),
                               memory_plan_block(plan, p->windows, threads), err);
    if (rc == 0)
        rc = record_lists_open(&r->buckets, spill, buckets, sizeof(person_entry),
                               memory_plan_block(plan, buckets, threads), err);
    if (rc == 0)
        rc = rank(r, threads, err);
    (void)record_writers_close(r->writers, PARALLEL_MOST, NULL);
    pseudonymiser_close(r->by);
    record_lists_release(&r->buckets);
    free(r->before);
    free(r);
    return rc;
}

static int take_pairs(void *context, unsigned worker, const uint32_t *pairs, size_t count,
                      struct err *err)
{
    uint32_t *ids = context;
    (void)worker;
    (void)err;
    for (size_t i = 0; i < count; i++)
        ids[pairs[2 * i]] = pairs[2 * i + 1];
    return 0;
}

int persons_spilled_window(uint32_t *ids, struct persons_spilled *p, size_t window,
                           unsigned threads, struct err *err)
{
    return record_list_each(&p->pairs, window, threads, NULL, NULL, take_pairs, ids, err);
}

void persons_spilled_release(struct persons_spilled *p)
{
    record_lists_release(&p->pairs);
    memset(p, 0, sizeof *p);
}

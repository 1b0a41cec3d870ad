/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/link/needed_spilled.h. To know how many rows that go are there twice, they are
 * hashed, and the hashes partitioned, and sorted there. */
#include "link/needed_spilled.h"

#include "base/parallel.h"
#include "link/input_digest.h"

#include <pthread.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

/* ---- sets that all threads put numbers into, in turn ---- */

struct filling {
    const struct number_set *whose; /* rows of these people; NULL: everybody's */
    size_t first, end, words;       /* numbers of a record, and its words */
    pthread_mutex_t lock;
    struct number_inlet inlet;
};

static int fill(void *context, unsigned worker, const uint32_t *records, size_t count,
                struct err *err)
{
    struct filling *f = context;
    int rc = 0;
    (void)worker;
    (void)pthread_mutex_lock(&f->lock);
    for (size_t i = 0; rc == 0 && i < count; i++) {
        const uint32_t *record = records + i * f->words;
        if (f->whose && i + NUMBER_SET_AHEAD < count)
            number_set_prefetch(f->whose, record[NUMBER_SET_AHEAD * f->words]);
        if (f->whose && !number_set_has(f->whose, record[0]))
            continue;
        for (size_t k = f->first; rc == 0 && k < f->end; k++)
            rc = number_inlet_put(&f->inlet, record[k], err);
    }
    (void)pthread_mutex_unlock(&f->lock);
    return rc;
}

/* Adds numbers [first, end) of the rows of `whose` people. */
static int fill_from(struct number_set *to, struct intake *in, int d,
                     const struct number_set *whose, size_t first, size_t end, unsigned threads,
                     struct err *err)
{
    const struct stored_rows *s = &in->spill->datasets[d];
    struct filling f = {
        .whose = whose, .first = first, .end = end, .words = s->number_count + s->cell_count};
    if (number_inlet_open(&f.inlet, to, NULL, err) != 0)
        return -1;
    (void)pthread_mutex_init(&f.lock, NULL);
    int rc = intake_spill_each(in->spill, (enum dataset)d, threads, fill, &f, err);
    (void)pthread_mutex_destroy(&f.lock);
    return number_inlet_close(&f.inlet, rc == 0 ? err : NULL) == 0 ? rc : -1;
}

static int add_generation(struct number_set *s, struct intake *in, unsigned threads,
                          struct err *err)
{
    struct number_set more;
    int rc = 0;
    number_set_init(&more);
    for (int d = 0; rc == 0 && d < DATASET_COUNT; d++)
        if (needed_is_register(d))
            rc = fill_from(&more, in, d, s, 1, in->spill->datasets[d].number_count, threads, err);
    if (rc == 0)
        rc = number_set_take(s, &more, NULL, err);
    number_set_release(&more);
    return rc;
}

/* ---- rows that go ---- */

struct going {
    const struct number_set *needed;
    size_t words; /* of a record */
    const struct row_hasher *hasher;
    struct record_lists names;
    struct record_writer writers[PARALLEL_MOST];
    size_t duplicates[PARALLEL_MOST];
};

enum { HASHED_WORDS = (FRAME_COLUMNS + 1) / 2 };

/* Records whose words are the same are rows that are the same. */
static int name_rows(struct going *g, struct record_writer *to, const uint32_t *const *rows,
                     size_t count, struct err *err)
{
    uint64_t words[HASHED_WORDS][ROW_HASH_ROWS] = {{0}};
    row_hashes hashes;
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < g->words; k++)
            words[k / 2][i] |= (uint64_t)rows[i][k] << (k % 2 * 32);
    row_hash(g->hasher, hashes, (const uint64_t(*)[ROW_HASH_ROWS])words, g->words * sizeof **rows);
    sodium_memzero(words, sizeof words);
    for (size_t i = 0; i < count; i++) {
        size_t list = (size_t)(((unsigned __int128)hashes[0][i] * g->names.count) >> 64);
        struct row_name *name = record_slot(to, list, err);
        if (!name)
            return -1;
        *name = row_name_of(hashes, i);
    }
    return 0;
}

static int take_going(void *context, unsigned worker, const uint32_t *records, size_t count,
                      struct err *err)
{
    struct going *g = context;
    struct record_writer *to = &g->writers[worker];
    const uint32_t *rows[ROW_HASH_ROWS];
    size_t filled = 0;
    if (!to->to && record_writer_open(to, &g->names, err) != 0)
        return -1;
    for (size_t i = 0; i < count; i++) {
        if (number_set_has(g->needed, records[i * g->words]))
            continue;
        rows[filled++] = records + i * g->words;
        if (filled < ROW_HASH_ROWS)
            continue;
        if (name_rows(g, to, rows, filled, err) != 0)
            return -1;
        filled = 0;
    }
    return filled > 0 ? name_rows(g, to, rows, filled, err) : 0;
}

/* How often there was none but it. */
static int count_names(void *context, unsigned worker, size_t list, struct err *err)
{
    struct going *g = context;
    size_t total = g->names.lists[list].records, at = 0, count;
    struct row_name *all = malloc((total ? total : 1) * sizeof *all);
    if (!all)
        return err_memory(err);
    for (size_t b = 0; b < g->names.lists[list].block_count; b++, at += count)
        if (record_block_read(&g->names, list, b, all + at, &count, err) != 0) {
            free(all);
            return -1;
        }
    g->duplicates[worker] += row_names_repeated(all, total);
    free(all);
    return 0;
}

static int count_repeated(struct going *g, struct intake *in, int d, unsigned threads,
                          struct err *err)
{
    size_t records = in->spill->datasets[d].rows.lists[0].records;
    size_t parts = memory_plan_partitions(in->plan, records, 2 * threads * sizeof(struct row_name));
    if (record_lists_open(&g->names, in->spill->file, parts, sizeof(struct row_name),
                          memory_plan_block(in->plan, parts, threads), err) != 0)
        return -1;
    int rc = intake_spill_each(in->spill, (enum dataset)d, threads, take_going, g, err);
    if (record_writers_close(g->writers, PARALLEL_MOST, rc == 0 ? err : NULL) != 0)
        rc = -1;
    return rc == 0 ? parallel_items(threads, parts, count_names, g, err) : -1;
}

static int leave_out(struct intake *in, int d, const struct number_set *needed,
                     const struct row_hasher *hasher, unsigned threads, struct left_out *out,
                     struct err *err)
{
    const struct stored_rows *stored = &in->spill->datasets[d];
    struct going *g = calloc(1, sizeof *g);
    if (!g)
        return err_memory(err);
    g->needed = needed;
    g->words = stored->number_count + stored->cell_count;
    g->hasher = hasher;
    int rc = count_repeated(g, in, d, threads, err);
    for (size_t i = 0; i < PARALLEL_MOST; i++)
        out->duplicates[d] += g->duplicates[i];
    record_lists_release(&g->names);
    free(g);
    return rc;
}

/* Everybody whom a row names, gone or not. */
static int count_persons(struct intake *in, const struct number_set *needed, unsigned threads,
                         uint64_t *persons, struct err *err)
{
    struct number_set all;
    number_set_init(&all);
    int rc = number_set_join(&all, needed, err);
    for (int d = 0; rc == 0 && d < DATASET_COUNT; d++)
        if (needed_is_register(d))
            rc = fill_from(&all, in, d, NULL, 0, in->spill->datasets[d].number_count, threads, err);
    if (rc == 0)
        rc = number_set_rank(&all, err);
    *persons = all.count;
    number_set_release(&all);
    return rc;
}

int needed_spilled(struct intake *in, unsigned generations,
                   const uint8_t key[static PSEUDONYM_KEYBYTES], unsigned threads,
                   struct number_set *needed, struct number_set *persons, struct left_out *out,
                   struct err *err)
{
    memset(out, 0, sizeof *out);
    struct row_hasher *hasher = row_hasher_open(key, err);
    if (!hasher)
        return -1;
    int rc = fill_from(needed, in, DATASET_PERSONNEL, NULL, 0, 1, threads, err);
    for (unsigned g = 0; rc == 0 && g < generations; g++)
        rc = add_generation(needed, in, threads, err);
    if (rc == 0)
        rc = count_persons(in, needed, threads, &out->persons, err);
    for (int d = 0; rc == 0 && d < DATASET_COUNT; d++)
        if (needed_is_register(d))
            rc = leave_out(in, d, needed, hasher, threads, out, err);
    if (rc == 0)
        rc = number_set_join(persons, needed, err);
    /* Whom the last generation's rows name has no rows here, and an id all the same. */
    for (int d = 0; rc == 0 && d < DATASET_COUNT; d++)
        if (needed_is_register(d))
            rc = fill_from(persons, in, d, needed, 1, in->spill->datasets[d].number_count, threads,
                           err);
    row_hasher_close(hasher);
    return rc;
}

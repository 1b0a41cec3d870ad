/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/link/needed_spilled.h. Rows that go are hashed for the digest, each distinct one
 * once: the hashes are partitioned, and sorted there. */
#include "link/needed_spilled.h"

#include "base/parallel.h"
#include "link/record_frame.h"

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
        rc = number_set_join(s, &more, NULL, err);
    number_set_release(&more);
    return rc;
}

/* ---- rows that go ---- */

struct worker {
    struct frame cells; /* rows that go, and their numbers */
    struct input_rows rows;
    struct record_writer names;
};

struct going {
    const struct stored_rows *stored;
    const struct number_set *needed;
    struct input_rows rows;
    struct record_lists names;
    struct worker *workers[PARALLEL_MOST];
    struct input_digest digests[PARALLEL_MOST];
    uint64_t duplicates[PARALLEL_MOST];
};

static struct worker *worker_of(struct going *g, unsigned worker, struct err *err)
{
    if (g->workers[worker])
        return g->workers[worker];
    struct worker *w = g->workers[worker] = calloc(1, sizeof *w);
    if (!w) {
        (void)err_memory(err);
        return NULL;
    }
    size_t numbers = g->stored->number_count;
    if (record_frame_open(&w->cells, g->rows.frame, numbers, err) != 0 ||
        frame_resize(&w->cells, g->stored->rows.block_records, err) != 0 ||
        record_writer_open(&w->names, &g->names, err) != 0)
        return NULL;
    input_rows_of(&w->rows, &g->rows, &w->cells);
    for (size_t i = 0; i < numbers; i++)
        w->rows.persons[i] = w->cells.columns[g->rows.frame->column_count + i]->cells;
    return w;
}

/* Puts a stored row's cells, and its numbers behind them, where they belong in the frame. */
static void put_row(const struct going *g, struct worker *w, size_t row, const uint32_t *record)
{
    size_t columns = g->rows.frame->column_count, numbers = g->stored->number_count;
    const uint32_t *cell = record + numbers;
    for (size_t i = 0; i < columns; i++)
        if (!g->rows.frame->columns[i]->later)
            ((uint32_t *)w->cells.columns[i]->cells)[row] = *cell++;
    for (size_t i = 0; i < numbers; i++)
        ((uint32_t *)w->cells.columns[columns + i]->cells)[row] = record[i];
}

static int name_rows(struct going *g, struct worker *w, size_t first, size_t count, struct err *err)
{
    uint32_t rows[ROW_HASH_ROWS];
    row_hashes hashes;
    for (size_t i = 0; i < count; i++)
        rows[i] = (uint32_t)(first + i);
    input_rows_hash(&w->rows, rows, count, hashes);
    for (size_t i = 0; i < count; i++) {
        size_t list = (size_t)(((unsigned __int128)hashes[0][i] * g->names.count) >> 64);
        struct row_name *name = record_slot(&w->names, list, err);
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
    struct worker *w = worker_of(g, worker, err);
    size_t words = g->stored->number_count + g->stored->cell_count, rows = 0;
    if (!w)
        return -1;
    for (size_t i = 0; i < count; i++)
        if (!number_set_has(g->needed, records[i * words]))
            put_row(g, w, rows++, records + i * words);
    for (size_t at = 0; at < rows; at += ROW_HASH_ROWS)
        if (name_rows(g, w, at, rows - at < ROW_HASH_ROWS ? rows - at : ROW_HASH_ROWS, err) != 0)
            return -1;
    return 0;
}

/* Each once in the digest, and how often there was none but it. */
static int digest_names(void *context, unsigned worker, size_t list, struct err *err)
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
    input_digest_names(&g->digests[worker], all, total, &g->duplicates[worker]);
    free(all);
    return 0;
}

static int close_workers(struct going *g, struct err *err)
{
    int rc = 0;
    for (size_t i = 0; i < PARALLEL_MOST; i++) {
        struct worker *w = g->workers[i];
        if (!w)
            continue;
        if (record_writer_close(&w->names, rc == 0 ? err : NULL) != 0)
            rc = -1;
        for (size_t c = 0; c < w->cells.column_count; c++)
            sodium_memzero(w->cells.columns[c]->cells, w->cells.capacity * sizeof(uint32_t));
        frame_release(&w->cells);
        free(w);
    }
    return rc;
}

static int digest_going(struct going *g, struct intake *in, int d, unsigned threads,
                        struct err *err)
{
    size_t parts = memory_plan_partitions(in->plan, g->stored->rows.lists[0].records,
                                          2 * threads * sizeof(struct row_name));
    if (record_lists_open(&g->names, in->spill->file, parts, sizeof(struct row_name),
                          memory_plan_block(in->plan, parts, threads), err) != 0)
        return -1;
    int rc = intake_spill_each(in->spill, (enum dataset)d, threads, take_going, g, err);
    if (close_workers(g, rc == 0 ? err : NULL) != 0)
        rc = -1;
    return rc == 0 ? parallel_items(threads, parts, digest_names, g, err) : -1;
}

static int leave_out(struct intake *in, int d, const struct number_set *needed, const uint8_t *key,
                     unsigned threads, struct left_out *out, struct err *err)
{
    const struct intake_table *t = &in->datasets[d].table;
    struct going *g = calloc(1, sizeof *g);
    if (!g)
        return err_memory(err);
    g->stored = &in->spill->datasets[d];
    g->needed = needed;
    int rc = input_rows_open(&g->rows, &t->frame, t->ids, t->number_count, key, err);
    if (rc == 0)
        rc = digest_going(g, in, d, threads, err);
    for (size_t i = 0; i < PARALLEL_MOST; i++) {
        input_digest_join(&out->digests[d], &g->digests[i]);
        out->duplicates[d] += g->duplicates[i];
    }
    input_rows_close(&g->rows);
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
    int rc = number_set_join(&all, needed, NULL, err);
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
    int rc = fill_from(needed, in, DATASET_PERSONNEL, NULL, 0, 1, threads, err);
    for (unsigned g = 0; rc == 0 && g < generations; g++)
        rc = add_generation(needed, in, threads, err);
    if (rc == 0)
        rc = count_persons(in, needed, threads, &out->persons, err);
    for (int d = 0; rc == 0 && d < DATASET_COUNT; d++)
        if (needed_is_register(d))
            rc = leave_out(in, d, needed, key, threads, out, err);
    if (rc == 0)
        rc = number_set_join(persons, needed, NULL, err);
    /* Whom the last generation's rows name has no rows here, and an id all the same. */
    for (int d = 0; rc == 0 && d < DATASET_COUNT; d++)
        if (needed_is_register(d))
            rc = fill_from(persons, in, d, needed, 1, in->spill->datasets[d].number_count, threads,
                           err);
    return rc;
}

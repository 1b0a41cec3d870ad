/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/link/rows_spilled.h. Ids of all people may be too many for memory: a window of them
 * is there at a time, and rows go round once for each window. */
#include "link/rows_spilled.h"

#include "base/parallel.h"
#include "io/artefacts.h"
#include "link/needed.h"
#include "link/record_frame.h"
#include "link/row_order.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

enum { BATCH = 64, WORDS = FRAME_COLUMNS + DATASET_PERSONS };

/* ---- ids ---- */

/* A dataset's rows on their way through a window. */
struct resolving {
    const struct intake_table *table;
    size_t number_count, columns;  /* a record has as many words together; at last, columns alone */
    size_t id_at[DATASET_PERSONS]; /* words of ids */
    const struct number_set *needed, *numbers;
    const uint32_t *ids; /* of the window */
    size_t begin, window, persons;
    bool last;
    struct record_lists *to;
    struct record_writer writers[PARALLEL_MOST];
};

static void prefetch_numbers(const struct resolving *r, const uint32_t *records, size_t count)
{
    size_t words = r->columns + r->number_count;
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < r->number_count; k++)
            number_set_prefetch(r->numbers, records[i * words + r->columns + k]);
}

/* Where in the window; SIZE_MAX: not there. */
static size_t place_of(const struct resolving *r, uint32_t number)
{
    if (number == NUMBER_NONE || number == NUMBER_NO_PARENT)
        return SIZE_MAX;
    size_t place = number_set_place(r->numbers, number);
    return place >= r->begin && place - r->begin < r->window ? place - r->begin : SIZE_MAX;
}

static void find_ids(const struct resolving *r, uint32_t *records, size_t count)
{
    size_t words = r->columns + r->number_count, places[BATCH][DATASET_PERSONS];
    prefetch_numbers(r, records, count);
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < r->number_count; k++) {
            places[i][k] = place_of(r, records[i * words + r->columns + k]);
            if (places[i][k] != SIZE_MAX)
                __builtin_prefetch(&r->ids[places[i][k]]);
        }
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < r->number_count; k++) {
            uint32_t *id = &records[i * words + r->id_at[k]];
            if (places[i][k] != SIZE_MAX)
                *id = r->ids[places[i][k]];
            else if (records[i * words + r->columns + k] == NUMBER_NO_PARENT)
                *id = PARENT_NONE;
        }
}

/* Completes a batch and puts it where it belongs. */
static int resolve_batch(struct resolving *r, unsigned worker, uint32_t *records, size_t count,
                         struct err *err)
{
    struct record_writer *to = &r->writers[worker];
    size_t words = r->columns + r->number_count;
    if (!to->to && record_writer_open(to, r->to, err) != 0)
        return -1;
    find_ids(r, records, count);
    for (size_t i = 0; i < count; i++) {
        const uint32_t *record = records + i * words;
        size_t list = r->last ? memory_plan_part(record[r->id_at[0]], r->persons, r->to->count) : 0;
        void *slot = record_slot(to, list, err);
        if (!slot)
            return -1;
        memcpy(slot, record, r->to->width);
    }
    return 0;
}

/* As in the frame, without ids yet; numbers last. */
static void unfold(const struct resolving *r, uint32_t *out, const uint32_t *stored)
{
    const uint32_t *cell = stored + r->number_count;
    for (size_t c = 0; c < r->columns; c++)
        out[c] = r->table->frame.columns[c]->later ? 0 : *cell++;
    memcpy(out + r->columns, stored, r->number_count * sizeof *stored);
}

static int resolve_stored(void *context, unsigned worker, const uint32_t *records, size_t count,
                          struct err *err)
{
    struct resolving *r = context;
    uint32_t batch[BATCH * WORDS];
    size_t stored = r->columns, words = r->columns + r->number_count, filled = 0;
    int rc = 0;
    for (size_t i = 0; rc == 0 && i < count; i++) {
        if (r->needed && !number_set_has(r->needed, records[i * stored]))
            continue;
        unfold(r, batch + filled++ * words, records + i * stored);
        if (filled == BATCH) {
            rc = resolve_batch(r, worker, batch, filled, err);
            filled = 0;
        }
    }
    if (rc == 0 && filled > 0)
        rc = resolve_batch(r, worker, batch, filled, err);
    sodium_memzero(batch, sizeof batch);
    return rc;
}

static int resolve_again(void *context, unsigned worker, const uint32_t *records, size_t count,
                         struct err *err)
{
    struct resolving *r = context;
    uint32_t batch[BATCH * WORDS];
    size_t words = r->columns + r->number_count;
    int rc = 0;
    for (size_t at = 0; rc == 0 && at < count; at += BATCH) {
        size_t part = count - at < BATCH ? count - at : BATCH;
        memcpy(batch, records + at * words, part * words * sizeof *batch);
        rc = resolve_batch(r, worker, batch, part, err);
    }
    sodium_memzero(batch, sizeof batch);
    return rc;
}

/* What a row takes while it is put in order: cells, the record that is moved, its place. */
static uint64_t row_cost(const struct resolving *r)
{
    return 2 * r->columns * sizeof(uint32_t) + sizeof(uint64_t);
}

/* One dataset through one window: rows->parts become the rows that came out. */
static int resolve_dataset(struct rows_spilled *rows, struct resolving *r, struct intake *in, int d,
                           bool first, unsigned threads, struct err *err)
{
    struct record_lists before = rows->parts;
    size_t count = first ? in->spill->datasets[d].rows.lists[0].records : before.lists[0].records;
    size_t parts = r->last ? memory_plan_partitions(in->plan, count, row_cost(r)) : 1;
    size_t words = r->columns + (r->last ? 0 : r->number_count);
    memset(&rows->parts, 0, sizeof rows->parts);
    int rc = record_lists_open(&rows->parts, in->spill->file, parts, words * sizeof(uint32_t),
                               memory_plan_block(in->plan, parts, threads), err);
    r->to = &rows->parts;
    if (rc == 0 && first)
        rc = intake_spill_each(in->spill, (enum dataset)d, threads, resolve_stored, r, err);
    else if (rc == 0)
        rc = record_list_each(&before, 0, threads, NULL, NULL, resolve_again, r, err);
    if (record_writers_close(r->writers, PARALLEL_MOST, rc == 0 ? err : NULL) != 0)
        rc = -1;
    record_lists_release(&before);
    if (first)
        record_lists_release(&in->spill->datasets[d].rows);
    return rc;
}

static void resolving_open(struct resolving *r, const struct intake_table *t)
{
    r->table = t;
    r->number_count = t->number_count;
    r->columns = t->frame.column_count;
    for (size_t c = 0; c < r->columns; c++)
        for (size_t k = 0; k < t->number_count; k++)
            if (t->frame.columns[c] == t->ids[k])
                r->id_at[k] = c;
}

int rows_spilled_resolve(struct rows_spilled *rows, struct intake *in,
                         const struct number_set *needed, const struct number_set *numbers,
                         struct persons_spilled *ids, unsigned threads, struct err *err)
{
    struct resolving *r = calloc(1, sizeof *r);
    uint32_t *window = malloc(ids->window * sizeof *window);
    int rc = r && window ? 0 : err_memory(err);
    for (size_t w = 0; rc == 0 && w < ids->windows; w++) {
        rc = persons_spilled_window(window, ids, w, threads, err);
        for (int d = 0; rc == 0 && d < DATASET_COUNT; d++) {
            if (!dataset_is_linked(d))
                continue;
            memset(r, 0, sizeof *r);
            resolving_open(r, &in->datasets[d].table);
            r->needed = needed_is_register(d) ? needed : NULL;
            r->numbers = numbers;
            r->ids = window;
            r->begin = w * ids->window;
            r->window = ids->window;
            r->persons = ids->count;
            r->last = w + 1 == ids->windows;
            rc = resolve_dataset(&rows[d], r, in, d, w == 0, threads, err);
        }
    }
    if (window) /* the order of numbers */
        sodium_memzero(window, ids->window * sizeof *window);
    free(window);
    free(r);
    return rc;
}

/* ---- order ---- */

struct ordering {
    struct rows_spilled *rows;
    const struct rows_finishing *how;
    struct frame frame; /* of a partition */
    size_t part, first_list;
    size_t *starts; /* rows of the partition before each of its blocks */
    uint32_t *rooms[PARALLEL_MOST];
};

static int load_block(void *context, unsigned worker, size_t block, struct err *err)
{
    struct ordering *o = context;
    struct record_lists *l = &o->rows->parts;
    size_t count;
    if (!o->rooms[worker] && !(o->rooms[worker] = malloc(l->block_records * l->width)))
        return err_memory(err);
    if (record_block_read(l, o->part, block, o->rooms[worker], &count, err) != 0)
        return -1;
    record_frame_put(&o->frame, o->starts[block], o->rooms[worker], count);
    return 0;
}

static int load_part(struct ordering *o, struct err *err)
{
    struct record_lists *l = &o->rows->parts;
    const struct record_list *list = &l->lists[o->part];
    free(o->starts);
    o->starts = calloc(list->block_count + 1, sizeof *o->starts);
    if (!o->starts)
        return err_memory(err);
    for (size_t b = 0; b < list->block_count; b++)
        o->starts[b + 1] = o->starts[b] + list->blocks[b].records;
    o->frame.rows = 0;
    if (frame_resize(&o->frame, list->records, err) != 0)
        return -1;
    int rc = parallel_items(o->how->threads, list->block_count, load_block, o, err);
    for (size_t b = 0; b < list->block_count; b++)
        record_block_drop(l, o->part, b);
    return rc;
}

static int write_range(void *context, unsigned range, size_t begin, size_t end, struct err *err)
{
    struct ordering *o = context;
    struct record_writer to = {0};
    int rc = record_writer_open(&to, &o->rows->done, err);
    for (size_t row = begin; rc == 0 && row < end; row++) {
        uint32_t *record = record_slot(&to, o->first_list + range, err);
        if (record)
            record_frame_get(&o->frame, o->frame.column_count, row, record);
        else
            rc = -1;
    }
    return record_writer_close(&to, rc == 0 ? err : NULL) == 0 ? rc : -1;
}

static int order_part(struct ordering *o, enum dataset d, uint64_t *duplicates, struct err *err)
{
    const struct row_order how = {.person = o->frame.columns[0],
                                  .person_count = o->how->persons,
                                  .keep_unlinked = d == DATASET_PERSONNEL,
                                  .threads = o->how->threads,
                                  .room = o->how->room};
    uint64_t twice;
    if (load_part(o, err) != 0)
        return -1;
    if (rows_order(&o->frame, &how, &twice, err) != 0)
        return -1;
    *duplicates += twice;
    o->rows->rows += o->frame.rows;
    return parallel_ranges(o->how->threads, o->frame.rows, write_range, o, err);
}

static int ordering_open(struct ordering *o, enum dataset d, struct err *err)
{
    const struct rows_finishing *how = o->how;
    const struct intake_table *t = &how->in->datasets[d].table;
    size_t lists = o->rows->parts.count * how->threads;
    if (record_frame_open(&o->frame, &t->frame, err) != 0)
        return -1;
    return record_lists_open(&o->rows->done, how->in->spill->file, lists,
                             t->frame.column_count * sizeof(uint32_t),
                             memory_plan_block(how->in->plan, 1, how->threads), err);
}

static void ordering_close(struct ordering *o)
{
    for (size_t i = 0; i < PARALLEL_MOST; i++) {
        if (o->rooms[i])
            sodium_memzero(o->rooms[i], o->rows->parts.block_records * o->rows->parts.width);
        free(o->rooms[i]);
    }
    for (size_t c = 0; c < o->frame.column_count; c++)
        sodium_memzero(o->frame.columns[c]->cells, o->frame.capacity * sizeof(uint32_t));
    frame_release(&o->frame);
    free(o->starts);
}

int rows_spilled_finish(struct rows_spilled *rows, const struct rows_finishing *how, enum dataset d,
                        uint64_t *duplicates, struct err *err)
{
    struct ordering *o = calloc(1, sizeof *o);
    if (!o)
        return err_memory(err);
    o->rows = rows;
    o->how = how;
    int rc = ordering_open(o, d, err);
    for (; rc == 0 && o->part < rows->parts.count; o->part++) {
        o->first_list = o->part * how->threads;
        rc = order_part(o, d, duplicates, err);
    }
    ordering_close(o);
    record_lists_release(&rows->parts);
    free(o);
    return rc;
}

int rows_spilled_write(struct rows_spilled *rows, const struct frame *head, const struct sink *to,
                       struct err *err)
{
    return record_lists_write(&rows->done, head, rows->rows, NULL, NULL, to, err);
}

void rows_spilled_release(struct rows_spilled *rows)
{
    record_lists_release(&rows->parts);
    record_lists_release(&rows->done);
    memset(rows, 0, sizeof *rows);
}

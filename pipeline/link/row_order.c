/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/link/row_order.h. A row's cells, which columns keep far apart, are brought together
 * as a record, and records by ranges of ids, each small enough for the cache: there a range is
 * sorted by counting, the few rows of each person by comparison, and cells go back to their
 * columns. */
#include "link/row_order.h"

#include "base/few_sort.h"
#include "base/parallel.h"
#include "link/buckets.h"
#include "link/row_records.h"

#include <stdlib.h>
#include <string.h>

enum { RANGE_BITS = 14, RANGE_IDS = 1 << RANGE_BITS };

/* What a thread works in. */
struct worker {
    uint32_t *sorted; /* records of a range, by id */
    uint32_t start[RANGE_IDS + 1];
};

struct ordering {
    const struct row_order *how;
    struct row_records records;
    const uint32_t *ids; /* NULL: everything belongs to one group */
    size_t rows;
    struct buckets ranges; /* among the records */
    uint32_t *kept;        /* rows of each range that stay */
    struct worker *workers[PARALLEL_MOST];
};

static size_t range_of(const struct ordering *o, size_t row)
{
    return o->ids ? o->ids[row] >> RANGE_BITS : 0;
}

static int count_ranges(void *context, unsigned thread, size_t begin, size_t end, struct err *err)
{
    struct ordering *o = context;
    (void)err;
    for (size_t row = begin; row < end; row++)
        ++*bucket_next(&o->ranges, range_of(o, row), thread);
    return 0;
}

static int fill_ranges(void *context, unsigned thread, size_t begin, size_t end, struct err *err)
{
    struct ordering *o = context;
    (void)err;
    for (size_t row = begin; row < end; row += RECORDS_BATCH) {
        uint32_t to[RECORDS_BATCH];
        size_t count = end - row < RECORDS_BATCH ? end - row : RECORDS_BATCH;
        for (size_t i = 0; i < count; i++)
            to[i] = (*bucket_next(&o->ranges, range_of(o, row + i), thread))++;
        records_scatter(&o->records, row, to, count);
    }
    return 0;
}

static uint32_t id_of(const struct ordering *o, size_t record)
{
    return o->ids ? records_id(&o->records, record) % RANGE_IDS : 0;
}

/* Puts records of a range into w->sorted, by id: start[id] .. start[id + 1] are those of one, ids
 * being counted from the range's first one. */
static void sort_range(const struct ordering *o, struct worker *w, size_t first, size_t count)
{
    memset(w->start, 0, sizeof w->start);
    for (size_t i = first; i < first + count; i++)
        w->start[id_of(o, i) + 1]++;
    for (size_t id = 0; id < RANGE_IDS; id++)
        w->start[id + 1] += w->start[id];
    for (size_t i = first; i < first + count; i++)
        w->sorted[w->start[id_of(o, i)]++] = (uint32_t)i;
    memmove(w->start + 1, w->start, RANGE_IDS * sizeof *w->start);
    w->start[0] = 0;
}

static int by_content(const void *a, const void *b, void *records)
{
    return records_compare(records, *(const uint32_t *)a, *(const uint32_t *)b);
}

/* Sorts each person's records by content and closes w->sorted up, those that are there twice being
 * left once; returns how many stay. A person with one record, which is nearly everybody, costs no
 * look at it. */
static size_t settle_range(struct ordering *o, struct worker *w, size_t range)
{
    size_t kept = 0;
    for (size_t id = 0; id < RANGE_IDS; id++) {
        size_t first = w->start[id], end = w->start[id + 1], own = kept;
        bool all = o->how->keep_unlinked && range == 0 && id == 0;
        few_sort(w->sorted + first, end - first, by_content, &o->records);
        for (size_t i = first; i < end; i++)
            if (all || kept == own ||
                records_compare(&o->records, w->sorted[kept - 1], w->sorted[i]) != 0)
                w->sorted[kept++] = w->sorted[i];
    }
    return kept;
}

/* What this thread works in; NULL: no memory. */
static struct worker *worker_of(struct ordering *o, unsigned worker)
{
    struct worker *w = o->workers[worker];
    if (w)
        return w;
    w = malloc(sizeof *w);
    if (w)
        w->sorted = malloc(o->ranges.largest * sizeof *w->sorted);
    if (w && !w->sorted) {
        free(w);
        return NULL;
    }
    o->workers[worker] = w;
    return w;
}

static int order_range(void *context, unsigned worker, size_t range, struct err *err)
{
    struct ordering *o = context;
    size_t first = bucket_begin(&o->ranges, range),
           count = bucket_begin(&o->ranges, range + 1) - first;
    struct worker *w = worker_of(o, worker);
    if (!w)
        return err_memory(err);
    if (count == 0)
        return 0;
    sort_range(o, w, first, count);
    o->kept[range] = (uint32_t)settle_range(o, w, range);
    records_gather(&o->records, first, w->sorted, o->kept[range]);
    return 0;
}

/* Closes the gaps that dropped rows have left; returns how many rows there are. */
static size_t close_up(const struct ordering *o, struct frame *f)
{
    size_t kept = 0;
    for (size_t range = 0; range < o->ranges.count; range++) {
        size_t first = bucket_begin(&o->ranges, range);
        for (size_t i = 0; kept < first && i < f->column_count; i++) {
            size_t width = column_width(f->columns[i]->type);
            char *cells = f->columns[i]->cells;
            memmove(cells + kept * width, cells + first * width, o->kept[range] * width);
        }
        kept += o->kept[range];
    }
    return kept;
}

static int allocate(struct ordering *o, struct err *err)
{
    size_t ranges = o->ids ? (o->how->person_count >> RANGE_BITS) + 1 : 1;
    bool made = buckets_make(&o->ranges, ranges, parallel_pieces_count(o->how->threads, o->rows));
    o->records.bytes = room_for(o->how->room, o->rows * o->records.width);
    o->kept = calloc(ranges, sizeof *o->kept);
    return made && o->records.bytes && o->kept ? 0 : err_memory(err);
}

static int order(struct ordering *o, struct err *err)
{
    if (allocate(o, err) != 0 ||
        parallel_pieces(o->how->threads, o->rows, count_ranges, o, err) != 0)
        return -1;
    buckets_place(&o->ranges);
    if (parallel_pieces(o->how->threads, o->rows, fill_ranges, o, err) != 0)
        return -1;
    return parallel_items(o->how->threads, o->ranges.count, order_range, o, err);
}

int rows_order(struct frame *f, const struct row_order *how, uint64_t *duplicates, struct err *err)
{
    *duplicates = 0;
    if (f->rows == 0)
        return 0;
    struct ordering *o = calloc(1, sizeof *o);
    if (!o)
        return err_memory(err);
    o->how = how;
    o->rows = f->rows;
    o->ids = how->person ? how->person->cells : NULL;
    records_of(&o->records, f, how->person);
    int rc = order(o, err);
    if (rc == 0) {
        size_t kept = close_up(o, f);
        *duplicates = f->rows - kept;
        f->rows = kept;
    }
    for (size_t i = 0; i < PARALLEL_MOST; i++) {
        if (o->workers[i])
            free(o->workers[i]->sorted);
        free(o->workers[i]);
    }
    buckets_free(&o->ranges);
    free(o->kept);
    free(o);
    return rc;
}

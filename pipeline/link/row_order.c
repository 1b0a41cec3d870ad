/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/link/row_order.h. Rows are brought together by ranges of ids, each small enough for
 * the cache; a range is sorted by counting, and the few rows of each person by comparison. */
#include "link/row_order.h"

#include "base/pages.h"
#include "link/person_rows.h"

#include <stdlib.h>
#include <string.h>

enum { SORT_BY_INSERTION = 16, RANGE_BITS = 14, RANGE_IDS = 1 << RANGE_BITS };

/* What the work is done in. */
struct ordering {
    const uint32_t *ids; /* NULL: everything belongs to one group */
    struct frame rest;   /* the frame without the column of persons */
    bool keep_unlinked;
    size_t rows, range_count;
    uint32_t *order;  /* the result; before that, rows by range */
    size_t kept;      /* of the result */
    uint32_t *starts; /* of ranges in `order` */
    uint32_t *sorted; /* the rows of a range, by id */
    uint32_t start[RANGE_IDS + 1];
};

static int by_content(const void *a, const void *b, void *frame)
{
    return person_rows_compare(frame, *(const uint32_t *)a, *(const uint32_t *)b);
}

/* Few rows by insertion, many by qsort. `rest` is without the column that all have in common. */
static void sort_rows(uint32_t *order, size_t count, struct frame *rest)
{
    if (count > SORT_BY_INSERTION) {
        qsort_r(order, count, sizeof *order, by_content, rest);
        return;
    }
    for (size_t i = 1; i < count; i++) {
        uint32_t row = order[i];
        size_t at = i;
        for (; at > 0 && person_rows_compare(rest, row, order[at - 1]) < 0; at--)
            order[at] = order[at - 1];
        order[at] = row;
    }
}

/* The frame without the column; it shares the others. */
static struct frame without(const struct frame *f, const struct column *column)
{
    struct frame rest = *f;
    rest.column_count = 0;
    for (size_t i = 0; i < f->column_count; i++)
        if (f->columns[i] != column)
            rest.columns[rest.column_count++] = f->columns[i];
    return rest;
}

static uint32_t id_of(const struct ordering *o, uint32_t row)
{
    return o->ids ? o->ids[row] : 0;
}

/* Rows by range of ids; returns how many the largest range has. */
static size_t divide(struct ordering *o)
{
    size_t largest = 0;
    for (size_t row = 0; row < o->rows; row++)
        o->starts[(id_of(o, (uint32_t)row) >> RANGE_BITS) + 1]++;
    for (size_t range = 0; range < o->range_count; range++) {
        if (o->starts[range + 1] > largest)
            largest = o->starts[range + 1];
        o->starts[range + 1] += o->starts[range];
    }
    for (size_t row = 0; row < o->rows; row++)
        o->order[o->starts[id_of(o, (uint32_t)row) >> RANGE_BITS]++] = (uint32_t)row;
    memmove(o->starts + 1, o->starts, o->range_count * sizeof *o->starts);
    o->starts[0] = 0;
    return largest;
}

/* Puts `count` rows of a range into o->sorted, by id: start[id] .. start[id + 1] are those of one,
 * ids being counted from the range's first one. */
static void sort_range(struct ordering *o, const uint32_t *rows, size_t count)
{
    memset(o->start, 0, sizeof o->start);
    for (size_t i = 0; i < count; i++)
        o->start[id_of(o, rows[i]) % RANGE_IDS + 1]++;
    for (size_t id = 0; id < RANGE_IDS; id++)
        o->start[id + 1] += o->start[id];
    for (size_t i = 0; i < count; i++)
        o->sorted[o->start[id_of(o, rows[i]) % RANGE_IDS]++] = rows[i];
    memmove(o->start + 1, o->start, RANGE_IDS * sizeof *o->start);
    o->start[0] = 0;
}

/* Sorts each person's rows by content and adds them to the result, those that are there twice once.
 * A person with one row, which is nearly everybody, costs no look at it. */
static void take_range(struct ordering *o, size_t range)
{
    for (size_t id = 0; id < RANGE_IDS; id++) {
        size_t first = o->start[id], end = o->start[id + 1], own = o->kept;
        bool all = o->keep_unlinked && range == 0 && id == 0;
        sort_rows(o->sorted + first, end - first, &o->rest);
        for (size_t i = first; i < end; i++)
            if (all || o->kept == own ||
                person_rows_compare(&o->rest, o->order[o->kept - 1], o->sorted[i]) != 0)
                o->order[o->kept++] = o->sorted[i];
    }
}

static int order_rows(struct ordering *o, struct err *err)
{
    size_t bytes = o->rows * sizeof *o->order;
    o->order = pages_large(malloc(bytes), bytes);
    o->starts = calloc(o->range_count + 1, sizeof *o->starts);
    if (!o->order || !o->starts)
        return err_memory(err);
    size_t largest = divide(o);
    o->sorted = malloc(largest * sizeof *o->sorted);
    if (!o->sorted)
        return err_memory(err);
    for (size_t range = 0; range < o->range_count; range++) {
        size_t count = o->starts[range + 1] - o->starts[range];
        if (count == 0)
            continue;
        sort_range(o, o->order + o->starts[range], count);
        take_range(o, range);
    }
    return 0;
}

int rows_order(struct frame *f, const struct column *person, size_t person_count,
               bool keep_unlinked, uint64_t *duplicates, struct err *err)
{
    *duplicates = 0;
    if (f->rows == 0)
        return 0;
    struct ordering *o = calloc(1, sizeof *o);
    if (!o)
        return err_memory(err);
    o->ids = person ? person->cells : NULL;
    o->rest = without(f, person);
    o->keep_unlinked = keep_unlinked && person;
    o->rows = f->rows;
    o->range_count = person ? (person_count >> RANGE_BITS) + 1 : 1;
    int rc = frame_sort_dictionaries(f, err) != 0 || order_rows(o, err) != 0 ? -1 : 0;
    if (rc == 0) {
        *duplicates = o->rows - o->kept;
        rc = frame_select(f, o->order, o->kept, err);
    }
    free(o->sorted);
    free(o->starts);
    free(o->order);
    free(o);
    return rc;
}

/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/link/row_order.h. A counting sort by person, which is the bulk of the work, then a
 * comparison sort of the few rows of each. */
#include "link/row_order.h"

#include "base/pages.h"
#include "link/person_rows.h"

#include <stdlib.h>
#include <string.h>

enum { SORT_BY_INSERTION = 16 };

static int by_content(const void *a, const void *b, void *frame)
{
    return person_rows_compare(frame, *(const uint32_t *)a, *(const uint32_t *)b);
}

/* order: rows by person, ids rising; start[id] .. start[id + 1]: those of one person. */
static void order_by_person(const uint32_t *ids, size_t rows, uint32_t *start, size_t id_count,
                            uint32_t *order)
{
    for (size_t row = 0; row < rows; row++)
        start[ids[row] + 1]++;
    for (size_t id = 0; id < id_count; id++)
        start[id + 1] += start[id];
    for (size_t row = 0; row < rows; row++)
        order[start[ids[row]]++] = (uint32_t)row;
    memmove(start + 1, start, id_count * sizeof *start);
    start[0] = 0;
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

/* Sorts each person's rows by content, and moves those that are there twice behind all others;
 * returns how many stay. A person with one row, which is nearly everybody, costs no look at it. */
static size_t split_duplicates(struct frame *rest, const uint32_t *start, size_t id_count,
                               bool keep_unlinked, uint32_t *order, uint32_t *dropped)
{
    size_t kept = 0, gone = 0;
    for (size_t id = 0; id < id_count; id++) {
        size_t first = start[id], end = start[id + 1], own = kept;
        sort_rows(order + first, end - first, rest);
        for (size_t i = first; i < end; i++) {
            bool may_go = kept > own && !(keep_unlinked && id == 0);
            if (may_go && person_rows_compare(rest, order[kept - 1], order[i]) == 0)
                dropped[gone++] = order[i];
            else
                order[kept++] = order[i];
        }
    }
    memcpy(order + kept, dropped, gone * sizeof *order);
    return kept;
}

int rows_order(struct frame *f, const struct column *person, size_t person_count,
               bool keep_unlinked, uint64_t *duplicates, struct err *err)
{
    *duplicates = 0;
    if (f->rows == 0)
        return 0;
    size_t id_count = person ? person_count + 1 : 1;
    size_t bytes = f->rows * sizeof(uint32_t);
    uint32_t *start = pages_large(calloc(id_count + 1, sizeof *start), id_count * sizeof *start);
    uint32_t *order = pages_large(calloc(f->rows, sizeof *order), bytes);
    uint32_t *dropped = pages_large(calloc(f->rows, sizeof *dropped), bytes);
    int rc = -1;
    if (!start || !order || !dropped) {
        (void)err_memory(err);
        goto out;
    }
    if (frame_sort_dictionaries(f, err) != 0)
        goto out;
    /* `dropped` is all zeros still: without persons, everything belongs to one group */
    order_by_person(person ? person->cells : dropped, f->rows, start, id_count, order);
    bool keep = keep_unlinked && person;
    struct frame rest = without(f, person);
    size_t kept = split_duplicates(&rest, start, id_count, keep, order, dropped);
    *duplicates = f->rows - kept;
    if (frame_permute(f, order, err) != 0)
        goto out;
    rc = frame_resize(f, kept, err);
out:
    free(dropped);
    free(order);
    free(start);
    return rc;
}

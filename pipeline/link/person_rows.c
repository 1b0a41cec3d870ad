/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/link/person_rows.h. */
#include "link/person_rows.h"

#include "base/parallel.h"
#include "link/words.h"

#include <string.h>

const uint32_t *person_rows_check(const struct frame *f, size_t persons, struct err *err)
{
    uint32_t last = 0;
    return person_rows_check_on(f, 0, &last, persons, err);
}

const uint32_t *person_rows_check_on(const struct frame *f, size_t first, uint32_t *last,
                                     size_t persons, struct err *err)
{
    const struct column *column = frame_need(f, "person", COLUMN_U32, err);
    if (!column)
        return NULL;
    const uint32_t *person = column->cells;
    bool sorted = true;
    for (size_t i = first; i < f->rows; i++) {
        sorted &= *last <= person[i];
        *last = person[i];
    }
    if (!sorted) {
        (void)err_set(err, ERR_DATA, "frame %s: rows are not sorted by person", f->name);
        return NULL;
    }
    if (*last > persons) {
        (void)err_set(err, ERR_DATA, "frame %s: column person: no such person", f->name);
        return NULL;
    }
    return words_sorted(f, err) == 0 ? person : NULL;
}

size_t person_rows_unlinked(const struct frame *f, const uint32_t *person)
{
    size_t low = 0, high = f->rows;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (person[middle] == 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static int cells_compare(const struct column *c, size_t a, size_t b)
{
    if (c->type == COLUMN_U32) { /* most are */
        uint32_t x = ((const uint32_t *)c->cells)[a], y = ((const uint32_t *)c->cells)[b];
        return (x > y) - (x < y);
    }
    if (c->type == COLUMN_U8) {
        uint8_t x = ((const uint8_t *)c->cells)[a], y = ((const uint8_t *)c->cells)[b];
        return (x > y) - (x < y);
    }
    if (c->type == COLUMN_BYTES16)
        return memcmp((const uint8_t *)c->cells + 16 * a, (const uint8_t *)c->cells + 16 * b, 16);
    if (c->type == COLUMN_I32)
        return (column_i32(c, a) > column_i32(c, b)) - (column_i32(c, a) < column_i32(c, b));
    return (column_get(c, a) > column_get(c, b)) - (column_get(c, a) < column_get(c, b));
}

int person_rows_compare(const struct frame *f, size_t a, size_t b)
{
    for (size_t i = 0; i < f->column_count; i++) {
        int order = cells_compare(f->columns[i], a, b);
        if (order != 0)
            return order;
    }
    return 0;
}

struct column *person_rows_words(const struct frame *f, const char *name, struct err *err)
{
    struct column *c = frame_find(f, name);
    if (c && c->coded)
        return c;
    (void)err_set(err, ERR_DATA, c ? "frame %s: column %s has no words" : "frame %s: no column %s",
                  f->name, name);
    return NULL;
}

struct column *person_rows_coded(const struct frame *f, const char *name, struct err *err)
{
    return person_rows_words(f, name, err) ? frame_need(f, name, COLUMN_U32, err) : NULL;
}

struct walk {
    const uint32_t *person;
    size_t rows;
    person_fold fold;
    void *context;
};

/* A group belongs to the range that its first row is in, and may go on past the range's end. */
static int walk_range(void *context, unsigned range, size_t begin, size_t end, struct err *err)
{
    const struct walk *w = context;
    size_t at = begin;
    while (at < end && at > 0 && w->person[at] == w->person[at - 1])
        at++;
    while (at < end) {
        size_t next = at + 1;
        while (next < w->rows && w->person[next] == w->person[at])
            next++;
        if (w->person[at] != 0 && w->fold(w->context, range, w->person[at] - 1, at, next, err) != 0)
            return -1;
        at = next;
    }
    return 0;
}

int person_rows_each(const uint32_t *person, size_t rows, unsigned threads, person_fold fold,
                     void *context, struct err *err)
{
    struct walk w = {person, rows, fold, context};
    return parallel_ranges(threads, rows, walk_range, &w, err);
}

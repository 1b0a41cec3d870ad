/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/link/employment.h. Each thread writes the rows that it selects where its stretch of
 * the frame begins; the stretches are then closed up, in order. */
#include "link/employment.h"

#include "base/few_sort.h"
#include "base/parallel.h"
#include "link/people.h"
#include "link/person_rows.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

struct selection {
    const struct frame *personnel;
    date reference;
    const int32_t *fte;
    const date *start, *end;
    const struct column *entity;
    uint32_t *rows;
    struct {
        size_t begin, count;
    } part[PARALLEL_MOST];
};

static int by_content(const void *a, const void *b, void *context)
{
    const struct selection *s = context;
    return person_rows_compare(s->personnel, *(const uint32_t *)a, *(const uint32_t *)b);
}

static int by_rank(const void *a, const void *b, void *context)
{
    const struct selection *s = context;
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    if (s->fte[x] != s->fte[y])
        return s->fte[x] > s->fte[y] ? -1 : 1;
    if (s->start[x] != s->start[y])
        return s->start[x] < s->start[y] ? -1 : 1;
    uint64_t a_entity = column_get(s->entity, x), b_entity = column_get(s->entity, y);
    if (a_entity != b_entity)
        return a_entity < b_entity ? -1 : 1;
    return person_rows_compare(s->personnel, x, y);
}

/* Writes the rows of [begin, end) that are in force to `to`, sorted, and returns how many. */
static size_t select_rows(struct selection *s, size_t begin, size_t end, uint32_t *to,
                          int (*compare)(const void *, const void *, void *))
{
    size_t n = 0;
    for (size_t row = begin; row < end; row++)
        if (period_holds(s->start[row], s->end[row], s->reference))
            to[n++] = (uint32_t)row;
    few_sort(to, n, compare, s);
    return n;
}

static int select_person(void *context, unsigned range, size_t person, size_t begin, size_t end,
                         struct err *err)
{
    struct selection *s = context;
    (void)person;
    (void)err;
    if (s->part[range].count == 0)
        s->part[range].begin = begin;
    uint32_t *to = s->rows + s->part[range].begin + s->part[range].count;
    s->part[range].count += select_rows(s, begin, end, to, by_rank);
    return 0;
}

/* Closes the gaps between the parts; returns how many rows there are. */
static size_t close_up(struct selection *s)
{
    size_t count = 0;
    for (unsigned r = 0; r < PARALLEL_MOST; r++) {
        memmove(s->rows + count, s->rows + s->part[r].begin, s->part[r].count * sizeof *s->rows);
        count += s->part[r].count;
    }
    return count;
}

static int selection_open(struct selection *s, struct err *err)
{
    struct column *fte = frame_need(s->personnel, "fte", COLUMN_I32, err);
    struct column *start = fte ? frame_need(s->personnel, "start_date", COLUMN_I32, err) : NULL;
    struct column *end = start ? frame_need(s->personnel, "end_date", COLUMN_I32, err) : NULL;
    struct column *entity = end ? person_rows_words(s->personnel, "entity", err) : NULL;
    if (!entity)
        return -1;
    s->fte = fte->cells;
    s->start = start->cells;
    s->end = end->cells;
    s->entity = entity;
    return 0;
}

int employment_select(struct employments *e, const struct frame *personnel, const uint32_t *person,
                      date reference, unsigned threads, struct err *err)
{
    memset(e, 0, sizeof *e);
    struct selection s = {.personnel = personnel, .reference = reference};
    if (personnel->rows > UINT32_MAX)
        return err_set(err, ERR_DATA, "frame personnel: too many rows");
    if (selection_open(&s, err) != 0)
        return -1;
    size_t rows = personnel->rows;
    size_t bytes = (rows ? rows : 1) * sizeof *s.rows;
    if (!(s.rows = malloc(bytes)))
        return err_memory(err);
    size_t without = person_rows_unlinked(personnel, person);
    if (person_rows_each(person, rows, threads, select_person, &s, err) != 0) {
        free(s.rows);
        return -1;
    }
    /* What has a number lies behind the rows without one, so closing up leaves their room at the
     * end: at most rows - without were written. */
    e->person = person;
    e->rows = s.rows;
    e->unlinked = close_up(&s);
    e->count = e->unlinked + select_rows(&s, 0, without, s.rows + e->unlinked, by_content);
    return 0;
}

void employments_release(struct employments *e)
{
    if (e->rows)
        sodium_memzero(e->rows, e->count * sizeof *e->rows);
    free(e->rows);
    memset(e, 0, sizeof *e);
}

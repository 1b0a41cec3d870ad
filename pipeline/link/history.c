/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/link/history.h. DATE_NONE is the least int32_t, so that a period without a start
 * sorts as the earliest by itself. */
#include "link/history.h"

#include "link/person_rows.h"

#include <stdlib.h>

/* Which of two nationalities that hold from the same day counts. */
static uint32_t prefer(uint32_t a, uint32_t b, uint32_t belgian, bool *dual)
{
    if (a == b || a == 0 || b == 0)
        return a ? a : b;
    *dual = true;
    if (a == belgian || b == belgian)
        return belgian;
    return a < b ? a : b;
}

uint32_t history_first(const struct history *h, bool *dual)
{
    uint32_t first = h->nationality[0];
    date start = h->start[0];
    bool tie = false;
    for (size_t i = 1; i < h->count; i++) {
        if (h->start[i] < start) {
            start = h->start[i];
            first = h->nationality[i];
            tie = false;
        } else if (h->start[i] == start) {
            first = prefer(first, h->nationality[i], h->belgian, &tie);
        }
    }
    *dual |= tie;
    return first;
}

/* No period holds any more: what the last one to end says. */
static uint32_t history_ended(const struct history *h, date reference)
{
    date last = DATE_NONE;
    bool belgian = false;
    for (size_t i = 0; i < h->count; i++) {
        if (h->start[i] > reference || h->end[i] < last)
            continue;
        if (h->end[i] > last)
            belgian = false;
        last = h->end[i];
        belgian |= h->belgian != 0 && h->nationality[i] == h->belgian;
    }
    return belgian ? HISTORY_LOST : 0;
}

uint32_t history_current(const struct history *h, date reference, bool *dual)
{
    uint32_t current = 0;
    date start = DATE_NONE;
    bool found = false, tie = false;
    for (size_t i = 0; i < h->count; i++) {
        if (!period_holds(h->start[i], h->end[i], reference))
            continue;
        if (!found || h->start[i] > start) {
            start = h->start[i];
            current = h->nationality[i];
            found = true;
            tie = false;
        } else if (h->start[i] == start) {
            current = prefer(current, h->nationality[i], h->belgian, &tie);
        }
    }
    *dual |= tie;
    return found ? current : history_ended(h, reference);
}

struct histories {
    struct people *people;
    const uint32_t *nationality;
    const date *start, *end;
    uint32_t belgian;
    uint16_t *map;
};

static int histories_fold(void *context, unsigned range, size_t person, size_t begin, size_t end,
                          struct err *err)
{
    const struct histories *all = context;
    struct people *p = all->people;
    struct history h = {end - begin, all->nationality + begin, all->start + begin, all->end + begin,
                        all->belgian};
    bool dual = false;
    (void)range;
    (void)err;
    if (p->first)
        p->first[person] = all->map[history_first(&h, &dual)];
    for (size_t day = 0; p->current && day < p->current_days; day++) {
        bool then = false; /* a choice at another date is no figure of this one */
        uint32_t code = history_current(&h, people_day(p, day), day ? &then : &dual);
        p->current[day * p->count + person] =
            code == HISTORY_LOST ? NATION_NOT_BELGIAN : all->map[code];
    }
    p->flags[person] |= (uint8_t)(PERSON_LINKED | (dual ? PERSON_DUAL : 0));
    return 0;
}

int history_add(struct people *p, const struct frame *f, unsigned threads, struct err *err)
{
    const uint32_t *person = person_rows_check(f, p->count, err);
    struct column *nationality = person ? person_rows_coded(f, "nationality", err) : NULL;
    struct column *start = nationality ? frame_need(f, "start_date", COLUMN_I32, err) : NULL;
    struct column *end = start ? frame_need(f, "end_date", COLUMN_I32, err) : NULL;
    if (!end)
        return -1;
    struct histories h = {.people = p,
                          .nationality = nationality->cells,
                          .start = start->cells,
                          .end = end->cells,
                          .belgian = dictionary_find(&nationality->dictionary, "BE", 2)};
    if (people_map_nations(p, nationality, &h.map, err) != 0)
        return -1;
    int rc = person_rows_each(person, f->rows, threads, histories_fold, &h, err);
    free(h.map);
    return rc;
}

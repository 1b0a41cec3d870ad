/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/link/former.h. */
#include "link/former.h"

#include "link/people.h"
#include "link/person_rows.h"
#include "link/words.h"

#include <stdlib.h>
#include <string.h>

struct listed { /* the list, by code of its entities */
    const struct frame *frame;
    const struct column *entity, *domain, *successor, *from, *to;
    uint32_t *last; /* row + 1 of the last period, */
    bool *valid;    /* at the reference date, */
    bool *then;     /* at one of the other dates */
};

/* An open end is later than any other. */
static bool ends_later(const struct listed *l, size_t a, size_t b)
{
    date x = column_i32(l->to, a), y = column_i32(l->to, b);
    return y != DATE_NONE && (x == DATE_NONE || x > y);
}

static void look_at(struct listed *l, size_t row, date reference, const date *since, size_t count)
{
    uint32_t code = (uint32_t)column_get(l->entity, row);
    date from = column_i32(l->from, row), to = column_i32(l->to, row);
    if (code == 0)
        return;
    if (l->last[code] == 0 || ends_later(l, row, l->last[code] - 1))
        l->last[code] = (uint32_t)row + 1;
    l->valid[code] = l->valid[code] || period_holds(from, to, reference);
    for (size_t i = 0; i < count; i++)
        l->then[code] = l->then[code] || period_holds(from, to, since[i]);
}

static int open_list(struct listed *l, const struct frame *list, struct err *err)
{
    l->frame = list;
    l->entity = person_rows_coded(list, "entity", err);
    l->domain = l->entity ? person_rows_coded(list, "domain", err) : NULL;
    l->successor = l->domain ? person_rows_coded(list, "successor", err) : NULL;
    l->from = l->successor ? frame_need(list, "valid_from", COLUMN_I32, err) : NULL;
    l->to = l->from ? frame_need(list, "valid_to", COLUMN_I32, err) : NULL;
    if (!l->to || words_sorted(list, err) != 0)
        return -1;
    size_t codes = (size_t)l->entity->dictionary.count + 1;
    l->last = calloc(codes, sizeof *l->last);
    l->valid = calloc(codes, sizeof *l->valid);
    l->then = calloc(codes, sizeof *l->then);
    return l->last && l->valid && l->then ? 0 : err_memory(err);
}

/* The code of the entity that goes on with this one; 0: none does. */
static uint32_t follow(const struct listed *l, uint32_t code)
{
    for (uint32_t steps = 0; steps < l->entity->dictionary.count && !l->valid[code]; steps++) {
        const char *word = column_word(l->successor, l->last[code] - 1);
        code = word ? dictionary_find(&l->entity->dictionary, word, strlen(word)) : 0;
        if (code == 0)
            return 0;
    }
    return l->valid[code] ? code : 0;
}

static int add_row(struct frame *out, const struct listed *l, uint32_t code, struct err *err)
{
    size_t row = frame_append(out, err);
    if (row == SIZE_MAX)
        return -1;
    const struct dictionary *words = &l->entity->dictionary;
    const char *cells[3] = {dictionary_word(words, code), column_word(l->domain, l->last[code] - 1),
                            dictionary_word(words, follow(l, code))};
    for (size_t i = 0; i < 3; i++)
        if (cells[i] && column_put_word(out->columns[i], row, cells[i], strlen(cells[i]), err) != 0)
            return -1;
    column_set(out->columns[3], row, l->then[code]);
    return 0;
}

int former_entities(struct frame *out, const struct frame *list, date reference, const date *since,
                    size_t count, struct err *err)
{
    struct listed l = {0};
    int rc = -1;
    if (!frame_add_coded(out, "entity", err) || !frame_add_coded(out, "domain", err) ||
        !frame_add_coded(out, "successor", err) || !frame_add(out, "valid_then", COLUMN_U8, err))
        return -1;
    if (count == 0)
        return 0;
    if (open_list(&l, list, err) != 0)
        goto out;
    for (size_t row = 0; row < list->rows; row++)
        look_at(&l, row, reference, since, count);
    rc = 0;
    for (uint32_t code = 1; rc == 0 && code <= l.entity->dictionary.count; code++)
        if (l.last[code] != 0 && !l.valid[code])
            rc = add_row(out, &l, code, err);
    if (rc == 0)
        rc = words_compact(out, 1, err);
out:
    free(l.last);
    free(l.valid);
    free(l.then);
    return rc;
}

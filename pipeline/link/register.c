/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/link/register.h. */
#include "link/register.h"

#include "io/artefacts.h"
#include "link/person_rows.h"

#include <stdlib.h>
#include <string.h>

/* The rows that have a person, who is `person` - 1. Each column is gone through by itself. */
struct registry {
    struct people *people;
    const struct frame *frame;
    const uint32_t *person;
    size_t begin;
    bool repeated; /* somebody has several rows */
};

/* TAKE(integer, cell, none, value): of each person's rows i, `cell` of `id` becomes the first value
 * that is not none. Cells are written without having been read: memory that was never written would
 * cost two page faults. */
#define TAKE(integer, cell, none, value)                                     \
    {                                                                        \
        integer known = none;                                                \
        uint32_t last = 0;                                                   \
        for (size_t i = r->begin; !r->repeated && i < r->frame->rows; i++) { \
            size_t id = r->person[i] - 1;                                    \
            (cell) = (value);                                                \
        }                                                                    \
        for (size_t i = r->begin; r->repeated && i < r->frame->rows; i++) {  \
            size_t id = r->person[i] - 1;                                    \
            known = r->person[i] == last ? known : (none);                   \
            known = known == (none) ? (value) : known;                       \
            (cell) = known;                                                  \
            last = r->person[i];                                             \
        }                                                                    \
    }
/* The same for codes of any width, of which map[0] is 0. */
#define TAKE_CODES(integer)                                            \
    if (c->type == COLUMN_U8)                                          \
        TAKE(integer, to[id], 0, map[((const uint8_t *)c->cells)[i]])  \
    else if (c->type == COLUMN_U16)                                    \
        TAKE(integer, to[id], 0, map[((const uint16_t *)c->cells)[i]]) \
    else                                                               \
        TAKE(integer, to[id], 0, map[((const uint32_t *)c->cells)[i]])

static void note_rows(struct registry *r)
{
    uint8_t *flags = r->people->flags;
    const uint32_t *person = r->person;
    for (size_t i = r->begin; i < r->frame->rows; i++) {
        flags[person[i] - 1] |= PERSON_LINKED;
        r->repeated |= i > r->begin && person[i] == person[i - 1];
    }
    for (size_t i = r->begin, first = i; r->repeated && i < r->frame->rows; i++) {
        if (person[i] != person[first])
            first = i;
        else if (person_rows_compare(r->frame, first, i) != 0)
            flags[person[i] - 1] |= PERSON_DIFFERING;
    }
}

static int take_birth(const struct registry *r, struct err *err)
{
    const struct column *c = frame_need(r->frame, "birth_date", COLUMN_I32, err);
    if (!c)
        return -1;
    const date *from = c->cells;
    TAKE(date, r->people->birth[id], DATE_NONE, from[i])
    return 0;
}

static int take_sex(const struct registry *r, struct err *err)
{
    const struct column *c = person_rows_words(r->frame, "sex", err);
    uint8_t *map = NULL, *to = r->people->sex;
    if (!c || people_map_sex(c, &map, err) != 0)
        return -1;
    TAKE_CODES(uint8_t)
    free(map);
    return 0;
}

/* first or current, of so many days: the register has no history. */
static int take_nations(const struct registry *r, const char *name, uint16_t *to, size_t days,
                        struct err *err)
{
    const struct column *c = person_rows_words(r->frame, name, err);
    uint16_t *map = NULL;
    if (!c || people_map_nations(r->people, c, &map, err) != 0)
        return -1;
    for (; days > 0; days--, to += r->people->count)
        TAKE_CODES(uint16_t)
    free(map);
    return 0;
}

static int take_parents(const struct registry *r, size_t which, struct err *err)
{
    const struct people *p = r->people;
    const struct column *c = frame_need(r->frame, which ? "parent2" : "parent1", COLUMN_U32, err);
    if (!c)
        return -1;
    const uint32_t *from = c->cells;
    bool wrong = false;
    for (size_t i = r->begin; i < r->frame->rows; i++)
        wrong |= from[i] > p->persons && from[i] != PARENT_NONE;
    TAKE(uint32_t, p->parents[2 * id + which], 0, from[i])
    return wrong ? err_set(err, ERR_DATA, "column parent%zu: no such person", which + 1) : 0;
}

int register_add(struct people *p, const struct frame *f, unsigned threads, struct err *err)
{
    struct registry r = {.people = p, .frame = f, .person = person_rows_check(f, p->count, err)};
    (void)threads; /* there is reading ahead, which takes longer and needs the other processor */
    if (!r.person)
        return -1;
    r.begin = person_rows_unlinked(f, r.person);
    note_rows(&r);
    if ((p->birth && take_birth(&r, err) != 0) || (p->sex && take_sex(&r, err) != 0) ||
        (p->first && take_nations(&r, "nationality_first", p->first, 1, err) != 0) ||
        (p->current &&
         take_nations(&r, "nationality_current", p->current, p->current_days, err) != 0))
        return -1;
    for (size_t which = 0; p->parents && which < 2; which++)
        if (take_parents(&r, which, err) != 0)
            return -1;
    return 0;
}

struct enrolment {
    struct people *people;
    const uint32_t *kind;
    const date *start, *end;
    uint64_t *bit; /* by code of kind: the kind's bit, 0 if no field asks for it */
};

static int enrolment_fold(void *context, unsigned range, size_t person, size_t begin, size_t end,
                          struct err *err)
{
    const struct enrolment *e = context;
    struct people *p = e->people;
    (void)range;
    (void)err;
    for (size_t day = 0; day < p->registered_days; day++)
        for (size_t i = begin; i < end; i++)
            if (period_holds(e->start[i], e->end[i], people_day(p, day)))
                p->registered[day * p->count + person] |= e->bit[e->kind[i]];
    return 0;
}

int registration_add(struct people *p, const struct frame *f, unsigned threads, struct err *err)
{
    if (!p->registered)
        return 0;
    const uint32_t *person = person_rows_check(f, p->count, err);
    if (!person)
        return -1;
    struct column *kind = person_rows_coded(f, "kind", err);
    struct column *start = kind ? frame_need(f, "start_date", COLUMN_I32, err) : NULL;
    struct column *end = start ? frame_need(f, "end_date", COLUMN_I32, err) : NULL;
    if (!end)
        return -1;
    struct enrolment e = {p, kind->cells, start->cells, end->cells, NULL};
    if (!(e.bit = calloc((size_t)kind->dictionary.count + 1, sizeof *e.bit)))
        return err_memory(err);
    for (size_t k = 0; k < p->kind_count; k++) {
        uint32_t code = dictionary_find(&kind->dictionary, p->kinds[k], strlen(p->kinds[k]));
        if (code)
            e.bit[code] = UINT64_C(1) << k;
    }
    int rc = person_rows_each(person, f->rows, threads, enrolment_fold, &e, err);
    free(e.bit);
    return rc;
}

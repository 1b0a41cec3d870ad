/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/link/register.h. */
#include "link/register.h"

#include "link/person_rows.h"

#include <stdlib.h>
#include <string.h>

/* The register's columns while they are folded; maps and columns that nobody needs are NULL. */
struct registry {
    struct people *people;
    const struct frame *frame;
    const date *birth;
    const uint32_t *sex, *first, *current, *parents[2];
    uint8_t *sex_map;
    uint16_t *first_map, *current_map;
};

/* The first known code of rows [begin, end). */
static uint32_t known(const uint32_t *codes, size_t begin, size_t end)
{
    for (size_t i = begin; i < end; i++)
        if (codes[i] != 0)
            return codes[i];
    return 0;
}

static int registry_fold(void *context, unsigned range, size_t person, size_t begin, size_t end,
                         struct err *err)
{
    const struct registry *r = context;
    struct people *p = r->people;
    (void)range;
    p->flags[person] |= PERSON_LINKED;
    for (size_t i = begin + 1; i < end; i++)
        if (person_rows_compare(r->frame, begin, i) != 0)
            p->flags[person] |= PERSON_DIFFERING;
    for (size_t i = begin; p->birth && i < end && p->birth[person] == DATE_NONE; i++)
        p->birth[person] = r->birth[i];
    if (p->sex)
        p->sex[person] = r->sex_map[known(r->sex, begin, end)];
    if (p->first)
        p->first[person] = r->first_map[known(r->first, begin, end)];
    for (size_t day = 0; p->current && day < p->current_days; day++) /* it has no history */
        p->current[day * p->count + person] = r->current_map[known(r->current, begin, end)];
    if (!p->parents)
        return 0;
    const uint32_t parents[2] = {known(r->parents[0], begin, end),
                                 known(r->parents[1], begin, end)};
    return people_take_parents(p, person, parents, err);
}

/* The cells of a coded column and their meaning. */
static int take_nations(struct registry *r, const char *name, const uint32_t **cells,
                        uint16_t **map, struct err *err)
{
    struct column *c = person_rows_coded(r->frame, name, err);
    if (!c)
        return -1;
    *cells = c->cells;
    return people_map_nations(r->people, c, map, err);
}

static int registry_open(struct registry *r, struct err *err)
{
    struct people *p = r->people;
    struct column *c;
    if (p->birth) {
        if (!(c = frame_need(r->frame, "birth_date", COLUMN_I32, err)))
            return -1;
        r->birth = c->cells;
    }
    if (p->sex) {
        if (!(c = person_rows_coded(r->frame, "sex", err)) ||
            people_map_sex(c, &r->sex_map, err) != 0)
            return -1;
        r->sex = c->cells;
    }
    for (int i = 0; p->parents && i < 2; i++) {
        if (!(c = frame_need(r->frame, i ? "parent2" : "parent1", COLUMN_U32, err)))
            return -1;
        r->parents[i] = c->cells;
    }
    if (p->first && take_nations(r, "nationality_first", &r->first, &r->first_map, err) != 0)
        return -1;
    if (p->current &&
        take_nations(r, "nationality_current", &r->current, &r->current_map, err) != 0)
        return -1;
    return 0;
}

int register_add(struct people *p, const struct frame *f, unsigned threads, struct err *err)
{
    struct registry r = {.people = p, .frame = f};
    const uint32_t *person = person_rows_check(f, p->count, err);
    int rc = -1;
    if (person && registry_open(&r, err) == 0)
        rc = person_rows_each(person, f->rows, threads, registry_fold, &r, err);
    free(r.sex_map);
    free(r.first_map);
    free(r.current_map);
    return rc;
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

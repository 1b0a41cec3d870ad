/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/link/parents.h. */
#include "link/parents.h"

#include "io/artefacts.h"
#include "link/person_rows.h"

/* Order of a day and another one shifted by whole years: birthdays, not multiples of 365 days; 29
 * February stands between 28 February and 1 March in any year. */
static int compare_shifted(struct ymd from, int years, struct ymd to)
{
    if (from.year + years != to.year)
        return from.year + years < to.year ? -1 : 1;
    int a = from.month * 32 + from.day, b = to.month * 32 + to.day;
    return (a > b) - (a < b);
}

bool parent_age_plausible(date parent, date child)
{
    if (parent == DATE_NONE || child == DATE_NONE)
        return true;
    /* Nearly always the days alone tell, whatever leap days lie between. */
    int64_t days = (int64_t)child - parent;
    if (days >= PARENT_YEARS_LEAST * 366 && days <= PARENT_YEARS_MOST * 365)
        return true;
    if (days < PARENT_YEARS_LEAST * 365 || days > PARENT_YEARS_MOST * 366)
        return false;
    struct ymd p = date_split(parent), c = date_split(child);
    return compare_shifted(p, PARENT_YEARS_LEAST, c) <= 0 &&
           compare_shifted(p, PARENT_YEARS_MOST, c) >= 0;
}

static bool is_person(uint32_t parent)
{
    return parent != 0 && parent != PARENT_NONE;
}

void parents_prefetch(const struct people *p, size_t person)
{
    for (size_t i = 0; i < 2; i++) {
        uint32_t parent = p->parents[2 * person + i];
        if (!is_person(parent))
            continue;
        __builtin_prefetch(&p->birth[parent - 1]);
        __builtin_prefetch(&p->first[parent - 1]);
    }
}

void parents_of(const struct people *p, size_t person, uint32_t parents[2],
                struct parent_counts *counts)
{
    struct parent_counts unused = {0};
    struct parent_counts *n = counts ? counts : &unused;
    uint32_t first = 0;
    for (size_t i = 0; i < 2; i++) {
        uint32_t parent = p->parents[2 * person + i];
        parents[i] = parent;
        if (!is_person(parent))
            continue;
        n->links++;
        uint64_t *reason = NULL;
        if (parent == person + 1)
            reason = &n->self;
        else if (parent == first)
            reason = &n->same;
        else if (!parent_age_plausible(p->birth[parent - 1], p->birth[person]))
            reason = &n->age;
        first = parent;
        if (reason) {
            parents[i] = 0;
            ++*reason;
        }
    }
}

void grandparents_of(const struct people *p, uint32_t parent, uint32_t grandparents[2])
{
    if (is_person(parent))
        parents_of(p, parent - 1, grandparents, NULL);
    else
        grandparents[0] = grandparents[1] = parent;
}

uint16_t parent_first(const struct people *p, uint32_t parent)
{
    if (parent == PARENT_NONE)
        return NATION_NONE;
    return parent ? p->first[parent - 1] : 0;
}

struct filiation {
    struct people *people;
    const struct frame *frame;
    const uint32_t *parents[2];
};

static int filiation_fold(void *context, unsigned range, size_t person, size_t begin, size_t end,
                          struct err *err)
{
    const struct filiation *f = context;
    struct people *p = f->people;
    (void)range;
    p->flags[person] |= PERSON_LINKED;
    for (size_t i = begin + 1; i < end; i++)
        if (person_rows_compare(f->frame, begin, i) != 0)
            p->flags[person] |= PERSON_DIFFERING;
    if (!p->parents)
        return 0;
    uint32_t parents[2] = {0, 0};
    for (size_t i = begin; i < end; i++)
        for (int k = 0; k < 2; k++)
            if (parents[k] == 0)
                parents[k] = f->parents[k][i];
    return people_take_parents(p, person, parents, err);
}

int parents_add(struct people *p, const struct frame *f, unsigned threads, struct err *err)
{
    const uint32_t *person = person_rows_check(f, p->count, err);
    struct column *one = person ? frame_need(f, "parent1", COLUMN_U32, err) : NULL;
    struct column *two = one ? frame_need(f, "parent2", COLUMN_U32, err) : NULL;
    if (!two)
        return -1;
    struct filiation all = {p, f, {one->cells, two->cells}};
    return person_rows_each(person, f->rows, threads, filiation_fold, &all, err);
}

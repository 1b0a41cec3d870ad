/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Registrations by quota, and a plain count of the world at a date: FL2016 from the four facts, as
 * the files will state them, with nothing taken from how they were made up.
 */
#include "draw.h"
#include "world.h"

#include <string.h>

/* An active registration whose date is not yet given. */
static void register_on(struct world *w, uint32_t i, int year)
{
    struct career *c = &w->careers[i];
    date last = year_end(year), first = year ? year_end(year - 1) + 1 : last - 9 * 365;
    if (first < c->start)
        first = c->start;
    uint32_t days = (uint32_t)(last - first) + 1;
    c->registered = first + (date)draw_below(w->seed, DRAW_REGISTERED_ON, i, days);
}

static bool can_register(const struct world *w, uint32_t i, date day)
{
    uint8_t flags = w->persons[i].flags;
    return career_in_force(&w->careers[i], day) && (flags & PERSON_REGISTERED) &&
           !(flags & PERSON_BAD_NUMBER);
}

void registrations_build(struct world *w)
{
    for (int year = 0; year < YEAR_COUNT; year++) {
        uint32_t can = 0, have = 0, target = scaled(YEARS[year].disability, w->staff, STAFF_NAMED);
        for (uint32_t i = 0; i < w->career_count; i++)
            if (can_register(w, i, year_end(year))) {
                bool has = w->careers[i].registered != DATE_NONE;
                have += has;
                can += !has;
            }
        uint32_t wanted = target > have ? target - have : 0;
        for (uint32_t i = 0; i < w->career_count && wanted > 0; i++) {
            if (w->careers[i].registered != DATE_NONE || !can_register(w, i, year_end(year)))
                continue;
            uint64_t of = (uint64_t)i * YEAR_COUNT + (unsigned)year;
            if (draw_below(w->seed, DRAW_REGISTRATION, of, can--) < wanted) {
                register_on(w, i, year);
                wanted--;
            }
        }
    }
}

static bool is_eu(uint16_t nis, date day)
{
    static const uint16_t members[] = {103, 105, 106, 107, 108, 109, 110, 111, 113,
                                       114, 115, 116, 119, 122, 123, 124, 126, 128,
                                       129, 135, 136, 137, 140, 141, 146, 147, NIS_BELGIUM};
    for (size_t i = 0; i < sizeof members / sizeof *members; i++)
        if (members[i] == nis)
            return true;
    return nis == 112 && day <= date_make(2020, 1, 31);
}

/* The four facts in the order that decides the group: father, mother, own first, own current. */
static void origin_count(const struct world *w, const struct person *p, date day, struct figures *f)
{
    uint16_t facts[4] = {NIS_UNKNOWN, NIS_UNKNOWN, NIS_UNKNOWN, NIS_UNKNOWN};
    if ((p->flags & PERSON_REGISTERED) && !(p->flags & PERSON_BAD_NUMBER)) {
        for (int i = 0; i < 2; i++) {
            uint32_t parent = p->parent[i];
            if (parent == PARENT_ABSENT)
                facts[i] = NIS_BELGIUM; /* nothing to test */
            else if (parent != PARENT_UNKNOWN && (w->persons[parent].flags & PERSON_REGISTERED))
                facts[i] = w->persons[parent].first;
        }
        facts[2] = p->first;
        facts[3] = p->changed != DATE_NONE && p->changed <= day ? p->current : p->first;
    }
    bool unknown = false;
    for (int i = 0; i < 4; i++) {
        if (facts[i] != NIS_BELGIUM && facts[i] != NIS_UNKNOWN) {
            f->foreign++;
            f->eu += is_eu(facts[i], day);
            return;
        }
        unknown |= facts[i] == NIS_UNKNOWN;
    }
    f->unknown += unknown;
    f->belgian += !unknown;
}

void figures_count(const struct world *w, date day, struct figures *f)
{
    memset(f, 0, sizeof *f);
    for (uint32_t i = 0; i < w->career_count; i++) {
        const struct career *c = &w->careers[i];
        if (!career_in_force(c, day))
            continue;
        bool woman = w->persons[i].sex == 'f';
        enum role role = career_role(w, c, day);
        f->head_count++;
        f->women += woman;
        f->top += role == ROLE_TOP;
        f->top_women += role == ROLE_TOP && woman;
        f->middle += role == ROLE_MIDDLE;
        f->middle_women += role == ROLE_MIDDLE && woman;
        f->disability += c->registered != DATE_NONE && c->registered <= day;
        origin_count(w, &w->persons[i], day, f);
    }
}

bool figures_as_planned(const struct world *w, date day, const struct figures *f)
{
    int year = year_at(day);
    if (day != year_end(year))
        return true;
    const struct year_figures *y = &YEARS[year];
    return f->head_count == w->staff &&
           f->foreign == scaled(y->foreign_per_mille, w->staff, 1000) &&
           f->disability == scaled(y->disability, w->staff, STAFF_NAMED) &&
           f->top_women == scaled(y->top_women, w->entity_count, ENTITIES_NAMED) &&
           f->middle_women == scaled(y->middle_women, w->staff, STAFF_NAMED);
}

/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Families: nationalities, parents and grandparents of the staff, and the rest of the register.
 *
 * Whoever is of foreign origin by quota gets a fact that says so: an own nationality, or a parent's
 * first one. Nobody else gets one. Two persons in three have both parents in the register, about
 * one parent in eight is unknown, one person in fifty legally has no second parent; the others'
 * parents have a number but no row in the extract. Of the foreign, 39 in 100 come from another EU
 * country.
 */
#include "draw.h"
#include "numbers.h"

enum family {
    FAMILY_BOTH,
    FAMILY_NONE_KNOWN,
    FAMILY_MOTHER,
    FAMILY_FATHER,
    FAMILY_ONE_LEGAL,
    FAMILY_FATHER_ELSEWHERE,
    FAMILY_BOTH_ELSEWHERE,
    FAMILY_COUNT,
};

/* Per mille; sums to 1000. */
static const uint16_t FAMILY_SHARE[FAMILY_COUNT] = {667, 85, 60, 25, 20, 90, 53};

static enum family family_draw(const struct world *w, uint32_t person)
{
    uint32_t pick = draw_below(w->seed, DRAW_FAMILY, person, 1000);
    int family = 0;
    while (pick >= FAMILY_SHARE[family])
        pick -= FAMILY_SHARE[family++];
    return (enum family)family;
}

static uint16_t country_draw(const struct world *w, uint64_t of)
{
    static const uint16_t eu[] = {129, 129, 129, 129, 129, 129, 111, 111, 111, 128,
                                  128, 128, 122, 122, 103, 103, 109, 109, 123, 124,
                                  124, 106, 114, 112, 112, 140, 115, 146, 113, 116};
    static const uint16_t other[] = {354, 354, 354, 354, 354, 354, 354, 354, 354, 354, 262, 262,
                                     262, 262, 262, 262, 262, 306, 306, 306, 145, 145, 351, 357,
                                     327, 314, 304, 261, 254, 251, 255, 143, 153, 152, 149, 249,
                                     207, 218, 214, 235, 402, 513, 515, 522, 259, 127, 309, 329};
    bool is_eu = draw_chance(w->seed, DRAW_COUNTRY, 2 * of, 3900);
    if (is_eu)
        return eu[draw_below(w->seed, DRAW_COUNTRY, 2 * of + 1, sizeof eu / sizeof *eu)];
    return other[draw_below(w->seed, DRAW_COUNTRY, 2 * of + 1, sizeof other / sizeof *other)];
}

/* Became Belgian (or something else) at 2 to 40 years of age, before `latest`. */
static void nationality_change(struct world *w, uint32_t person, uint16_t to, date latest)
{
    struct person *p = &w->persons[person];
    date day = p->birth + 730 + (date)draw_below(w->seed, DRAW_CHANGED, person, 38 * 365);
    p->changed = day < latest ? day : p->birth + (latest - p->birth) / 2;
    p->current = to;
}

enum { OWN_BOTH, OWN_FIRST, OWN_PARENTS, OWN_CURRENT, OWN_LOST };

/* Which of their facts makes a foreign person foreign. */
static int reason_draw(const struct world *w, uint32_t person)
{
    uint32_t pick = draw_below(w->seed, DRAW_ORIGIN, person, 1000);
    return pick < 300   ? OWN_BOTH
           : pick < 600 ? OWN_FIRST
           : pick < 975 ? OWN_PARENTS
           : pick < 995 ? OWN_CURRENT
                        : OWN_LOST;
}

static void own_nationality(struct world *w, uint32_t person, int reason, uint16_t country)
{
    struct person *p = &w->persons[person];
    date before_the_sample = year_end(0) - 30;
    if (reason == OWN_BOTH || reason == OWN_FIRST)
        p->first = p->current =
            draw_chance(w->seed, DRAW_UNKNOWN, person, 30) ? NIS_UNMAPPED : country;
    if (reason == OWN_FIRST)
        nationality_change(w, person, NIS_BELGIUM, year_end(YEAR_COUNT - 1));
    if (reason == OWN_CURRENT)
        nationality_change(w, person, country, before_the_sample);
    if (reason == OWN_LOST)
        nationality_change(w, person, NATIONALITY_LOST, before_the_sample);
}

/* Numbers of the staff; some had another one before, some have a BIS number still. */
static void staff_number(struct world *w, uint32_t person)
{
    struct person *p = &w->persons[person];
    struct career *c = &w->careers[person];
    uint32_t pick = draw_below(w->seed, DRAW_NUMBER_KIND, person, 1000);
    bool newcomer = p->first != NIS_BELGIUM;
    enum number_kind kind = !newcomer || pick >= 120 ? NUMBER_REGISTER
                            : pick < 70              ? NUMBER_BIS
                            : pick < 90              ? NUMBER_BIS_NO_SEX
                                                     : NUMBER_YEAR_ONLY;
    p->nine = number_issue(w, &p->birth, p->sex, kind, person);
    uint32_t renumbered = (newcomer ? 800U : 10U) + (w->events ? 600U : 0U);
    if (kind != NUMBER_REGISTER || !(p->flags & PERSON_REGISTERED) || p->sex == 'x' ||
        !draw_chance(w->seed, DRAW_ALIAS, person, renumbered))
        return;
    uint64_t of = UINT64_C(1) << 40 | person;
    date birth = p->birth; /* a free BIS serial there is, so the day stays */
    c->old_number = number_issue(w, &birth, p->sex, NUMBER_BIS, of);
    if (pick % 4 == 0)
        c->older_number = number_issue(w, &birth, p->sex, NUMBER_BIS_NO_SEX, of + 1);
}

/* A parent of a given sex, `years` to `years` + 20 older; in the register if there is room. */
static uint32_t parent_add(struct world *w, uint32_t child, char sex, uint16_t nationality,
                           bool registered)
{
    uint64_t of = 2 * (uint64_t)child + (sex == 'm');
    int years = sex == 'm' ? 22 : 20;
    date birth = w->persons[child].birth - years * 365 -
                 (date)draw_below(w->seed, DRAW_PARENT, of, 20 * 365);
    if (birth < date_make(1901, 1, 1))
        return PARENT_UNKNOWN;
    uint32_t parent = person_add(w, birth, sex, nationality);
    if (parent == UINT32_MAX)
        return PARENT_UNKNOWN; /* families_build looks at out_of_memory */
    struct person *p = &w->persons[parent];
    enum number_kind kind = registered || nationality == NIS_BELGIUM ? NUMBER_REGISTER : NUMBER_BIS;
    p->nine = number_issue(w, &p->birth, sex, kind, parent);
    if (registered)
        (void)person_register(w, parent);
    if (nationality != NIS_BELGIUM && draw_chance(w->seed, DRAW_MIXED, of, 4500))
        nationality_change(w, parent, NIS_BELGIUM, year_end(0));
    else if (nationality == NIS_BELGIUM && draw_chance(w->seed, DRAW_MIXED, of, 30))
        nationality_change(w, parent, country_draw(w, of), year_end(0));
    return parent;
}

static bool couple_fits(const struct world *w, uint32_t person, const uint32_t couple[2])
{
    for (int i = 0; i < 2; i++) {
        if (couple[i] >= w->person_count)
            return false;
        int32_t older = w->persons[person].birth - w->persons[couple[i]].birth;
        if (older < 18 * 365 || older > 45 * 365)
            return false;
    }
    return true;
}

/* A colleague, Belgian by all facts of their own, old enough to be a parent of the person. */
static uint32_t colleague_draw(const struct world *w, uint32_t person)
{
    for (uint32_t try = 0; try < 4; try++) {
        uint64_t of = 4 * (uint64_t)person + try;
        uint32_t other = draw_below(w->seed, DRAW_COLLEAGUE, of, w->career_count);
        const struct person *p = &w->persons[other];
        int32_t older = w->persons[person].birth - p->birth;
        if ((p->flags & PERSON_REGISTERED) && !(p->flags & PERSON_FOREIGN) &&
            p->first == NIS_BELGIUM && p->sex == 'f' && older > 20 * 365 && older < 42 * 365)
            return other;
    }
    return PARENT_UNKNOWN;
}

static void parents_add(struct world *w, uint32_t person, enum family family,
                        const uint16_t country[2])
{
    uint32_t father = PARENT_UNKNOWN, mother = PARENT_UNKNOWN;
    if (family == FAMILY_BOTH || family == FAMILY_FATHER || family == FAMILY_ONE_LEGAL)
        father = parent_add(w, person, 'm', country[0], true);
    if (family == FAMILY_BOTH || family == FAMILY_MOTHER || family == FAMILY_FATHER_ELSEWHERE)
        mother = parent_add(w, person, 'f', country[1], true);
    if (family == FAMILY_FATHER_ELSEWHERE || family == FAMILY_BOTH_ELSEWHERE)
        father = parent_add(w, person, 'm', country[0], false);
    if (family == FAMILY_BOTH_ELSEWHERE)
        mother = parent_add(w, person, 'f', country[1], false);
    if (family == FAMILY_ONE_LEGAL)
        mother = PARENT_ABSENT;
    struct person *p = &w->persons[person]; /* only now: adding persons moves them */
    p->parent[0] = father;
    p->parent[1] = mother;
    if (family == FAMILY_NONE_KNOWN && person % 2)
        p->flags |= PERSON_NO_ROW;
}

static bool has_registered_foreign_parent(const struct world *w, const struct person *p)
{
    for (int i = 0; i < 2; i++) {
        if (p->parent[i] >= PARENT_ABSENT)
            continue;
        const struct person *parent = &w->persons[p->parent[i]];
        if ((parent->flags & PERSON_REGISTERED) && parent->first != NIS_BELGIUM)
            return true;
    }
    return false;
}

static void foreign_family(struct world *w, uint32_t person)
{
    int reason = reason_draw(w, person);
    enum family family = family_draw(w, person);
    uint16_t from = country_draw(w, person), country[2] = {from, from};
    if (reason == OWN_CURRENT || reason == OWN_LOST)
        country[0] = country[1] = NIS_BELGIUM;
    own_nationality(w, person, reason, from);
    staff_number(w, person);
    if (reason == OWN_PARENTS) { /* both, or one: then both must be known to tell which */
        uint32_t mixed = draw_below(w->seed, DRAW_MIXED, person, 100);
        family = mixed >= 55 || family == FAMILY_NONE_KNOWN || family == FAMILY_BOTH_ELSEWHERE
                     ? FAMILY_BOTH
                     : family;
        if (mixed >= 55)
            country[mixed < 75] = NIS_BELGIUM;
    }
    parents_add(w, person, family, country);
    if (reason == OWN_PARENTS && !has_registered_foreign_parent(w, &w->persons[person]))
        own_nationality(w, person, OWN_FIRST, from); /* no room in the register, or too long ago */
}

static void other_family(struct world *w, uint32_t person, uint32_t couple[2])
{
    static const uint16_t belgian[2] = {NIS_BELGIUM, NIS_BELGIUM};
    enum family family = family_draw(w, person);
    struct person *p = &w->persons[person];
    if (draw_chance(w->seed, DRAW_UNKNOWN, person, 30))
        p->first = p->current = NIS_UNKNOWN;
    staff_number(w, person);
    if (family == FAMILY_BOTH && couple_fits(w, person, couple) &&
        draw_chance(w->seed, DRAW_SIBLING, person, 900)) {
        p->parent[0] = couple[0];
        p->parent[1] = couple[1];
        return;
    }
    parents_add(w, person, family, belgian);
    p = &w->persons[person];
    if (family != FAMILY_BOTH)
        return;
    couple[0] = p->parent[0];
    couple[1] = p->parent[1];
    if (draw_chance(w->seed, DRAW_COLLEAGUE, UINT64_C(1) << 60 | person, 100)) {
        uint32_t colleague = colleague_draw(w, person);
        if (colleague != PARENT_UNKNOWN)
            p->parent[1] = colleague;
    }
}

/* Grandparents for every other registered parent while a tenth of the register stays free. */
static void grandparents_add(struct world *w, uint32_t from)
{
    uint32_t until = w->person_count, most = w->population - w->population / 10;
    for (uint32_t i = from; i < until && w->registered + 2 <= most; i++) {
        uint16_t first = w->persons[i].first, country[2] = {first, first};
        bool named = (w->persons[i].flags & PERSON_REGISTERED) != 0;
        if (!named || draw_below(w->seed, DRAW_GRANDPARENT, i, 2))
            continue;
        if (first == NIS_BELGIUM && draw_chance(w->seed, DRAW_MIXED, UINT64_C(1) << 60 | i, 400))
            country[i % 2] = country_draw(w, i);
        parents_add(w, i, family_draw(w, i), country);
    }
}

static void student_add(struct world *w)
{
    date from = date_make(1995, 1, 1), to = date_make(2001, 12, 31);
    uint32_t person = w->person_count;
    date birth = from + (date)draw_below(w->seed, DRAW_STUDENT, person, (uint32_t)(to - from));
    char sex = draw_below(w->seed, DRAW_SEX, person, 2) ? 'f' : 'm';
    if (person_add(w, birth, sex, NIS_BELGIUM) == UINT32_MAX)
        return;
    struct person *p = &w->persons[person];
    p->nine = number_issue(w, &p->birth, sex, NUMBER_REGISTER, person);
    if (draw_chance(w->seed, DRAW_ORIGIN, person, 1500))
        p->first = p->current = country_draw(w, person);
    (void)person_register(w, person);
}

/* The rest of the population, from the oldest to the youngest, so that parents are found by where
 * they must stand in the row. */
static void others_add(struct world *w)
{
    date from = date_make(1905, 1, 1);
    uint32_t first = w->person_count, count = w->population - w->registered;
    uint64_t days = (uint64_t)(date_make(2015, 12, 31) - from);
    for (uint32_t i = 0; i < count; i++) {
        uint32_t person = first + i;
        date birth = from + (date)(days * i / count);
        char sex = i % 2 ? 'f' : 'm';
        uint16_t nationality = NIS_BELGIUM;
        if (draw_chance(w->seed, DRAW_ORIGIN, person, 1300))
            nationality = country_draw(w, person);
        if (person_add(w, birth, sex, nationality) == UINT32_MAX)
            return;
        struct person *p = &w->persons[person];
        p->nine = number_issue(w, &p->birth, sex, NUMBER_REGISTER, person);
        if (nationality != NIS_BELGIUM && draw_chance(w->seed, DRAW_MIXED, person, 5000))
            nationality_change(w, person, NIS_BELGIUM, year_end(0));
        (void)person_register(w, person);
        enum family family = family_draw(w, person);
        uint64_t years = 22 + draw_below(w->seed, DRAW_PARENT, person, 16);
        uint64_t gap = years * 365 * count / days;
        gap += (gap + i) % 2; /* lands on a man */
        if (family == FAMILY_BOTH && gap + 2 < i) {
            p->parent[0] = person - (uint32_t)gap;
            p->parent[1] = person - (uint32_t)gap + 1;
        } else if (family == FAMILY_ONE_LEGAL) {
            p->parent[1] = PARENT_ABSENT;
        }
    }
}

int families_build(struct world *w, struct err *err)
{
    uint32_t couple[2] = {PARENT_UNKNOWN, PARENT_UNKNOWN};
    for (uint32_t i = 0; i < w->career_count;
         i++) /* first, so that there is room for their parents */
        if (w->persons[i].flags & PERSON_FOREIGN)
            foreign_family(w, i);
    for (uint32_t i = 0; i < w->career_count; i++)
        if (!(w->persons[i].flags & PERSON_FOREIGN))
            other_family(w, i, couple);
    grandparents_add(w, w->career_count);
    w->student_first = w->person_count;
    for (w->student_count = 0; w->student_count < w->staff / 60; w->student_count++)
        student_add(w);
    others_add(w);
    return w->out_of_memory ? err_memory(err) : 0;
}

/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Careers: who holds which post when. Each year some 3 to 6 % of the posts change hands, more often
 * where the holder is over 61; leading posts do not. Foreign origin is handed out by quota: at the
 * end of each year the government has exactly its share, each entity about its own, and whoever
 * stays keeps theirs, so the quota falls to the newcomers (selection sampling: D. E. Knuth, The Art
 * of Computer Programming 2, 3.4.2, algorithm S).
 */
#include "draw.h"
#include "world.h"

#include <stdlib.h>

static int career_add(struct world *w, uint32_t post, date start, date birth, char sex,
                      struct err *err)
{
    if (w->career_count == w->career_capacity) {
        uint32_t capacity = w->career_capacity ? w->career_capacity * 2 : w->staff + 64;
        struct career *grown = realloc(w->careers, capacity * sizeof *grown);
        if (!grown)
            return err_memory(err);
        w->careers = grown;
        w->career_capacity = capacity;
    }
    uint32_t person = person_add(w, birth, sex, NIS_BELGIUM);
    if (person == UINT32_MAX)
        return err_memory(err);
    w->careers[w->career_count++] =
        (struct career){.post = post, .start = start, .end = DATE_NONE, .registered = DATE_NONE};
    /* Nobody without a valid number or without a register row can be known to be foreign; one in
     * 700 and one in 300, and never more than the files can bear. */
    if (draw_chance(w->seed, DRAW_BAD, person, 14))
        w->persons[person].flags |= PERSON_BAD_NUMBER;
    if (!draw_chance(w->seed, DRAW_ABSENT, person, 33))
        (void)person_register(w, person);
    return 0;
}

static char sex_draw(const struct world *w, const struct post *post, uint32_t person)
{
    static const uint32_t women[] = {[KIND_OFFICE] = 5700,
                                     [KIND_CARE] = 7600,
                                     [KIND_TRANSPORT] = 2200,
                                     [KIND_FIELD] = 4400,
                                     [KIND_COUNCIL] = 5600};
    if (post->role != ROLE_NONE)
        return post->holder;
    uint32_t pick = draw_below(w->seed, DRAW_SEX, person, 10000);
    if (pick < 8)
        return 'x';
    return pick < women[w->entities[post->entity].kind] ? 'f' : 'm';
}

/* Staff at the end of FIRST_YEAR: 20 to 62 years old, the middle-aged most; leaders over 40. */
static int first_holder(struct world *w, uint32_t index, struct err *err)
{
    static const uint8_t ages[][2] = {{20, 25}, {25, 35}, {25, 35}, {35, 45}, {35, 45},
                                      {35, 45}, {45, 55}, {45, 55}, {45, 55}, {55, 62}};
    uint32_t person = w->career_count;
    const struct post *post = &w->posts[index];
    uint32_t pick = draw_below(w->seed, DRAW_BIRTH, person, 100);
    const uint8_t *age = post->role != ROLE_NONE ? ages[6 + pick % 3]
                         : pick < 4              ? ages[0]
                                                 : ages[1 + pick % 9];
    uint32_t days = (uint32_t)(age[1] - age[0]) * 365;
    date birth =
        year_end(0) - age[0] * 365 - (date)draw_below(w->seed, DRAW_MONTH, person, days) - 60;
    int32_t worked = year_end(0) - birth - 18 * 365;
    date start = year_end(0) - (date)draw_below(w->seed, DRAW_START, person, (uint32_t)worked);
    struct ymd day = date_split(start);
    if (draw_chance(w->seed, DRAW_START, person + UINT64_C(0x100000000), 7000))
        start = date_make(day.year, day.month, 1);
    return career_add(w, index, start, birth, sex_draw(w, post, person), err);
}

static int next_holder(struct world *w, uint32_t index, date start, struct err *err)
{
    uint32_t person = w->career_count;
    uint32_t age = draw_below(w->seed, DRAW_BIRTH, person, 8) < 6 ? 22 * 365 : 35 * 365;
    uint32_t days = age == 22 * 365 ? 13 * 365 : 20 * 365;
    date birth = start - (date)(age + draw_below(w->seed, DRAW_MONTH, person, days));
    return career_add(w, index, start, birth, sex_draw(w, &w->posts[index], person), err);
}

static bool leaves(const struct world *w, uint32_t career, int year)
{
    const struct career *c = &w->careers[career];
    const struct post *post = &w->posts[c->post];
    if (post->role != ROLE_NONE)
        return false;
    int age = date_age(w->persons[career].birth, year_end(year));
    uint32_t rate = age >= 65 ? 6000 : age >= 62 ? 2500 : 300 + 37 * (post->entity % 5);
    return draw_chance(w->seed, DRAW_LEAVE, (uint64_t)career * YEAR_COUNT + (unsigned)year, rate);
}

/* How many of an entity's newcomers can be, and should be, of foreign origin. */
struct quota {
    uint32_t can, wanted;
};

static bool may_be_foreign(const struct world *w, uint32_t person)
{
    uint8_t flags = w->persons[person].flags;
    return (flags & PERSON_REGISTERED) && !(flags & PERSON_BAD_NUMBER);
}

/* Wanted by entity so that the sum is right, within what can be. */
static void quotas_share(const struct world *w, struct quota *quotas, const uint32_t *staying,
                         int year)
{
    uint32_t target = scaled(YEARS[year].foreign_per_mille, w->staff, 1000);
    uint64_t weights = 0, running = 0, before = 0, given = 0;
    for (size_t e = 0; e < w->entity_count; e++)
        weights += (uint64_t)w->entities[e].staff * w->entities[e].foreign;
    for (size_t e = 0; e < w->entity_count; e++) {
        running += (uint64_t)w->entities[e].staff * w->entities[e].foreign;
        uint64_t until = weights ? (2 * running * target + weights) / (2 * weights) : 0;
        uint64_t share = until - before;
        before = until;
        quotas[e].wanted = share > staying[e] ? (uint32_t)share - staying[e] : 0;
        if (quotas[e].wanted > quotas[e].can)
            quotas[e].wanted = quotas[e].can;
        given += quotas[e].wanted + staying[e];
    }
    for (bool moved = true; given != target && moved;) { /* what rounding and limits left over */
        moved = false;
        for (size_t e = 0; e < w->entity_count && given != target; e++) {
            bool more = given < target;
            if (w->entities[e].foreign == 0 ||
                (more ? quotas[e].wanted == quotas[e].can : quotas[e].wanted == 0))
                continue;
            quotas[e].wanted += more ? 1U : -1U;
            given += more ? 1U : (uint64_t)-1;
            moved = true;
        }
    }
}

/* Gives this year's newcomers, careers [from, career_count), their origin. */
static int origins_hand_out(struct world *w, uint32_t from, int year, struct err *err)
{
    int rc = -1;
    struct quota *quotas = calloc(w->entity_count, sizeof *quotas);
    uint32_t *staying = calloc(w->entity_count, sizeof *staying);
    if (!quotas || !staying) {
        (void)err_memory(err);
        goto out;
    }
    for (uint32_t i = 0; i < w->career_count; i++) {
        uint32_t e = w->posts[w->careers[i].post].entity;
        if (i >= from)
            quotas[e].can += may_be_foreign(w, i);
        else if (career_in_force(&w->careers[i], year_end(year)))
            staying[e] += (w->persons[i].flags & PERSON_FOREIGN) != 0;
    }
    quotas_share(w, quotas, staying, year);
    for (uint32_t i = from; i < w->career_count; i++) {
        struct quota *q = &quotas[w->posts[w->careers[i].post].entity];
        if (!may_be_foreign(w, i))
            continue;
        if (draw_below(w->seed, DRAW_FOREIGN, i, q->can--) < q->wanted) {
            w->persons[i].flags |= PERSON_FOREIGN;
            q->wanted--;
        }
    }
    rc = 0;
out:
    free(quotas);
    free(staying);
    return rc;
}

int careers_build(struct world *w, struct err *err)
{
    for (uint32_t post = 0; post < w->staff; post++)
        if (first_holder(w, post, err))
            return -1;
    if (origins_hand_out(w, 0, 0, err))
        return -1;
    for (int year = 1; year < YEAR_COUNT; year++) {
        uint32_t before = w->career_count;
        for (uint32_t i = 0; i < before; i++) {
            if (w->careers[i].end != DATE_NONE || !leaves(w, i, year))
                continue;
            uint64_t of = (uint64_t)i * YEAR_COUNT + (unsigned)year;
            int month = 1 + (int)draw_below(w->seed, DRAW_MONTH, of | UINT64_C(1) << 60, 12);
            date start = date_make(FIRST_YEAR + year, month, 1);
            w->careers[i].end = start - 1;
            if (next_holder(w, w->careers[i].post, start, err))
                return -1;
        }
        if (origins_hand_out(w, before, year, err))
            return -1;
    }
    return 0;
}

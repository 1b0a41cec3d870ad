/* SPDX-License-Identifier: EUPL-1.2 */
/* See world.h: entities, posts, leading posts, persons and the register's room. */
#include "world.h"

#include "draw.h"

#include <stdlib.h>
#include <string.h>

enum { NUMBER_BITS = 126 * 416 * 1000 /* years from 1900, day keys, serials: numbers.c */ };

date year_end(int year)
{
    return date_make(FIRST_YEAR + year, 12, 31);
}

int year_at(date day)
{
    struct ymd d = date_split(day);
    return d.year - FIRST_YEAR - (d.month < 12 || d.day < 31);
}

uint32_t scaled(unsigned n, uint64_t size, uint64_t named_size)
{
    return (uint32_t)((2 * n * size + named_size) / (2 * named_size));
}

bool career_in_force(const struct career *c, date day)
{
    return c->start <= day && (c->end == DATE_NONE || c->end >= day);
}

static uint32_t role_count(const struct world *w, enum role role, char sex, int year)
{
    const struct year_figures *y = &YEARS[year];
    if (role == ROLE_TOP)
        return scaled(sex == 'f' ? y->top_women : y->top_men, w->entity_count, ENTITIES_NAMED);
    return scaled(sex == 'f' ? y->middle_women : y->middle_men, w->staff, STAFF_NAMED);
}

enum role career_role(const struct world *w, const struct career *c, date day)
{
    const struct post *post = &w->posts[c->post];
    if (post->role == ROLE_NONE)
        return ROLE_NONE;
    uint32_t count = role_count(w, (enum role)post->role, post->holder, year_at(day));
    return post->rank < count ? (enum role)post->role : ROLE_NONE;
}

static uint32_t role_most(const struct world *w, enum role role, char sex)
{
    uint32_t most = 0;
    for (int year = 0; year < YEAR_COUNT; year++) {
        uint32_t count = role_count(w, role, sex, year);
        most = count > most ? count : most;
    }
    return most;
}

static void post_appoint(struct post *post, enum role role, char sex, uint32_t rank)
{
    post->role = (uint8_t)role;
    post->holder = sex;
    post->rank = rank;
}

/* Draws one of the two sexes by how many of each are still to come. */
static char holder_draw(const struct world *w, enum purpose purpose, uint32_t of, uint32_t women,
                        uint32_t men)
{
    return draw_below(w->seed, purpose, of, women + men) < women ? 'f' : 'm';
}

/* The first post of each entity is its head; further top posts, as many as the years need, are the
 * second posts of the largest entities. */
static void top_appoint(struct world *w)
{
    uint32_t women = role_count(w, ROLE_TOP, 'f', 0), given[2] = {0, 0};
    uint32_t heads = (uint32_t)w->entity_count, men = heads > women ? heads - women : 0;
    for (uint32_t e = 0; e < heads; e++) {
        char sex = holder_draw(w, DRAW_HEAD, e, women - given[0], men - given[1]);
        post_appoint(&w->posts[w->first_post[e]], ROLE_TOP, sex, given[sex == 'm']++);
    }
    while (given[0] < role_most(w, ROLE_TOP, 'f') || given[1] < role_most(w, ROLE_TOP, 'm')) {
        char sex = given[0] < role_most(w, ROLE_TOP, 'f') ? 'f' : 'm';
        uint32_t largest = UINT32_MAX;
        for (uint32_t e = 0; e < heads; e++) {
            struct post *second = &w->posts[w->first_post[e] + 1];
            if (w->entities[e].staff >= 20 && second->role == ROLE_NONE &&
                (largest == UINT32_MAX || w->entities[e].staff > w->entities[largest].staff))
                largest = e;
        }
        if (largest == UINT32_MAX)
            return;
        post_appoint(&w->posts[w->first_post[largest] + 1], ROLE_TOP, sex, given[sex == 'm']++);
    }
}

/* Middle posts at equal distances over all posts, so that large entities have more. */
static void middle_appoint(struct world *w)
{
    uint32_t women = role_most(w, ROLE_MIDDLE, 'f'), men = role_most(w, ROLE_MIDDLE, 'm');
    uint32_t given[2] = {0, 0}, all = women + men;
    for (uint32_t i = 0; i < all; i++) {
        uint64_t at = (2 * (uint64_t)i + 1) * w->staff / (2 * (uint64_t)all);
        while (at < w->staff && w->posts[at].role != ROLE_NONE)
            at++;
        if (at == w->staff)
            return;
        char sex = holder_draw(w, DRAW_MIDDLE, i, women - given[0], men - given[1]);
        post_appoint(&w->posts[at], ROLE_MIDDLE, sex, given[sex == 'm']++);
    }
}

int world_init(struct world *w, uint64_t seed, uint32_t staff, uint32_t population, size_t entities,
               struct err *err)
{
    memset(w, 0, sizeof *w);
    w->seed = seed;
    w->staff = staff;
    w->population = population;
    w->entity_count = entities;
    w->entities = government_build(seed, entities, staff, err);
    if (!w->entities)
        return -1;
    w->posts = calloc(staff, sizeof *w->posts);
    w->first_post = calloc(entities + 1, sizeof *w->first_post);
    w->numbers_taken = calloc(NUMBER_BITS / 8 + 1, 1);
    if (!w->posts || !w->first_post || !w->numbers_taken)
        return err_memory(err);
    for (uint32_t e = 0; e < entities; e++) {
        w->first_post[e + 1] = w->first_post[e] + w->entities[e].staff;
        for (uint32_t p = w->first_post[e]; p < w->first_post[e + 1]; p++)
            w->posts[p].entity = e;
    }
    top_appoint(w);
    middle_appoint(w);
    return 0;
}

void world_release(struct world *w)
{
    free(w->entities);
    free(w->posts);
    free(w->first_post);
    free(w->careers);
    free(w->persons);
    free(w->numbers_taken);
    memset(w, 0, sizeof *w);
}

uint32_t person_add(struct world *w, date birth, char sex, uint16_t nationality)
{
    if (w->person_count == w->person_capacity) {
        uint32_t capacity = w->person_capacity ? w->person_capacity + w->person_capacity / 2
                                               : w->population + w->staff / 2 + 64;
        struct person *grown = realloc(w->persons, capacity * sizeof *grown);
        if (!grown) {
            w->out_of_memory = true;
            return UINT32_MAX;
        }
        w->persons = grown;
        w->person_capacity = capacity;
    }
    w->persons[w->person_count] = (struct person){.birth = birth,
                                                  .changed = DATE_NONE,
                                                  .parent = {PARENT_UNKNOWN, PARENT_UNKNOWN},
                                                  .first = nationality,
                                                  .current = nationality,
                                                  .sex = sex};
    return w->person_count++;
}

bool person_register(struct world *w, uint32_t person)
{
    if (w->registered == w->population)
        return false;
    w->registered++;
    w->persons[person].flags |= PERSON_REGISTERED;
    return true;
}

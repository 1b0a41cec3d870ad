/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * world: everybody in the sample, from 2015-12-31 to 2020-12-31. A date only chooses what is
 * written of it, so that samples of one seed and two dates are about the same people.
 *
 *     world_init(&w, ...)          entities and posts
 *     careers_build(&w)            who has which post when, who is of foreign origin, who leads
 *     families_build(&w)           nationalities, numbers, parents, the rest of the register
 *     registrations_build(&w)      who is registered as disabled, since when
 *     figures_count(&w, ...)       a plain count of the world at a date
 *     world_release(&w)
 *
 * EVENTS, on demand, before families_build: the last entity of the list ends on 30 September 2017
 * and the nearest one of its domain before it (else the first of the list) takes it over; more
 * people have a former number, and who has one gets the present one on a day in 2017 or 2018, so
 * that earlier files know them by the former one; one person in 60 goes to another entity on the
 * first day of a month.
 *
 * A government of N staff has N posts, each filled on every day: who leaves at a month's end has a
 * successor on the next day. A career is one person's time on one post; career i is person i.
 */
#ifndef HERKOMST_SAMPLES_WORLD_H
#define HERKOMST_SAMPLES_WORLD_H

#include "base/date.h"
#include "base/err.h"
#include "government.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    NIS_BELGIUM = 150,
    NIS_UNKNOWN = 999,
    NIS_UNMAPPED = 960,   /* in no code list */
    NATIONALITY_LOST = 0, /* Belgian no more, and no other nationality known */
};

#define PARENT_UNKNOWN UINT32_MAX
#define PARENT_ABSENT (UINT32_MAX - 1) /* legally no such parent */

enum {
    PERSON_REGISTERED = 1, /* has a row in the register extract */
    PERSON_FOREIGN = 2,    /* staff: of foreign origin by FL2016 */
    PERSON_BAD_NUMBER = 4, /* staff: the personnel file has no valid number for them */
    PERSON_NO_ROW = 8,     /* both parents unknown, and no filiation row either */
};

struct person {
    date birth;
    date changed;            /* first day of the current nationality; DATE_NONE: never changed */
    uint32_t nine;           /* first nine digits of the number */
    uint32_t parent[2];      /* index, or PARENT_ above */
    uint16_t first, current; /* NIS codes; current as from `changed` */
    char sex;                /* m f x */
    uint8_t flags;
};

struct career {
    uint32_t post;
    date start, end;       /* end: last day worked, DATE_NONE while it lasts */
    date registered;       /* as disabled since; DATE_NONE: not */
    uint32_t old_number;   /* nine digits of the number before the current one; 0: none */
    uint32_t older_number; /* and of the one before that */
};

enum role { ROLE_NONE, ROLE_TOP, ROLE_MIDDLE };

struct post {
    uint32_t entity;
    uint32_t rank; /* among the posts of the same role and sex */
    uint8_t role;  /* enum role: a leading post has one holder for all the years */
    char holder;   /* sex of a leading post's holder */
};

struct world {
    uint64_t seed;
    uint32_t staff, population;
    size_t entity_count;
    struct entity *entities;
    struct post *posts;   /* by entity */
    uint32_t *first_post; /* of each entity, and the end */

    struct career *careers;
    uint32_t career_count, career_capacity;
    struct person *persons; /* [0, career_count): staff */
    uint32_t person_count, person_capacity;
    uint32_t student_first, student_count; /* job students */
    uint32_t registered;                   /* rows of the register */
    uint8_t *numbers_taken;                /* bit set; see numbers.c */
    bool out_of_memory;                    /* a person could not be added */
    bool events;
};

int world_init(struct world *w, uint64_t seed, uint32_t staff, uint32_t population, size_t entities,
               struct err *err);
void world_release(struct world *w);
int careers_build(struct world *w, struct err *err);
int families_build(struct world *w, struct err *err);
void registrations_build(struct world *w);

/* Index in YEARS of the figures that hold on a day: those of the last 31 December. */
int year_at(date day);
date year_end(int year); /* 31 December of FIRST_YEAR + year */
uint32_t scaled(unsigned n, uint64_t size, uint64_t named_size); /* n * size / named, half up */

bool career_in_force(const struct career *c, date day);
enum role career_role(const struct world *w, const struct career *c, date day);

/* ---- events ---- */

/* The first day on which the merged entity is no more, and who it is; false: there are no events,
 * or only one entity. */
bool world_merger(const struct world *w, uint32_t *entity, uint32_t *successor, date *since);
/* The number that files of a day know a person by. */
uint32_t person_number(const struct world *w, uint32_t person, date day);
/* The first day of the person's present number; DATE_NONE: they always had it, by these files. */
date person_renumbered(const struct world *w, uint32_t person);
/* The day on which a person goes on at another entity, and which; DATE_NONE: never. */
date career_transfer(const struct world *w, uint32_t person, uint32_t *entity);

/* Appends a person without parents or nationality change; the index, or UINT32_MAX without memory.
 */
uint32_t person_add(struct world *w, date birth, char sex, uint16_t nationality);
/* Gives a person a row in the register while the population has room. */
bool person_register(struct world *w, uint32_t person);

struct figures {
    uint32_t head_count, foreign, eu, belgian, unknown;
    uint32_t women, top_women, top, middle_women, middle, disability;
};
/* FL2016 and the rest, counted anew from what the files will say at a date. */
void figures_count(const struct world *w, date day, struct figures *f);
/* True if 31 December's figures are the ones of YEARS. */
bool figures_as_planned(const struct world *w, date day, const struct figures *f);

#endif

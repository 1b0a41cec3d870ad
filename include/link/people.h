/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * people: what the registers say of each person, in arrays by person id.
 *
 *     people_init(&p, persons, fields, reference, err);
 *     people_since(&p, groups, since, count, err);          optional: other dates too
 *     register_add(&p, &register, threads, err);            in this order: a history or filiation
 *     history_add(&p, &nationality, threads, err);          row of a person takes the place of
 *     parents_add(&p, &filiation, threads, err);            the register's columns
 *     registration_add(&p, &registration, threads, err);
 *     people_release(&p);                                   wipes
 *
 * DAYS. Day 0 is the reference date, day 1 + i the i-th other one. What changes with the day and is
 * asked for at the others is there once for each: [day * count + person].
 *
 * An array that no field of the set needs is NULL and is never filled. Each frame may be wiped as
 * soon as its call has returned. Errors: ERR_DATA for a frame that is not as io/artefacts.h has it.
 */
#ifndef HERKOMST_LINK_PEOPLE_H
#define HERKOMST_LINK_PEOPLE_H

#include "base/date.h"
#include "base/dictionary.h"
#include "base/err.h"
#include "io/frame.h"
#include "link/fields.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Codes of `nations` that are always the same; 0 = unknown. */
enum { NATION_BELGIAN = 1, NATION_NONE = 2, NATION_NOT_BELGIAN = 3 };

enum { SEX_UNKNOWN, SEX_F, SEX_M, SEX_X, SEX_COUNT };
extern const char *const SEX_NAMES[SEX_COUNT]; /* NULL, "f", "m", "x" */

enum {
    PERSON_LINKED = 1,    /* has a row in register, nationality or filiation */
    PERSON_DUAL = 2,      /* two nationalities with the same start; one was chosen */
    PERSON_DIFFERING = 4, /* several register or filiation rows that differ */
};

struct people {
    size_t count;
    size_t persons; /* whom parents may be: as many, or more when these are a part of them */
    size_t guests;  /* people_invite */
    date reference;
    const date *since; /* the caller's */
    size_t since_count;
    size_t current_days, registered_days; /* 1, or 1 + since_count */
    struct dictionary nations;            /* "BE", "none", "not_belgian", then as they are met */
    uint8_t *flags;
    uint16_t *first;   /* code of nations */
    uint16_t *current; /* the same; by day */
    date *birth;       /* DATE_NONE = unknown */
    uint8_t *sex;
    uint32_t *parents;    /* two a person: 0 unknown, PARENT_NONE none, else id + 1; unchecked */
    uint64_t *registered; /* by day; bit k: in force in the register of kinds[k] */
    size_t kind_count;
    const char *kinds[FIELDS_MAX]; /* KIND of each registered_KIND; in the caller's field_set */
};

/* persons: below PARENT_NONE. fields must stay as long as p. */
int people_init(struct people *p, size_t persons, const struct field_set *fields, date reference,
                struct err *err);
/* Before anything is added: `groups`, a part of the fields, are asked for at these dates too, which
 * must stay as long as p. */
int people_since(struct people *p, const struct field_set *groups, const date *since, size_t count,
                 struct err *err);
void people_release(struct people *p);

static inline date people_day(const struct people *p, size_t day)
{
    return day ? p->since[day - 1] : p->reference;
}

/* KIND of "registered_KIND" (a part of that string), or NULL for any other field. */
const char *people_kind(const char *field);

/* map[code] = code in p->nations, for every word of a column; malloc'd, the caller frees it. A word
 * that says "no such parent" or an absurd number of them (65535) is ERR_DATA. */
int people_map_nations(struct people *p, const struct column *column, uint16_t **map,
                       struct err *err);

/* map[code] = SEX_*, for every word of a column; malloc'd. A word that is none is ERR_DATA. */
int people_map_sex(const struct column *column, uint8_t **map, struct err *err);

/* True if a period that may lack a start or an end holds on that day; its last day counts. */
static inline bool period_holds(date start, date end, date day)
{
    return (start == DATE_NONE || start <= day) && (end == DATE_NONE || end >= day);
}

/* Room for so many more people in birth, first and parents, behind those of p: parents who are no
 * part of p. All arrays that they are in must be wanted. */
int people_invite(struct people *p, size_t guests, struct err *err);

/* The two parents of a row, as a field of one person; ERR_DATA if there is no such person. */
int people_take_parents(struct people *p, size_t person, const uint32_t parents[2],
                        struct err *err);

#endif

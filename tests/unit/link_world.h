/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * link_world: a random population for the tests of link, as words and ISO dates, with every odd
 * case often: ties, gaps, late starts, persons without numbers, impossible and unknown parents,
 * several rows that differ. The same seed gives the same population on every machine.
 */
#ifndef HERKOMST_TESTS_LINK_WORLD_H
#define HERKOMST_TESTS_LINK_WORLD_H

#include "link_frames.h"

enum { PERSONS = 1000, ROWS_MOST = 4000, TEXT = 12, LINE = 240 };

static const char REFERENCE[] = "2017-12-31";

struct employment {
    int person; /* 0 = none, else 1 .. PERSONS, as in the frames */
    char entity[TEXT], employment[TEXT], start[TEXT], end[TEXT], birth[TEXT], sex[TEXT],
        level[TEXT];
    int fte;
};
struct registered {
    int person;
    char birth[TEXT], sex[TEXT], first[TEXT], current[TEXT], parents[2][TEXT];
};
struct period {
    int person;
    char word[TEXT], start[TEXT], end[TEXT];
};
struct family {
    int person;
    char parents[2][TEXT];
};

/* One population; "-" is no value, parents are "-", "none" or a number. */
static struct {
    size_t employments, registers, nationalities, families, registrations;
    struct employment employment[ROWS_MOST];
    struct registered registered[ROWS_MOST];
    struct period nationality[ROWS_MOST], registration[ROWS_MOST];
    struct family family[ROWS_MOST];
} world;

static uint64_t dice_state;

static unsigned dice(unsigned sides) /* xorshift64*: the same on every machine */
{
    dice_state ^= dice_state >> 12;
    dice_state ^= dice_state << 25;
    dice_state ^= dice_state >> 27;
    return (unsigned)((dice_state * UINT64_C(2685821657736338717)) >> 33) % sides;
}

static const char *pick(const char *const *words, unsigned count)
{
    return words[dice(count)];
}
#define PICK(...)                            \
    pick((const char *const[]){__VA_ARGS__}, \
         sizeof((const char *const[]){__VA_ARGS__}) / sizeof(const char *))

static void put(char out[TEXT], const char *word)
{
    (void)snprintf(out, TEXT, "%s", word);
}

/* Few different days, so that ties are frequent. */
static void put_day(char out[TEXT], bool start)
{
    put(out, start ? PICK("-", "-", "1980-01-01", "1980-01-01", "1999-05-05", "2010-02-28",
                          "2017-12-30", "2017-12-31", "2018-01-01")
                   : PICK("-", "-", "-", "1999-05-04", "2010-02-28", "2017-12-30", "2017-12-31",
                          "2018-06-30"));
}

static void put_birth(char out[TEXT])
{
    if (dice(5) == 0)
        put(out, "-");
    else
        (void)snprintf(out, TEXT, "%u-%02u-%02u", 1900 + dice(100), 1 + dice(12), 1 + dice(28));
    if (dice(40) == 0)
        put(out, PICK("1952-02-29", "1940-02-29", "1964-02-28", "1964-03-01", "1957-12-31",
                      "1958-01-01"));
}

static void put_parent(char out[TEXT], int child)
{
    unsigned kind = dice(10);
    if (kind == 0)
        put(out, "-");
    else if (kind == 1)
        put(out, "none");
    else
        (void)snprintf(out, TEXT, "%d",
                       kind == 2  ? child
                       : kind < 6 ? 1 + (int)dice(9)
                                  : 1 + (int)dice(PERSONS));
}

static void put_nation(char out[TEXT])
{
    put(out, PICK("-", "BE", "BE", "BE", "FR", "MA", "TR", "stateless", "?123", "not_belgian"));
}

static void make_employment(int person)
{
    struct employment *e = &world.employment[world.employments++];
    e->person = person;
    put(e->entity, PICK("A-1", "A-2", "A.1", "B", "a"));
    put(e->employment, PICK("staff", "staff", "student"));
    put_day(e->start, true);
    if (e->start[0] == '-')
        put(e->start, "1980-01-01");
    put_day(e->end, false);
    put_birth(e->birth);
    put(e->sex, PICK("-", "m", "f", "x"));
    put(e->level, PICK("-", "A", "B"));
    e->fte = (int)dice(3) * 5000;
}

static void make_register(int person)
{
    struct registered *r = &world.registered[world.registers++];
    r->person = person;
    put_birth(r->birth);
    put(r->sex, PICK("-", "m", "f", "x"));
    put_nation(r->first);
    put_nation(r->current);
    put_parent(r->parents[0], person);
    put_parent(r->parents[1], person);
}

static void make_period(struct period *p, int person, bool nationality)
{
    p->person = person;
    if (nationality)
        put_nation(p->word);
    else
        put(p->word, PICK("disability", "origin", "other"));
    put_day(p->start, true);
    put_day(p->end, false);
}

static inline void make_world(uint64_t seed)
{
    memset(&world, 0, sizeof world);
    dice_state = seed;
    for (int person = 1; person <= PERSONS; person++) {
        for (unsigned i = dice(10) < 6 ? 1 + dice(3) : 0; i > 0; i--)
            make_employment(person);
        for (unsigned i = dice(4) ? 1 + (dice(10) == 0) : 0; i > 0; i--)
            make_register(person);
        for (unsigned i = dice(2) ? 1 + dice(4) : 0; i > 0; i--)
            make_period(&world.nationality[world.nationalities++], person, true);
        for (unsigned i = dice(4) ? 0 : 1 + (dice(6) == 0); i > 0; i--) {
            struct family *f = &world.family[world.families++];
            f->person = person;
            put_parent(f->parents[0], person);
            put_parent(f->parents[1], person);
        }
        for (unsigned i = dice(5) ? 0 : 1 + dice(2); i > 0; i--)
            make_period(&world.registration[world.registrations++], person, false);
    }
    for (int i = 0; i < 30; i++)
        make_employment(0);
}

/* Datasets: personnel, register, nationality, filiation, registration. */
static size_t world_rows(int dataset)
{
    return dataset == 0   ? world.employments
           : dataset == 1 ? world.registers
           : dataset == 2 ? world.nationalities
           : dataset == 3 ? world.families
                          : world.registrations;
}

static void world_row(int dataset, size_t i, char *line)
{
    const struct employment *e = &world.employment[i];
    const struct registered *r = &world.registered[i];
    const struct family *f = &world.family[i];
    const struct period *p = dataset == 2 ? &world.nationality[i] : &world.registration[i];
    if (dataset == 0)
        (void)snprintf(line, LINE, "%d %s %s %s %s %d %s %s %s", e->person, e->entity,
                       e->employment, e->start, e->end, e->fte, e->birth, e->sex, e->level);
    else if (dataset == 1)
        (void)snprintf(line, LINE, "%d %s %s %s %s %s %s", r->person, r->birth, r->sex, r->first,
                       r->current, r->parents[0], r->parents[1]);
    else if (dataset == 3)
        (void)snprintf(line, LINE, "%d %s %s", f->person, f->parents[0], f->parents[1]);
    else
        (void)snprintf(line, LINE, "%d %s %s %s", p->person, p->word, p->start, p->end);
}

#endif

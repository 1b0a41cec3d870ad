/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Derivation of more rows than are read at a time: random people on the reference date and on two
 * others, against a plain recount of who counts where; and the same bytes however many rows are
 * looked at together, whatever memory there is, for any number of threads.
 */
#include "derive_stream.h"

#include "base/date.h"

#include <sodium.h>
#include <stdio.h>

#define BASE "tests/vectors/config/base.ini"

enum { PEOPLE = 300000, JOBS = 3, DAYS = 3, POPULATIONS = 2, CATEGORIES = 5, UNITS = 6 };

static const char *const ENTITIES[] = {"A-1", "A-2", "Z-1"}, *const KINDS[] = {"staff", "student"},
                         *const SEXES[] = {"f", "m", "x", NULL}, *const LEVELS[] = {"A", "B", NULL},
                         *const ORIGINS[] = {"old", "new", "non_eu", "belgian", NULL};
static const unsigned ENTITY_UNITS[] = {3, 4, 5}; /* the government, two domains, entities */

struct job {
    unsigned char entity, kind, level;
};
struct person {
    unsigned char sex, origin, jobs[DAYS];
    struct job job[DAYS][JOBS];
};

/* New ages come in every piece, and old ones come again. */
static int age_of(size_t person)
{
    return (int)(person % 3 ? person / 50 : person % 400);
}
static char *const SEX_BY_AGE[] = {"variable sex.sql=CASE WHEN age % 7 = 3 THEN 'x' ELSE sex END"};

static struct config config;
static struct derive_frames in;
static struct person people[PEOPLE];
static uint32_t seed;

static uint32_t below(uint32_t n)
{
    seed = seed * 1664525U + 1013904223U;
    return (seed >> 8) % n;
}

/* On most days most people are where they were. */
static void make_person(struct person *p)
{
    p->sex = (unsigned char)below(4);
    p->origin = (unsigned char)below(5);
    for (int day = 0; day < DAYS; day++) {
        if (day > 0 && below(2) > 0) {
            p->jobs[day] = p->jobs[day - 1];
            memcpy(p->job[day], p->job[day - 1], sizeof p->job[day]);
            continue;
        }
        p->jobs[day] = (unsigned char)below(JOBS + 1);
        for (int i = 0; i < p->jobs[day]; i++)
            p->job[day][i] = (struct job){(unsigned char)below(3), (unsigned char)below(2),
                                          (unsigned char)below(3)};
    }
}

static void words(struct frame *f, const char *name, const char *const *from, size_t count)
{
    struct column *c = frame_add_coded(f, name, NULL);
    assert_non_null(c);
    for (size_t i = 0; i < count; i++)
        if (from[i])
            assert_int_equal(dictionary_intern(&c->dictionary, from[i], strlen(from[i])), i + 1);
}

/* The code of a word: NULL stands last in its list. */
static void set(struct frame *f, const char *name, size_t row, const char *const *from, size_t i)
{
    column_set(frame_find(f, name), row, from[i] ? i + 1 : 0);
}

/* The facts of a day, with the column now on other days than 0. */
static void put_facts(int day, uint32_t *begins)
{
    struct frame f;
    frame_init(&f, day ? "then" : "facts");
    struct column *first = frame_add(&f, "first", COLUMN_U8, NULL);
    words(&f, "entity", ENTITIES, 3);
    words(&f, "employment", KINDS, 2);
    words(&f, "sex", SEXES, 4);
    words(&f, "own_first", ORIGINS, 5);
    words(&f, "attribute.level", LEVELS, 3);
    struct column *age = frame_add(&f, "age", COLUMN_I32, NULL);
    struct column *now = day ? frame_add(&f, "now", COLUMN_U32, NULL) : NULL;
    for (size_t p = 0; p < PEOPLE; p++) {
        if (day == 0)
            begins[p] = people[p].jobs[0] ? (uint32_t)f.rows + 1 : 0;
        for (int i = 0; i < people[p].jobs[day]; i++) {
            const struct job *job = &people[p].job[day][i];
            size_t row = frame_append(&f, NULL);
            column_set(first, row, i == 0);
            set(&f, "entity", row, ENTITIES, job->entity);
            set(&f, "employment", row, KINDS, job->kind);
            set(&f, "sex", row, SEXES, people[p].sex);
            set(&f, "own_first", row, ORIGINS, people[p].origin);
            set(&f, "attribute.level", row, LEVELS, job->level);
            ((int32_t *)age->cells)[row] = age_of(p);
            if (now)
                column_set(now, row, begins[p]);
        }
    }
    assert_true(f.rows > 2 * (size_t)FRAME_BLOCK_ROWS);
    assert_int_equal(frame_write(&f, &(struct sink){append, &in.facts.bytes}, NULL), 0);
    frame_release(&f);
}

static int make_world(void **state)
{
    static uint32_t begins[PEOPLE];
    static const char *const domains[] = {"A", "A", "Z"};
    struct err err;
    (void)state;
    if (config_load(&config, BASE, SEX_BY_AGE, 1, &err) != 0)
        fail_msg("%s", err.text);
    derive_frames_open(&in);
    for (size_t e = 0; e < 3; e++)
        derive_add_entity(&in, ENTITIES[e], domains[e], true);
    assert_int_equal(frame_resize(&in.since, 2, NULL), 0);
    int32_t *dates = frame_find(&in.since, "date")->cells;
    dates[0] = date_parse("2016-12-31", 10, "%Y-%m-%d");
    dates[1] = date_parse("2017-06-30", 10, "%Y-%m-%d");
    seed = 11;
    for (size_t p = 0; p < PEOPLE; p++)
        make_person(&people[p]);
    for (int day = 0; day < DAYS; day++)
        put_facts(day, begins);
    return 0;
}

static int end_world(void **state)
{
    (void)state;
    derive_frames_release(&in);
    config_release(&config);
    return 0;
}

static unsigned sex_of(size_t person)
{
    return age_of(person) % 7 == 3 ? 2 : people[person].sex;
}

/* The job at which somebody counts in staff (0) or top (1), or -1. */
static int counted_at(const struct person *p, int day, int population)
{
    for (int i = 0; i < p->jobs[day]; i++)
        if (p->job[day][i].kind == 0 && (population == 0 || p->job[day][i].level == 0))
            return i;
    return -1;
}

/* Unit and sex as in rules: 0 = not there, of no interest; unknown is the fourth sex. */
struct at {
    unsigned unit, sex;
};

static struct at place(size_t person, int day, int population)
{
    const struct person *p = &people[person];
    int job = counted_at(p, day, population);
    if (job < 0)
        return (struct at){0, 0};
    /* Of top no table crosses the sex. */
    return (struct at){ENTITY_UNITS[p->job[day][job].entity],
                       population == 0 ? 1 + sex_of(person) : 0};
}

/* How many people: [unit][origin][sex], and [date][population][from][to] of those who moved. */
typedef uint64_t head_counts[POPULATIONS][UNITS + 1][CATEGORIES + 1][CATEGORIES];
typedef uint64_t move_counts[DAYS - 1][POPULATIONS][UNITS + 1][CATEGORIES][UNITS + 1][CATEGORIES];
static head_counts heads, recounted;
static move_counts moved, removed;

static void recount(void)
{
    for (size_t i = 0; i < PEOPLE; i++)
        for (int q = 0; q < POPULATIONS; q++) {
            struct at now = place(i, 0, q);
            if (now.unit)
                recounted[q][now.unit][people[i].origin][sex_of(i)]++;
            for (int day = 1; day < DAYS; day++) {
                struct at then = place(i, day, q);
                if (then.unit != now.unit || then.sex != now.sex)
                    removed[day - 1][q][then.unit][then.sex][now.unit][now.sex]++;
            }
        }
}

static const char *category(const struct structure *s, size_t v, uint64_t i)
{
    assert_true(i < s->variables[v].category_count);
    return s->variables[v].categories[i].name;
}

static size_t index_of(const char *name, const char *const *names, size_t count)
{
    size_t i = 0;
    while (i < count && strcmp(names[i] ? names[i] : "unknown", name) != 0)
        i++;
    assert_true(i < count);
    return i;
}

static void count_written(const struct rules *rules, const struct frame *rows,
                          const struct frame *moves)
{
    const struct structure *s = &rules->structure;
    for (size_t i = 0; i < rows->rows; i++)
        for (int q = 0; q < POPULATIONS; q++) {
            const struct column *in_it =
                frame_find(rows, q ? "population:top" : "population:staff");
            size_t origin = index_of(
                category(s, 0, column_get(frame_find(rows, s->variables[0].name), i)), ORIGINS, 5);
            size_t sex = index_of(
                category(s, 1, column_get(frame_find(rows, s->variables[1].name), i)), SEXES, 4);
            heads[q][column_get(frame_find(rows, "entity"), i)][origin][sex] +=
                column_get(in_it, i);
        }
    for (size_t i = 0; i < moves->rows; i++) {
        size_t at[4]; /* then: unit, sex; now */
        static const char *const names[] = {"then", "then:sex", "now", "now:sex"};
        for (size_t c = 0; c < 4; c++)
            at[c] = column_get(frame_find(moves, names[c]), i);
        at[0] -= at[0] > 0; /* units are + 1, and the government is no entity */
        at[2] -= at[2] > 0;
        moved[column_get(frame_find(moves, "since"), i)]
             [column_get(frame_find(moves, "population"), i)][at[0]][at[1]][at[2]][at[3]]++;
    }
}

static struct text derived;

static void as_recounted(void **state)
{
    struct rules rules;
    struct quality q;
    struct frame rows, moves;
    struct err err;
    (void)state;
    rules_init(&rules);
    quality_init(&q);
    if (derive_into(&derived, &config, &in, NULL, 2, &rules, &q, &err) != 0)
        fail_msg("%s", err.text);
    read_derived(&derived, &rules, &rows, &moves);
    assert_true(rows.rows > FRAME_BLOCK_ROWS && moves.rows > FRAME_BLOCK_ROWS);
    recount();
    count_written(&rules, &rows, &moves);
    assert_memory_equal(heads, recounted, sizeof heads);
    assert_memory_equal(moved, removed, sizeof moved);
    uint64_t staff = 0;
    for (size_t p = 0; p < PEOPLE; p++)
        staff += counted_at(&people[p], 0, 0) >= 0;
    assert_int_equal(quality_get(&q, "derive", "population:staff"), staff);
    frame_release(&rows);
    frame_release(&moves);
    rules_release(&rules);
    quality_release(&q);
}

/* Absurdly little memory: every block of rows on its own, combinations forgotten after each, and
 * places written some hundred at a time. */
static void same_bytes(void **state)
{
    static const struct memory_plan plans[] = {
        {.batch = 1, .partition = 0, .buffers = 1},
        {.batch = 1, .partition = 4000, .buffers = 1},
        {.batch = FRAME_BLOCK_ROWS + 1, .partition = 1 << 20, .buffers = 1 << 16},
        {.batch = SIZE_MAX / 2, .partition = UINT64_MAX, .buffers = 1 << 20},
    };
    (void)state;
    for (size_t i = 0; i < sizeof plans / sizeof *plans; i++)
        for (unsigned threads = 1; threads <= 4; threads += 3) {
            struct text again;
            struct rules rules;
            struct quality q;
            struct err err;
            text_init(&again);
            rules_init(&rules);
            quality_init(&q);
            if (derive_into(&again, &config, &in, &plans[i], threads, &rules, &q, &err) != 0)
                fail_msg("plan %zu: %s", i, err.text);
            assert_int_equal(again.length, derived.length);
            assert_int_equal(memcmp(again.bytes, derived.bytes, again.length), 0);
            text_release(&again);
            rules_release(&rules);
            quality_release(&q);
        }
    text_release(&derived);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(as_recounted),
        cmocka_unit_test(same_bytes),
    };
    return sodium_init() < 0 ? 1 : cmocka_run_group_tests(tests, make_world, end_world);
}

/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Derivation: units, populations, who counts once and where, categories, `unknown`, and what is
 * refused; and a random government against a plain recount.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "derive_stream.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BASE "tests/vectors/config/base.ini"

struct world {
    struct config config;
    struct derive_frames in;
    struct frame facts, rows, moves;
    struct rules rules;
    struct quality quality;
};

static void put(struct frame *f, const char *column, const char *word)
{
    struct column *c = frame_find(f, column);
    assert_non_null(c);
    column_set(c, f->rows - 1, word ? dictionary_intern(&c->dictionary, word, strlen(word)) : 0);
}

/* base.ini with overrides, and frames with the columns that it needs. */
static void open_world(struct world *w, char *const *overrides, size_t count)
{
    struct err err;
    memset(w, 0, sizeof *w);
    if (config_load(&w->config, BASE, overrides, count, &err) != 0)
        fail_msg("%s", err.text);
    frame_init(&w->facts, "facts");
    derive_frames_open(&w->in);
    rules_init(&w->rules);
    quality_init(&w->quality);
    assert_non_null(frame_add(&w->facts, "first", COLUMN_U8, &err));
    static const char *const CODED[] = {"entity", "employment", "sex", "own_first",
                                        "attribute.level"};
    for (size_t i = 0; i < 5; i++)
        assert_non_null(frame_add_coded(&w->facts, CODED[i], &err));
    static const char *const NUMBERS[] = {"age", "fte", "start_date"};
    for (size_t i = 0; i < 3; i++)
        assert_non_null(frame_add(&w->facts, NUMBERS[i], COLUMN_I32, &err));
    assert_non_null(frame_add(&w->facts, "linked", COLUMN_U8, &err));
    assert_non_null(frame_add(&w->facts, "registered_d", COLUMN_U8, &err));
    derive_add_entity(&w->in, "Z-1", "Z", true);
    derive_add_entity(&w->in, "A-2", "A", false);
    derive_add_entity(&w->in, "A-1", "A", true);
    derive_add_entity(&w->in, "B-1", "B", false);
}

static void close_world(struct world *w)
{
    config_release(&w->config);
    derive_frames_release(&w->in);
    frame_release(&w->facts);
    frame_release(&w->rows);
    frame_release(&w->moves);
    rules_release(&w->rules);
    quality_release(&w->quality);
}

/* own_first is given to the categories of base.ini's origin as it is: old, new, non_eu, belgian. */
static void add_row(struct world *w, bool first, const char *entity, const char *employment,
                    const char *sex, const char *origin, const char *level)
{
    size_t row = frame_append(&w->facts, NULL);
    assert_int_not_equal(row, SIZE_MAX);
    column_set(frame_find(&w->facts, "first"), row, first);
    put(&w->facts, "entity", entity);
    put(&w->facts, "employment", employment);
    put(&w->facts, "sex", sex);
    put(&w->facts, "own_first", origin);
    put(&w->facts, "attribute.level", level);
    ((int32_t *)frame_find(&w->facts, "age")->cells)[row] = 30;
    ((int32_t *)frame_find(&w->facts, "fte")->cells)[row] = 8000;
    ((int32_t *)frame_find(&w->facts, "start_date")->cells)[row] = INT32_MIN;
}

static int run(struct world *w, struct err *err)
{
    struct text out;
    text_init(&out);
    text_clear(&w->in.facts.bytes);
    assert_int_equal(frame_write(&w->facts, &(struct sink){append, &w->in.facts.bytes}, err), 0);
    int rc = derive_into(&out, &w->config, &w->in, NULL, 3, &w->rules, &w->quality, err);
    if (rc == 0)
        read_derived(&out, &w->rules, &w->rows, &w->moves);
    text_release(&out);
    return rc;
}

/* "entity variable=category ... population ..." of an output row. */
static void describe(const struct world *w, size_t row, char *out, size_t size)
{
    const struct structure *s = &w->rules.structure;
    size_t unit = column_get(frame_find(&w->rows, "entity"), row);
    assert_true(unit < s->unit_count && s->units[unit].level == LEVEL_ENTITY);
    (void)snprintf(out, size, "%s", s->units[unit].code);
    for (size_t v = 0; v < s->variable_count; v++) {
        size_t category = column_get(frame_find(&w->rows, s->variables[v].name), row);
        assert_true(category > 0 && category < s->variables[v].category_count);
        size_t length = strlen(out);
        (void)snprintf(out + length, size - length, " %s",
                       s->variables[v].categories[category].name);
    }
    for (size_t p = 0; p < s->population_count; p++) {
        char name[FRAME_NAME];
        (void)snprintf(name, sizeof name, "population:%s", s->populations[p].id);
        size_t length = strlen(out);
        if (column_get(frame_need(&w->rows, name, COLUMN_U8, NULL), row))
            (void)snprintf(out + length, size - length, " %s", s->populations[p].id);
    }
}

static void expect_rows(struct world *w, const char *const *expected, size_t count)
{
    struct err err;
    if (run(w, &err) != 0)
        fail_msg("%d: %s", (int)err.kind, err.text);
    assert_int_equal(w->rows.rows, count);
    for (size_t i = 0; i < count; i++) {
        char got[200];
        describe(w, i, got, sizeof got);
        assert_string_equal(got, expected[i]);
    }
    assert_int_equal(structure_check(&w->rules.structure, &err), 0);
}

static void test_units(void **state)
{
    (void)state;
    struct world w;
    open_world(&w, NULL, 0);
    add_row(&w, true, "A-1", "staff", "f", "belgian", "A");
    static const char *const ROWS[] = {"A-1 belgian f staff top"};
    expect_rows(&w, ROWS, 1);
    static const struct {
        const char *code;
        enum level level;
        int parent;
        bool delivered, complete;
    } UNITS[] = {
        {"DVDP", LEVEL_GOVERNMENT, -1, true, false}, {"A", LEVEL_DOMAIN, 0, true, false},
        {"B", LEVEL_DOMAIN, 0, false, false},        {"Z", LEVEL_DOMAIN, 0, true, true},
        {"A-1", LEVEL_ENTITY, 1, true, true},        {"A-2", LEVEL_ENTITY, 1, false, false},
        {"B-1", LEVEL_ENTITY, 2, false, false},      {"Z-1", LEVEL_ENTITY, 3, true, true},
    };
    const struct structure *s = &w.rules.structure;
    assert_int_equal(s->unit_count, 8);
    for (size_t i = 0; i < 8; i++) {
        assert_string_equal(s->units[i].code, UNITS[i].code);
        assert_int_equal(s->units[i].level, UNITS[i].level);
        assert_int_equal(s->units[i].parent, UNITS[i].parent);
        assert_int_equal(s->units[i].delivered, UNITS[i].delivered);
        assert_int_equal(s->units[i].complete, UNITS[i].complete);
    }
    assert_string_equal(s->units[0].name, "Dienst van de Proef");
    assert_int_equal(s->population_count, 2);
    assert_string_equal(s->populations[0].id, "staff");
    assert_string_equal(s->populations[1].id, "top");
    assert_string_equal(s->tables[0].name, "all");
    assert_int_equal(s->tables[1].within, 0);
    assert_string_equal(w.rules.release, "2017-12-31");
    assert_int_equal(w.rules.reference_date, w.config.reference_date);
    const struct variable *v = &s->variables[0];
    assert_int_equal(v->category_count, 8); /* total, seven of origin */
    assert_int_equal(v->categories[1].parent, 0);
    assert_int_equal(v->categories[3].parent, 2);
    assert_true(v->sensitive && v->categories[1].sensitive && !v->categories[2].sensitive);
    close_world(&w);
}

/* Once per population, at the first row for which the filter is true. */
static void test_who_counts(void **state)
{
    (void)state;
    struct world w;
    open_world(&w, NULL, 0);
    add_row(&w, true, "A-1", "staff", "f", "belgian", "B"); /* 1: staff here, top at the next row */
    add_row(&w, false, "Z-1", "staff", "f", "belgian", "A");
    add_row(&w, false, "Z-1", "staff", "f", "belgian", "A"); /* counted already */
    add_row(&w, true, "Z-1", "student", "m", "old", "A");    /* 2: nowhere, then staff */
    add_row(&w, false, "A-1", "staff", "m", "old", "A");
    add_row(&w, true, "Z-1", "student", "x", "new", "A"); /* 3: nowhere */
    add_row(&w, true, "Z-1", NULL, "x", "new", "A");      /* 4: unknown is not true */
    add_row(&w, true, "Z-1", "staff", "f", NULL, NULL);   /* 5 */
    static const char *const ROWS[] = {"A-1 belgian f staff", "Z-1 belgian f top",
                                       "A-1 old m staff top", "Z-1 unknown f staff"};
    expect_rows(&w, ROWS, 4);
    assert_int_equal(quality_get(&w.quality, "derive", "population:staff"), 3);
    assert_int_equal(quality_get(&w.quality, "derive", "population:top"), 2);
    assert_int_equal(w.rules.structure.variables[1].category_count, 4); /* no unknown sex */
    close_world(&w);
}

static void test_unknown_appended(void **state)
{
    (void)state;
    struct world w;
    open_world(&w, NULL, 0);
    add_row(&w, true, "A-1", "student", NULL, "old", "A"); /* not counted: nothing to append for */
    add_row(&w, true, "A-1", "staff", "f", "old", "B");
    static const char *const KNOWN[] = {"A-1 old f staff"};
    expect_rows(&w, KNOWN, 1);
    assert_int_equal(w.rules.structure.variables[1].category_count, 4);
    close_world(&w);
    open_world(&w, NULL, 0);
    add_row(&w, true, "A-1", "staff", NULL, "old", "B");
    static const char *const UNKNOWN[] = {"A-1 old unknown staff"};
    expect_rows(&w, UNKNOWN, 1);
    assert_int_equal(w.rules.structure.variables[1].category_count, 5);
    assert_string_equal(w.rules.structure.variables[1].categories[4].name, "unknown");
    assert_int_equal(w.rules.structure.variables[1].categories[4].parent, 0);
    close_world(&w);
}

/* Every kind of field, through SQL and values. */
static void test_fields(void **state)
{
    (void)state;
    static const char *const TRUE[] = {
        "age = 30",
        "fte = 0.8",
        "start_date IS NULL",
        "reference_date = '2017-12-31'",
        "entity = 'Z-1'",
        "domain = 'Z'",
        "linked = 0",
        "registered_d = 0",
        "level = 'B'",
        "\"attribute.level\" = 'B'",
        "attribute.level = 'B'",
        "1.0",
        "sex || employment = 'fstaff'",
    };
    for (size_t i = 0; i < sizeof TRUE / sizeof *TRUE; i++) {
        char sql[100];
        (void)snprintf(sql, sizeof sql, "variable sex.sql=%s", TRUE[i]);
        char *set[] = {sql, "variable sex.categories=no, yes, null",
                       "variable sex.values=1:yes, 0:no, null:null"};
        struct world w;
        open_world(&w, set, 3);
        add_row(&w, true, "Z-1", "staff", "f", "old", "B");
        static const char *const ROWS[] = {"Z-1 old yes staff"};
        expect_rows(&w, ROWS, 1);
        close_world(&w);
    }
}

/* What an expression gives that it must not: the message names the variable and no value. */
static void test_bad_results(void **state)
{
    (void)state;
    static const char *const BAD[][2] = {
        {"variable sex.sql=sex || 'secret'", "variable sex: gives something that is not one"},
        {"variable sex.sql=''", "not one of the categories"},
        {"variable sex.sql='total'", "not one of the categories"},
        {"variable sex.sql=age", "variable sex: gives a number"},
        {"variable origin.sql='eu'", "variable origin: gives category eu, which has children"},
        {"variable sex.values=1:f, 0:m", "variable sex: gives something else than 1, 0 or NULL"},
        {"variable sex.sql=x'00'", "blob"},
        {"table all.population='staff'", "population of table all: gives something else"},
        {"table all.population=2", "population of table all: gives something else"},
        {"table all.population=age", "population of table all: gives something else"},
        {"variable sex.sql=own_current", "no column own_current"},
    };
    for (size_t i = 0; i < sizeof BAD / sizeof *BAD; i++) {
        char *set[] = {(char *)BAD[i][0]};
        struct world w;
        struct err err;
        open_world(&w, set, 1);
        add_row(&w, true, "Z-1", "staff", "f", "old", "B");
        if (run(&w, &err) == 0 || !strstr(err.text, BAD[i][1]) || strstr(err.text, "secret"))
            fail_msg("%s: %d %s", BAD[i][0], (int)err.kind, err.text);
        assert_int_equal(err.kind, strstr(BAD[i][1], "column") ? ERR_DATA : ERR_CONFIG);
        close_world(&w);
    }
    static char *const NO_ZERO[] = {"variable sex.sql=age = 31", "variable sex.values=1:f"};
    struct world w;
    struct err err;
    open_world(&w, NO_ZERO, 2);
    add_row(&w, true, "Z-1", "staff", "f", "old", "B");
    assert_int_equal(run(&w, &err), -1);
    assert_non_null(strstr(err.text, "gives 0, for which values has no name"));
    close_world(&w);
}

static void test_population_ids(void **state)
{
    (void)state;
    static const struct {
        const char *second, *ids;
    } CASES[] = {
        {"employment='staff'", "staff"}, /* the same filter, spelt differently */
        {"EMPLOYMENT = 'staff'", "staff"},         {"employment = 'student'", "staff student"},
        {"employment = 'two words'", "staff top"}, {"employment = 'Staff'", "staff Staff"},
        {"(employment = 'student')", "staff top"}, {"employment = 'student' OR 0", "staff top"},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        char sql[100], ids[100] = "";
        (void)snprintf(sql, sizeof sql, "table top.population=%s", CASES[i].second);
        char *set[] = {sql};
        struct world w;
        struct err err;
        open_world(&w, set, 1);
        assert_int_equal(run(&w, &err), 0);
        for (size_t p = 0; p < w.rules.structure.population_count; p++) {
            size_t length = strlen(ids);
            (void)snprintf(ids + length, sizeof ids - length, "%s%s", p ? " " : "",
                           w.rules.structure.populations[p].id);
        }
        assert_string_equal(ids, CASES[i].ids);
        close_world(&w);
    }
    /* A table that is called as another table's employment does not take its id away. */
    char *set[] = {"table staff.population=age > 1",   "table staff.variables=sex",
                   "table staff-2.population=age > 2", "table staff-2.variables=sex",
                   "table all.population=age > 3",     "table top.population=employment = 'staff'"};
    struct world w;
    struct err err;
    open_world(&w, set, 6);
    assert_int_equal(run(&w, &err), 0);
    static const char *const IDS[] = {"all", "staff", "staff-2", "staff-2-2"};
    assert_int_equal(w.rules.structure.population_count, 4);
    for (size_t p = 0; p < 4; p++)
        assert_string_equal(w.rules.structure.populations[p].id, IDS[p]);
    close_world(&w);
}

/* A population within another one that shares a sensitive variable must say so. */
static void test_within(void **state)
{
    (void)state;
    static const struct {
        const char *set[3];
        bool fine;
    } CASES[] = {
        {{"run.code=A", "run.release=a", "table top.within=all"}, true},
        {{"table more.population=employment = 'staff' AND level = 'A' AND age < 99",
          "table more.variables=origin", "table more.within=top"},
         true},
        {{"table more.population=employment = 'staff' AND sex = 'f'", "table more.variables=sex",
          "run.code=A"},
         true},
        {{"table more.population=employment = 'staff' AND sex = 'f'", "table more.variables=origin",
          "run.code=A"},
         false},
        {{"table more.population=employment IN ('staff', 'x')", "table more.variables=origin",
          "run.code=A"},
         false},
        {{"table more.population=employment IN ('staff', 'x')", "table more.variables=origin",
          "table all.within=more"},
         true},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct world w;
        struct err err;
        open_world(&w, (char *const *)CASES[i].set, 3);
        for (int person = 0; person < 60; person++)
            add_row(&w, true, "Z-1", "staff", person % 2 ? "f" : "m", "old",
                    person % 3 ? "A" : "B");
        int rc = run(&w, &err);
        if ((rc == 0) != CASES[i].fine)
            fail_msg("case %zu: %s", i, err.text);
        if (rc != 0) {
            assert_int_equal(err.kind, ERR_CONFIG);
            assert_non_null(strstr(err.hint, "within = "));
        }
        close_world(&w);
    }
}

static void test_bad_facts(void **state)
{
    (void)state;
    struct world w;
    struct err err;
    open_world(&w, NULL, 0);
    add_row(&w, true, "C-1", "staff", "f", "old", "A");
    assert_int_equal(run(&w, &err), -1);
    assert_int_equal(err.kind, ERR_DATA);
    close_world(&w);
    open_world(&w, NULL, 0);
    add_row(&w, false, "A-1", "staff", "f", "old", "A");
    assert_int_equal(run(&w, &err), -1);
    assert_int_equal(err.kind, ERR_DATA);
    close_world(&w);
    open_world(&w, NULL, 0);
    add_row(&w, true, NULL, "staff", "f", "old", "A");
    assert_int_equal(run(&w, &err), -1);
    assert_int_equal(err.kind, ERR_DATA);
    close_world(&w);
    open_world(&w, NULL, 0); /* nobody at all */
    assert_int_equal(run(&w, &err), 0);
    assert_int_equal(w.rows.rows, 0);
    close_world(&w);
}

static uint32_t next_random(uint32_t *seed)
{
    *seed = *seed * 1664525U + 1013904223U;
    return *seed >> 8;
}

/* 3,000 people of one to three employments, each row and its plain recount side by side. */
static void test_random(void **state)
{
    (void)state;
    static const char *const ENTITIES[] = {"Z-1", "A-1"}, *const KINDS[] = {"staff", "student"},
                             *const SEXES[] = {"f", "m", "x", NULL},
                             *const LEVELS[] = {"A", "B", NULL},
                             *const ORIGINS[] = {"old", "new", "non_eu", "belgian", NULL};
    struct world w;
    struct err err;
    uint32_t seed = 7;
    open_world(&w, NULL, 0);
    size_t expected = 0;
    static char lines[9000][80];
    for (int person = 0; person < 3000; person++) {
        bool staff = false, top = false;
        const char *sex = SEXES[next_random(&seed) % 4], *origin = ORIGINS[next_random(&seed) % 5];
        int rows = 1 + (int)(next_random(&seed) % 3);
        for (int i = 0; i < rows; i++) {
            const char *entity = ENTITIES[next_random(&seed) % 2],
                       *kind = KINDS[next_random(&seed) % 2],
                       *level = LEVELS[next_random(&seed) % 3];
            add_row(&w, i == 0, entity, kind, sex, origin, level);
            bool now = strcmp(kind, "staff") == 0, high = now && level && strcmp(level, "A") == 0;
            if ((!now || staff) && (!high || top))
                continue;
            (void)snprintf(lines[expected++], sizeof lines[0], "%s %s %s%s%s", entity,
                           origin ? origin : "unknown", sex ? sex : "unknown",
                           now && !staff ? " staff" : "", high && !top ? " top" : "");
            staff = staff || now;
            top = top || high;
        }
    }
    assert_int_equal(run(&w, &err), 0);
    assert_int_equal(w.rows.rows, expected);
    for (size_t i = 0; i < expected; i++) {
        char got[200];
        describe(&w, i, got, sizeof got);
        assert_string_equal(got, lines[i]);
    }
    close_world(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_units),
        cmocka_unit_test(test_who_counts),
        cmocka_unit_test(test_unknown_appended),
        cmocka_unit_test(test_fields),
        cmocka_unit_test(test_bad_results),
        cmocka_unit_test(test_population_ids),
        cmocka_unit_test(test_within),
        cmocka_unit_test(test_bad_facts),
        cmocka_unit_test(test_random),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Tests of tables/turnover.h: who came and went, against a recount of random moves that asks of
 * each group and each person whether they are in it; and what earlier releases say otherwise.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "past_fixture.h"
#include "tables/turnover.h"

static const date REFERENCE = 17531; /* 2017-12-31 */

static void make_structure(struct structure *s)
{
    structure_init(s);
    fixture_units(s, false);
    fixture_variable(s, "origin", "foreign* belgian*");
    fixture_variable(s, "age", "young a<young b<young old");
    fixture_variable(s, "sex", "f m");
    fixture_table(s, "origin-age", "staff", "origin age", -1);
    fixture_table(s, "age-sex", "staff", "age sex", -1);
    fixture_table(s, "sex", "others", "sex", -1);
}

static void make_moves(struct frame *f, const struct structure *s)
{
    static const char *const sides[2] = {"now", "then"};
    frame_init(f, "moves");
    assert_non_null(frame_add(f, "since", COLUMN_U8, NULL));
    assert_non_null(frame_add(f, "population", COLUMN_U8, NULL));
    for (int side = 0; side < 2; side++) {
        assert_non_null(frame_add(f, sides[side], COLUMN_U32, NULL));
        for (size_t v = 0; v < s->variable_count; v++) {
            char name[FRAME_NAME];
            (void)snprintf(name, sizeof name, "%s:%s", sides[side], s->variables[v].name);
            if (!s->variables[v].sensitive)
                assert_non_null(frame_add(f, name, COLUMN_U8, NULL));
        }
    }
}

static unsigned dice(uint32_t *random, unsigned sides)
{
    *random = *random * 1664525U + 1013904223U;
    return (*random >> 16) % sides;
}

/* A person's place: unit + 1 or 0, age, sex. */
struct person {
    unsigned since, population, unit[2], age[2], sex[2];
};

static void random_person(struct person *p, uint32_t *random)
{
    static const unsigned ages[] = {0, 2, 3, 4}; /* 0: none of today's; 1 has children */
    p->since = dice(random, 2);
    p->population = dice(random, 2);
    for (int side = 0; side < 2; side++) {
        p->unit[side] = dice(random, 8); /* 1: the government, 2 and 3: domains */
        p->age[side] = ages[dice(random, 4)];
        p->sex[side] = dice(random, 3);
    }
}

static void add_move(struct frame *f, const struct person *p)
{
    size_t row = frame_append(f, NULL);
    column_set(frame_find(f, "since"), row, p->since);
    column_set(frame_find(f, "population"), row, p->population);
    column_set(frame_find(f, "now"), row, p->unit[0]);
    column_set(frame_find(f, "then"), row, p->unit[1]);
    column_set(frame_find(f, "now:age"), row, p->age[0]);
    column_set(frame_find(f, "then:age"), row, p->age[1]);
    column_set(frame_find(f, "now:sex"), row, p->sex[0]);
    column_set(frame_find(f, "then:sex"), row, p->sex[1]);
}

static bool above(const struct variable *v, unsigned category, unsigned leaf)
{
    for (int at = (int)leaf; at >= 0; at = v->categories[at].parent)
        if (at == (int)category)
            return true;
    return false;
}

/* Is the person in the cell on this side? */
static bool is_in(const struct cells *c, size_t cell, const struct person *p, int side)
{
    const struct structure *s = c->structure;
    const uint16_t *categories = c->categories + cell * c->stride;
    bool in_unit = false;
    for (int u = (int)p->unit[side] - 1; u >= 0; u = s->units[u].parent)
        in_unit = in_unit || u == (int)c->unit[cell];
    return in_unit && c->population[cell] == p->population && categories[0] == 0 &&
           above(&s->variables[1], categories[1], p->age[side]) &&
           above(&s->variables[2], categories[2], p->sex[side]);
}

static void recount(const struct cells *c, const struct person *people, size_t count,
                    const struct turnover *t)
{
    for (size_t cell = 0; cell < c->count; cell++)
        for (unsigned d = 0; d < 2; d++) {
            int64_t joined = 0, left = 0;
            for (size_t i = 0; i < count; i++) {
                bool now = is_in(c, cell, &people[i], 0), then = is_in(c, cell, &people[i], 1);
                if (people[i].since != d || !turnover_is_group(c, cell))
                    continue;
                joined += d == 0 ? now && !then : then && !now; /* the second date is a later one */
                left += d == 0 ? then && !now : now && !then;
            }
            assert_int_equal(t->joined[d * t->cells + cell], joined);
            assert_int_equal(t->left[d * t->cells + cell], left);
        }
}

/* In two pieces; those of the first are dropped. */
static int count_moves(struct turnover *t, const struct cells *cells, struct frame *moves,
                       struct err *err)
{
    struct turnover_counting *c;
    struct frame some = *moves;
    int rc = turnover_counting_open(&c, t, cells, err);
    some.rows = moves->rows / 3;
    if (rc == 0)
        rc = turnover_count(c, &some, err);
    frame_drop(moves, some.rows);
    if (rc == 0)
        rc = turnover_count(c, moves, err);
    turnover_counting_close(&c);
    return rc;
}

static void test_counting(void **state)
{
    (void)state;
    static const date dates[2] = {17000, 18000};
    uint32_t random = 7;
    for (int round = 0; round < 30; round++) {
        struct person people[40];
        struct structure s;
        struct cells cells;
        struct turnover t;
        struct frame moves;
        struct err err;
        make_structure(&s);
        make_moves(&moves, &s);
        assert_int_equal(cells_build(&cells, &s, round % 5 != 0, &err), 0);
        for (size_t i = 0; i < 40; i++) {
            random_person(&people[i], &random);
            add_move(&moves, &people[i]);
        }
        assert_int_equal(turnover_open(&t, &cells, REFERENCE, dates, 2, &err), 0);
        assert_int_equal(count_moves(&t, &cells, &moves, &err), 0);
        recount(&cells, people, 40, &t);
        size_t groups = 0;
        for (size_t i = 0; i < cells.count; i++)
            groups += turnover_is_group(&cells, i);
        assert_int_equal(groups, round % 5 != 0 ? (1 + 4) * 3 * 6 + 3 * 6 : 2);
        turnover_close(&t);
        cells_release(&cells);
        frame_release(&moves);
        structure_release(&s);
    }
}

static void test_bad_moves(void **state)
{
    (void)state;
    static const struct {
        const char *column;
        uint64_t value;
    } cases[] = {{"since", 1},   {"population", 2}, {"now", 8},      {"then", 255},
                 {"now:age", 5}, {"then:sex", 3},   {"now:sex", 200}};
    struct structure s;
    struct cells cells;
    struct turnover t;
    struct frame moves;
    struct err err;
    const date other = 17000;
    make_structure(&s);
    assert_int_equal(cells_build(&cells, &s, true, &err), 0);
    assert_int_equal(turnover_open(&t, &cells, REFERENCE, &other, 1, &err), 0);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        make_moves(&moves, &s);
        assert_int_equal(frame_resize(&moves, 1, NULL), 0);
        assert_int_equal(count_moves(&t, &cells, &moves, &err), 0);
        column_set(frame_find(&moves, cases[i].column), 0, cases[i].value);
        assert_int_equal(count_moves(&t, &cells, &moves, &err), -1);
        assert_int_equal(err.kind, ERR_DATA);
        frame_release(&moves);
    }
    frame_init(&moves, "moves");
    assert_int_equal(count_moves(&t, &cells, &moves, &err), -1); /* no columns */
    turnover_close(&t);
    turnover_close(&t);
    cells_release(&cells);
    structure_release(&s);
}

static void test_dates(void **state)
{
    (void)state;
    static const date wrong[][2] = {
        {17000, 17000}, {17001, 17000}, {17000, REFERENCE}, {17000, DATE_NONE}};
    struct structure s;
    struct cells cells;
    struct turnover t;
    struct err err;
    make_structure(&s);
    assert_int_equal(cells_build(&cells, &s, true, &err), 0);
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        assert_int_equal(turnover_open(&t, &cells, REFERENCE, wrong[i], 2, &err), -1);
        assert_int_equal(err.kind, ERR_DATA);
        turnover_close(&t);
    }
    assert_int_equal(turnover_open(&t, &cells, REFERENCE, NULL, 0, &err), 0);
    for (date d = 0; d < TURNOVER_DATES; d++)
        assert_int_equal(turnover_extend(&t, d, &err), 0);
    assert_int_equal(turnover_extend(&t, TURNOVER_DATES, &err), -1);
    assert_int_equal(turnover_find(&t, 17), 17);
    assert_true(turnover_find(&t, 300) == SIZE_MAX);
    turnover_close(&t);
    cells_release(&cells);
    structure_release(&s);
}

static void test_frame(void **state)
{
    (void)state;
    static const date dates[2] = {17000, 18000};
    struct structure s;
    struct cells cells;
    struct turnover t, again;
    struct frame f;
    struct err err;
    make_structure(&s);
    assert_int_equal(cells_build(&cells, &s, true, &err), 0);
    assert_int_equal(turnover_open(&t, &cells, REFERENCE, dates, 2, &err), 0);
    for (size_t i = 0; i < 2 * cells.count; i++)
        if (turnover_is_group(&cells, i % cells.count)) {
            t.joined[i] = (int64_t)(i % 7);
            t.left[i] = (int64_t)(i % 5);
        }
    assert_int_equal(turnover_to_frame(&t, &cells, &f, &err), 0);
    assert_int_equal(turnover_from_frame(&again, &cells, REFERENCE, &f, &err), 0);
    assert_int_equal(again.count, 2);
    assert_memory_equal(again.dates, dates, sizeof dates);
    assert_memory_equal(again.joined, t.joined, 2 * cells.count * sizeof *t.joined);
    assert_memory_equal(again.left, t.left, 2 * cells.count * sizeof *t.left);
    turnover_close(&again);

    static const char *const columns[] = {"since", "cell", "joined"};
    for (size_t i = 0; i < 3; i++) { /* each told otherwise in one row */
        struct column *c = frame_find(&f, columns[i]);
        uint64_t before = i ? column_get(c, 3) : 0;
        if (i)
            column_set(c, 3, i == 2 ? 1ULL << 32 : before + 1);
        else
            ((int32_t *)c->cells)[3]++;
        assert_int_equal(turnover_from_frame(&again, &cells, REFERENCE, &f, &err), -1);
        assert_int_equal(err.kind, ERR_DATA);
        turnover_close(&again);
        if (i)
            column_set(c, 3, before);
        else
            ((int32_t *)c->cells)[3]--;
    }
    assert_int_equal(frame_resize(&f, f.rows - 1, &err), 0);
    assert_int_equal(turnover_from_frame(&again, &cells, REFERENCE, &f, &err), -1);
    turnover_close(&again);
    frame_release(&f);
    turnover_close(&t);
    cells_release(&cells);
    structure_release(&s);
}

/* Files that reach back less far than what was published: the published head counts lead. */
static void test_reconcile(void **state)
{
    (void)state;
    static const date dates[3] = {17000, 17300, 18000};
    struct past past = {0};
    struct rules then, now;
    struct cells cells;
    struct turnover t;
    struct err err;
    size_t corrected = 0;
    assert_int_equal(past_reserve(&past, 3, &err), 0);
    for (int i = 0; i < 3; i++) { /* two of the second date: the last one counts */
        fixture_dated(&then, i == 0 ? "a" : i == 1 ? "b" : "b.r2", dates[i > 0]);
        make_structure(&then.structure);
        struct past_release *r = fixture_past(&past, &then);
        for (size_t cell = 0; cell < r->cells.count; cell++)
            past_publish(r, cell, i == 1 ? 1000 : 10);
        rules_release(&then);
    }
    fixture_dated(&now, "c", REFERENCE);
    make_structure(&now.structure);
    assert_int_equal(cells_build(&cells, &now.structure, true, &err), 0);
    int64_t counts[256];
    for (size_t i = 0; i < cells.count; i++)
        counts[i] = 12;
    assert_int_equal(turnover_open(&t, &cells, REFERENCE, dates, 3, &err), 0);
    size_t e1 = cell_by_key(&cells, "staff|entity:E1"), e2 = cell_by_key(&cells, "staff|entity:E2");
    size_t e3 = cell_by_key(&cells, "staff|entity:E3"), origin = cells.count;
    t.joined[e1] = 5; /* 10 + 5 - 3 = 12 */
    t.left[e1] = 3;
    t.joined[e2] = 1; /* one more came, by what was published */
    t.joined[e3] = 4; /* two more left */
    assert_int_equal(turnover_reconcile(&t, &cells, counts, &past, &corrected, &err), 0);
    assert_int_equal(t.joined[e1], 5);
    assert_int_equal(t.left[e1], 3);
    assert_int_equal(t.joined[e2], 2);
    assert_int_equal(t.left[e2], 0);
    assert_int_equal(t.joined[e3], 4);
    assert_int_equal(t.left[e3], 2);
    for (size_t i = 0; i < cells.count; i++) {
        bool group = turnover_is_group(&cells, i);
        for (size_t d = 0; d < 3; d++) {
            int64_t net = t.joined[d * t.cells + i] - t.left[d * t.cells + i];
            assert_int_equal(net, group && d < 2 ? 2 : 0); /* nothing is known of a later date */
        }
        origin = group ? origin : i;
    }
    assert_true(origin < cells.count);
    assert_int_equal(corrected, 2 * ((1 + 4) * 3 * 6 + 3 * 6) - 1);

    assert_int_equal(turnover_check_dates(&t, &past, &err), -1); /* nothing was of 18000 */
    assert_int_equal(err.kind, ERR_DATA);
    turnover_close(&t);
    assert_int_equal(turnover_open(&t, &cells, REFERENCE, dates, 2, &err), 0);
    assert_int_equal(turnover_check_dates(&t, &past, &err), 0);
    turnover_close(&t);
    assert_int_equal(turnover_open(&t, &cells, REFERENCE, dates, 1, &err), 0);
    assert_int_equal(turnover_check_dates(&t, &past, &err), -1);
    turnover_close(&t);
    assert_int_equal(turnover_open(&t, &cells, dates[1], dates, 1, &err), 0);
    assert_int_equal(turnover_check_dates(&t, &past, &err), 0); /* a revision of the second date */
    turnover_close(&t);
    cells_release(&cells);
    rules_release(&now);
    past_clear(&past);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_counting),  cmocka_unit_test(test_bad_moves),
        cmocka_unit_test(test_dates),     cmocka_unit_test(test_frame),
        cmocka_unit_test(test_reconcile),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: EUPL-1.2 */
/* Counting rows: against a count by hand of every cell, for any number of threads. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "structure_fixture.h"
#include "tables/count.h"

#define MOST (UINT64_C(1) << 20) /* bytes of counters */

static void make_structure(struct structure *s)
{
    structure_init(s);
    fixture_units(s, false);
    fixture_variable(s, "origin", "foreign* eu<foreign non_eu<foreign belgian* unknown");
    fixture_variable(s, "sex", "f m");
    fixture_variable(s, "age", "young old");
    fixture_table(s, "origin-sex", "staff", "origin sex", -1);
    fixture_table(s, "origin-age", "staff", "origin age", -1);
    fixture_table(s, "sex-age", "staff", "sex age", -1);
    fixture_table(s, "managers", "managers", "origin", 0);
}

/* Rows of a fixed linear congruential sequence. */
static void make_rows(struct frame *f, size_t rows)
{
    struct err err;
    frame_init(f, "rows");
    struct column *entity = frame_add(f, "entity", COLUMN_U32, &err);
    struct column *origin = frame_add(f, "origin", COLUMN_U8, &err);
    struct column *sex = frame_add(f, "sex", COLUMN_U16, &err);
    struct column *age = frame_add(f, "age", COLUMN_U8, &err);
    struct column *staff = frame_add(f, "population:staff", COLUMN_U8, &err);
    struct column *managers = frame_add(f, "population:managers", COLUMN_U8, &err);
    assert_non_null(managers);
    assert_int_equal(frame_resize(f, rows, &err), 0);
    uint64_t x = 1;
    for (size_t i = 0; i < rows; i++) {
        x = x * 6364136223846793005U + 1442695040888963407U;
        column_set(entity, i, 3 + (x >> 40) % 3);
        column_set(origin, i, 2 + (x >> 43) % 4);
        column_set(sex, i, 1 + (x >> 47) % 2);
        column_set(age, i, 1 + (x >> 50) % 2);
        column_set(staff, i, (x >> 53) % 10 != 0);
        column_set(managers, i, (x >> 53) % 10 == 1);
    }
}

static bool below(const int *parents, uint64_t at, uint64_t ancestor)
{
    int i = (int)at;
    while (i != (int)ancestor && i >= 0)
        i = parents[i];
    return i >= 0;
}

/* A cell counted the slow way. */
static int64_t by_hand(const struct cells *c, const struct frame *f, size_t cell)
{
    static const int units[] = {-1, 0, 0, 1, 1, 2, 2};
    static const int origins[] = {-1, 0, 1, 1, 0, 0}, plain[] = {-1, 0, 0, 0};
    const uint16_t *k = c->categories + cell * 3;
    const struct column *member =
        f->columns[4 + (c->population[cell] == 1)]; /* population:staff, population:managers */
    int64_t count = 0;
    for (size_t i = 0; i < f->rows; i++)
        count += column_get(member, i) &&
                 below(units, column_get(f->columns[0], i), c->unit[cell]) &&
                 below(origins, column_get(f->columns[1], i), k[0]) &&
                 below(plain, column_get(f->columns[2], i), k[1]) &&
                 below(plain, column_get(f->columns[3], i), k[2]);
    return count;
}

/* The rows, so many at a time. */
static int count_rows(const struct cells *cells, const struct frame *rows, size_t piece,
                      unsigned threads, uint64_t memory, int64_t *counts, struct err *err)
{
    struct counter *c;
    int rc = counter_open(&c, cells->structure, threads, memory, err);
    for (size_t at = 0; rc == 0 && at <= rows->rows; at += piece) {
        struct frame some;
        make_rows(&some, rows->rows);
        for (size_t i = 0; i < rows->column_count; i++)
            memcpy(some.columns[i]->cells, rows->columns[i]->cells,
                   rows->rows * column_width(rows->columns[i]->type));
        frame_drop(&some, at);
        some.rows = some.rows < piece ? some.rows : piece;
        rc = counter_add(c, &some, err);
        frame_release(&some);
    }
    if (rc == 0)
        rc = counter_finish(c, cells, counts, err);
    counter_close(&c);
    return rc;
}

static void test_every_cell_as_by_hand(void **state)
{
    (void)state;
    struct structure s;
    struct cells c;
    struct frame f;
    struct err err;
    make_structure(&s);
    make_rows(&f, 1000);
    assert_int_equal(structure_check(&s, &err), 0);
    assert_int_equal(cells_build(&c, &s, true, &err), 0);
    assert_int_equal(c.leaf_table_count, 5);
    int64_t *counts = calloc(c.count, sizeof *counts), *again = calloc(c.count, sizeof *again);
    assert_non_null(counts);
    assert_non_null(again);
    assert_int_equal(count_rows(&c, &f, 1000, 1, MOST, counts, &err), 0);
    for (size_t i = 0; i < c.inclusions[0].first; i++)
        assert_int_equal(counts[i], by_hand(&c, &f, i));
    for (unsigned threads = 2; threads <= 7; threads++) {
        assert_int_equal(
            count_rows(&c, &f, 1000 / threads, threads, threads % 2 ? MOST : 0, again, &err), 0);
        assert_int_equal(memcmp(counts, again, c.count * sizeof *counts), 0);
    }
    free(counts);
    free(again);
    frame_release(&f);
    cells_release(&c);
    structure_release(&s);
}

static void test_doubtful_rows_are_refused(void **state)
{
    (void)state;
    struct structure s;
    struct cells c;
    struct frame f;
    struct err err;
    /* column, value: a unit with children, one not delivered, none; total, a parent category, none
     */
    static const unsigned wrong[][2] = {{0, 1}, {0, 6}, {0, 7}, {1, 0}, {1, 1}, {1, 6}, {2, 300}};
    make_structure(&s);
    assert_int_equal(structure_check(&s, &err), 0);
    assert_int_equal(cells_build(&c, &s, true, &err), 0);
    int64_t *counts = calloc(c.count, sizeof *counts);
    assert_non_null(counts);
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        make_rows(&f, 100);
        column_set(f.columns[wrong[i][0]], 77, wrong[i][1]);
        assert_int_equal(count_rows(&c, &f, 60, 3, MOST, counts, &err), -1);
        assert_int_equal(err.kind, ERR_DATA);
        frame_release(&f);
    }
    struct counter *counter;
    frame_init(&f, "rows"); /* no columns at all */
    assert_int_equal(counter_open(&counter, &s, 1, MOST, &err), 0);
    assert_int_equal(counter_add(counter, &f, &err), -1);
    assert_int_equal(err.kind, ERR_DATA);
    counter_close(&counter);
    make_rows(&f, 0); /* nobody: all zero */
    assert_int_equal(count_rows(&c, &f, 10, 4, MOST, counts, &err), 0);
    for (size_t i = 0; i < c.count; i++)
        assert_int_equal(counts[i], 0);
    frame_release(&f);
    free(counts);
    cells_release(&c);
    structure_release(&s);
}

/* A category that is added after the rows came; and rows that have it when it is not. */
static void test_unknown_comes_last(void **state)
{
    struct structure s;
    struct cells c;
    struct frame f;
    struct counter *counter;
    struct err err;
    (void)state;
    make_structure(&s);
    make_rows(&f, 500);
    for (size_t i = 0; i < 500; i += 7)
        column_set(frame_find(&f, "sex"), i, 3);
    for (int added = 0; added < 2; added++) {
        assert_int_equal(counter_open(&counter, &s, 2, MOST, &err), 0);
        assert_int_equal(counter_add(counter, &f, &err), 0);
        if (added)
            assert_int_equal(variable_add_unknown(&s.variables[1]), 3);
        assert_int_equal(cells_build(&c, &s, true, &err), 0);
        int64_t *counts = calloc(c.count, sizeof *counts);
        assert_non_null(counts);
        assert_int_equal(counter_finish(counter, &c, counts, &err), added ? 0 : -1);
        for (size_t i = 0; added && i < c.inclusions[0].first; i++)
            assert_int_equal(counts[i], by_hand(&c, &f, i));
        free(counts);
        cells_release(&c);
        counter_close(&counter);
    }
    /* Origin has an unknown: there is no place for another one. */
    assert_int_equal(variable_add_unknown(&s.variables[0]), 5);
    assert_int_equal(s.variables[0].category_count, 6);
    frame_release(&f);
    structure_release(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_cell_as_by_hand),
        cmocka_unit_test(test_doubtful_rows_are_refused),
        cmocka_unit_test(test_unknown_comes_last),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

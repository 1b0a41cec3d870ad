/* SPDX-License-Identifier: EUPL-1.2 */
/* Counting rows: against a count by hand of every cell, for any number of threads. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "structure_fixture.h"
#include "tables/count.h"

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
    static const int origins[] = {-1, 0, 1, 1, 0, 0}, plain[] = {-1, 0, 0};
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
    assert_int_equal(count_rows(&c, &f, 1, counts, &err), 0);
    for (size_t i = 0; i < c.inclusions[0].first; i++)
        assert_int_equal(counts[i], by_hand(&c, &f, i));
    for (unsigned threads = 2; threads <= 7; threads++) {
        assert_int_equal(count_rows(&c, &f, threads, again, &err), 0);
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
        assert_int_equal(count_rows(&c, &f, 3, counts, &err), -1);
        assert_int_equal(err.kind, ERR_DATA);
        frame_release(&f);
    }
    frame_init(&f, "rows"); /* no columns at all */
    assert_int_equal(count_rows(&c, &f, 1, counts, &err), -1);
    assert_int_equal(err.kind, ERR_DATA);
    make_rows(&f, 0); /* nobody: all zero */
    assert_int_equal(count_rows(&c, &f, 4, counts, &err), 0);
    for (size_t i = 0; i < c.count; i++)
        assert_int_equal(counts[i], 0);
    frame_release(&f);
    free(counts);
    cells_release(&c);
    structure_release(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_cell_as_by_hand),
        cmocka_unit_test(test_doubtful_rows_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

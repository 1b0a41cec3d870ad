/* SPDX-License-Identifier: EUPL-1.2 */
/* Tests of sdc/least_change.h and the basis order below it: on thousands of random systems the
 * cheapest change costs what a general solver says, or is impossible when that says so. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sdc/basis_order.h"
#include "sdc/change_general.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { ROWS = 400, COLUMNS = 1100, ELEMENTS = 5000 };

struct fixture {
    struct change_system system;
    struct change_limits limits[COLUMNS];
    uint32_t row_start[ROWS + 1], row[ELEMENTS], column_start[COLUMNS + 1], column[ELEMENTS];
    uint32_t random;
    double general[COLUMNS];
};

static uint32_t pick(struct fixture *f, uint32_t below)
{
    f->random ^= f->random << 13;
    f->random ^= f->random >> 17;
    f->random ^= f->random << 5;
    return f->random % below;
}

/* From columns to rows. */
static void finish(struct fixture *f, size_t rows, size_t columns)
{
    uint32_t at = 0;
    for (size_t r = 0; r < rows; r++) {
        f->row_start[r] = at;
        for (size_t c = 0; c < columns; c++)
            for (uint32_t i = f->column_start[c]; i < f->column_start[c + 1]; i++)
                if (element_place(f->column[i]) == r)
                    f->row[at++] = element_of(c, f->column[i] & 1);
    }
    f->row_start[rows] = at;
    f->system = (struct change_system){.rows = rows,
                                       .columns = columns,
                                       .row_start = f->row_start,
                                       .row = f->row,
                                       .column_start = f->column_start,
                                       .column = f->column};
}

static void random_limits(struct fixture *f, size_t columns)
{
    for (size_t c = 0; c < columns; c++) {
        bool hidden = pick(f, 2);
        f->limits[c].up = hidden ? 1e-4 : 1 + pick(f, 1000);
        f->limits[c].down = hidden ? 1e-4 : f->limits[c].up * (1 + pick(f, 2));
        f->limits[c].fall = pick(f, 4);
        f->limits[c].closed = pick(f, 10) == 0;
    }
}

/* Columns of one to four elements with any signs: far from a table of sums. */
static void random_system(struct fixture *f)
{
    size_t rows = 2 + pick(f, 14), columns = 3 + pick(f, 40), at = 0;
    for (size_t c = 0; c < columns; c++) {
        size_t count = 1 + pick(f, rows < 4 ? (uint32_t)rows : 4);
        uint32_t first = pick(f, (uint32_t)rows);
        f->column_start[c] = (uint32_t)at;
        for (size_t i = 0; i < count; i++) /* different rows */
            f->column[at++] = element_of((first + i * (rows / count)) % rows, pick(f, 2));
    }
    f->column_start[columns] = (uint32_t)at;
    random_limits(f, columns);
    finish(f, rows, columns);
}

/* A cube of cells, all lines of which must keep their sums: the hard case of linked tables. */
static void random_cube(struct fixture *f, uint32_t side)
{
    uint32_t at = 0, c = 0;
    for (uint32_t i = 0; i < side; i++)
        for (uint32_t j = 0; j < side; j++)
            for (uint32_t k = 0; k < side; k++) {
                f->column_start[c++] = at;
                f->column[at++] = element_of(i * side + j, false);
                f->column[at++] = element_of(side * side + j * side + k, false);
                f->column[at++] = element_of(2 * side * side + k * side + i, false);
            }
    f->column_start[c] = at;
    random_limits(f, c);
    finish(f, 3 * (size_t)side * side, c);
}

static double price(const struct fixture *f, uint32_t column, double by)
{
    return by > 0 ? by * f->limits[column].up : -by * f->limits[column].down;
}

/* Every equation holds, nothing closed moves, nothing falls too far; the cost without the target's.
 */
static double check_change(const struct fixture *f, const struct least_change *l, uint32_t target)
{
    double sums[ROWS] = {0}, cost = 0;
    size_t count;
    const uint32_t *moved = least_change_moved(l, &count);
    for (size_t i = 0; i < count; i++) {
        uint32_t c = moved[i];
        double by = least_change_by(l, c);
        for (uint32_t k = f->column_start[c]; k < f->column_start[c + 1]; k++)
            sums[element_place(f->column[k])] += element_times(f->column[k], by);
        if (c == target)
            continue;
        assert_true(by > -f->limits[c].fall - 1e-6);
        assert_true(fabs(by) < 1e-6 || !f->limits[c].closed);
        cost += price(f, c, by);
    }
    for (size_t r = 0; r < f->system.rows; r++)
        assert_true(fabs(sums[r]) < 1e-6);
    return cost;
}

static double general_cost(const struct fixture *f, uint32_t target)
{
    double cost = 0;
    for (uint32_t c = 0; c < f->system.columns; c++)
        cost += c == target ? 0 : price(f, c, f->general[c]);
    return cost;
}

struct tally {
    size_t found, impossible, iterations_most;
};

static void compare(struct fixture *f, struct least_change *l, uint32_t target, double by,
                    struct tally *tally)
{
    enum least_change_answer answer, general;
    size_t iterations;
    struct err err;
    assert_int_equal(least_change_solve(l, target, by, SIZE_MAX, &answer, &err), 0);
    assert_int_equal(
        change_general(&f->system, f->limits, target, by, f->general, &general, &iterations, &err),
        0);
    assert_int_equal(answer, general);
    tally->impossible += answer == CHANGE_IMPOSSIBLE;
    if (answer == CHANGE_FOUND) {
        double cost = check_change(f, l, target), other = general_cost(f, target);
        assert_true(fabs(cost - other) < 1e-5 * (1 + other));
        tally->found++;
    }
    if (least_change_iterations(l) > tally->iterations_most)
        tally->iterations_most = least_change_iterations(l);
}

/* Several programmes in a row with the same object, so that nothing of one is left in the next. */
static void compare_some(struct fixture *f, size_t programmes, struct tally *tally)
{
    struct least_change *l;
    struct err err;
    assert_int_equal(least_change_open(&l, &f->system, f->limits, &err), 0);
    for (size_t i = 0; i < programmes; i++) {
        uint32_t target = pick(f, (uint32_t)f->system.columns);
        double by = pick(f, 2) ? 1 + pick(f, 5) : -1 - (double)pick(f, 3);
        compare(f, l, target, by, tally);
    }
    least_change_close(l);
}

static void test_random_systems(void **state)
{
    (void)state;
    struct fixture *f = calloc(1, sizeof *f);
    struct tally tally = {0};
    assert_non_null(f);
    f->random = 2463534242U;
    for (size_t i = 0; i < 1500; i++) {
        random_system(f);
        compare_some(f, 6, &tally);
    }
    assert_true(tally.found > 2000 && tally.impossible > 1000);
    free(f);
}

static void test_cubes(void **state)
{
    (void)state;
    struct fixture *f = calloc(1, sizeof *f);
    struct tally tally = {0};
    assert_non_null(f);
    f->random = 88172645U;
    for (uint32_t side = 3; side <= 10; side++)
        for (size_t i = 0; i < 4; i++) {
            random_cube(f, side);
            compare_some(f, 12, &tally);
        }
    assert_true(tally.found > 150);
    assert_true(tally.iterations_most > 200); /* the basis was ordered again, several times */
    free(f);
}

static void set_column(struct fixture *f, uint32_t column, uint32_t first, uint32_t second)
{
    f->column_start[column] = 2 * column;
    f->column[2 * column] = element_of(first, false);
    f->column[2 * column + 1] = element_of(second, false);
    f->column_start[column + 1] = 2 * column + 2;
}

/* Three rows in a ring: a bump, as no row or column stands alone. Twice the same column: no basis.
 */
static void test_order(void **state)
{
    (void)state;
    struct fixture *f = calloc(1, sizeof *f);
    struct basis_order *order;
    struct eta_file etas = {0};
    struct sparse v;
    struct err err;
    bool regular;
    uint32_t columns[] = {0, 1, 2}, rows[] = {0, 1, 2};
    assert_non_null(f);
    set_column(f, 0, 0, 1);
    set_column(f, 1, 1, 2);
    set_column(f, 2, 2, 0);
    set_column(f, 3, 0, 1);
    finish(f, 3, 4);
    assert_int_equal(basis_order_open(&order, &f->system, &err), 0);
    assert_int_equal(basis_order_renew(order, &etas, columns, rows, 3, &regular, &err), 0);
    assert_true(regular);
    assert_int_equal(sparse_open(&v, 3, &err), 0);
    for (uint32_t r = 0; r < 3; r++) /* 1 of each column: 2 in every row */
        sparse_add(&v, r, 2);
    eta_file_forward(&etas, &v);
    for (uint32_t i = 0; i < 3; i++)
        assert_true(fabs(v.value[rows[i]] - 1) < 1e-9);
    columns[2] = 3;
    assert_int_equal(basis_order_renew(order, &etas, columns, rows, 3, &regular, &err), 0);
    assert_false(regular);
    columns[2] = 2; /* and it is none the worse for that */
    assert_int_equal(basis_order_renew(order, &etas, columns, rows, 3, &regular, &err), 0);
    assert_true(regular);
    sparse_release(&v);
    eta_file_release(&etas);
    basis_order_close(order);
    free(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_random_systems),
        cmocka_unit_test(test_cubes),
        cmocka_unit_test(test_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

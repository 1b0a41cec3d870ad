/* SPDX-License-Identifier: EUPL-1.2 */
/* Tests of sdc/deviations.h: moves keep the equations, take the cheapest way, and know what cannot
 * be. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sdc/deviations.h"
#include "sdc/solver.h"

#include "sdc_system.h"

struct fixture {
    struct sdc_system s;
    struct deviations *d;
    uint8_t held[SYSTEM_CELLS];
};

/* Three entities, three origins, everything that is not public may move, each unit costs the same.
 */
static void fixture_open(struct fixture *f)
{
    uint8_t movable[SYSTEM_CELLS];
    uint32_t random = 5;
    struct err err = {0};
    system_build(&f->s, 3, 3, 1, 1);
    memset(f->held, 0, sizeof f->held);
    system_fill(&f->s, &random, 4);
    for (size_t i = 0; i < f->s.cells.count; i++) {
        f->s.counts[i] = f->s.unit[i] && !(f->s.flags[i] & CELL_PUBLIC) ? f->s.counts[i] + 6 : 0;
        movable[i] = !(f->s.flags[i] & CELL_PUBLIC);
    }
    system_add_up(&f->s, f->s.counts);
    assert_int_equal(deviations_open(&f->d, &f->s.cells, f->s.counts, movable, f->held, &err), 0);
    for (uint32_t i = 0; i < f->s.cells.count; i++)
        deviations_price(f->d, i, 1, 1);
}

static void fixture_close(struct fixture *f)
{
    deviations_close(f->d);
    solver_thread_end();
}

static struct move solve(struct fixture *f, uint32_t target, int64_t by)
{
    struct move m;
    struct err err = {0};
    assert_int_equal(deviations_solve(f->d, target, by, &m, &err), 0);
    return m;
}

static void assert_holds(const struct fixture *f, const struct move *m)
{
    int64_t values[SYSTEM_CELLS];
    memcpy(values, f->s.counts, sizeof values);
    for (size_t i = 0; i < m->count; i++) {
        values[m->cells[i]] += m->by[i];
        assert_true(values[m->cells[i]] >= 0);
        assert_int_not_equal(m->by[i], 0);
    }
    assert_int_equal(cells_additive(&f->s.cells, values, NULL), 0);
}

static void test_moves_hold(void **state)
{
    (void)state;
    struct fixture f;
    fixture_open(&f);
    uint32_t target = (uint32_t)system_cell(&f.s, 1, 1, 0);
    int64_t amounts[] = {1, 5, -3, -f.s.counts[target]};
    for (size_t i = 0; i < 4; i++) {
        struct move m = solve(&f, target, amounts[i]);
        assert_true(m.possible && m.whole);
        assert_int_equal(move_of(&m, target), amounts[i]);
        assert_int_equal(m.count, 4); /* its line needs another, and their columns need one each */
        assert_holds(&f, &m);
        move_release(&m);
    }
    fixture_close(&f);
}

static void test_what_cannot_be(void **state)
{
    (void)state;
    struct fixture f;
    fixture_open(&f);
    uint32_t target = (uint32_t)system_cell(&f.s, 1, 1, 0);
    int64_t n = f.s.counts[target], group = f.s.counts[f.s.group[target]];
    struct move m = solve(&f, target, -n - 1);
    assert_false(m.possible);
    m = solve(&f, target, group - n + 1);
    assert_false(m.possible);
    m = solve(&f, (uint32_t)system_cell(&f.s, 1, 0, 0), 1); /* public: not movable */
    assert_false(m.possible);
    assert_int_equal(m.count, 0);
    fixture_close(&f);
}

static void test_prices_and_holding(void **state)
{
    (void)state;
    struct fixture f;
    fixture_open(&f);
    uint32_t target = (uint32_t)system_cell(&f.s, 1, 1, 0);
    uint32_t cheap = (uint32_t)system_cell(&f.s, 1, 3, 0);
    uint32_t other = (uint32_t)system_cell(&f.s, 1, 2, 0);
    deviations_price(f.d, other, 50, 50);
    struct move m = solve(&f, target, 2);
    assert_int_equal(move_of(&m, cheap), -2);
    assert_int_equal(move_of(&m, other), 0);
    move_release(&m);
    f.held[cheap] = 1;
    deviations_rebase(f.d);
    m = solve(&f, target, 2);
    assert_int_equal(move_of(&m, cheap), 0);
    assert_int_equal(move_of(&m, other), -2);
    assert_holds(&f, &m);
    move_release(&m);
    fixture_close(&f);
}

static void test_rebase(void **state)
{
    (void)state;
    struct fixture f;
    fixture_open(&f);
    uint32_t target = (uint32_t)system_cell(&f.s, 1, 1, 0);
    for (size_t i = 0; i < f.s.cells.count; i++)
        f.s.counts[i] = 0;
    f.s.counts[system_cell(&f.s, 1, 3, 0)] = 2;
    f.s.counts[system_cell(&f.s, 2, 1, 0)] = 2;
    system_add_up(&f.s, f.s.counts);
    deviations_rebase(f.d);
    struct move m = solve(&f, target, 3);
    assert_false(m.possible);
    m = solve(&f, target, 2);
    assert_true(m.possible);
    assert_holds(&f, &m);
    move_release(&m);
    fixture_close(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_moves_hold),
        cmocka_unit_test(test_what_cannot_be),
        cmocka_unit_test(test_prices_and_holding),
        cmocka_unit_test(test_rebase),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

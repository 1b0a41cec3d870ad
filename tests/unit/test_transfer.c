/* SPDX-License-Identifier: EUPL-1.2 */
/* Changes of a table by exchanges, and start tables of a view, against brute force and the linear
 * programmes on thousands of small random systems. */
#include "sdc_system.h"

#include "sdc/linear.h"
#include "sdc/parts.h"
#include "sdc/solver.h"
#include "sdc/transfer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static uint32_t random_state = 88172645U;

static uint32_t pick(uint32_t below)
{
    return system_random(&random_state, below);
}

static void random_system(struct sdc_system *s)
{
    system_build(s, 2 + pick(3), 2 + pick(3), 1 + pick(2), pick(2));
    system_fill(s, &random_state, 1 + pick(8));
    for (size_t i = 0; i < s->cells.count; i++)
        s->hidden[i] = !(s->flags[i] & CELL_PUBLIC) && pick(3) == 0;
}

/* Does the table, changed by the move, keep every equation, with no count below zero? */
static void assert_table(const struct sdc_system *s, const struct move *m)
{
    int64_t values[SYSTEM_CELLS];
    struct err err;
    memcpy(values, s->counts, sizeof values);
    for (size_t i = 0; i < m->count; i++) {
        assert_true(i == 0 || m->cells[i] > m->cells[i - 1]);
        assert_true(m->by[i] != 0);
        values[m->cells[i]] += m->by[i];
        assert_true(values[m->cells[i]] >= 0);
    }
    assert_int_equal(cells_additive(&s->cells, values, &err), 0);
}

static void try_every_cell(struct sdc_system *s, struct transfer *t, struct deviations *d,
                           size_t *found, size_t *possible)
{
    struct err err;
    for (uint32_t c = 0; c < s->cells.count; c++) {
        int64_t by = pick(2) ? 1 + pick(5) : -(int64_t)(1 + pick(3)), cost = 0, paid = 0;
        struct effort effort = transfer_effort(t);
        struct move m, programme;
        assert_int_equal(transfer_solve(t, c, by, CIRCUIT_NEVER, &effort, &m, &cost, &err), 0);
        if (s->flags[c] & CELL_PUBLIC || s->counts[c] + by < 0) {
            assert_false(m.possible);
            move_release(&m);
            continue;
        }
        assert_int_equal(deviations_solve(d, c, by, &programme, &err), 0);
        *found += m.possible;
        *possible += programme.possible;
        if (m.possible) {
            assert_true(programme.possible); /* never what there is not */
            assert_int_equal(move_of(&m, c), by);
            assert_table(s, &m);
            for (size_t i = 0; i < m.count; i++)
                paid += s->hidden[m.cells[i]] ? 0 : 16;
            assert_true(paid <= cost); /* a cell that moved and came back was paid for too */
        }
        move_release(&m);
        move_release(&programme);
    }
}

static void exchanges_keep_the_equations(void **state)
{
    (void)state;
    size_t found = 0, possible = 0;
    for (int round = 0; round < 400; round++) {
        struct sdc_system s;
        struct blocks b;
        struct transfer *t;
        struct deviations *d;
        struct err err;
        uint8_t movable[SYSTEM_CELLS];
        random_system(&s);
        assert_int_equal(blocks_build(&b, &s.cells, &err), 0);
        assert_int_equal(transfer_open(&t, &b, 5, &err), 0);
        for (uint32_t c = 0; c < s.cells.count; c++) {
            movable[c] = !(s.flags[c] & CELL_PUBLIC);
            transfer_set(t, c, s.counts[c], !movable[c] ? CIRCUIT_NEVER : s.hidden[c] ? 0 : 16);
        }
        assert_int_equal(deviations_open(&d, &s.cells, s.counts, movable, NULL, &err), 0);
        try_every_cell(&s, t, d, &found, &possible);
        deviations_close(d);
        transfer_close(t);
        blocks_release(&b);
        solver_thread_end();
    }
    assert_true(found > 1000);
    assert_true(10 * found > 9 * possible); /* on systems this small, most that there are */
}

/* With everything that may move for nothing, nothing is paid; where all others stay, nothing is
 * found. */
static void prices_are_obeyed(void **state)
{
    (void)state;
    struct sdc_system s;
    struct blocks b;
    struct transfer *t;
    struct err err;
    struct move m;
    int64_t cost;
    system_build(&s, 3, 3, 1, 1);
    system_fill(&s, &random_state, 6);
    uint32_t target = (uint32_t)system_cell(&s, 1, 1, 0);
    assert_int_equal(blocks_build(&b, &s.cells, &err), 0);
    assert_int_equal(transfer_open(&t, &b, 5, &err), 0);
    struct effort effort = transfer_effort(t);
    transfer_set(t, target, s.counts[target], 0);
    assert_int_equal(transfer_solve(t, target, 1, CIRCUIT_NEVER, &effort, &m, &cost, &err), 0);
    assert_false(m.possible);
    for (uint32_t c = 0; c < s.cells.count; c++)
        if (!(s.flags[c] & CELL_PUBLIC))
            transfer_set(t, c, 9, 0);
    assert_int_equal(transfer_solve(t, target, 4, 1, &effort, &m, &cost, &err), 0);
    assert_true(m.possible);
    assert_int_equal(cost, 0);
    move_release(&m);
    transfer_close(t);
    blocks_release(&b);
}

static bool start_table(const struct part_equations *q, int64_t *values)
{
    uint8_t stepped[SYSTEM_CELLS] = {0};
    struct linear *linear;
    struct err err;
    bool found;
    assert_int_equal(linear_open(&linear, q, stepped, q->known, &err), 0);
    assert_int_equal(linear_maximise(linear, &err), 0);
    assert_int_equal(linear_repair(linear, values, &found, &err), 0);
    linear_close(linear);
    return found;
}

/* A start table agrees with the view, and is the same when the hidden counts are others. */
static void start_tables_agree(void **state)
{
    (void)state;
    size_t found = 0, asked = 0;
    for (int round = 0; round < 400; round++) {
        struct sdc_system s;
        struct view view;
        struct parts parts;
        struct err err;
        int64_t public_counts[SYSTEM_CELLS];
        random_system(&s);
        view_make(&view, &s.cells, s.hidden, s.counts, public_counts);
        assert_int_equal(parts_build(&parts, &s.cells, s.hidden, &err), 0);
        for (size_t p = 0; p < parts.count; p++) {
            struct part_equations q;
            int64_t values[SYSTEM_CELLS];
            bool there;
            assert_int_equal(part_equations_build(&q, &view, &parts, p, &err), 0);
            there = start_table(&q, values);
            asked++;
            found += there;
            assert_true(!there || part_equations_hold(&q, values));
            part_equations_release(&q);
        }
        parts_release(&parts);
        solver_thread_end();
    }
    assert_true(asked > 200);
    assert_int_equal(found, asked);
}

/* Blocks: every cell of a regular system has a slot, and slots and cells point at each other. */
static void blocks_are_complete(void **state)
{
    (void)state;
    struct sdc_system s;
    struct blocks b;
    struct err err;
    system_build(&s, 4, 3, 2, 0);
    assert_int_equal(blocks_build(&b, &s.cells, &err), 0);
    assert_int_equal(b.class_count * b.unit_count, s.cells.count);
    for (uint32_t c = 0; c < s.cells.count; c++) {
        assert_int_not_equal(b.slot[c], SLOT_NONE);
        assert_int_equal(b.cell[b.slot[c]], c);
    }
    assert_int_equal(b.line_count, 3 + 4); /* origins for each sex, sexes for each origin */
    blocks_release(&b);
}

/* An equation across classes and units takes its cells out, and all others stay. */
static void misfits_have_no_slot(void **state)
{
    (void)state;
    struct sdc_system s;
    struct blocks b;
    struct err err;
    system_build(&s, 3, 3, 1, 0);
    size_t odd[3] = {system_cell(&s, 1, 1, 0), system_cell(&s, 2, 2, 0), system_cell(&s, 3, 3, 0)};
    system_equation(&s, odd, 3);
    assert_int_equal(blocks_build(&b, &s.cells, &err), 0);
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(b.slot[odd[i]], SLOT_NONE);
    blocks_release(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(exchanges_keep_the_equations), cmocka_unit_test(prices_are_obeyed),
        cmocka_unit_test(start_tables_agree),           cmocka_unit_test(blocks_are_complete),
        cmocka_unit_test(misfits_have_no_slot),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

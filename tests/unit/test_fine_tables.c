/* SPDX-License-Identifier: EUPL-1.2 */
/* Tests of sdc/fine_tables.h: a government of six entities with tables of four variables. Nothing
 * is enumerated, the system is too large: witnesses are added up by the system's own equations, and
 * ranges taken from them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sdc/fine_tables.h"
#include "sdc/primary.h"
#include "sdc/suppress.h"
#include "structure_fixture.h"

static const struct disclosure EXACT = {.threshold = 5, .protection_width = 1};
static const struct disclosure INTERVAL = {.threshold = 5,
                                           .protect_zeros = true,
                                           .interval = true,
                                           .protection_width = 5,
                                           .public_head_counts = true};

static const char *const FOUR = "origin sex age grade", *const THREE = "origin sex age";

struct fine {
    struct structure structure;
    struct cells cells;
    int64_t *counts, *values; /* per cell */
    struct suppression out;
    uint32_t random;
};

/* Many leaves have nobody, others a few people, a tenth very many. */
static int64_t draw_count(void *context, size_t table, int unit, const uint16_t *categories)
{
    (void)table;
    (void)unit;
    (void)categories;
    uint32_t *random = context;
    *random = *random * 1664525U + 1013904223U;
    uint32_t kind = *random >> 24, many = *random >> 16 & 0xff;
    if (kind < 100)
        return 0;
    return kind < 230 ? many % 9 : many;
}

static void open_fine(struct fine *f, const char *variables, bool public_head_counts, uint32_t seed)
{
    struct err err = {0};
    memset(f, 0, sizeof *f);
    f->random = seed;
    structure_init(&f->structure);
    fixture_unit(&f->structure, LEVEL_GOVERNMENT, "VO", -1, true);
    fixture_unit(&f->structure, LEVEL_DOMAIN, "D1", 0, true);
    fixture_unit(&f->structure, LEVEL_DOMAIN, "D2", 0, true);
    for (int i = 0; i < 6; i++) {
        char code[] = {'E', (char)('1' + i), '\0'};
        fixture_unit(&f->structure, LEVEL_ENTITY, code, 1 + i / 3, true);
    }
    fixture_finish(&f->structure);
    fixture_variable(&f->structure, "origin",
                     "foreign* eu<foreign* non_eu<foreign* belgian* unknown");
    fixture_variable(&f->structure, "sex", "f m");
    fixture_variable(&f->structure, "age", "young mid old");
    fixture_variable(&f->structure, "grade", "A B C");
    fixture_table(&f->structure, "fine", "staff", variables, -1);
    assert_int_equal(structure_check(&f->structure, &err), 0);
    assert_int_equal(cells_build(&f->cells, &f->structure, public_head_counts, &err), 0);
    f->counts = calloc(f->cells.count + 1, sizeof *f->counts);
    f->values = calloc(f->cells.count + 1, sizeof *f->values);
    assert_non_null(f->counts);
    assert_non_null(f->values);
    assert_int_equal(cells_sum_up(&f->cells, f->counts, draw_count, &f->random, &err), 0);
}

static void close_fine(struct fine *f)
{
    suppression_release(&f->out);
    cells_release(&f->cells);
    structure_release(&f->structure);
    free(f->counts);
    free(f->values);
}

static void suppress_fine(struct fine *f, const struct disclosure *rules, unsigned threads)
{
    struct err err = {0};
    if (suppress(&f->out, &f->cells, f->counts, rules, NULL, NULL, threads, &err) != 0)
        fail_msg("%s", err.text);
    assert_int_equal(f->out.proof.unprotected, 0);
}

/* The published cells, with the witness in the place of its hidden ones, make a table; cells of
 * other parts have their counts. */
static void check_witness(const struct fine *f, const struct witness *w)
{
    struct err err = {0};
    memcpy(f->values, f->counts, f->cells.count * sizeof *f->values);
    for (size_t i = 0; i < w->count; i++) {
        assert_true(f->out.hidden[w->cells[i]]);
        assert_true(w->values[i] >= 0);
        f->values[w->cells[i]] = w->values[i];
    }
    assert_int_equal(cells_additive(&f->cells, f->values, &err), 0);
}

static int64_t value_in(const struct fine *f, uint32_t witness, uint32_t cell)
{
    const struct witness *w = &f->out.proof.witnesses[witness];
    for (size_t i = 0; i < w->count; i++)
        if (w->cells[i] == cell)
            return w->values[i];
    fail_msg("the cell is not in its witness");
    return -1;
}

/* As design section 7 says it. */
static void check_cell(const struct fine *f, const struct disclosure *rules, uint32_t cell,
                       const struct cell_proof *p)
{
    uint32_t group = f->cells.group[cell];
    int64_t people = f->out.hidden[group] ? INT64_MAX : f->counts[group];
    int64_t width = people < rules->protection_width ? people : rules->protection_width;
    int64_t least = people < rules->threshold ? people : rules->threshold;
    assert_int_equal(p->cell, cell);
    if (p->kind == PROOF_FLOOR) {
        assert_true(rules->interval && p->floor >= rules->threshold);
        assert_true(f->counts[cell] >= p->floor);
        return;
    }
    assert_int_equal(p->kind, PROOF_PAIR);
    int64_t low = value_in(f, p->low, cell), high = value_in(f, p->high, cell);
    assert_true(high - low >= width);
    assert_true(!rules->interval || high >= least);
}

static void check_pattern(const struct fine *f, const struct disclosure *rules)
{
    uint8_t *unsafe = calloc(f->cells.count + 1, 1);
    assert_non_null(unsafe);
    assert_int_equal(primary_find(unsafe, &f->cells, f->counts, rules, NULL, NULL), 0);
    size_t proved = 0;
    for (uint32_t i = 0; i < f->cells.count; i++) {
        assert_true(f->out.hidden[i] || !unsafe[i]);
        assert_false(f->out.hidden[i] && f->cells.flags[i] & CELL_PUBLIC);
        if (!f->out.hidden[i] || !(f->cells.flags[i] & CELL_SENSITIVE))
            continue;
        assert_true(proved < f->out.proof.cell_count);
        check_cell(f, rules, i, &f->out.proof.cells[proved++]);
    }
    assert_true(proved > 0);
    assert_int_equal(proved, f->out.proof.cell_count);
    for (size_t w = 0; w < f->out.proof.witness_count; w++)
        check_witness(f, &f->out.proof.witnesses[w]);
    free(unsafe);
}

static void test_which_tables_are_fine(void **state)
{
    (void)state;
    struct fine four, three;
    open_fine(&four, FOUR, true, 1);
    open_fine(&three, THREE, true, 1);
    size_t n = four.cells.count;
    uint8_t *hidden = calloc(n, 1);
    assert_non_null(hidden);
    assert_true(three.cells.count < n);
    assert_false(tables_are_fine(&four.cells, hidden)); /* hardly anything is hidden */
    memset(hidden, 1, n / 20 - 1);
    assert_false(tables_are_fine(&four.cells, hidden));
    memset(hidden, 1, n / 20 + 1);
    assert_true(tables_are_fine(&four.cells, hidden));
    assert_false(tables_are_fine(&three.cells, hidden)); /* three variables */
    free(hidden);
    close_fine(&four);
    close_fine(&three);
}

static void test_every_cell_is_proved(void **state)
{
    (void)state;
    const struct disclosure *const rules[] = {&EXACT, &INTERVAL};
    for (size_t r = 0; r < 2; r++)
        for (uint32_t seed = 1; seed <= 3; seed++) {
            struct fine f;
            open_fine(&f, FOUR, rules[r]->public_head_counts, seed);
            suppress_fine(&f, rules[r], 1);
            check_pattern(&f, rules[r]);
            assert_int_equal(f.out.iterations, 0);
            close_fine(&f);
        }
}

/* Nothing published ties entities together: above a hidden cell nothing is shown that may be
 * hidden. */
static void test_nothing_above_is_shown(void **state)
{
    (void)state;
    struct fine f;
    open_fine(&f, FOUR, true, 4);
    suppress_fine(&f, &INTERVAL, 1);
    for (size_t e = 0; e < f.cells.equation_count; e++) {
        const uint32_t *member = f.cells.equation_cell + f.cells.equation_start[e];
        size_t count = f.cells.equation_start[e + 1] - f.cells.equation_start[e];
        for (size_t i = 1; i < count && f.cells.unit[member[0]] != f.cells.unit[member[1]]; i++)
            assert_true(f.out.hidden[member[0]] || !f.out.hidden[member[i]]);
    }
    close_fine(&f);
}

static void write_certificate(const struct fine *f, struct text *out)
{
    struct err err = {0};
    struct view view;
    view_make(&view, &f->cells, f->out.hidden, f->counts, f->values);
    text_init(out);
    assert_int_equal(proof_write_json(&f->out.proof, &view, "r1", out, &err), 0);
}

static void test_threads_change_no_byte(void **state)
{
    (void)state;
    struct fine one, three;
    struct text certificates[2];
    open_fine(&one, FOUR, false, 5);
    open_fine(&three, FOUR, false, 5);
    suppress_fine(&one, &EXACT, 1);
    suppress_fine(&three, &EXACT, 3);
    assert_memory_equal(one.out.hidden, three.out.hidden, one.cells.count);
    write_certificate(&one, &certificates[0]);
    write_certificate(&three, &certificates[1]);
    assert_string_equal(certificates[0].bytes, certificates[1].bytes);
    text_release(&certificates[0]);
    text_release(&certificates[1]);
    close_fine(&one);
    close_fine(&three);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_which_tables_are_fine),
        cmocka_unit_test(test_every_cell_is_proved),
        cmocka_unit_test(test_nothing_above_is_shown),
        cmocka_unit_test(test_threads_change_no_byte),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

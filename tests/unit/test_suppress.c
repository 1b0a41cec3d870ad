/* SPDX-License-Identifier: EUPL-1.2 */
/* Tests of sdc/suppress.h: patterns on small systems, judged by the enumeration of all tables. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sdc/suppress.h"

#include "sdc/bounds.h"
#include "sdc/primary.h"
#include "sdc/secondary.h"
#include "sdc_system.h"

static const struct disclosure RULES = {.threshold = 3,
                                        .protect_zeros = true,
                                        .interval = true,
                                        .protection_width = 3,
                                        .public_head_counts = true};

static void suppress_system(struct sdc_system *s, const struct disclosure *rules, unsigned threads,
                            struct suppression *out)
{
    struct err err = {0};
    if (suppress(out, &s->cells, s->counts, rules, NULL, NULL, threads, &err) != 0)
        fail_msg("%s", err.text);
    memcpy(s->hidden, out->hidden, s->cells.count);
}

/* Unsafe cells are hidden, public ones are not, and no table-by-table search finds a violation. */
static void check_pattern(const struct sdc_system *s, const struct disclosure *rules,
                          const struct suppression *out)
{
    int64_t low[SYSTEM_CELLS] = {0}, high[SYSTEM_CELLS] = {0};
    uint8_t unsafe[SYSTEM_CELLS];
    struct view view = {.cells = &s->cells, .hidden = s->hidden, .counts = s->counts};
    assert_int_equal(primary_find(unsafe, &s->cells, s->counts, rules, NULL, NULL), 0);
    system_enumerate(s, low, high);
    size_t primary = 0, secondary = 0;
    for (size_t i = 0; i < s->cells.count; i++) {
        if (unsafe[i])
            assert_true(s->hidden[i]);
        if (s->flags[i] & CELL_PUBLIC)
            assert_false(s->hidden[i]);
        primary += unsafe[i];
        secondary += s->hidden[i] && !unsafe[i];
        if (!needs_any(&s->cells, s->hidden, i))
            continue;
        struct needs needs = needs_of(&view, rules, i);
        assert_true(needs_met(&needs, low[i], high[i]) || low[i] >= needs.floor);
    }
    assert_int_equal(out->primary, primary);
    assert_int_equal(out->secondary, secondary);
    assert_int_equal(out->proof.unprotected, 0);
}

static void check_system(struct sdc_system *s, const struct disclosure *rules)
{
    struct suppression out = {0};
    suppress_system(s, rules, 1, &out);
    check_pattern(s, rules, &out);
    suppression_release(&out);
}

static void test_random_systems_are_safe(void **state)
{
    (void)state;
    uint32_t random = 12345;
    for (int round = 0; round < 400; round++) {
        struct sdc_system s;
        struct disclosure rules = RULES;
        rules.protect_zeros = round % 4 != 1;
        rules.interval = round % 7 != 3;
        rules.minimum_population = round % 10 == 9 ? 5 : 0;
        rules.cost = (enum suppression_cost)(round % 3);
        if (round % 3 == 2)
            system_build(&s, 2, 3, 2, 1);
        else
            system_build(&s, 1 + system_random(&random, 3), 2 + system_random(&random, 2), 1, 1);
        system_fill(&s, &random, round % 3 == 2 ? 2 : 5);
        check_system(&s, &rules);
    }
}

static void set_row(struct sdc_system *s, size_t unit, int64_t a, int64_t b, int64_t c)
{
    int64_t row[3] = {a, b, c};
    assert_true(s->origins <= 3);
    for (size_t o = 0; o < s->origins && o < 3; o++)
        s->counts[system_cell(s, unit, o + 1, 0)] = row[o];
    system_add_up(s, s->counts);
}

/* One child repeats its parent: what is hidden of one is hidden of the other. */
static void test_only_child(void **state)
{
    (void)state;
    struct sdc_system s;
    system_build(&s, 1, 3, 1, 1);
    set_row(&s, 1, 2, 9, 8);
    check_system(&s, &RULES);
    for (size_t o = 1; o <= 3; o++)
        assert_int_equal(s.hidden[system_cell(&s, 0, o, 0)], s.hidden[system_cell(&s, 1, o, 0)]);
}

/* Of two children, both are hidden or the parent is. */
static void test_two_children(void **state)
{
    (void)state;
    struct sdc_system s;
    system_build(&s, 2, 3, 1, 1);
    set_row(&s, 1, 2, 20, 10);
    set_row(&s, 2, 8, 30, 12);
    check_system(&s, &RULES);
    assert_true(s.hidden[system_cell(&s, 2, 1, 0)] || s.hidden[system_cell(&s, 0, 1, 0)]);
}

static void test_nobody(void **state)
{
    (void)state;
    struct sdc_system s;
    struct suppression out = {0};
    system_build(&s, 3, 3, 2, 1);
    suppress_system(&s, &RULES, 1, &out);
    assert_int_equal(out.primary + out.secondary, 0);
    suppression_release(&out);
}

static void test_group_of_one(void **state)
{
    (void)state;
    struct sdc_system s;
    system_build(&s, 2, 3, 1, 1);
    set_row(&s, 1, 1, 0, 0);
    set_row(&s, 2, 10, 40, 9);
    check_system(&s, &RULES);
    assert_true(s.hidden[system_cell(&s, 1, 1, 0)] && s.hidden[system_cell(&s, 1, 2, 0)]);
}

/* Nothing unsafe, nothing hidden. */
static void test_safe_table_is_published_whole(void **state)
{
    (void)state;
    struct sdc_system s;
    struct suppression out = {0};
    system_build(&s, 2, 3, 1, 1);
    set_row(&s, 1, 5, 20, 10);
    set_row(&s, 2, 8, 30, 12);
    suppress_system(&s, &RULES, 1, &out);
    assert_int_equal(out.primary + out.secondary, 0);
    assert_int_equal(out.proof.cell_count, 0);
    suppression_release(&out);
}

/* When no pattern protects (one category alone: everybody has it), it says so and gives no pattern.
 */
static void test_impossible(void **state)
{
    (void)state;
    struct sdc_system s;
    struct suppression out = {0};
    struct err err = {0};
    system_build(&s, 2, 1, 1, 0);
    for (size_t u = 1; u <= 2; u++)
        s.counts[system_cell(&s, u, 1, 0)] = 2;
    system_add_up(&s, s.counts);
    assert_int_equal(suppress(&out, &s.cells, s.counts, &RULES, NULL, NULL, 1, &err), -1);
    assert_int_equal(err.kind, ERR_INTERNAL);
    assert_null(out.hidden);
}

static void test_threads_give_the_same(void **state)
{
    (void)state;
    uint32_t random = 4711;
    for (int round = 0; round < 10; round++) {
        struct sdc_system s;
        struct suppression a = {0}, b = {0};
        system_build(&s, 4, 4, 2, 1);
        system_fill(&s, &random, 7);
        suppress_system(&s, &RULES, 1, &a);
        suppress_system(&s, &RULES, 3, &b);
        assert_memory_equal(a.hidden, b.hidden, s.cells.count);
        assert_int_equal(a.proof.witness_count, b.proof.witness_count);
        for (size_t w = 0; w < a.proof.witness_count; w++) {
            const struct witness *x = &a.proof.witnesses[w], *y = &b.proof.witnesses[w];
            assert_int_equal(x->count, y->count);
            assert_memory_equal(x->values, y->values, x->count * sizeof *x->values);
        }
        suppression_release(&a);
        suppression_release(&b);
    }
}

static int64_t cost_of(const struct sdc_system *s, const struct suppression *out)
{
    int64_t sum = 0;
    for (size_t i = 0; i < s->cells.count; i++)
        sum += out->hidden[i] ? s->counts[i] : 0;
    return sum;
}

/* With hardly a programme it is as safe, says so, and costs more in all. */
static void test_effort_is_limited(void **state)
{
    (void)state;
    uint32_t random = 99;
    int64_t cost = 0, cost_limited = 0;
    struct disclosure limited = RULES;
    limited.suppress_effort = 1;
    for (int round = 0; round < 10; round++) {
        struct sdc_system s;
        struct suppression a = {0}, b = {0};
        system_build(&s, 4, 4, 2, 1);
        system_fill(&s, &random, 7);
        suppress_system(&s, &RULES, 2, &a);
        suppress_system(&s, &limited, 2, &b);
        assert_false(a.limited);
        assert_true(b.limited || b.iterations == 0);
        assert_true(b.iterations <= a.iterations);
        assert_int_equal(b.proof.unprotected, 0);
        cost += cost_of(&s, &a);
        cost_limited += cost_of(&s, &b);
        suppression_release(&a);
        suppression_release(&b);
    }
    assert_true(cost < cost_limited);
}

/* The proof of a pattern that was found step by step is the one that anybody finds from the view.
 */
static void test_proof_is_reproducible(void **state)
{
    (void)state;
    uint32_t random = 815;
    for (int round = 0; round < 20; round++) {
        struct sdc_system s;
        struct suppression out = {0};
        struct proof again;
        struct view view;
        struct err err = {0};
        int64_t public_counts[SYSTEM_CELLS];
        struct text a, b;
        text_init(&a);
        text_init(&b);
        system_build(&s, 4, 3, 2, 1);
        system_fill(&s, &random, 6);
        suppress_system(&s, &RULES, 1, &out);
        view_make(&view, &s.cells, out.hidden, s.counts, public_counts);
        assert_int_equal(prove(&again, &view, &RULES, 2, &err), 0);
        assert_int_equal(proof_write_json(&out.proof, &view, "r1", &a, &err), 0);
        assert_int_equal(proof_write_json(&again, &view, "r1", &b, &err), 0);
        assert_string_equal(a.bytes, b.bytes);
        text_release(&a);
        text_release(&b);
        proof_release(&again);
        suppression_release(&out);
    }
}

/* Cells whose ends single equations keep too near to each other. */
static size_t count_bounded(const struct sdc_system *s, const struct disclosure *rules)
{
    struct bounds bounds;
    struct err err = {0};
    struct view view = {.cells = &s->cells, .hidden = s->hidden, .counts = s->counts};
    size_t count = 0;
    assert_int_equal(bounds_find(&bounds, &view, &err), 0);
    for (size_t i = 0; i < s->cells.count; i++) {
        struct needs needs = needs_of(&view, rules, i);
        count += needs_any(&s->cells, s->hidden, i) && bounds.low[i] < needs.floor &&
                 !needs_met(&needs, bounds.low[i], bounds.high[i]);
    }
    bounds_release(&bounds);
    return count;
}

/* With the unsafe cells alone hidden, single equations give many of them away; then none. */
static void test_nothing_bounded_stays(void **state)
{
    (void)state;
    uint32_t random = 20261122;
    size_t before = 0;
    for (int round = 0; round < 100; round++) {
        struct sdc_system s;
        struct secondary *secondary;
        struct err err = {0};
        system_build(&s, 3 + system_random(&random, 2), 3, 2, 1);
        system_fill(&s, &random, 6);
        assert_int_equal(primary_find(s.hidden, &s.cells, s.counts, &RULES, NULL, NULL), 0);
        before += count_bounded(&s, &RULES);
        assert_int_equal(
            secondary_open(&secondary, &s.cells, s.counts, &RULES, NULL, s.hidden, &err), 0);
        assert_int_equal(secondary_protect_bounded(secondary, &err), 0);
        secondary_close(secondary);
        assert_int_equal(count_bounded(&s, &RULES), 0);
    }
    assert_true(before > 500);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_random_systems_are_safe),
        cmocka_unit_test(test_only_child),
        cmocka_unit_test(test_two_children),
        cmocka_unit_test(test_nobody),
        cmocka_unit_test(test_group_of_one),
        cmocka_unit_test(test_safe_table_is_published_whole),
        cmocka_unit_test(test_impossible),
        cmocka_unit_test(test_threads_give_the_same),
        cmocka_unit_test(test_effort_is_limited),
        cmocka_unit_test(test_proof_is_reproducible),
        cmocka_unit_test(test_nothing_bounded_stays),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

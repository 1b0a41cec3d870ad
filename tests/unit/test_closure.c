/* SPDX-License-Identifier: EUPL-1.2 */
/* GYO reduction: which sets of tables are decomposable, and what is left of those that are not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "structure_fixture.h"
#include "tables/closure.h"

enum { A = 1, B = 2, C = 4, D = 8, E = 16 };

static uint32_t reduce(const uint32_t *edges, size_t count)
{
    uint32_t copy[16];
    memcpy(copy, edges, count * sizeof *copy);
    return closure_reduce(copy, count);
}

static void test_decomposable_sets_leave_nothing(void **state)
{
    (void)state;
    const uint32_t sets[][5] = {
        {0}, /* head counts alone */
        {A},
        {A, B, C, D, E},                  /* apart */
        {A | B, A | C, A | D},            /* a star */
        {A | B, B | C, C | D, D | E},     /* a path */
        {A | B | C, A | B, B | C, A | C}, /* a triangle under its crossing */
        {A | B | C, B | C | D, C | D | E},
        {A | B, A | B, A | B}, /* the same table thrice */
    };
    const size_t counts[] = {1, 1, 5, 3, 4, 4, 3, 3};
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
        assert_int_equal(reduce(sets[i], counts[i]), 0);
}

static void test_cycles_are_left(void **state)
{
    (void)state;
    const uint32_t triangle[] = {A | B, B | C, A | C};
    const uint32_t square[] = {A | B, B | C, C | D, A | D, D | E};
    const uint32_t two[] = {A | B, B | C, A | C, C | D, D | E};
    const uint32_t covered[] = {A | B | C, B | C | D, A | C | D};
    assert_int_equal(reduce(triangle, 3), A | B | C);
    assert_int_equal(reduce(square, 5), A | B | C | D); /* E hangs on by one table */
    assert_int_equal(reduce(two, 5), A | B | C);
    assert_int_equal(reduce(covered, 3), A | B | C | D); /* E is in none */
}

static void test_order_of_tables_does_not_matter(void **state)
{
    (void)state;
    uint32_t edges[] = {A | B, B | C | E, C | D, A | D | E};
    uint32_t left = reduce(edges, 4);
    for (size_t turn = 0; turn < 4; turn++) {
        uint32_t first = edges[0];
        memmove(edges, edges + 1, 3 * sizeof *edges);
        edges[3] = first;
        assert_int_equal(reduce(edges, 4), left);
    }
}

static void test_populations_are_apart(void **state)
{
    (void)state;
    struct structure s;
    structure_init(&s);
    fixture_units(&s, true);
    fixture_variable(&s, "a", "1 2");
    fixture_variable(&s, "b", "1 2");
    fixture_variable(&s, "c", "1 2");
    fixture_table(&s, "ab", "staff", "a b", -1);
    fixture_table(&s, "bc", "staff", "b c", -1);
    fixture_table(&s, "ac", "others", "a c", -1);
    assert_int_equal(closure_variables(&s, 0), 0);
    assert_int_equal(closure_variables(&s, 1), 0);
    fixture_table(&s, "ac-staff", "staff", "a c", -1);
    assert_int_equal(closure_variables(&s, 0), A | B | C);
    assert_int_equal(closure_variables(&s, 1), 0);
    structure_release(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_decomposable_sets_leave_nothing),
        cmocka_unit_test(test_cycles_are_left),
        cmocka_unit_test(test_order_of_tables_does_not_matter),
        cmocka_unit_test(test_populations_are_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

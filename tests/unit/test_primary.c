/* SPDX-License-Identifier: EUPL-1.2 */
/* Tests of sdc/primary.h: each rule at its edges. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sdc/primary.h"

#include "sdc_system.h"

static struct disclosure rules(void)
{
    return (struct disclosure){.threshold = 5, .protect_zeros = true, .public_head_counts = true};
}

/* Is a sensitive count n in a group of g unsafe? A second entity keeps the first apart. */
static bool unsafe_count(int64_t n, int64_t group, const struct disclosure *r)
{
    struct sdc_system s;
    uint8_t unsafe[SYSTEM_CELLS];
    system_build(&s, 2, 2, 1, 1);
    s.counts[system_cell(&s, 1, 1, 0)] = n;
    s.counts[system_cell(&s, 1, 2, 0)] = group - n;
    s.counts[system_cell(&s, 2, 1, 0)] = 50;
    system_add_up(&s, s.counts);
    assert_int_equal(primary_find(unsafe, &s.cells, s.counts, r, NULL), 0);
    assert_false(unsafe[system_cell(&s, 1, 0, 0)]); /* public */
    assert_false(unsafe[system_cell(&s, 1, 2, 0)]); /* not sensitive */
    return unsafe[system_cell(&s, 1, 1, 0)];
}

static void test_threshold(void **state)
{
    (void)state;
    struct disclosure r = rules();
    for (int64_t n = 1; n < 5; n++)
        assert_true(unsafe_count(n, 20, &r));
    assert_false(unsafe_count(5, 20, &r));
    assert_true(unsafe_count(4, 4, &r)); /* the whole group */
    r.threshold = 1;
    assert_false(unsafe_count(1, 20, &r));
}

static void test_zeros(void **state)
{
    (void)state;
    struct disclosure r = rules();
    assert_true(unsafe_count(0, 20, &r));
    assert_true(unsafe_count(0, 1, &r));
    assert_false(unsafe_count(0, 0, &r)); /* a group of nobody has nothing to say */
    r.protect_zeros = false;
    assert_false(unsafe_count(0, 20, &r));
    assert_true(unsafe_count(1, 20, &r));
}

static void test_minimum_population(void **state)
{
    (void)state;
    struct disclosure r = rules();
    r.minimum_population = 30;
    assert_true(unsafe_count(12, 29, &r));
    assert_false(unsafe_count(12, 30, &r));
}

static void test_unpublished_cells_are_nobodys(void **state)
{
    (void)state;
    struct sdc_system s;
    uint8_t unsafe[SYSTEM_CELLS];
    struct disclosure r = rules();
    system_build(&s, 2, 2, 1, 1);
    size_t cell = system_cell(&s, 1, 1, 0);
    s.counts[cell] = 2;
    system_add_up(&s, s.counts);
    s.flags[cell] = CELL_SENSITIVE | CELL_UNPUBLISHED;
    assert_int_equal(primary_find(unsafe, &s.cells, s.counts, &r, NULL), 0);
    assert_false(unsafe[cell]);
    assert_true(unsafe[system_cell(&s, 0, 1, 0)]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_threshold),
        cmocka_unit_test(test_zeros),
        cmocka_unit_test(test_minimum_population),
        cmocka_unit_test(test_unpublished_cells_are_nobodys),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: EUPL-1.2 */
/* A set of numbers, against a sorted list of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "link/intake_table.h"
#include "link/number_set.h"

#include <stdlib.h>
#include <string.h>

enum { NUMBERS = 30000 };
#define GREATEST UINT32_C(2000000000) /* 99 99 99 999, from 2000 on */

static uint32_t seed;

static uint32_t pick(uint32_t below)
{
    seed = seed * 1664525U + 1013904223U;
    return (uint32_t)((uint64_t)seed * below >> 32);
}

/* Of a few days, close together, and anywhere; the ends of the range; and what is no number. */
static void make(uint32_t *numbers)
{
    static const uint32_t ends[] = {1, 2, GREATEST, GREATEST - 1, NUMBER_NONE, NUMBER_NO_PARENT};
    for (size_t i = 0; i < NUMBERS; i++)
        numbers[i] = i % 3 == 0   ? 1 + pick(GREATEST)
                     : i % 3 == 1 ? 1700000000U + pick(40) * 2000 + pick(2000)
                                  : 123456000U + pick(NUMBERS);
    memcpy(numbers, ends, sizeof ends);
}

static int by_value(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

/* The distinct numbers of a list, which is sorted. */
static size_t distinct(uint32_t *list, size_t count)
{
    size_t kept = 0;
    qsort(list, count, sizeof *list, by_value);
    for (size_t i = 0; i < count; i++)
        if (list[i] != NUMBER_NONE && list[i] != NUMBER_NO_PARENT &&
            (kept == 0 || list[kept - 1] != list[i]))
            list[kept++] = list[i];
    return kept;
}

static void check(const struct number_set *s, const uint32_t *sorted, size_t count)
{
    assert_int_equal(s->count, count);
    for (size_t i = 0; i < count; i++) {
        assert_true(number_set_has(s, sorted[i]));
        assert_int_equal(number_set_place(s, sorted[i]), i);
        if (i > 0 && sorted[i] - sorted[i - 1] > 1) {
            assert_false(number_set_has(s, sorted[i] - 1));
            assert_false(number_set_has(s, sorted[i - 1] + 1));
        }
    }
    assert_false(number_set_has(s, NUMBER_NONE));
    assert_false(number_set_has(s, NUMBER_NO_PARENT));
    for (size_t begin = 0; begin < count; begin += count / 7 + 1) {
        struct number_cursor c;
        number_set_from(s, begin, &c);
        for (size_t i = begin; i < count; i++)
            assert_int_equal(number_set_next(s, &c), sorted[i]);
    }
}

static void test_members_and_places(void **state)
{
    static uint32_t numbers[NUMBERS], sorted[NUMBERS];
    (void)state;
    for (unsigned threads = 1; threads <= 4; threads++) {
        struct number_set s;
        seed = threads;
        make(numbers);
        memcpy(sorted, numbers, sizeof sorted);
        number_set_init(&s);
        assert_int_equal(number_set_add(&s, numbers, NUMBERS / 2, threads, NULL), 0);
        assert_int_equal(number_set_rank(&s, NULL), 0);
        check(&s, sorted, distinct(sorted, NUMBERS / 2));
        /* more, some of them again */
        memcpy(sorted, numbers, sizeof sorted);
        assert_int_equal(
            number_set_add(&s, numbers + NUMBERS / 3, NUMBERS - NUMBERS / 3, threads, NULL), 0);
        assert_int_equal(number_set_rank(&s, NULL), 0);
        check(&s, sorted, distinct(sorted, NUMBERS));
        number_set_release(&s);
    }
}

static void test_sets_are_joined(void **state)
{
    static uint32_t numbers[NUMBERS], sorted[NUMBERS], twice[NUMBERS];
    struct number_set s, more, both, copy;
    size_t count = 0;
    (void)state;
    make(numbers);
    memcpy(sorted, numbers, sizeof sorted);
    size_t all = distinct(sorted, NUMBERS);
    number_set_init(&s);
    number_set_init(&copy);
    number_set_init(&more);
    number_set_init(&both);
    assert_int_equal(number_set_add(&s, numbers, NUMBERS / 2, 2, NULL), 0);
    assert_int_equal(number_set_take(&s, &more, &both, NULL), 0); /* nothing */
    for (size_t i = NUMBERS / 3; i < NUMBERS; i++)
        if (number_set_put(&more, numbers[i], NULL) == 0 && number_set_has(&s, numbers[i]))
            twice[count++] = numbers[i];
    assert_true(count > 100);
    assert_null(both.blocks);
    assert_int_equal(number_set_join(&copy, &more, NULL), 0);
    assert_int_equal(number_set_join(&copy, &s, NULL), 0);
    assert_int_equal(number_set_count_either(&s, &more), all);
    assert_int_equal(number_set_count_either(&more, &copy), all);
    assert_int_equal(number_set_take(&s, &more, &both, NULL), 0);
    assert_int_equal(number_set_count_either(&more, &more), 0);
    assert_int_equal(number_set_rank(&copy, NULL), 0);
    check(&copy, sorted, all);
    assert_int_equal(number_set_rank(&s, NULL), 0);
    assert_int_equal(number_set_rank(&both, NULL), 0);
    check(&s, sorted, all);
    check(&both, twice, distinct(twice, count));
    assert_int_equal(number_set_put(&s, numbers[0], NULL), 1);
    assert_int_equal(number_set_put(&s, NUMBER_NONE, NULL), 0);
    assert_int_equal(number_set_put(&s, NUMBER_NO_PARENT, NULL), 0);
    number_set_release(&s);
    number_set_release(&more);
    number_set_release(&copy);
    number_set_release(&both);
}

/* More of one part than there is room for, some of them again. */
static void test_numbers_come_through_an_inlet(void **state)
{
    enum { COUNT = 3 * NUMBER_INLET_ROOM };
    static uint32_t numbers[COUNT + NUMBERS], twice[COUNT + NUMBERS];
    struct number_set s, again;
    struct number_inlet in;
    size_t count = 0;
    (void)state;
    make(numbers);
    for (size_t i = 0; i < COUNT; i++)
        numbers[NUMBERS + i] = 1500000000U + (uint32_t)(i * 7919 % (COUNT - 1000));
    number_set_init(&s);
    number_set_init(&again);
    assert_int_equal(number_inlet_open(&in, &s, &again, NULL), 0);
    for (size_t i = 0; i < COUNT + NUMBERS; i++)
        assert_int_equal(number_inlet_put(&in, numbers[i], NULL), 0);
    assert_int_equal(number_inlet_close(&in, NULL), 0);
    assert_null(in.room);
    qsort(numbers, COUNT + NUMBERS, sizeof *numbers, by_value);
    for (size_t i = 1; i < COUNT + NUMBERS; i++)
        if (numbers[i - 1] == numbers[i])
            twice[count++] = numbers[i];
    assert_true(count > 1000);
    assert_int_equal(number_set_rank(&s, NULL), 0);
    assert_int_equal(number_set_rank(&again, NULL), 0);
    check(&s, numbers, distinct(numbers, COUNT + NUMBERS));
    check(&again, twice, distinct(twice, count));
    number_set_release(&s);
    number_set_release(&again);
}

static void test_nobody(void **state)
{
    struct number_set s;
    (void)state;
    number_set_init(&s);
    assert_false(number_set_has(&s, 1));
    assert_int_equal(number_set_rank(&s, NULL), 0);
    assert_int_equal(s.count, 0);
    number_set_release(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_members_and_places),
        cmocka_unit_test(test_sets_are_joined),
        cmocka_unit_test(test_numbers_come_through_an_inlet),
        cmocka_unit_test(test_nobody),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: EUPL-1.2 */
/* Renumbered persons: chains, conflicts and circles; nothing depends on the order of the rows. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "link/alias.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static uint64_t applied(const struct alias_map *map, uint64_t number)
{
    alias_apply(map, &number, 1);
    return number;
}

static void test_chains_end_at_the_last_number(void **state)
{
    struct alias_row rows[] = {{3, 4, 0}, {1, 2, 0}, {2, 3, 0}, {9, 2, 0}, {20, 10, 0}};
    struct alias_map map;
    (void)state;
    assert_int_equal(alias_build(&map, rows, 5, NULL), 0);
    for (uint64_t n = 1; n <= 4; n++)
        assert_true(applied(&map, n) == 4);
    assert_true(applied(&map, 9) == 4);
    assert_true(applied(&map, 20) == 10);
    assert_true(applied(&map, 10) == 10);
    assert_true(applied(&map, 0) == 0);
    assert_true(applied(&map, UINT64_MAX) == UINT64_MAX);
    assert_true(map.conflicts == 0 && map.cycles == 0);
    alias_release(&map);
}

static void test_the_latest_then_the_larger_wins(void **state)
{
    struct alias_row rows[] = {{1, 50, 100},       {1, 40, 200}, {2, 50, 100}, {2, 60, 100},
                               {3, 70, DATE_NONE}, {3, 5, 1},    {4, 8, 1},    {4, 8, 2}};
    struct alias_map map;
    (void)state;
    assert_int_equal(alias_build(&map, rows, 8, NULL), 0);
    assert_true(applied(&map, 1) == 40);
    assert_true(applied(&map, 2) == 60);
    assert_true(applied(&map, 3) == 5);
    assert_true(applied(&map, 4) == 8);
    assert_true(map.conflicts == 3); /* 4 says the same thing twice */
    alias_release(&map);
}

static void test_circles_are_ignored(void **state)
{
    /* 1 -> 1; 2 -> 3 -> 4 -> 2; 5 -> 6 -> 3 leads into it and ends there; 7 -> 8 is sound */
    struct alias_row rows[] = {{1, 1, 0}, {2, 3, 0}, {3, 4, 0}, {4, 2, 0},
                               {5, 6, 0}, {6, 3, 0}, {7, 8, 0}};
    struct alias_map map;
    (void)state;
    assert_int_equal(alias_build(&map, rows, 7, NULL), 0);
    for (uint64_t n = 1; n <= 4; n++)
        assert_true(applied(&map, n) == n);
    assert_true(applied(&map, 5) == 3);
    assert_true(applied(&map, 6) == 3);
    assert_true(applied(&map, 7) == 8);
    assert_true(map.cycles == 4);
    alias_release(&map);
}

static void test_nothing_at_all(void **state)
{
    struct alias_map map;
    struct alias_row none;
    (void)state;
    assert_int_equal(alias_build(&map, &none, 0, NULL), 0);
    assert_true(applied(&map, 7) == 7);
    alias_release(&map);
}

/* A long chain costs no recursion and no quadratic time. */
static void test_a_long_chain(void **state)
{
    enum { LENGTH = 200000 };
    struct alias_row *rows = calloc(LENGTH, sizeof *rows);
    struct alias_map map;
    (void)state;
    assert_non_null(rows);
    for (uint64_t i = 0; i < LENGTH; i++)
        rows[(i * 7919) % LENGTH] = (struct alias_row){i + 1, i + 2, 0};
    assert_int_equal(alias_build(&map, rows, LENGTH, NULL), 0);
    for (uint64_t i = 1; i <= LENGTH + 1; i += 997)
        assert_true(applied(&map, i) == LENGTH + 1);
    alias_release(&map);
    free(rows);
}

static uint32_t next_random(uint32_t *seed)
{
    *seed = *seed * 1664525U + 1013904223U;
    return *seed >> 8;
}

/* The rules, in the plainest way: follow the winners; a number met again is on a circle. */
static uint64_t plainly(const struct alias_row *rows, size_t count, uint64_t number, bool *circle)
{
    uint64_t at = number;
    *circle = false;
    for (size_t step = 0; step <= count; step++) {
        const struct alias_row *best = NULL;
        for (size_t i = 0; i < count; i++)
            if (rows[i].old == at && (!best || rows[i].since > best->since ||
                                      (rows[i].since == best->since && rows[i].new > best->new)))
                best = &rows[i];
        if (!best)
            return at;
        at = best->new;
        if (at == number) {
            *circle = true;
            return number;
        }
    }
    return 0; /* goes round in a circle that number is not on */
}

static void test_against_the_plain_rules(void **state)
{
    enum { ROWS = 24 };
    uint32_t seed = 1;
    (void)state;
    for (int round = 0; round < 2000; round++) {
        struct alias_row rows[ROWS] = {{0}}, shuffled[ROWS];
        struct alias_map map, again;
        size_t count = next_random(&seed) % ROWS;
        for (size_t i = 0; i < count; i++)
            rows[i] = (struct alias_row){1 + next_random(&seed) % 20, 1 + next_random(&seed) % 20,
                                         (date)(next_random(&seed) % 3)};
        for (size_t i = 0; i < count; i++)
            shuffled[i] = rows[(i * 5 + 3) % count]; /* a permutation unless 5 divides count */
        bool permuted = count % 5 != 0;
        struct alias_row kept[ROWS];
        memcpy(kept, rows, sizeof kept);
        assert_int_equal(alias_build(&map, rows, count, NULL), 0);
        assert_int_equal(alias_build(&again, shuffled, count, NULL), 0);
        uint64_t cycles = 0;
        for (uint64_t n = 1; n <= 20; n++) {
            bool circle, ahead;
            uint64_t wanted = plainly(kept, count, n, &circle), got = applied(&map, n);
            cycles += circle;
            if (wanted == 0) { /* must stop at the first number of the circle */
                (void)plainly(kept, count, got, &ahead);
                assert_true(ahead && got != n);
            } else {
                assert_true(got == wanted);
            }
            if (permuted)
                assert_true(applied(&again, n) == got);
        }
        assert_true(map.cycles == cycles);
        alias_release(&map);
        alias_release(&again);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_chains_end_at_the_last_number),
        cmocka_unit_test(test_the_latest_then_the_larger_wins),
        cmocka_unit_test(test_circles_are_ignored),
        cmocka_unit_test(test_nothing_at_all),
        cmocka_unit_test(test_a_long_chain),
        cmocka_unit_test(test_against_the_plain_rules),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

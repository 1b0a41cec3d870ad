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

static uint64_t reduce(const uint64_t *edges, size_t count)
{
    uint64_t copy[16];
    memcpy(copy, edges, count * sizeof *copy);
    return closure_reduce(copy, count);
}

static void test_decomposable_sets_leave_nothing(void **state)
{
    (void)state;
    const uint64_t sets[][5] = {
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
    const uint64_t triangle[] = {A | B, B | C, A | C};
    const uint64_t square[] = {A | B, B | C, C | D, A | D, D | E};
    const uint64_t two[] = {A | B, B | C, A | C, C | D, D | E};
    const uint64_t covered[] = {A | B | C, B | C | D, A | C | D};
    assert_int_equal(reduce(triangle, 3), A | B | C);
    assert_int_equal(reduce(square, 5), A | B | C | D); /* E hangs on by one table */
    assert_int_equal(reduce(two, 5), A | B | C);
    assert_int_equal(reduce(covered, 3), A | B | C | D); /* E is in none */
}

static void test_order_of_tables_does_not_matter(void **state)
{
    (void)state;
    uint64_t edges[] = {A | B, B | C | E, C | D, A | D | E};
    uint64_t left = reduce(edges, 4);
    for (size_t turn = 0; turn < 4; turn++) {
        uint64_t first = edges[0];
        memmove(edges, edges + 1, 3 * sizeof *edges);
        edges[3] = first;
        assert_int_equal(reduce(edges, 4), left);
    }
}

/* Three populations over variables a to e; tables of "part" lie within table 0, of "inner" within
 * table 1. */
static void world(struct structure *s, const char *const *tables)
{
    static const char *const populations[] = {"whole", "part", "inner"};
    structure_init(s);
    fixture_units(s, true);
    for (char name[] = "a"; name[0] <= 'e'; name[0]++)
        fixture_variable(s, name, "1 2");
    for (size_t t = 0; tables[t]; t++) {
        size_t p = (size_t)(tables[t][0] - '0');
        char name[] = {'t', (char)('a' + t), '\0'};
        fixture_table(s, name, populations[p], tables[t] + 1, (int)p - 1);
    }
}

/* What closes this is these crossings, "POPULATION:VARIABLES" each. Releases s. */
static void closes_structure(struct structure *s, const char *expected)
{
    struct closure c;
    struct err err;
    struct text found;
    text_init(&found);
    assert_int_equal(structure_check(s, &err), 0);
    assert_int_equal(closure_find(&c, s, &err), 0);
    for (size_t i = 0; i < c.count; i++) {
        text_format(&found, "%s%d:", i ? " " : "", c.crossings[i].population);
        for (int v = 0; v < 5; v++)
            if (c.crossings[i].variables >> v & 1)
                text_char(&found, (char)('a' + v));
    }
    assert_string_equal(found.bytes ? found.bytes : "", expected);
    text_release(&found);
    closure_release(&c);
    structure_release(s);
}

static void closes(const char *const *tables, const char *expected)
{
    struct structure s;
    world(&s, tables);
    closes_structure(&s, expected);
}
#define CLOSES(expected, ...) closes((const char *const[]){__VA_ARGS__, NULL}, expected)

static void test_populations_are_apart(void **state)
{
    (void)state;
    struct structure s;
    world(&s, (const char *const[]){"0a b", "0b c", NULL});
    fixture_table(&s, "others", "others", "a c", -1);
    closes_structure(&s, "");
    CLOSES("0:abc", "0a b", "0b c", "0a c");
}

/* Nothing is needed: what the part tells apart, the whole crosses with it. */
static void test_parts_that_need_nothing(void **state)
{
    (void)state;
    CLOSES("", "0a b", "1a");
    CLOSES("", "0a b", "1a b");
    CLOSES("", "0a b", "0a c", "0a d", "1a b", "1a c");
    CLOSES("", "0a b", "1a", "1c");     /* c is the part's own */
    CLOSES("", "0a", "1a c", "1a d");   /* its own star */
    CLOSES("", "0a b", "1a b", "2a b"); /* a part of a part */
}

static void test_a_part_crosses_what_its_whole_does(void **state)
{
    (void)state;
    CLOSES("1:ab", "0a b", "1a", "1b");
    CLOSES("1:ab 1:ac", "0a b", "0a c", "0a d", "1a", "1b", "1c");
    CLOSES("2:ab", "0a b", "1a b", "2a", "2b");
    CLOSES("1:ab 2:ab", "0a b", "1a", "2b", "2a"); /* what bounds a part's part */
}

static void test_a_whole_crosses_what_its_part_does(void **state)
{
    (void)state;
    CLOSES("0:ab", "0a", "0b", "1a b");
    CLOSES("0:ab", "0a", "0b", "1a b e"); /* but for what the part alone knows */
    CLOSES("0:ab 1:ab", "0a", "1a", "2a b", "1b");
}

static void test_cycles_through_part_and_whole(void **state)
{
    (void)state;
    CLOSES("0:abc 1:abc", "0a b", "0a c", "1b c", "1a");
    CLOSES("0:abc", "0a b", "0a c", "1b c");
    CLOSES("0:abc 1:ac", "0a b", "0b c", "1a", "1c");
    CLOSES("1:abc", "0a b c", "1a b", "1b c", "1a c");
}

/* Two parts that each tell a and b apart, as the whole does: who is in both is counted nowhere. The
 * one woman of both cannot be old here and young there. */
static void test_cycles_through_two_parts(void **state)
{
    (void)state;
    struct structure s;
    world(&s, (const char *const[]){"0a", "1a", "0b", "1b", NULL});
    fixture_table(&s, "xa", "other-part", "a", 0);
    fixture_table(&s, "xb", "other-part", "b", 0);
    closes_structure(&s, "0:ab 1:ab 2:ab");
}

/* Who is in a part of two wholes ties these together as well. */
static void test_part_of_two_wholes(void **state)
{
    (void)state;
    struct structure s;
    world(&s, (const char *const[]){"0a", "1a", "1b", NULL});
    fixture_table(&s, "xb", "other-whole", "b", -1);
    fixture_table(&s, "xc", "other-whole", "c", -1);
    fixture_table(&s, "ya", "part", "a", 3);
    closes_structure(&s, "0:ab 1:ab 2:ab");
    world(&s, (const char *const[]){"0a", "0b", "1a", "1b", NULL});
    s.tables[0].within = 3; /* the same people */
    s.tables[3].within = -1;
    closes_structure(&s, "0:ab 1:ab");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_decomposable_sets_leave_nothing),
        cmocka_unit_test(test_cycles_are_left),
        cmocka_unit_test(test_order_of_tables_does_not_matter),
        cmocka_unit_test(test_populations_are_apart),
        cmocka_unit_test(test_parts_that_need_nothing),
        cmocka_unit_test(test_a_part_crosses_what_its_whole_does),
        cmocka_unit_test(test_a_whole_crosses_what_its_part_does),
        cmocka_unit_test(test_cycles_through_part_and_whole),
        cmocka_unit_test(test_cycles_through_two_parts),
        cmocka_unit_test(test_part_of_two_wholes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: EUPL-1.2 */
/* Tests of sdc/quality_protect.h. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sdc/quality_protect.h"

struct line {
    const char *check, *of;
    uint64_t count;
    uint8_t status;
};

static void expect(const struct line *lines, size_t count)
{
    struct quality q;
    struct err err = {0};
    uint8_t status[16];
    quality_init(&q);
    for (size_t i = 0; i < count; i++)
        assert_int_equal(
            quality_add(&q, "register", lines[i].check, lines[i].of, lines[i].count, &err), 0);
    quality_protect(status, &q, 5, false);
    for (size_t i = 0; i < count; i++)
        assert_int_equal(status[i], lines[i].status);
    quality_release(&q);
}

static void test_small_figures(void **state)
{
    (void)state;
    const struct line lines[] = {
        {"a", "", 0, 0}, {"b", "", 1, 1}, {"c", "", 4, 1}, {"d", "", 5, 0}};
    expect(lines, 4);
}

static void test_part_and_rest(void **state)
{
    (void)state;
    /* 97 of 100 leaves 3: hidden; alone it would be the rest of nothing, so the whole goes too */
    const struct line lone[] = {{"rows", "", 100, 1}, {"linked", "rows", 97, 1}};
    expect(lone, 2);
    const struct line fine[] = {{"rows", "", 100, 0}, {"linked", "rows", 95, 0}};
    expect(fine, 2);
    const struct line all[] = {{"rows", "", 100, 0}, {"linked", "rows", 100, 0}};
    expect(all, 2);
}

static void test_hidden_parts_come_in_company(void **state)
{
    (void)state;
    /* 2 hidden: the smallest published part that is not 0 joins it */
    const struct line one[] = {{"rejected", "", 40, 0},
                               {"check_digits", "rejected", 2, 1},
                               {"letters", "rejected", 8, 1},
                               {"month", "rejected", 30, 0},
                               {"scientific", "rejected", 0, 0}};
    expect(one, 5);
    /* 1 and 2 hidden, but their sum is small: another one */
    const struct line two[] = {{"rejected", "", 43, 0},
                               {"check_digits", "rejected", 1, 1},
                               {"letters", "rejected", 2, 1},
                               {"month", "rejected", 40, 1}};
    expect(two, 4);
    /* 2 and 4 are company enough */
    const struct line three[] = {{"rejected", "", 46, 0},
                                 {"check_digits", "rejected", 2, 1},
                                 {"letters", "rejected", 4, 1},
                                 {"month", "rejected", 40, 0}};
    expect(three, 4);
}

static void test_hiding_a_whole_moves_up(void **state)
{
    (void)state;
    const struct line lines[] = {
        {"rows", "", 100, 1}, {"rejected", "rows", 20, 1}, {"letters", "rejected", 3, 1}};
    expect(lines, 3);
}

static void test_only_head_counts(void **state)
{
    (void)state;
    struct quality q;
    struct err err = {0};
    uint8_t status[3];
    quality_init(&q);
    assert_int_equal(quality_add(&q, "derive", "population:staff", "", 20, &err), 0);
    assert_int_equal(quality_add(&q, "link", "unknown_first", "", 6, &err), 0);
    assert_int_equal(quality_add(&q, "registration", "rows", "", 0, &err), 0);
    quality_protect(status, &q, 5, true);
    assert_int_equal(status[0], 0);
    assert_int_equal(status[1], 1);
    assert_int_equal(status[2], 1);
    quality_protect(status, &q, 5, false);
    assert_int_equal(status[1] + status[2], 0);
    quality_release(&q);
}

static void test_frame(void **state)
{
    (void)state;
    struct quality q;
    struct frame f;
    struct err err = {0};
    quality_init(&q);
    assert_int_equal(quality_add(&q, "register", "rows", "", 50, &err), 0);
    assert_int_equal(quality_add(&q, "personnel", "rows", "", 3, &err), 0);
    assert_int_equal(quality_protected_frame(&f, &q, 5, false, &err), 0);
    const struct column *dataset = frame_find(&f, "dataset"), *count = frame_find(&f, "count");
    const struct column *status = frame_find(&f, "status");
    assert_int_equal(f.rows, 2);
    assert_string_equal(column_word(dataset, 0), "personnel");
    assert_int_equal(column_get(count, 0), 0);
    assert_int_equal(column_get(status, 0), 1);
    assert_int_equal(column_get(count, 1), 50);
    assert_int_equal(column_get(status, 1), 0);
    frame_release(&f);
    quality_release(&q);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_small_figures),
        cmocka_unit_test(test_part_and_rest),
        cmocka_unit_test(test_hidden_parts_come_in_company),
        cmocka_unit_test(test_hiding_a_whole_moves_up),
        cmocka_unit_test(test_only_head_counts),
        cmocka_unit_test(test_frame),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

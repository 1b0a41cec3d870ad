/* SPDX-License-Identifier: EUPL-1.2 */
/* Tests of report/shares.h and report/decimals.h: each by what it means, not by how it is done. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "report/decimals.h"
#include "report/shares.h"

#include <inttypes.h>
#include <string.h>

/* The source documents' figures (requirements 1.9). */
static void test_known(void **state)
{
    (void)state;
    static const struct {
        int64_t part, whole, tenths;
    } known[] = {{18, 77, 234},    {92, 260, 354},    {4320, 45000, 96},
                 {634, 45000, 14}, {1228, 43920, 28}, {549, 44654, 12},
                 {0, 5, 0},        {5, 5, 1000},      {INT32_MAX, INT32_MAX, 1000}};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        assert_int_equal(share_tenths(known[i].part, known[i].whole), known[i].tenths);
    assert_int_equal(change_tenths(4320, 45000, 4005, 45000), 7);
    /* 9.6 - 8.9 rounded apart is 0.7, and 2.25 - 1.35 (2.3 - 1.4) is 0.9 all the same */
    assert_int_equal(change_tenths(225, 10000, 135, 10000), 9);
    assert_int_equal(ppm_tenths(100000), 100);
    assert_int_equal(ppm_tenths(12500), 13);
    assert_int_equal(representation_tenths(96, 1000, 192000), 500);
}

/* t is the tenths of part / whole when 2t - 1 <= 2000 part / whole < 2t + 1. */
static void test_half_up(void **state)
{
    (void)state;
    for (int64_t whole = 1; whole <= 240; whole++)
        for (int64_t part = 0; part <= whole; part++) {
            int64_t t = share_tenths(part, whole);
            assert_true((2 * t - 1) * whole <= 2000 * part && 2000 * part < (2 * t + 1) * whole);
        }
}

static void test_change(void **state)
{
    (void)state;
    for (int64_t whole = 1; whole <= 23; whole++)
        for (int64_t part = 0; part <= whole; part++)
            for (int64_t n = 1; n <= 19; n += 3)
                for (int64_t f = 0; f <= n; f++) {
                    int64_t t = change_tenths(part, whole, f, n);
                    int64_t d = 2000 * (part * n - f * whole), unit = whole * n;
                    assert_true(d >= (2 * t - 1) * unit && d <= (2 * t + 1) * unit);
                    assert_int_equal(change_tenths(f, n, part, whole), -t);
                }
}

/* The least number of people that reaches the target. */
static void test_gaps(void **state)
{
    (void)state;
    static const int32_t targets[] = {0, 1, 30000, 100000, 333333, 400000, 999999};
    for (size_t k = 0; k < sizeof targets / sizeof *targets; k++)
        for (int64_t whole = 1; whole <= 60; whole++)
            for (int64_t part = 0; part <= whole; part++) {
                int64_t ppm = targets[k], r = gap_replacement(part, whole, ppm);
                assert_true((part + r) * 1000000 >= ppm * whole);
                assert_true((part + r - 1) * 1000000 < ppm * whole);
                int64_t g = gap_growth(part, whole, ppm);
                assert_true((part + g) * 1000000 >= ppm * (whole + g));
                assert_true((part + g - 1) * 1000000 < ppm * (whole + g - 1));
                assert_true((r > 0) == (g > 0));
            }
    assert_int_equal(gap_replacement(4320, 45000, 100000), 180);
    assert_int_equal(gap_growth(4320, 45000, 100000), 200);
    assert_int_equal(gap_growth(3, 5, 1000000), 0);
}

static void test_decimals(void **state)
{
    (void)state;
    char text[DECIMALS_TEXT];
    assert_string_equal(decimals_tenths(96, text), "9.6");
    assert_string_equal(decimals_tenths(-3, text), "-0.3");
    assert_string_equal(decimals_tenths(0, text), "0.0");
    assert_string_equal(decimals_tenths(-1000, text), "-100.0");
    assert_string_equal(decimals_ppm(100000, text), "10.0");
    assert_string_equal(decimals_ppm(333, text), "0.0333");
    assert_string_equal(decimals_ppm(125000, text), "12.5");
    assert_string_equal(decimals_ppm(0, text), "0.0");
    assert_string_equal(decimals_ppm(1000000, text), "100.0");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_known),    cmocka_unit_test(test_half_up),
        cmocka_unit_test(test_change),   cmocka_unit_test(test_gaps),
        cmocka_unit_test(test_decimals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: EUPL-1.2 */
/* Dates: every day from 1800 to 9999 counted one by one, formats, and ages. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/date.h"

#include <string.h>

static date parse(const char *text, const char *format)
{
    return date_parse(text, strlen(text), format);
}

/* The Gregorian rule, stated another way. */
static int days_in(int year, int month)
{
    if (month == 2)
        return year % 400 == 0 ? 29 : year % 100 == 0 ? 28 : year % 4 == 0 ? 29 : 28;
    return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

static void every_day(void **state)
{
    (void)state;
    date expected = date_make(1800, 1, 1);
    assert_int_equal(expected, -62091);
    for (int y = 1800; y <= 9999; y++)
        for (int m = 1; m <= 12; m++) {
            int length = days_in(y, m);
            for (int d = 1; d <= length; d++, expected++) {
                struct ymd split = date_split(expected);
                if (date_make(y, m, d) != expected || split.year != y || split.month != m ||
                    split.day != d || !date_exists(y, m, d))
                    fail_msg("%d-%d-%d", y, m, d);
            }
            if (date_exists(y, m, length + 1) || date_make(y, m, length + 1) != DATE_NONE)
                fail_msg("%d-%d has %d days", y, m, length);
        }
    assert_int_equal(expected - 1, 2932896); /* 9999-12-31 */
}

static void known_days(void **state)
{
    (void)state;
    static const struct {
        int year, month, day;
        date expected;
    } cases[] = {
        {1970, 1, 1, 0},          {1969, 12, 31, -1},        {1970, 12, 31, 364},
        {2000, 2, 29, 11016},     {2000, 3, 1, 11017},       {1900, 2, 28, -25509},
        {1900, 3, 1, -25508},     {2017, 12, 31, 17531},     {2038, 1, 19, 24855},
        {1900, 2, 29, DATE_NONE}, {2100, 2, 29, DATE_NONE},  {2017, 2, 29, DATE_NONE},
        {2017, 0, 1, DATE_NONE},  {2017, 13, 1, DATE_NONE},  {2017, 1, 0, DATE_NONE},
        {2017, 4, 31, DATE_NONE}, {1799, 12, 31, DATE_NONE}, {10000, 1, 1, DATE_NONE},
        {-1, 1, 1, DATE_NONE},    {2017, -1, 1, DATE_NONE},  {2017, 1, -1, DATE_NONE},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(date_make(cases[i].year, cases[i].month, cases[i].day), cases[i].expected);
}

static void formats(void **state)
{
    (void)state;
    date day = date_make(2017, 1, 9);
    static const char *const good[][2] = {
        {"2017-01-09", "%Y-%m-%d"},     {"2017-1-9", "%Y-%m-%d"},
        {"09/01/2017", "%d/%m/%Y"},     {"9/1/2017", "%d/%m/%Y"},
        {"09.01.2017", "%d.%m.%Y"},     {"20170109", "%Y%m%d"},
        {"09012017", "%d%m%Y"},         {"1/09/2017", "%m/%d/%Y"},
        {"op 9-1-2017", "op %d-%m-%Y"}, {"2017-01-09T00:00:00", "%Y-%m-%dT00:00:00"},
        {"0901/2017", "%d%m/%Y"},
    };
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        assert_int_equal(parse(good[i][0], good[i][1]), day);
    static const char *const bad[][2] = {
        {"", "%Y-%m-%d"},
        {"2017-01-09 ", "%Y-%m-%d"},
        {" 2017-01-09", "%Y-%m-%d"},
        {"2017-01-09x", "%Y-%m-%d"},
        {"2017-01", "%Y-%m-%d"},
        {"2017-01-", "%Y-%m-%d"},
        {"17-01-09", "%Y-%m-%d"},
        {"02017-01-09", "%Y-%m-%d"},
        {"2017-001-09", "%Y-%m-%d"},
        {"2017-01-009", "%Y-%m-%d"},
        {"2017/01/09", "%Y-%m-%d"},
        {"2017-13-01", "%Y-%m-%d"},
        {"2017-02-29", "%Y-%m-%d"},
        {"2017-00-00", "%Y-%m-%d"},
        {"+017-01-09", "%Y-%m-%d"},
        {"2017--1-09", "%Y-%m-%d"},
        {"201-01-09", "%Y-%m-%d"},
        {"2017- 1- 9", "%Y-%m-%d"},
        {"9/1/17", "%d/%m/%Y"},
        {"09-01-2017", "%d/%m/%Y"},
        {"31/04/2017", "%d/%m/%Y"},
        {"2017119", "%Y%m%d"},
        {"201719", "%Y%m%d"},
        {"2017111", "%Y%m%d"},
        {"1122017", "%d%m%Y"},
        {"912017", "%d%m%Y"},
        {"91/2017", "%d%m/%Y"},
        {"1799-12-31", "%Y-%m-%d"},
        {"0000-00-00", "%Y-%m-%d"},
        {"42744", "%Y-%m-%d"},
        {"2017-01", "%Y-%m"},
        {"2017-01-09", "%Y-%m-%d%"},
        {"2017-01-09", "%Y-%m-%e"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (parse(bad[i][0], bad[i][1]) != DATE_NONE)
            fail_msg("%s by %s", bad[i][0], bad[i][1]);
    /* only the given bytes count */
    assert_int_equal(date_parse("2017-01-09999", 10, "%Y-%m-%d"), day);
    assert_int_equal(date_parse("2017-01-19", 9, "%Y-%m-%d"), date_make(2017, 1, 1));
}

static void format_valid(void **state)
{
    (void)state;
    static const char *const good[] = {"%Y-%m-%d", "%d/%m/%Y", "%Y%m%d", "x%mx%dx%Yx"};
    static const char *const bad[] = {"",         "%Y-%m",    "%Y-%m-%d %Y", "%Y-%m-%d%",
                                      "%y-%m-%d", "%Y-%m-%%", "%Y-%m-%d%H",  "%F",
                                      "%Y-%b-%d", "Y-m-d"};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        assert_true(date_format_valid(good[i]));
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(date_format_valid(bad[i]));
}

/* What date_iso writes is the date that it came from. */
static void iso(void **state)
{
    (void)state;
    char out[DATE_TEXT];
    for (date d = date_make(1800, 1, 1); d <= date_make(9999, 12, 31); d += 97)
        assert_int_equal(parse(date_iso(d, out), "%Y-%m-%d"), d);
    assert_string_equal(date_iso(date_make(2017, 12, 31), out), "2017-12-31");
    assert_string_equal(date_iso(date_make(1800, 1, 1), out), "1800-01-01");
    assert_string_equal(date_iso(DATE_NONE, out), "");
}

static int age(int by, int bm, int bd, int y, int m, int d)
{
    return date_age(date_make(by, bm, bd), date_make(y, m, d));
}

static void ages(void **state)
{
    (void)state;
    assert_int_equal(age(1985, 7, 30, 2017, 12, 31), 32);
    assert_int_equal(age(1985, 7, 30, 2017, 7, 29), 31);
    assert_int_equal(age(1985, 7, 30, 2017, 7, 30), 32);
    assert_int_equal(age(1985, 12, 31, 2017, 12, 31), 32);
    assert_int_equal(age(1986, 1, 1, 2017, 12, 31), 31);
    assert_int_equal(age(2017, 12, 31, 2017, 12, 31), 0);
    assert_int_equal(age(2018, 1, 1, 2017, 12, 31), -1);
    /* born on a leap day: a year older on 1 March, or on 29 February where there is one */
    assert_int_equal(age(2000, 2, 29, 2017, 2, 28), 16);
    assert_int_equal(age(2000, 2, 29, 2017, 3, 1), 17);
    assert_int_equal(age(2000, 2, 29, 2020, 2, 28), 19);
    assert_int_equal(age(2000, 2, 29, 2020, 2, 29), 20);
}

/* By the calendar alone: years between, less one before the day of the year. */
static int plain_age(date birth, date at)
{
    struct ymd b = date_split(birth), a = date_split(at);
    return a.year - b.year - (a.month < b.month || (a.month == b.month && a.day < b.day));
}

/* Every birthday, the days around it and some between, over three centuries that lack leap days. */
static void ages_by_the_calendar(void **state)
{
    (void)state;
    for (date birth = date_make(1800, 1, 1); birth < date_make(2110, 1, 1); birth += 97)
        for (date at = birth - 800; at < birth + 80000; at += at % 365 < 6 ? 1 : 61)
            if (at >= date_make(1800, 1, 1))
                assert_int_equal(date_age(birth, at), plain_age(birth, at));
    for (date birth = date_make(1999, 2, 20); birth < date_make(2000, 3, 10); birth++)
        for (int year = 1999; year < 2200; year++)
            for (int day = 15; day <= 45; day++) {
                date at = date_make(year, 2, 1) + day;
                assert_int_equal(date_age(birth, at), plain_age(birth, at));
            }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_day),
        cmocka_unit_test(known_days),
        cmocka_unit_test(formats),
        cmocka_unit_test(format_valid),
        cmocka_unit_test(iso),
        cmocka_unit_test(ages),
        cmocka_unit_test(ages_by_the_calendar),
    };
    return cmocka_run_group_tests_name("date", tests, NULL, NULL);
}

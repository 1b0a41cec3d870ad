/* SPDX-License-Identifier: EUPL-1.2 */
/* Tests of report/language.h: numbers and dates by the languages' rules, and the catalogues. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "report/language.h"

#include <string.h>

#define NB "\u00a0"

static void expect(struct text *t, const char *expected)
{
    assert_string_equal(t->bytes, expected);
    text_clear(t);
}

static void test_numbers(void **state)
{
    (void)state;
    struct text t;
    text_init(&t);
    number_put(&t, LANGUAGE_NL, 45000);
    expect(&t, "45.000");
    number_put(&t, LANGUAGE_EN, 1234567);
    expect(&t, "1,234,567");
    number_put(&t, LANGUAGE_FR, 1000);
    expect(&t, "1\u202f000");
    number_put(&t, LANGUAGE_DE, 999);
    expect(&t, "999");
    number_put(&t, LANGUAGE_NL, -4);
    expect(&t, "\u22124");
    number_put(&t, LANGUAGE_NL, 0);
    expect(&t, "0");
    percent_put(&t, LANGUAGE_NL, 96);
    expect(&t, "9,6%");
    percent_put(&t, LANGUAGE_EN, 1000);
    expect(&t, "100.0%");
    percent_put(&t, LANGUAGE_DE, 3);
    expect(&t, "0,3" NB "%");
    points_put(&t, LANGUAGE_NL, 7);
    expect(&t, "+0,7");
    points_put(&t, LANGUAGE_EN, -12);
    expect(&t, "\u22121.2");
    points_put(&t, LANGUAGE_FR, 0);
    expect(&t, "0,0");
    ppm_put(&t, LANGUAGE_NL, 100000);
    expect(&t, "10%");
    ppm_put(&t, LANGUAGE_FR, 333300);
    expect(&t, "33,33" NB "%");
    ppm_put(&t, LANGUAGE_EN, 5);
    expect(&t, "0.0005%");
    text_release(&t);
}

static void test_dates(void **state)
{
    (void)state;
    struct text t;
    text_init(&t);
    date_put(&t, LANGUAGE_NL, date_make(2017, 12, 31));
    expect(&t, "31" NB "december" NB "2017");
    date_put(&t, LANGUAGE_EN, date_make(2018, 6, 30));
    expect(&t, "30" NB "June" NB "2018");
    date_put(&t, LANGUAGE_FR, date_make(2016, 8, 1));
    expect(&t, "1" NB "août" NB "2016");
    date_put(&t, LANGUAGE_DE, date_make(2016, 3, 9));
    expect(&t, "9." NB "März" NB "2016");
    text_release(&t);
}

static void test_lists(void **state)
{
    (void)state;
    enum language l[LANGUAGE_COUNT];
    assert_int_equal(languages_of("de,nl,fr", l), 3);
    assert_int_equal(l[0], LANGUAGE_DE);
    assert_int_equal(l[2], LANGUAGE_FR);
    assert_int_equal(languages_of(NULL, l), 2);
    assert_int_equal(l[0], LANGUAGE_NL);
    assert_int_equal(languages_of("en", l), 1);
}

static void test_catalogues(void **state)
{
    (void)state;
    assert_string_equal(translate(LANGUAGE_NL, "In short"), "In het kort");
    assert_string_equal(translate(LANGUAGE_FR, "In short"), "En bref");
    assert_string_equal(translate(LANGUAGE_DE, "In short"), "Kurz gefasst");
    assert_string_equal(translate(LANGUAGE_EN, "In short"), "In short");
    assert_string_equal(translate(LANGUAGE_NL, "in no catalogue"), "in no catalogue");
    assert_string_equal(translate_name(LANGUAGE_NL, "category", "foreign"),
                        "buitenlandse herkomst");
    assert_string_equal(translate_name(LANGUAGE_EN, "category", "sex=f"), "women");
    assert_null(translate_name(LANGUAGE_EN, "category", "sex=unheard"));
    assert_null(translate_name(LANGUAGE_EN, "variable", ""));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_numbers),
        cmocka_unit_test(test_dates),
        cmocka_unit_test(test_lists),
        cmocka_unit_test(test_catalogues),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

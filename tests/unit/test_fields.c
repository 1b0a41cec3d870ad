/* SPDX-License-Identifier: EUPL-1.2 */
/* Tests of link/fields.h: which facts the expressions of a configuration ask for. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/text.h"
#include "link/fields.h"

/* Names separated by spaces. */
static void expect(const struct field_set *s, const char *names)
{
    struct text got;
    text_init(&got);
    for (size_t i = 0; i < s->count; i++)
        text_format(&got, "%s%s", i ? " " : "", s->names[i]);
    assert_string_equal(got.bytes, names);
    text_release(&got);
}

static void check(char *const *overrides, size_t count, const char *all, const char *groups)
{
    struct config config;
    struct field_set s;
    struct err err;
    if (config_load(&config, "tests/vectors/config/base.ini", overrides, count, &err) != 0)
        fail_msg("%s", err.text);
    assert_int_equal(fields_used(&s, &config, &err), 0);
    expect(&s, all);
    assert_int_equal(fields_of_groups(&s, &config, &err), 0);
    expect(&s, groups);
    config_release(&config);
}

static void test_used(void **state)
{
    static char *const facts[] = {
        "variable sex.sql=CASE WHEN registered_d = 1 THEN 'f' WHEN is_eu(own_current, "
        "reference_date) THEN 'm' END",
        "variable origin.sql=parent1_first"};
    static char *const unused[] = {"variable more.sql=CASE WHEN age > 50 THEN 'a' END",
                                   "variable more.categories=a"};
    (void)state;
    check(NULL, 0, "employment sex own_first attribute.level", "employment sex attribute.level");
    check(facts, 2,
          "employment reference_date own_current parent1_first attribute.level registered_d",
          "employment reference_date own_current attribute.level registered_d");
    check(unused, 2, "employment age sex own_first attribute.level",
          "employment sex attribute.level"); /* in no table: in no group */
}

static unsigned generations_of(const char *fact)
{
    struct field_set s = {0};
    assert_int_equal(field_set_add(&s, "age", NULL), 0);
    assert_int_equal(field_set_add(&s, fact, NULL), 0);
    assert_int_equal(field_set_add(&s, "sex", NULL), 0);
    return fields_generations(&s);
}

static void test_generations(void **state)
{
    (void)state;
    assert_int_equal(generations_of("own_first"), 0);
    assert_int_equal(generations_of("parent1_first"), 1);
    assert_int_equal(generations_of("parent2_first"), 1);
    assert_int_equal(generations_of("grandparent1_first"), 2);
    assert_int_equal(generations_of("grandparent4_first"), 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_used),
                                       cmocka_unit_test(test_generations)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

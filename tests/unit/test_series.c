/* SPDX-License-Identifier: EUPL-1.2 */
/* series: which unit goes on with which, and what each unit was. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "structure_fixture.h"
#include "tables/series.h"

static void predecessor(struct structure *s, size_t unit, const char *code)
{
    struct unit *u = &s->units[unit];
    u->predecessors = fixture_grow(u->predecessors, u->predecessor_count, CONFIG_CODE);
    fixture_name(u->predecessors[u->predecessor_count++], code, strlen(code));
}

/* VO, D1 (E1 E2), D2 (E3 E4), D3 (E5): all but E4 delivered. */
static void make_then(struct structure *s)
{
    structure_init(s);
    fixture_units(s, false);
    fixture_unit(s, LEVEL_DOMAIN, "D3", 0, true);
    fixture_unit(s, LEVEL_ENTITY, "E5", 7, true);
}

static size_t unit(const struct structure *s, const char *code)
{
    size_t u = 0;
    while (strcmp(s->units[u].code, code) != 0)
        u++;
    return u;
}

/* "D1 E3": what the unit was, in the order of units. */
static void check(const struct structure *then, const struct structure *now, const char *code,
                  const char *expected)
{
    struct series_sources s;
    struct err err;
    struct text was;
    text_init(&was);
    text_string(&was, "");
    size_t u = unit(now, code);
    assert_int_equal(series_sources_find(&s, then, now, &err), 0);
    for (uint32_t i = s.start[u]; i < s.start[u + 1]; i++) {
        text_string(&was, i > s.start[u] ? " " : "");
        text_string(&was, then->units[s.unit[i]].code);
    }
    assert_string_equal(was.bytes ? was.bytes : "", expected);
    text_release(&was);
    series_sources_release(&s);
}

static void test_the_same_units(void **state)
{
    (void)state;
    struct structure then, now;
    make_then(&then);
    make_then(&now);
    check(&then, &now, "VO", "VO");
    check(&then, &now, "D1", "D1");
    check(&then, &now, "D2", "D2");
    check(&then, &now, "E3", "E3");
    check(&then, &now, "E4", ""); /* it was not delivered */
    check(&then, &now, "E5", "E5");
    structure_release(&then);
    structure_release(&now);
}

/* Now: D1 (E1, which took E2 over), D2 (E3 E4 E5, the last from D3, which is no more), D4 (E6). */
static void test_merged_moved_and_new(void **state)
{
    (void)state;
    struct structure then, now;
    uint32_t series[16];
    struct err err;
    make_then(&then);
    structure_init(&now);
    fixture_unit(&now, LEVEL_GOVERNMENT, "GOV", -1, true);
    fixture_unit(&now, LEVEL_DOMAIN, "D1", 0, true);
    fixture_unit(&now, LEVEL_DOMAIN, "D2", 0, true);
    fixture_unit(&now, LEVEL_DOMAIN, "D4", 0, true);
    fixture_unit(&now, LEVEL_ENTITY, "E1", 1, true);
    fixture_unit(&now, LEVEL_ENTITY, "E3", 2, true);
    fixture_unit(&now, LEVEL_ENTITY, "E4", 2, true);
    fixture_unit(&now, LEVEL_ENTITY, "E5", 2, true);
    fixture_unit(&now, LEVEL_ENTITY, "E6", 3, true);
    predecessor(&now, unit(&now, "E1"), "E2");
    predecessor(&now, unit(&now, "E6"), "E2"); /* the first that lists it has it */
    predecessor(&now, unit(&now, "E6"), "E3"); /* E3 goes on by itself */
    predecessor(&now, unit(&now, "E6"), "E9"); /* never was */
    assert_int_equal(series_units(series, &then, &now, &err), 0);
    assert_int_equal(series[unit(&then, "E2")], unit(&now, "E1"));
    assert_int_equal(series[unit(&then, "E3")], unit(&now, "E3"));
    assert_int_equal(series[unit(&then, "D3")], 0);
    assert_int_equal(series[unit(&then, "E5")], unit(&now, "E5"));
    check(&then, &now, "GOV", "VO");
    check(&then, &now, "D1", "D1");
    check(&then, &now, "E1", "E1 E2");
    check(&then, &now, "D2", "D2 D3");
    check(&then, &now, "E5", "E5");
    check(&then, &now, "E6", "");
    check(&then, &now, "D4", "");
    structure_release(&then);
    structure_release(&now);
}

/* E2 ended without a successor, E3 went to D1, D3 and E5 ended. */
static void test_ended(void **state)
{
    (void)state;
    struct structure then, now;
    make_then(&then);
    structure_init(&now);
    fixture_unit(&now, LEVEL_GOVERNMENT, "VO", -1, true);
    fixture_unit(&now, LEVEL_DOMAIN, "D1", 0, true);
    fixture_unit(&now, LEVEL_DOMAIN, "D2", 0, true);
    fixture_unit(&now, LEVEL_ENTITY, "E1", 1, true);
    fixture_unit(&now, LEVEL_ENTITY, "E3", 1, true);
    fixture_unit(&now, LEVEL_ENTITY, "E4", 2, true);
    check(&then, &now, "VO", "VO");
    check(&then, &now, "D1", "D1 D2"); /* of D2 only E3 was delivered */
    check(&then, &now, "E1", "E1");    /* E2's people are the domain's only */
    check(&then, &now, "D2", "");
    structure_release(&then);
    structure_release(&now);
    make_then(&then);
    then.units[unit(&then, "E4")].delivered = true;
    structure_init(&now);
    fixture_unit(&now, LEVEL_GOVERNMENT, "VO", -1, true);
    fixture_unit(&now, LEVEL_DOMAIN, "D1", 0, true);
    fixture_unit(&now, LEVEL_DOMAIN, "D2", 0, true);
    fixture_unit(&now, LEVEL_ENTITY, "E3", 1, true);
    fixture_unit(&now, LEVEL_ENTITY, "E4", 2, true);
    check(&then, &now, "D1", "D1 E3");
    check(&then, &now, "D2", "E4");
    structure_release(&then);
    structure_release(&now);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_same_units),
        cmocka_unit_test(test_merged_moved_and_new),
        cmocka_unit_test(test_ended),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: EUPL-1.2 */
/* Tests of report/growth.h: the three effects by hand, that they add up, and when nothing is said.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "report/growth.h"
#include "report_fixture.h"

/* Shows E2's figures, which the fixture hides. */
static void show_all(struct report_world *w)
{
    struct err err;
    memset(w->status, 0, w->cells.count);
    view_close(&w->view);
    assert_int_equal(view_open(&w->view, &w->rules, &w->cells, w->counts, w->status, &w->turnover,
                               &w->past, &w->config, &err),
                     0);
}

static void close_to(double value, double expected)
{
    double distance = value > expected ? value - expected : expected - value;
    if (distance > 1e-12)
        fail_msg("%.15f, %.15f expected", value, expected);
}

/* E1: 12 of 100, then 15 of 110. E2: 6 of 50, then 7 of 52. */
static void test_effects(void **state)
{
    (void)state;
    struct report_world w;
    struct growth g;
    report_begin(&w);
    report_open(&w);
    assert_false(growth_explain(&w.view, &w.target.share, 1, &g)); /* E2 is hidden */
    show_all(&w);
    assert_true(growth_explain(&w.view, &w.target.share, 1, &g));
    double w1[2] = {100.0 / 150, 110.0 / 162}, w2[2] = {50.0 / 150, 52.0 / 162};
    double s1[2] = {0.12, 15.0 / 110}, s2[2] = {0.12, 7.0 / 52};
    close_to(g.scope, 0);
    close_to(g.composition,
             (w1[1] - w1[0]) * (s1[0] + s1[1]) / 2 + (w2[1] - w2[0]) * (s2[0] + s2[1]) / 2);
    close_to(g.within,
             (s1[1] - s1[0]) * (w1[0] + w1[1]) / 2 + (s2[1] - s2[0]) * (w2[0] + w2[1]) / 2);
    close_to(g.scope + g.composition + g.within, 22.0 / 162 - 18.0 / 150);
    assert_false(growth_explain(&w.view, &w.target.share, 2, &g)); /* nothing below an entity */
    assert_int_equal(growth_tenths(0.0065), 7);
    assert_int_equal(growth_tenths(-0.0065), -7);
    report_end(&w);
}

/* An entity that was not delivered then: what it brings is scope; above, nothing is said. */
static void test_entered(void **state)
{
    (void)state;
    struct report_world w;
    struct growth g;
    report_begin(&w);
    w.before.structure.units[3].delivered = false;
    fixture_finish(&w.before.structure);
    report_open(&w);
    show_all(&w);
    assert_true(growth_explain(&w.view, &w.target.share, 1, &g));
    close_to(g.composition, 0);
    close_to(g.within, 15.0 / 110 - 0.12);
    /* the fixture's domain counted 18 of 150 then, whoever delivered */
    close_to(g.scope, (22.0 / 162 - 15.0 / 110) - (18.0 / 150 - 0.12));
    assert_false(growth_explain(&w.view, &w.target.share, 0, &g));
    report_end(&w);
}

static void test_definition(void **state)
{
    (void)state;
    struct report_world w;
    struct growth g;
    report_begin(&w);
    fixture_name(w.before.structure.variables[0].definition, "FL2014", 6);
    report_open(&w);
    show_all(&w);
    assert_false(growth_explain(&w.view, &w.target.share, 1, &g));
    report_end(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_effects),
        cmocka_unit_test(test_entered),
        cmocka_unit_test(test_definition),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: EUPL-1.2 */
/* Tests of report/view.h: the points, and what is compared with what. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "report_fixture.h"

static bool comparable(const struct report_world *w, const char *key)
{
    return view_comparable(&w->view, w->view.previous, w->view.now, report_cell(w, key));
}

static void test_points(void **state)
{
    (void)state;
    struct report_world w;
    report_begin(&w);
    report_open(&w);
    const struct view *v = &w.view;
    assert_int_equal(v->point_count, 2);
    assert_ptr_equal(v->previous, &v->points[0]);
    assert_string_equal(v->points[0].release, "2016-12-31");
    size_t hidden = report_cell(&w, "staff|entity:E2|origin=foreign");
    assert_int_equal(view_count(v->previous, hidden), 6);
    assert_int_equal(view_count(v->now, hidden), -1);
    assert_ptr_equal(view_last_published(v, hidden), v->previous);
    assert_int_equal(view_count(v->now, SIZE_MAX), -1);
    struct view_share share = view_share_at(v, &w.target.share, 2);
    assert_int_equal(share.part, report_cell(&w, "staff|entity:E1|origin=foreign"));
    assert_int_equal(share.whole, report_cell(&w, "staff|entity:E1"));
    assert_true(view_share_known(v->now, share));
    assert_false(view_share_known(v->now, view_share_at(v, &w.target.share, 3)));
    assert_true(comparable(&w, "staff|entity:E1|origin=foreign"));
    assert_true(comparable(&w, "staff|government:VO|sex=f"));
    /* A unit's cells, each once, and no other's. */
    size_t listed = 0;
    for (size_t u = 0; u < 4; u++)
        for (size_t i = v->unit_start[u]; i < v->unit_start[u + 1]; i++, listed++)
            assert_int_equal(w.cells.unit[v->unit_cell[i]], u);
    assert_int_equal(listed, w.cells.count);
    report_end(&w);
}

static void test_definition(void **state)
{
    (void)state;
    struct report_world w;
    report_begin(&w);
    fixture_name(w.before.structure.variables[0].definition, "FL2014", 6);
    report_open(&w);
    assert_false(comparable(&w, "staff|entity:E1|origin=foreign"));
    assert_true(comparable(&w, "staff|entity:E1")); /* a head count has no definition */
    assert_null(view_last_published(&w.view, report_cell(&w, "staff|entity:E2|origin=foreign")));
    report_end(&w);
}

static void test_population(void **state)
{
    (void)state;
    struct report_world w;
    report_begin(&w);
    free(w.before.structure.populations[0].filter);
    w.before.structure.populations[0].filter = text_duplicate("employment <> 'x'", 17);
    report_open(&w);
    assert_false(comparable(&w, "staff|entity:E1"));
    report_end(&w);
}

/* Categories tell what a variable without definition means. */
static void test_categories(void **state)
{
    (void)state;
    struct report_world w;
    report_begin(&w);
    w.before.structure.variables[1].category_count = 2;
    report_open(&w);
    assert_false(comparable(&w, "staff|entity:E1|sex=f"));
    assert_true(comparable(&w, "staff|entity:E1|origin=foreign"));
    report_end(&w);
}

/* One that was not delivered then is a break for itself and above, and not for its neighbour. */
static void test_delivery(void **state)
{
    (void)state;
    struct report_world w;
    report_begin(&w);
    w.before.structure.units[3].delivered = false;
    fixture_finish(&w.before.structure);
    report_open(&w);
    assert_true(comparable(&w, "staff|entity:E1|origin=foreign"));
    assert_false(comparable(&w, "staff|entity:E2|origin=unknown"));
    assert_false(comparable(&w, "staff|domain:D1|origin=foreign"));
    assert_false(comparable(&w, "staff|government:VO"));
    report_end(&w);
}

/* One that ended is a break above it, unless another one goes on with it. */
static void ended(bool successor, bool expected)
{
    struct report_world w;
    report_begin(&w);
    fixture_unit(&w.before.structure, LEVEL_ENTITY, "E9", 1, true);
    fixture_finish(&w.before.structure);
    if (successor)
        fixture_predecessor(&w.rules.structure, "E1", "E9");
    report_open(&w);
    assert_true(comparable(&w, "staff|entity:E1"));
    assert_true(comparable(&w, "staff|entity:E2"));
    assert_int_equal(comparable(&w, "staff|domain:D1"), expected);
    assert_int_equal(comparable(&w, "staff|government:VO"), expected);
    report_end(&w);
}

static void test_ended(void **state)
{
    (void)state;
    ended(false, false);
    ended(true, true);
}

static void test_other_configuration(void **state)
{
    (void)state;
    struct report_world w;
    struct past none = {0};
    struct err err;
    report_begin(&w);
    report_open(&w);
    view_close(&w.view);
    fixture_name(w.variables[0].categories[0].name, "other", 5);
    assert_int_equal(view_open(&w.view, &w.rules, &w.cells, w.counts, w.status, &w.turnover, &none,
                               &w.config, &err),
                     -1);
    assert_int_equal(err.kind, ERR_DATA);
    assert_non_null(strstr(err.text, "target foreign"));
    report_end(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_points),
        cmocka_unit_test(test_definition),
        cmocka_unit_test(test_population),
        cmocka_unit_test(test_categories),
        cmocka_unit_test(test_delivery),
        cmocka_unit_test(test_ended),
        cmocka_unit_test(test_other_configuration),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: EUPL-1.2 */
/* Tests of tables/past.h: releases rebuilt, and what the units of today were in them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "past_fixture.h"

static void expect(const struct cells *now, const int64_t *counts, const char *key, int64_t count)
{
    size_t cell = cell_by_key(now, key);
    if (cell == SIZE_MAX || counts[cell] != count)
        fail_msg("%s: %lld", key, cell == SIZE_MAX ? -9LL : (long long)counts[cell]);
}

/* Then: D1 with E1, OLD, GONE and MOVED; D2 with E2. Now: OLD went into E1, GONE is gone, MOVED is
 * in D2, and NEW is new. */
static void then_units(struct structure *s)
{
    fixture_unit(s, LEVEL_GOVERNMENT, "VO", -1, true);
    fixture_unit(s, LEVEL_DOMAIN, "D1", 0, true);
    fixture_unit(s, LEVEL_DOMAIN, "D2", 0, true);
    fixture_unit(s, LEVEL_ENTITY, "E1", 1, true);
    fixture_unit(s, LEVEL_ENTITY, "E2", 2, true);
    fixture_unit(s, LEVEL_ENTITY, "GONE", 1, true);
    fixture_unit(s, LEVEL_ENTITY, "MOVED", 1, true);
    fixture_unit(s, LEVEL_ENTITY, "OLD", 1, true);
    fixture_finish(s);
}

static void now_units(struct structure *s)
{
    fixture_unit(s, LEVEL_GOVERNMENT, "VO", -1, true);
    fixture_unit(s, LEVEL_DOMAIN, "D1", 0, true);
    fixture_unit(s, LEVEL_DOMAIN, "D2", 0, true);
    fixture_unit(s, LEVEL_ENTITY, "E1", 1, true);
    fixture_unit(s, LEVEL_ENTITY, "E2", 2, true);
    fixture_unit(s, LEVEL_ENTITY, "MOVED", 2, true);
    fixture_unit(s, LEVEL_ENTITY, "NEW", 2, true);
    fixture_predecessor(s, "E1", "OLD");
    fixture_finish(s);
}

static void shape(struct structure *s)
{
    fixture_variable(s, "origin", "foreign* belgian*");
    fixture_variable(s, "sex", "f m");
    fixture_table(s, "origin", "staff", "origin", -1);
    fixture_table(s, "sex", "staff", "sex", -1);
}

static void publish_entity(struct past_release *r, const char *entity, int64_t count,
                           int64_t foreign)
{
    char key[80];
    (void)snprintf(key, sizeof key, "staff|entity:%s", entity);
    fixture_show(r, key, count);
    (void)snprintf(key, sizeof key, "staff|entity:%s|sex=f", entity);
    fixture_show(r, key, count / 2);
    (void)snprintf(key, sizeof key, "staff|entity:%s|sex=m", entity);
    fixture_show(r, key, count - count / 2);
    (void)snprintf(key, sizeof key, "staff|entity:%s|origin=foreign", entity);
    if (foreign >= 0)
        fixture_show(r, key, foreign);
}

static void test_series(void **state)
{
    (void)state;
    struct past past = {0};
    struct rules then, now;
    struct cells cells;
    struct err err;
    fixture_dated(&then, "r0", date_make(2017, 6, 30));
    then_units(&then.structure);
    shape(&then.structure);
    assert_int_equal(past_reserve(&past, 1, &err), 0);
    struct past_release *r = fixture_past(&past, &then);
    publish_entity(r, "E1", 40, 11);
    publish_entity(r, "OLD", 20, 7);
    publish_entity(r, "GONE", 10, -1);
    publish_entity(r, "MOVED", 30, 6);
    publish_entity(r, "E2", 50, 9);
    fixture_show(r, "staff|domain:D1", 100);
    fixture_show(r, "staff|domain:D2", 50);
    fixture_show(r, "staff|government:VO", 150);
    fixture_show(r, "staff|domain:D2|origin=foreign", 9);
    fixture_show(r, "staff|government:VO|origin=foreign", 35);

    fixture_dated(&now, "r1", date_make(2017, 12, 31));
    now_units(&now.structure);
    shape(&now.structure);
    assert_int_equal(cells_build(&cells, &now.structure, true, &err), 0);
    int64_t counts[256];
    assert_true(cells.count < 256);
    assert_int_equal(past_counts(r, &cells, counts, &err), 0);
    expect(&cells, counts, "staff|entity:E1", 60);
    expect(&cells, counts, "staff|entity:E1|sex=f", 30);
    expect(&cells, counts, "staff|entity:E1|origin=foreign", 18);
    expect(&cells, counts, "staff|entity:E2", 50);
    expect(&cells, counts, "staff|entity:MOVED", 30);
    expect(&cells, counts, "staff|entity:NEW", -1); /* was not there */
    expect(&cells, counts, "staff|domain:D1", 70);  /* E1, OLD and GONE */
    expect(&cells, counts, "staff|domain:D2", 80);  /* E2 and MOVED */
    expect(&cells, counts, "staff|domain:D2|origin=foreign", 15);
    expect(&cells, counts, "staff|domain:D1|origin=foreign", -1); /* GONE's is hidden */
    expect(&cells, counts, "staff|government:VO", 150);
    expect(&cells, counts, "staff|government:VO|origin=foreign", 35);
    cells_release(&cells);
    rules_release(&now);
    rules_release(&then);
    past_clear(&past);
    past_clear(&past);
}

/* What the release did not count in that way is not known of it. */
static void test_names(void **state)
{
    (void)state;
    struct past past = {0};
    struct rules then, now;
    struct cells cells;
    struct err err;
    int64_t counts[256];
    fixture_dated(&then, "r0", date_make(2017, 6, 30));
    fixture_units(&then.structure, false);
    fixture_variable(&then.structure, "sex", "f m");
    fixture_table(&then.structure, "sex", "staff", "sex", -1);
    assert_int_equal(past_reserve(&past, 1, &err), 0);
    struct past_release *r = fixture_past(&past, &then);
    for (size_t i = 0; i < r->cells.count; i++)
        past_publish(r, i, 3);

    fixture_dated(&now, "r1", date_make(2017, 12, 31));
    fixture_units(&now.structure, true);
    fixture_variable(&now.structure, "grade", "A B"); /* new, and moves the index of sex */
    fixture_variable(&now.structure, "sex", "x m f"); /* another order, and a new category */
    fixture_table(&now.structure, "sex", "staff", "sex", -1);
    fixture_table(&now.structure, "grade", "staff", "grade", -1);
    fixture_table(&now.structure, "others", "others", "sex", -1);
    assert_int_equal(cells_build(&cells, &now.structure, true, &err), 0);
    assert_true(cells.count < 256);
    assert_int_equal(past_counts(r, &cells, counts, &err), 0);
    expect(&cells, counts, "staff|entity:E1|sex=m", 3);
    expect(&cells, counts, "staff|entity:E1|sex=x", -1);
    expect(&cells, counts, "staff|entity:E1|grade=A", -1);
    expect(&cells, counts, "others|entity:E1", -1);
    expect(&cells, counts, "staff|entity:E4", -1); /* not delivered then */
    cells_release(&cells);
    rules_release(&now);
    rules_release(&then);
    past_clear(&past);
}

static void test_list(void **state)
{
    (void)state;
    struct past past = {0};
    struct frame f;
    struct err err;
    static const struct {
        const char *id;
        int month;
    } releases[] = {{"a", 6}, {"a.r2", 6}, {"b", 12}};
    assert_int_equal(past_reserve(&past, 3, &err), 0);
    for (size_t i = 0; i < 3; i++) {
        struct rules r;
        fixture_dated(&r, releases[i].id, date_make(2017, releases[i].month, 30));
        now_units(&r.structure);
        shape(&r.structure);
        struct past_release *added = fixture_past(&past, &r);
        assert_non_null(added->counts);
        memset(added->digest, 'a' + (int)i, sizeof added->digest - 1);
        for (size_t c = 0; c < added->cells.count; c++)
            assert_true(added->hidden[c] && added->counts[c] == -1 && !added->named[c]);
        rules_release(&r);
    }
    assert_null(past_add(&past, "", 0, &err)); /* more than were announced */
    assert_int_equal(err.kind, ERR_INTERNAL);
    assert_ptr_equal(past_last(&past, date_make(2017, 6, 30)), &past.releases[1]);
    assert_ptr_equal(past_last(&past, date_make(2017, 12, 30)), &past.releases[2]);
    assert_null(past_last(&past, date_make(2018, 6, 30)));
    assert_int_equal(past_list(&past, &f, &err), 0);
    assert_int_equal(f.rows, 3);
    assert_string_equal(column_word(frame_find(&f, "release"), 1), "a.r2");
    assert_int_equal(column_word(frame_find(&f, "digest"), 2)[0], 'c');
    frame_release(&f);
    past_clear(&past);

    assert_int_equal(past_reserve(&past, 1, &err), 0);
    assert_null(past_add(&past, "{}", 2, &err)); /* and is cleared all the same */
    assert_int_equal(err.kind, ERR_DATA);
    past_clear(&past);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_series),
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_list),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

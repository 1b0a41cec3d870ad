/* SPDX-License-Identifier: EUPL-1.2 */
/* What a run says of other dates is what runs of those dates say, and changes nothing about its
 * own. */
#include "link_fixture.h"

/* Everybody known by their level, births and sexes by the register alone, and all entities there on
 * all days: what two runs of different dates then say of one day must be the same. */
static void make_world_of_known(uint64_t seed)
{
    make_world(seed);
    for (size_t i = 0; i < world.employments; i++) {
        struct employment *e = &world.employment[i];
        (void)snprintf(e->level, sizeof e->level, "%c%d", e->person ? 'P' : 'R',
                       e->person ? e->person : (int)i);
        put(e->birth, "-");
        put(e->sex, "-");
    }
}

static void add_lasting_entities(struct link *l)
{
    static const char *const rows[] = {"A-1 a A Aa - - -", "A-2 b A Aa - - -", "A.1 c A Aa - - -",
                                       "B d B Bb - - -",   "a e C Cc - - -",   NULL};
    add_entity_rows(l, rows);
}

static void same_rows(const struct frame *a, const struct frame *b)
{
    assert_int_equal(a->rows, b->rows);
    for (size_t i = 0; i < a->rows; i++) {
        char x[LINE] = "", y[LINE] = "";
        for (size_t c = 0; c < a->column_count; c++) {
            assert_string_equal(a->columns[c]->name, b->columns[c]->name);
            cell_text(x, sizeof x, a->columns[c], i);
            cell_text(y, sizeof y, b->columns[c], i);
        }
        assert_string_equal(x, y);
    }
}

/* `now` leads to where the same person begins in the facts, and nobody who is there is missed. */
static void check_now(const struct frame *then, const struct frame *facts)
{
    const struct column *now = frame_find(then, "now");
    const struct column *who = frame_find(then, "attribute.level");
    const struct column *known = frame_find(facts, "attribute.level");
    size_t both = 0, gone = 0;
    for (size_t i = 0; i < then->rows; i++) {
        size_t at = column_get(now, i);
        size_t found = 0;
        while (found < facts->rows && strcmp(column_word(known, found), column_word(who, i)) != 0)
            found++;
        assert_int_equal(at, found == facts->rows ? 0 : found + 1);
        assert_true(at == 0 || column_get(frame_find(facts, "first"), found) == 1);
        both += at > 0;
        gone += at == 0;
    }
    assert_true(both > 0 && gone > 0);
}

static void other_dates_are_as_they_were(void **state)
{
    static const char *const days[3] = {"1999-05-04", "2010-02-28", "2018-01-01"};
    struct field_set fields;
    (void)state;
    fields_of(&fields, ALL_FIELDS);
    make_world_of_known(8);
    const date since[3] = {day(days[0]), day(days[1]), day(days[2])};
    struct link l;
    struct result r, own;
    struct frame then[3], former;
    struct err err;
    open_link(&l, &fields, 2);
    assert_int_equal(link_since(&l, since, 3, &fields, &err), 0);
    add_world(&l, true);
    add_lasting_entities(&l);
    quality_init(&r.quality);
    assert_int_equal(link_finish(&l, &r.facts, &r.entities, &r.quality, &err), 0);
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(link_then(&l, i, &then[i], &err), 0);
        check_now(&then[i], &r.facts);
    }
    assert_int_equal(link_former(&l, &former, &err), 0);
    assert_int_equal(former.rows, 0); /* none has ended */
    frame_release(&former);
    link_release(&l);
    for (size_t i = 0; i < 3; i++) {
        open_link_at(&l, &fields, days[i], 1);
        add_world(&l, false);
        add_lasting_entities(&l);
        quality_init(&own.quality);
        assert_int_equal(link_finish(&l, &own.facts, &own.entities, &own.quality, &err), 0);
        link_release(&l);
        same_rows(&own.facts, &then[i]);
        result_release(&own);
        frame_release(&then[i]);
    }
    result_release(&r);
}

/* Other dates change nothing about this one, and cost only what they ask for. */
static void other_dates_change_nothing(void **state)
{
    struct field_set fields, groups;
    struct result with, without;
    struct text a, b;
    struct link l;
    struct err err;
    const date since = day("2010-02-28");
    (void)state;
    make_world(9);
    fields_of(&fields, ALL_FIELDS);
    fields_of(&groups, "sex age");
    link_world(&without, &fields, 2, false);
    open_link(&l, &fields, 2);
    assert_int_equal(link_since(&l, &since, 1, &groups, &err), 0);
    assert_int_equal(l.people.current_days, 1);
    assert_int_equal(l.people.registered_days, 1);
    add_world(&l, false);
    add_entities(&l);
    quality_init(&with.quality);
    assert_int_equal(link_finish(&l, &with.facts, &with.entities, &with.quality, &err), 0);
    struct frame then;
    assert_int_equal(link_then(&l, 0, &then, &err), 0);
    assert_int_equal(then.column_count, 5); /* first entity sex age now */
    frame_release(&then);
    link_release(&l);
    result_bytes(&a, &with);
    result_bytes(&b, &without);
    assert_int_equal(a.length, b.length);
    assert_memory_equal(a.bytes, b.bytes, a.length);
    text_release(&a);
    text_release(&b);
    result_release(&with);
    result_release(&without);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(other_dates_are_as_they_were),
        cmocka_unit_test(other_dates_change_nothing),
    };
    return cmocka_run_group_tests_name("link: dates", tests, NULL, NULL);
}

/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The join as a whole: a random population of 1,000 persons (link_world.h) against an oracle that
 * works the rules out anew (link_oracle.h), row by row; and what must not matter (order of input
 * rows, threads) or must not be there (identifiers, words of others, what nobody asked for).
 */
#include "link_fixture.h"
#include "link_oracle.h"

static void check_figures(const struct quality *q, const struct figures *n)
{
    const struct {
        const char *check;
        size_t count;
    } figures[] = {{"persons", n->persons},
                   {"linked", n->linked},
                   {"several_employments", n->several_employments},
                   {"differing", n->differing},
                   {"dual", n->dual},
                   {"unknown_first", n->unknown_first},
                   {"unknown_current", n->unknown_current},
                   {"unknown_parent", n->unknown_parent},
                   {"birth_date_differs", n->birth_date_differs},
                   {"sex_differs", n->sex_differs},
                   {"parent_links", links},
                   {"parent_self", dropped_self},
                   {"parent_same", dropped_same},
                   {"parent_age", dropped_age}};
    for (size_t i = 0; i < sizeof figures / sizeof figures[0]; i++) {
        assert_true(figures[i].count > 0); /* a case that never comes up tests nothing */
        if (quality_get(q, "link", figures[i].check) != figures[i].count)
            fail_msg("%s: %zu expected", figures[i].check, figures[i].count);
    }
    assert_int_equal(q->count, sizeof figures / sizeof figures[0]);
}

static void oracle_agrees(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 3; seed++) {
        struct field_set fields;
        struct result r;
        struct figures figures;
        make_world(seed);
        fields_of(&fields, ALL_FIELDS);
        link_world(&r, &fields, 2, true);
        size_t rows = oracle_all(&figures);
        assert_int_equal(r.facts.rows, rows);
        for (size_t i = 0; i < rows; i++) {
            char line[LINE] = "";
            for (size_t c = 0; c < r.facts.column_count; c++)
                cell_text(line, sizeof line, r.facts.columns[c], i);
            assert_string_equal(line + 1, expected[i]);
        }
        check_figures(&r.quality, &figures);
        result_release(&r);
    }
}

static void order_and_threads_change_no_byte(void **state)
{
    static const unsigned threads[] = {1, 2, 5, 64};
    struct text first = {0};
    struct field_set fields;
    (void)state;
    make_world(4);
    fields_of(&fields, ALL_FIELDS);
    for (int run = 0; run < 8; run++) {
        struct result r;
        struct text t;
        link_world(&r, &fields, threads[run % 4], run >= 4);
        result_bytes(&t, &r);
        result_release(&r);
        if (run == 0) {
            first = t;
            continue;
        }
        assert_int_equal(t.length, first.length);
        assert_memory_equal(t.bytes, first.bytes, t.length);
        text_release(&t);
    }
    text_release(&first);
}

/* Only the columns that were asked for, and only words that stand in a row. */
static void nothing_else_gets_out(void **state)
{
    static const struct {
        const char *fields, *columns;
    } cases[] = {
        {"", "first entity"},
        {"domain reference_date entity", "first entity"},
        {"own_first", "first entity own_first"},
        {"age sex", "first entity age sex"},
        {"grandparent2_first", "first entity grandparent2_first"},
        {"linked registered_disability", "first entity linked registered_disability"},
        {"parent2_first employment attribute.level",
         "first entity parent2_first employment attribute.level"},
    };
    (void)state;
    make_world(5);
    put(world.registered[0].first, "ZZ"); /* a word of somebody without employment */
    world.registered[0].person = PERSONS;
    for (size_t i = 0; i < world.employments; i++)
        if (world.employment[i].person == PERSONS)
            put(world.employment[i].end, "1999-01-01");
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct field_set fields;
        struct result r;
        char names[LINE] = "";
        fields_of(&fields, cases[i].fields);
        link_world(&r, &fields, 2, false);
        for (size_t c = 0; c < r.facts.column_count; c++) {
            const struct column *column = r.facts.columns[c];
            size_t used = strlen(names);
            (void)snprintf(names + used, sizeof names - used, "%s%s", c ? " " : "", column->name);
            for (uint32_t code = 1; code <= column->dictionary.count; code++) {
                bool found = false;
                for (size_t at = 0; at < r.facts.rows; at++)
                    found |= column_get(column, at) == code;
                assert_true(found);
                if (code > 1)
                    assert_true(strcmp(column->dictionary.words[code - 2],
                                       column->dictionary.words[code - 1]) < 0);
            }
        }
        assert_string_equal(names, cases[i].columns);
        result_release(&r);
    }
}

/* What no field needs has no array, and no figure. */
static void nothing_else_is_computed(void **state)
{
    struct field_set fields;
    struct link l;
    struct result r;
    (void)state;
    fields_of(&fields, "own_current domain");
    open_link(&l, &fields, 2);
    assert_non_null(l.people.current);
    assert_null(l.people.first);
    assert_null(l.people.parents);
    assert_null(l.people.birth);
    assert_null(l.people.sex);
    assert_null(l.people.registered);
    link_release(&l);
    make_world(6);
    link_world(&r, &fields, 1, false);
    assert_int_equal(r.quality.count, 6); /* the five of everybody, and unknown_current */
    assert_int_equal(quality_get(&r.quality, "link", "unknown_parent"), 0);
    result_release(&r);
}

static void entities_of_the_reference_date(void **state)
{
    static const char *const rows[] = {"A-1 Eerste A Aa 1",  "A-2 Tweede A Aa 1",
                                       "A.1 Derde A Aa 1",   "B Vierde B Bb 1",
                                       "Silent Stil C Cc 0", "a Vijfde C Cc 1"};
    struct field_set fields;
    struct result r;
    (void)state;
    make_world(7);
    for (size_t i = 0; i < world.employments; i++)
        if (strcmp(world.employment[i].entity, "B") ==
            0) /* rows, though none in force: delivered */
            put(world.employment[i].end, "2017-12-30");
    fields_of(&fields, "sex");
    link_world(&r, &fields, 2, true);
    assert_int_equal(r.entities.rows, 6);
    for (size_t i = 0; i < 6; i++) {
        char line[LINE] = "";
        for (size_t c = 0; c < r.entities.column_count; c++)
            cell_text(line, sizeof line, r.entities.columns[c], i);
        assert_string_equal(line + 1, rows[i]);
    }
    assert_int_equal(r.entities.columns[2]->dictionary.count, 3); /* D and E are not there */
    assert_int_equal(frame_find(&r.facts, "entity")->dictionary.count, 4);
    result_release(&r);
}

/* One personnel row, with the given frames as pseudonymise must not write them. */
static void refuse(const char *personnel, const char *entity, const char *dataset,
                   const char *columns, const char *cells, const char *text)
{
    struct field_set fields;
    struct link l;
    struct frame f, facts = {0}, entities = {0};
    struct quality q;
    struct err err = {0};
    int rc;
    fields_of(&fields, ALL_FIELDS);
    open_link(&l, &fields, 1);
    quality_init(&q);
    frame_of(&f, "personnel", PERSONNEL);
    row(&f, personnel);
    rc = link_add(&l, &f, &err);
    if (rc == 0 && dataset) {
        frame_of(&f, dataset, columns);
        row(&f, cells);
        rc = link_add(&l, &f, &err);
    }
    frame_of(&f, "entities", ENTITIES);
    row(&f, entity);
    row(&f, "Z Z Z Z - - -");
    row(&f, "Z Z Z Z - 2017-12-30 -");
    assert_int_equal(link_add(&l, &f, &err), 0);
    if (rc == 0)
        rc = link_finish(&l, &facts, &entities, &q, &err);
    if (rc != (text ? -1 : 0) || (text && !strstr(err.text, text)))
        fail_msg("%s: %d %s", text ? text : "accepted", rc, err.text);
    assert_int_equal(err.kind, text ? ERR_DATA : ERR_NONE);
    frame_release(&facts);
    frame_release(&entities);
    quality_release(&q);
    link_release(&l);
}

static void bad_frames_are_refused(void **state)
{
    static const char good[] = "1 A staff 2000-01-01 - 10000 - m -", entity[] = "A Aa B Bb - - -";
    (void)state;
    refuse(good, entity, NULL, NULL, NULL, NULL);
    refuse("1001 A staff 2000-01-01 - 10000 - m -", entity, NULL, NULL, NULL, "no such person");
    refuse("1 A staff 2000-01-01 - 10000 - w -", entity, NULL, NULL, NULL, "m, f or x");
    refuse("1 C staff 2000-01-01 - 10000 - m -", entity, NULL, NULL, NULL, "not valid");
    refuse("1 - staff 2000-01-01 - 10000 - m -", entity, NULL, NULL, NULL, "not valid");
    refuse("1 C staff 2000-01-01 2001-01-01 10000 - m -", entity, NULL, NULL, NULL, NULL);
    refuse(good, "A Aa B Bb - 2017-12-30 -", NULL, NULL, NULL, "not valid");
    refuse(good, "Z Y B Bb 2017-12-31 - -", NULL, NULL, NULL, "Z is there twice");
    refuse(good, entity, "register", REGISTER, "1 - - - - 1001 -", "no such person");
    refuse(good, entity, "register", REGISTER, "1 - v - - - -", "m, f or x");
    refuse(good, entity, "register", REGISTER, "1 - - none - - -", "no nationality");
    refuse(good, entity, "register", REGISTER, "1001 - - - - - -", "no such person");
    refuse(good, entity, "register", "person:u birth_date:d", "1 -", "no column sex");
    refuse(good, entity, "nationality", "person:u nationality:u", "1 1", "no words");
    refuse(good, entity, "nationality", "person:u nationality:c", "1 BE", "no column start_date");
    refuse(good, entity, "filiation", FILIATION, "1 - 1001", "no such person");
    refuse(good, entity, "registration", "person:u kind:c start_date:d", "1 k -", "end_date");
}

static void other_frames_are_a_bug(void **state)
{
    struct field_set fields;
    struct link l;
    struct frame f;
    struct err err;
    (void)state;
    fields_of(&fields, "");
    open_link(&l, &fields, 1);
    frame_of(&f, "alias", "old:u new:u");
    assert_int_equal(link_add(&l, &f, &err), -1);
    assert_int_equal(err.kind, ERR_INTERNAL);
    assert_int_equal(f.column_count, 0);
    link_release(&l);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(oracle_agrees),
        cmocka_unit_test(order_and_threads_change_no_byte),
        cmocka_unit_test(nothing_else_gets_out),
        cmocka_unit_test(nothing_else_is_computed),
        cmocka_unit_test(entities_of_the_reference_date),
        cmocka_unit_test(bad_frames_are_refused),
        cmocka_unit_test(other_frames_are_a_bug),
    };
    return cmocka_run_group_tests_name("link", tests, NULL, NULL);
}

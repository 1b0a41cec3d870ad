/* SPDX-License-Identifier: EUPL-1.2 */
/* Whom to believe as a parent, and whose first nationality then counts. */
#include "link_frames.h"

#include "link/history.h"
#include "link/parents.h"
#include "link/register.h"

static void age_bounds_are_birthdays(void **state)
{
    static const struct {
        const char *parent, *child;
        bool plausible;
    } cases[] = {
        {"1970-06-15", "1982-06-15", true},  /* exactly 12 years */
        {"1970-06-15", "1982-06-14", false}, /* a day less */
        {"1970-06-15", "2050-06-15", true},  /* exactly 80 */
        {"1970-06-15", "2050-06-16", false}, /* a day more */
        {"1970-06-15", "1970-06-15", false},
        {"1990-01-01", "1960-01-01", false}, /* born after the child */
        {"1970-12-31", "1983-01-01", true},
        {"1970-12-31", "1982-12-30", false},
        {"1980-02-29", "1992-02-29", true},
        {"1980-02-29", "1992-02-28", false},
        {"1981-03-01", "1993-02-28", false},
        {"1820-02-29", "1900-02-28", true}, /* 1900 has no 29 February */
        {"1820-02-29", "1900-03-01", false},
        {"-", "1992-02-29", true},
        {"1980-02-29", "-", true},
        {"-", "-", true},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        if (parent_age_plausible(day(cases[i].parent), day(cases[i].child)) != cases[i].plausible)
            fail_msg("case %zu: %s %s", i, cases[i].parent, cases[i].child);
}

/* Persons 1 to 6; 1 and 2 are parents, 3 a child of both. */
static void make_people(struct people *p, const struct field_set *fields, const char *const *rows,
                        const char *const *filiation)
{
    struct frame f;
    struct err err;
    assert_int_equal(people_init(p, 6, fields, day("2017-12-31"), &err), 0);
    frame_of(&f, "register", REGISTER);
    for (size_t i = 0; rows[i]; i++)
        row(&f, rows[i]);
    arrange(&f);
    assert_int_equal(register_add(p, &f, 2, &err), 0);
    frame_release(&f);
    frame_of(&f, "filiation", FILIATION);
    for (size_t i = 0; filiation && filiation[i]; i++)
        row(&f, filiation[i]);
    arrange(&f);
    assert_int_equal(parents_add(p, &f, 2, &err), 0);
    frame_release(&f);
}

static void check_parents(const struct people *p, size_t person, uint32_t one, uint32_t two,
                          uint64_t links, uint64_t self, uint64_t same, uint64_t age)
{
    struct parent_counts n = {0};
    uint32_t parents[2];
    parents_of(p, person - 1, parents, &n);
    assert_int_equal(parents[0], one);
    assert_int_equal(parents[1], two);
    assert_int_equal(n.links, links);
    assert_int_equal(n.self, self);
    assert_int_equal(n.same, same);
    assert_int_equal(n.age, age);
}

static void impossible_links_are_dropped(void **state)
{
    struct field_set fields;
    struct people p;
    (void)state;
    fields_of(&fields, "parent1_first");
    const char *const rows[] = {"1 1950-01-01 f MA BE - -",
                                "2 - m BE BE none none",
                                "3 1970-01-01 m BE BE 1 2",
                                "4 1955-01-01 m BE BE 1 4",
                                "5 1980-01-01 m BE BE 1 1",
                                "6 1961-12-31 m BE BE 6 6",
                                NULL};
    make_people(&p, &fields, rows, NULL);
    check_parents(&p, 1, 0, 0, 0, 0, 0, 0);
    check_parents(&p, 2, PARENT_NONE, PARENT_NONE, 0, 0, 0, 0);
    check_parents(&p, 3, 1, 2, 2, 0, 0, 0);
    check_parents(&p, 4, 0, 0, 2, 1, 0, 1);
    check_parents(&p, 5, 1, 0, 2, 0, 1, 0);
    check_parents(&p, 6, 0, 0, 2, 2, 0, 0);
    people_release(&p);
}

static void filiation_comes_before_the_register(void **state)
{
    struct field_set fields;
    struct people p;
    (void)state;
    fields_of(&fields, "parent1_first parent2_first");
    const char *const rows[] = {"3 - - BE BE 1 2", "4 - - BE BE 1 2", "5 - - BE BE 1 2", NULL};
    const char *const filiation[] = {"3 2 none", "4 - -", "6 none 1", "6 2 1", NULL};
    make_people(&p, &fields, rows, filiation);
    check_parents(&p, 3, 2, PARENT_NONE, 1, 0, 0, 0);
    check_parents(&p, 4, 0, 0, 0, 0, 0, 0); /* a row that knows nothing is a row */
    check_parents(&p, 5, 1, 2, 2, 0, 0, 0);
    check_parents(&p, 6, 2, 1, 2, 0, 0, 0); /* first by content */
    assert_int_equal(p.flags[2], PERSON_LINKED);
    assert_int_equal(p.flags[5], PERSON_LINKED | PERSON_DIFFERING);
    people_release(&p);
}

static void first_known_of_several_rows(void **state)
{
    struct field_set fields;
    struct people p;
    (void)state;
    fields_of(&fields, "parent1_first parent2_first sex own_current age");
    const char *const rows[] = {"1 1980-01-01 - - BE - 2", "1 1981-01-01 f TR FR 3 4",
                                "2 - - - - - -",           "3 - x BE BE - -",
                                "3 - x BE BE - -",         NULL};
    make_people(&p, &fields, rows, NULL);
    assert_int_equal(p.birth[0], day("1980-01-01"));
    assert_int_equal(p.sex[0], SEX_F);
    assert_string_equal(dictionary_word(&p.nations, p.first[0]), "TR");
    assert_int_equal(p.current[0], NATION_BELGIAN);
    check_parents(&p, 1, 3, 2, 2, 0, 0, 0);
    assert_int_equal(p.flags[0], PERSON_LINKED | PERSON_DIFFERING);
    assert_int_equal(p.flags[1], PERSON_LINKED);
    assert_int_equal(p.flags[2], PERSON_LINKED); /* the same row twice differs in nothing */
    people_release(&p);
}

static void first_nationality_alone_counts(void **state)
{
    struct field_set fields;
    struct people p;
    (void)state;
    fields_of(&fields, "parent1_first own_current");
    const char *const rows[] = {"1 - - MA BE - -", "2 - - - FR - -", NULL};
    make_people(&p, &fields, rows, NULL);
    assert_string_equal(dictionary_word(&p.nations, parent_first(&p, 1)), "MA");
    assert_int_equal(parent_first(&p, 2), 0); /* never the current one */
    assert_int_equal(parent_first(&p, 0), 0);
    assert_int_equal(parent_first(&p, PARENT_NONE), NATION_NONE);
    assert_int_equal(parent_first(&p, 6), 0);
    people_release(&p);
}

static void grandparents_by_the_same_rules(void **state)
{
    struct field_set fields;
    struct people p;
    uint32_t grandparents[2];
    (void)state;
    fields_of(&fields, "grandparent3_first");
    const char *const rows[] = {"1 1950-01-01 f BE BE 4 5",    "2 1950-01-01 m BE BE none 2",
                                "3 1980-01-01 m BE BE 1 2",    "4 1920-01-01 m MA MA none none",
                                "5 1940-01-01 f BE BE - none", NULL};
    make_people(&p, &fields, rows, NULL);
    grandparents_of(&p, 1, grandparents);
    assert_int_equal(grandparents[0], 4);
    assert_int_equal(grandparents[1], 0); /* ten years older than her child */
    grandparents_of(&p, 2, grandparents);
    assert_int_equal(grandparents[0], PARENT_NONE);
    assert_int_equal(grandparents[1], 0); /* himself */
    grandparents_of(&p, 0, grandparents);
    assert_int_equal(grandparents[0], 0);
    assert_int_equal(grandparents[1], 0);
    grandparents_of(&p, PARENT_NONE, grandparents);
    assert_int_equal(grandparents[0], PARENT_NONE);
    assert_int_equal(grandparents[1], PARENT_NONE);
    people_release(&p);
}

static void unknown_persons_are_refused(void **state)
{
    struct field_set fields;
    struct people p;
    struct frame f;
    struct err err;
    (void)state;
    fields_of(&fields, "parent1_first");
    assert_int_equal(people_init(&p, 6, &fields, day("2017-12-31"), &err), 0);
    static const char *const rows[] = {"1 7 -", "1 - 7", "7 1 1", "1 - 4294967294"};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        frame_of(&f, "filiation", FILIATION);
        row(&f, rows[i]);
        assert_int_equal(parents_add(&p, &f, 1, &err), -1);
        assert_int_equal(err.kind, ERR_DATA);
        assert_null(strchr(err.text, '7'));
        frame_release(&f);
    }
    people_release(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(age_bounds_are_birthdays),
        cmocka_unit_test(impossible_links_are_dropped),
        cmocka_unit_test(filiation_comes_before_the_register),
        cmocka_unit_test(first_known_of_several_rows),
        cmocka_unit_test(first_nationality_alone_counts),
        cmocka_unit_test(grandparents_by_the_same_rules),
        cmocka_unit_test(unknown_persons_are_refused),
    };
    return cmocka_run_group_tests_name("parents", tests, NULL, NULL);
}

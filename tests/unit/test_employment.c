/* SPDX-License-Identifier: EUPL-1.2 */
/* Who counts at the reference date (2017-12-31), and which employment is the main one. The
 * employment column names each row, in the order in which the rows must come out. */
#include "link_frames.h"

#include "link/employment.h"

/* Runs the selection with 1, 2 and 5 threads; the names of the rows that are in force, with a bar
 * before each person's first, must be `expected`. */
static void select_and_check(const char *const *rows, const char *expected)
{
    static const unsigned threads[] = {1, 2, 5};
    struct frame f;
    struct err err;
    frame_of(&f, "personnel", PERSONNEL);
    for (size_t i = 0; rows[i]; i++)
        row(&f, rows[i]);
    arrange(&f);
    const uint32_t *person = person_rows_check(&f, 1000, &err);
    assert_non_null(person);
    for (size_t t = 0; t < 3; t++) {
        struct employments e;
        char found[512] = "";
        assert_int_equal(employment_select(&e, &f, person, day("2017-12-31"), threads[t], &err), 0);
        for (size_t i = 0; i < e.count; i++) {
            size_t used = strlen(found);
            (void)snprintf(found + used, sizeof found - used, "%s%s",
                           employment_starts(&e, i) ? "|" : " ",
                           column_word(frame_find(&f, "employment"), e.rows[i]));
            assert_int_equal(person[e.rows[i]] == 0, i >= e.unlinked);
        }
        assert_string_equal(found, expected);
        employments_release(&e);
    }
    frame_release(&f);
}

static void the_last_day_worked_counts(void **state)
{
    (void)state;
    select_and_check((const char *const[]){"1 A open 2000-01-01 - 10000 - - -",
                                           "2 A starts 2017-12-31 - 10000 - - -",
                                           "3 A tomorrow 2018-01-01 - 10000 - - -",
                                           "4 A ends 2000-01-01 2017-12-31 10000 - - -",
                                           "5 A ended 2000-01-01 2017-12-30 10000 - - -",
                                           "6 A day 2017-12-31 2017-12-31 10000 - - -", NULL},
                     "|open|starts|ends|day");
}

static void highest_fte_first(void **state)
{
    (void)state;
    select_and_check((const char *const[]){"1 A half 1990-01-01 - 5000 - - -",
                                           "1 B most 2010-01-01 - 5001 - - -",
                                           "1 A least 1980-01-01 - 0 - - -", NULL},
                     "|most half least");
}

static void then_earliest_start_then_entity(void **state)
{
    (void)state;
    select_and_check((const char *const[]){"1 B early 1990-01-01 - 10000 - - -",
                                           "1 A late 1990-01-02 - 10000 - - -", NULL},
                     "|early late");
    /* Bytewise: capitals before small letters, digits before both, "-" before ".". */
    select_and_check((const char *const[]){"1 b fifth 1990-01-01 - 10000 - - -",
                                           "1 B fourth 1990-01-01 - 10000 - - -",
                                           "1 A.1 third 1990-01-01 - 10000 - - -",
                                           "1 A-1 second 1990-01-01 - 10000 - - -",
                                           "1 1 first 1990-01-01 - 10000 - - -", NULL},
                     "|first second third fourth fifth");
}

static void then_the_other_columns(void **state)
{
    (void)state;
    select_and_check((const char *const[]){"1 A staff 1990-01-01 - 10000 - - -",
                                           "1 A intern 1990-01-01 - 10000 - - -", NULL},
                     "|intern staff");
}

/* The rank does not lean on the order in which a person's rows come. */
static void any_order_of_rows_ranks_the_same(void **state)
{
    static const char *const rows[] = {
        "1 A staff 1990-01-01 - 10000 - - B", "1 A staff 1990-01-01 - 10000 - - A",
        "1 A intern 1990-01-01 - 10000 - - -", "1 A staff 1990-01-01 - 10000 - f A",
        "1 A staff 1990-01-01 2019-01-01 10000 - - -"};
    static const char *const expected[] = {"intern -", "staff A", "staff B", "staff A", "staff -"};
    enum { N = sizeof rows / sizeof rows[0] };
    (void)state;
    for (size_t turn = 0; turn < (size_t)2 * N; turn++) {
        struct frame f;
        struct employments e;
        struct err err;
        frame_of(&f, "personnel", PERSONNEL);
        for (size_t i = 0; i < N; i++)
            row(&f, rows[turn < N ? (i + turn) % N : (2 * N - i + turn) % N]);
        assert_int_equal(frame_sort_dictionaries(&f, 1, &err), 0);
        const uint32_t *person = person_rows_check(&f, 1, &err);
        assert_int_equal(employment_select(&e, &f, person, day("2017-12-31"), 2, &err), 0);
        assert_int_equal(e.count, N);
        for (size_t i = 0; i < N; i++) {
            char found[32];
            const char *level = column_word(frame_find(&f, "attribute.level"), e.rows[i]);
            (void)snprintf(found, sizeof found, "%s %s",
                           column_word(frame_find(&f, "employment"), e.rows[i]),
                           level ? level : "-");
            assert_string_equal(found, expected[i]);
        }
        employments_release(&e);
        frame_release(&f);
    }
}

static void an_ended_row_is_no_main_employment(void **state)
{
    (void)state;
    select_and_check((const char *const[]){"1 A ended 1990-01-01 2017-12-30 10000 - - -",
                                           "1 B now 2017-01-01 - 2000 - - -", NULL},
                     "|now");
}

static void without_a_number_each_is_a_person(void **state)
{
    (void)state;
    select_and_check(
        (const char *const[]){
            "0 B x3 1990-01-01 - 10000 - - -", "0 A x1 1990-01-01 - 10000 - - -",
            "0 A x1 1990-01-01 - 10000 - - -", "0 A gone 1990-01-01 2000-01-01 10000 - - -",
            "0 A x2 1990-01-01 - 10000 - - -", "7 Z last 1990-01-01 - 10000 - - -",
            "3 Z some 1990-01-01 - 5000 - - -", "3 Z main 1990-01-01 - 6000 - - -", NULL},
        "|main some|last|x1|x1|x2|x3");
}

static void nobody_is_no_error(void **state)
{
    (void)state;
    select_and_check((const char *const[]){NULL}, "");
    select_and_check((const char *const[]){"1 A ended 1990-01-01 2000-01-01 1 - - -", NULL}, "");
    select_and_check((const char *const[]){"0 A alone 1990-01-01 - 1 - - -", NULL}, "|alone");
}

/* One person with more rows than a thread's range holds, between others. */
static void a_person_is_never_torn_apart(void **state)
{
    enum { MANY = 40 };
    char text[MANY + 4][64], expected[512] = "|one|";
    const char *rows[MANY + 5];
    size_t n = 0;
    (void)state;
    rows[n++] = "1 A one 1990-01-01 - 10000 - - -";
    for (int i = 0; i < MANY; i++) {
        (void)snprintf(text[i], sizeof text[i], "2 A r%02d 1990-01-01 - %d - - -", i, 100 + i);
        rows[n++] = text[i];
    }
    rows[n++] = "3 A three 1990-01-01 - 10000 - - -";
    rows[n] = NULL;
    for (int i = MANY - 1; i >= 0; i--) {
        size_t used = strlen(expected);
        (void)snprintf(expected + used, sizeof expected - used, "r%02d%s", i, i ? " " : "|three");
    }
    select_and_check(rows, expected);
}

static void frames_out_of_order_are_refused(void **state)
{
    static const struct {
        const char *rows[2], *text;
    } cases[] = {
        {{"2 A s 1990-01-01 - 1 - - -", "1 A s 1990-01-01 - 1 - - -"}, "not sorted by person"},
        {{"1 A s 1990-01-01 - 1 - - -", "1001 A s 1990-01-01 - 1 - - -"}, "no such person"},
        {{"1 B s 1990-01-01 - 1 - - -", "1 A s 1990-01-01 - 1 - - -"}, "words are not sorted"},
    };
    (void)state;
    for (size_t i = 0; i < 3; i++) {
        struct frame f;
        struct err err;
        frame_of(&f, "personnel", PERSONNEL);
        row(&f, cases[i].rows[0]);
        row(&f, cases[i].rows[1]);
        assert_null(person_rows_check(&f, 1000, &err));
        assert_int_equal(err.kind, ERR_DATA);
        assert_non_null(strstr(err.text, cases[i].text));
        frame_release(&f);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_last_day_worked_counts),
        cmocka_unit_test(highest_fte_first),
        cmocka_unit_test(then_earliest_start_then_entity),
        cmocka_unit_test(then_the_other_columns),
        cmocka_unit_test(any_order_of_rows_ranks_the_same),
        cmocka_unit_test(an_ended_row_is_no_main_employment),
        cmocka_unit_test(without_a_number_each_is_a_person),
        cmocka_unit_test(nobody_is_no_error),
        cmocka_unit_test(a_person_is_never_torn_apart),
        cmocka_unit_test(frames_out_of_order_are_refused),
    };
    return cmocka_run_group_tests_name("employment", tests, NULL, NULL);
}

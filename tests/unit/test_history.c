/* SPDX-License-Identifier: EUPL-1.2 */
/* First and current nationality: each sentence of the contract on them, at the reference date
 * 2017-12-31. Every case is tried in every rotation and in reverse, since file order never decides.
 */
#include "link_frames.h"

#include "link/history.h"
#include "link/register.h"

enum { ROWS = 4 };

struct scenario {
    const char *why;
    const char *rows[ROWS]; /* nationality start end */
    const char *first, *current;
    int dual; /* 1 first, 2 current, 3 both */
};

static const struct scenario SCENARIOS[] = {
    {"one open row", {"BE - -"}, "BE", "BE", 0},
    {"earliest row is first", {"MA 1980-01-01 2000-05-05", "BE 2000-05-06 -"}, "MA", "BE", 0},
    {"no start is the earliest", {"TR - 1999-01-01", "BE 1900-01-01 -"}, "TR", "BE", 0},
    {"first: an ended row counts", {"FR 1950-01-01 1950-01-01", "BE 1951-01-01 -"}, "FR", "BE", 0},
    {"Belgian prevails on a tie", {"AU 1980-01-01 -", "BE 1980-01-01 -"}, "BE", "BE", 3},
    {"tie without start", {"FR - -", "BE - -"}, "BE", "BE", 3},
    {"tie without a Belgian: smallest code", {"TR 1980-01-01 -", "MA 1980-01-01 -"}, "MA", "MA", 3},
    {"tie of three", {"TR - -", "BE - -", "AU - -"}, "BE", "BE", 3},
    {"the same twice is no tie", {"FR - -", "FR - 2016-01-01"}, "FR", "FR", 0},
    {"later tie, first is single",
     {"FR 1970-01-01 -", "BE 1990-01-01 -", "TR 1990-01-01 -"},
     "FR",
     "BE",
     2},
    {"a tie that a later start ends",
     {"FR - -", "TR 1980-01-01 -", "MA 1980-01-01 -", "BE 1990-01-01 -"},
     "FR",
     "BE",
     0},
    {"tie broken before the reference date",
     {"FR 1970-01-01 1999-01-01", "TR 1970-01-01 1980-01-01", "BE 1999-01-02 -"},
     "FR",
     "BE",
     1},
    {"starts on the reference date", {"FR - -", "BE 2017-12-31 -"}, "FR", "BE", 0},
    {"starts the day after: ignored", {"FR - -", "BE 2018-01-01 -"}, "FR", "FR", 0},
    {"ends on the reference date: in force", {"BE - 2017-12-31", "FR 2018-01-01 -"}, "BE", "BE", 0},
    {"Belgian ended with nothing after it", {"BE - 2017-12-30"}, "BE", "not_belgian", 0},
    {"Belgian ended, next starts too late",
     {"BE - 2017-12-30", "FR 2018-01-01 -"},
     "BE",
     "not_belgian",
     0},
    {"Belgian ended, another followed and ended",
     {"BE - 2001-01-01", "FR 2001-01-02 2010-01-01"},
     "BE",
     "-",
     0},
    {"Belgian ended last, with another",
     {"BE - 2010-01-01", "FR 1990-01-01 2010-01-01"},
     "BE",
     "not_belgian",
     0},
    {"foreign ended before the Belgian",
     {"FR - 2005-01-01", "BE - 2010-01-01"},
     "BE",
     "not_belgian",
     1},
    {"foreign ended with nothing after it", {"FR - 2010-01-01"}, "FR", "-", 0},
    {"several in force: the latest start", {"FR 1970-01-01 -", "TR 1980-01-01 -"}, "FR", "TR", 0},
    {"latest start, though Belgian before", {"BE 1970-01-01 -", "TR 1980-01-01 -"}, "BE", "TR", 0},
    {"ended row does not win", {"BE 1970-01-01 -", "TR 1980-01-01 1990-01-01"}, "BE", "BE", 0},
    {"unknown holds its place: first",
     {"- 1970-01-01 1979-12-31", "BE 1980-01-01 -"},
     "-",
     "BE",
     0},
    {"unknown holds its place: current", {"BE 1970-01-01 -", "- 1980-01-01 -"}, "BE", "-", 0},
    {"a tie with unknown: the known one", {"- 1970-01-01 -", "MA 1970-01-01 -"}, "MA", "MA", 0},
    {"unknown after a Belgian that ended",
     {"BE - 2000-01-01", "- 2000-01-02 2001-01-01"},
     "BE",
     "-",
     0},
    {"only unknown", {"- - -"}, "-", "-", 0},
    {"all rows later", {"BE 2019-01-01 -"}, "BE", "-", 0},
    {"no Belgian word at all, unknown ended", {"- - 2000-01-01", "FR - 1999-01-01"}, "FR", "-", 0},
    {"symbolic codes are nationalities",
     {"stateless - 2000-01-01", "?123 2000-01-02 -"},
     "stateless",
     "?123",
     0},
};

static size_t count_rows(const struct scenario *s)
{
    size_t n = 0;
    while (n < ROWS && s->rows[n])
        n++;
    return n;
}

static const char *word_of(const struct column *c, uint32_t code)
{
    if (code == HISTORY_LOST)
        return "not_belgian";
    return code ? dictionary_word(&c->dictionary, code) : "-";
}

static void try_rows(const struct scenario *s, const char *const *rows, size_t n)
{
    struct frame f;
    struct err err;
    frame_of(&f, "nationality", "nationality:c start_date:d end_date:d");
    for (size_t i = 0; i < n; i++)
        row(&f, rows[i]);
    assert_int_equal(frame_sort_dictionaries(&f, 1, &err), 0);
    struct column *c = f.columns[0];
    struct history h = {n, c->cells, f.columns[1]->cells, f.columns[2]->cells,
                        dictionary_find(&c->dictionary, "BE", 2)};
    bool first = false, current = false;
    const char *found = word_of(c, history_first(&h, &first));
    if (strcmp(found, s->first) != 0 || first != (s->dual & 1))
        fail_msg("%s: first %s dual %d", s->why, found, first);
    found = word_of(c, history_current(&h, day("2017-12-31"), &current));
    if (strcmp(found, s->current) != 0 || current != s->dual >> 1)
        fail_msg("%s: current %s dual %d", s->why, found, current);
    frame_release(&f);
}

static void scenarios_hold_in_any_order(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof SCENARIOS / sizeof SCENARIOS[0]; i++) {
        const struct scenario *s = &SCENARIOS[i];
        size_t n = count_rows(s);
        for (size_t turn = 0; turn < n; turn++) {
            const char *rows[ROWS], *back[ROWS];
            for (size_t k = 0; k < n; k++)
                rows[k] = back[n - 1 - k] = s->rows[(k + turn) % n];
            try_rows(s, rows, n);
            try_rows(s, back, n);
        }
    }
}

static void dual_is_never_cleared(void **state)
{
    (void)state;
    const uint32_t codes[1] = {1};
    const date dates[1] = {DATE_NONE};
    struct history h = {1, codes, dates, dates, 1};
    bool dual = true;
    assert_int_equal(history_first(&h, &dual), 1);
    assert_true(dual);
    assert_int_equal(history_current(&h, day("2017-12-31"), &dual), 1);
    assert_true(dual);
}

/* The register serves where there is no row in the history, and only there. */
static void history_takes_the_place_of_the_register(void **state)
{
    struct field_set fields;
    struct people p;
    struct err err;
    struct frame f;
    (void)state;
    fields_of(&fields, "own_first own_current");
    assert_int_equal(people_init(&p, 4, &fields, day("2017-12-31"), &err), 0);
    assert_null(p.parents);
    assert_null(p.birth);
    frame_of(&f, "register", REGISTER);
    row(&f, "1 - - MA BE - -");
    row(&f, "2 - - MA BE - -");
    arrange(&f);
    assert_int_equal(register_add(&p, &f, 2, &err), 0);
    frame_release(&f);
    frame_of(&f, "nationality", NATIONALITY);
    row(&f, "2 - 1980-01-01 -");
    row(&f, "3 BE - 2000-01-01");
    arrange(&f);
    assert_int_equal(history_add(&p, &f, 2, &err), 0);
    frame_release(&f);
    assert_string_equal(dictionary_word(&p.nations, p.first[0]), "MA");
    assert_int_equal(p.current[0], NATION_BELGIAN);
    assert_int_equal(p.first[1], 0);
    assert_int_equal(p.current[1], 0);
    assert_int_equal(p.first[2], NATION_BELGIAN);
    assert_int_equal(p.current[2], NATION_NOT_BELGIAN);
    assert_int_equal(p.flags[0], PERSON_LINKED);
    assert_int_equal(p.flags[1], PERSON_LINKED);
    assert_int_equal(p.flags[3], 0);
    people_release(&p);
}

/* Codes of nations fill 16 bits; more words than that are no list of nationalities. */
static void absurd_lists_are_refused(void **state)
{
    struct field_set fields;
    struct people p;
    struct err err;
    struct frame f;
    (void)state;
    fields_of(&fields, "own_first");
    assert_int_equal(people_init(&p, 1, &fields, day("2017-12-31"), &err), 0);
    frame_of(&f, "nationality", NATIONALITY);
    row(&f, "1 BE - -");
    for (int i = 0; i < UINT16_MAX; i++) {
        char word[16];
        (void)snprintf(word, sizeof word, "?%05d", i);
        assert_int_not_equal(dictionary_intern(&f.columns[1]->dictionary, word, strlen(word)), 0);
    }
    assert_int_equal(frame_sort_dictionaries(&f, 1, &err), 0);
    assert_int_equal(history_add(&p, &f, 1, &err), -1);
    assert_int_equal(err.kind, ERR_DATA);
    frame_release(&f);
    people_release(&p);
}

static void none_is_no_nationality(void **state)
{
    struct field_set fields;
    struct people p;
    struct err err;
    struct frame f;
    (void)state;
    fields_of(&fields, "own_first");
    assert_int_equal(people_init(&p, 1, &fields, day("2017-12-31"), &err), 0);
    frame_of(&f, "nationality", NATIONALITY);
    row(&f, "1 none - -");
    assert_int_equal(history_add(&p, &f, 1, &err), -1);
    assert_int_equal(err.kind, ERR_DATA);
    frame_release(&f);
    people_release(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(scenarios_hold_in_any_order),
        cmocka_unit_test(dual_is_never_cleared),
        cmocka_unit_test(history_takes_the_place_of_the_register),
        cmocka_unit_test(absurd_lists_are_refused),
        cmocka_unit_test(none_is_no_nationality),
    };
    return cmocka_run_group_tests_name("history", tests, NULL, NULL);
}

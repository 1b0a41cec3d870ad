/* SPDX-License-Identifier: EUPL-1.2 */
/* Rows that are taken many at a time, a column after the other: the same table, issues and digest
 * as one by one. Rows with quotes are read one by one, so that the same rows are written with and
 * without. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/text.h"
#include "intake_fixture.h"

enum { ROWS = 500, ROUNDS = 40, USUAL = 6, MOST = 20 };

static uint64_t seed = 20171231;

static uint32_t pick(uint32_t below)
{
    seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)((seed >> 33) % below);
}

/* What a field of the type may say: the usual first, USUAL of them, then what is odd. */
static const char *const DATES[MOST] = {"1985-07-30",   "1970-01-01", "2001-09-07", "",
                                        "2017-12-31",   "1999-02-28", "1900-01-01", "0000-00-00",
                                        " 1985-07-30 ", "1985-7-30",  "1849-12-31", "2018-01-01",
                                        "31/12/1999",   "2017-02-30", "x",          "1985-07-301",
                                        "1985-07-3",    " "};
static const char *const NUMBERS[MOST] = {MAN,
                                          WOMAN,
                                          MAN,
                                          WOMAN,
                                          MAN,
                                          WOMAN,
                                          YOUNG,
                                          BIS,
                                          "85073099933",
                                          "",
                                          " ",
                                          "none",
                                          "85.07.30-999.32",
                                          "850730999",
                                          (" " MAN),
                                          "0",
                                          "8.50731E+10",
                                          "00000000000",
                                          "NONE"};
static const char *const SEXES[MOST] = {"m", "f", "m", "f", "x", "f", "M", " f", "", "man", "q"};
static const char *const FTES[MOST] = {"1",  "0.5", "1.00", "",    "0.80", "1.0000", "1.5",
                                       "0.", ".5",  "-1",   " 1 ", "full", "0.12345"};
static const char *const COUNTRY_CODES[MOST] = {"150",  "111",  "150",   "351", "150.0",
                                                "700",  "555",  "0",     "",    "BE",
                                                " 150", "1500", "00150", "999", "0111"};
static const char *const CODES[MOST] = {"E1", "E1", "E1",  "E2",  "E3", "E1",
                                        "E9", "",   " E1", "a b", "",   "E1 "};
static const char *const TEXTS[MOST] = {
    "a", "", "bb", "c c", "ddd", "eight888", " a", " ", "over eight", "\xC3\xA9t\xC3\xA9", "\x01"};

static const char *const *pool_of(enum field_type type)
{
    switch (type) {
    case FIELD_DATE:
        return DATES;
    case FIELD_PERSON:
    case FIELD_PARENT:
        return NUMBERS;
    case FIELD_SEX:
        return SEXES;
    case FIELD_FTE:
        return FTES;
    case FIELD_COUNTRY:
        return COUNTRY_CODES;
    case FIELD_CODE:
        return CODES;
    default:
        return TEXTS;
    }
}

/* rare: one value in so many is any at all. */
static const char *value_of(enum field_type type, uint32_t rare)
{
    const char *const *pool = pool_of(type);
    uint32_t count = USUAL;
    if (pick(rare) != 0)
        return pool[pick(USUAL)];
    while (count < MOST && pool[count])
        count++;
    return pool[pick(count)];
}

/* The same rows plain, and with quotes around every field. Fields that the dataset need not have
 * may be missing; never all but one, where a row without a value would be an empty line. */
static void write_both(enum dataset d, uint32_t rare, const char *line_end, struct text *plain,
                       struct text *quoted)
{
    const struct field_spec *fields = DATASETS[d].fields;
    enum field_type columns[DATASET_FIELDS];
    size_t count = 0;
    text_clear(plain);
    text_clear(quoted);
    for (size_t i = 0; fields[i].name; i++) {
        if (!fields[i].required && i > 1 && pick(4) == 0)
            continue;
        columns[count++] = fields[i].type;
        text_format(plain, "%s%s", count > 1 ? "," : "", fields[i].name);
        text_format(quoted, "%s%s", count > 1 ? "," : "", fields[i].name);
    }
    text_string(plain, line_end);
    text_string(quoted, line_end);
    for (int row = 0; row < ROWS; row++) {
        for (size_t i = 0; i < count; i++) {
            const char *value = value_of(columns[i], rare);
            text_format(plain, "%s%s", i > 0 ? "," : "", value);
            text_format(quoted, "%s\"%s\"", i > 0 ? "," : "", value);
        }
        text_string(plain, line_end);
        text_string(quoted, line_end);
        if (pick(100) == 0)
            text_string(plain, line_end), text_string(quoted, line_end);
    }
}

/* All there is to know of the dataset. */
static void dump(const struct fixture *f, enum dataset d, struct text *out)
{
    const struct intake_table *t = table_of(f, d);
    text_clear(out);
    assert_int_equal(intake_rejected_csv(&f->in, out, NULL), 0);
    for (size_t row = 0; row < t->frame.rows; row++) {
        for (size_t i = 0; i < t->frame.column_count; i++) {
            const struct column *c = t->frame.columns[i];
            if (c->coded)
                text_format(out, "%s|", column_word(c, row) ? column_word(c, row) : "-");
            else if (!c->later)
                text_format(out, "%d|", column_i32(c, row));
        }
        for (size_t i = 0; i < t->number_count; i++)
            text_format(out, "%u|", t->numbers[i][row]);
        text_char(out, '\n');
    }
    struct quality q;
    quality_init(&q);
    assert_int_equal(intake_figures(&f->in, &q, NULL), 0);
    for (size_t i = 0; i < q.count; i++)
        text_format(out, "%s %s %llu\n", q.figures[i].dataset, q.figures[i].check,
                    (unsigned long long)q.figures[i].count);
    quality_release(&q);
    for (size_t word = 0; word < ROW_HASH_WORDS; word++)
        text_format(out, "%llx ", (unsigned long long)t->digest.sum[word]);
    assert_false(out->failed);
}

static void same_rows(enum dataset d)
{
    static const uint32_t rares[] = {1, 4, 30, 1000};
    struct text plain, quoted, one, other;
    size_t taken = 0;
    text_init(&plain);
    text_init(&quoted);
    text_init(&one);
    text_init(&other);
    for (int round = 0; round < ROUNDS; round++) {
        struct fixture f;
        fixture_start(&f);
        fixture_basics(&f);
        write_both(d, rares[round % 4], round % 3 ? "\n" : "\r\n", &plain, &quoted);
        fixture_dataset(&f, d, plain.bytes);
        assert_int_equal(fixture_read(&f, 1), 0);
        dump(&f, d, &one);
        taken += table_of(&f, d)->frame.rows;
        fixture_dataset(&f, d, quoted.bytes);
        assert_int_equal(fixture_read(&f, 1), 0);
        dump(&f, d, &other);
        assert_string_equal(one.bytes, other.bytes);
        fixture_end(&f);
    }
    assert_true(taken > 0 && taken < (size_t)ROUNDS * ROWS); /* some, and not all */
    text_release(&plain);
    text_release(&quoted);
    text_release(&one);
    text_release(&other);
}

static void personnel(void **state)
{
    (void)state;
    same_rows(DATASET_PERSONNEL);
}

static void people(void **state)
{
    (void)state;
    same_rows(DATASET_REGISTER);
}

static void nationalities(void **state)
{
    (void)state;
    same_rows(DATASET_NATIONALITY);
}

static void parents(void **state)
{
    (void)state;
    same_rows(DATASET_FILIATION);
}

static void registrations(void **state)
{
    (void)state;
    same_rows(DATASET_REGISTRATION);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(personnel),     cmocka_unit_test(people),
        cmocka_unit_test(nationalities), cmocka_unit_test(parents),
        cmocka_unit_test(registrations),
    };
    return cmocka_run_group_tests_name("row_batch", tests, NULL, NULL);
}

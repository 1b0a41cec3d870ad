/* SPDX-License-Identifier: EUPL-1.2 */
/* Expressions: what they may say, which fields they use, what they give, and what is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "link/expression.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct field_set fields;
static struct frame list;
static struct countries countries;

static void add_country(const char *iso, const char *from, const char *to, const char *group)
{
    struct column *const columns[] = {frame_find(&list, "iso"), frame_find(&list, "group")};
    const char *const words[] = {iso, group};
    size_t row = frame_append(&list, NULL);
    assert_int_not_equal(row, SIZE_MAX);
    for (size_t i = 0; i < 2; i++)
        column_set(columns[i], row,
                   words[i] ? dictionary_intern(&columns[i]->dictionary, words[i], strlen(words[i]))
                            : 0);
    ((int32_t *)frame_find(&list, "eu_from")->cells)[row] =
        from ? date_parse(from, strlen(from), "%Y-%m-%d") : DATE_NONE;
    ((int32_t *)frame_find(&list, "eu_to")->cells)[row] =
        to ? date_parse(to, strlen(to), "%Y-%m-%d") : DATE_NONE;
}

static int setup(void **state)
{
    (void)state;
    struct err err;
    for (size_t i = 0; i < FACT_FIXED_COUNT; i++)
        assert_int_equal(field_set_add(&fields, FACT_NAMES[i], &err), 0);
    assert_int_equal(field_set_add(&fields, "attribute.level", &err), 0);
    assert_int_equal(field_set_add(&fields, "attribute.pay-grade", &err), 0);
    assert_int_equal(field_set_add(&fields, "attribute.sex", &err), 0);
    frame_init(&list, "countries");
    assert_non_null(frame_add_coded(&list, "iso", &err));
    assert_non_null(frame_add_coded(&list, "group", &err));
    assert_non_null(frame_add(&list, "eu_from", COLUMN_I32, &err));
    assert_non_null(frame_add(&list, "eu_to", COLUMN_I32, &err));
    add_country("BE", "1958-01-01", NULL, "belgian");
    add_country("HR", "2013-07-01", NULL, "eu13");
    add_country("GB", "1973-01-01", "2020-01-31", "other_european");
    add_country("MA", NULL, NULL, "maghreb");
    add_country("MK", NULL, NULL, NULL);
    add_country("MK", "2030-01-01", NULL, "eu_candidate");
    return countries_init(&countries, &list, &err);
}

static int teardown(void **state)
{
    (void)state;
    frame_release(&list);
    return 0;
}

/* The fields that it uses, each followed by a blank; or "! " and the message. */
static void used(const char *sql, char *out, size_t size)
{
    struct expression *e;
    struct err err;
    out[0] = '\0';
    if (expression_open(&e, sql, &fields, &countries, &err) != 0) {
        assert_int_equal(err.kind, ERR_CONFIG);
        (void)snprintf(out, size, "! %s", err.text);
        return;
    }
    for (size_t i = 0; i < expression_field_count(e); i++) {
        size_t length = strlen(out);
        (void)snprintf(out + length, size - length, "%s ", expression_field(e, i));
    }
    expression_close(&e);
    assert_null(e);
}

static void test_fields(void **state)
{
    (void)state;
    static const char *const EXPECTED[][2] = {
        {"1", ""},
        {"OWN_FIRST <> 'BE' OR own_current <> 'BE'", "own_current own_first "},
        {"coalesce(sex, age, sex)", "age sex "},
        {"level", "attribute.level "},
        {"\"attribute.level\"", "attribute.level "},
        {"attribute.level", "attribute.level "},
        {"ATTRIBUTE . Level || [attribute.level]", "attribute.level "},
        {"attribute.\"pay-grade\"", "attribute.pay-grade "},
        {"\"pay-grade\"", "attribute.pay-grade "},
        {"sex", "sex "},
        {"attribute.sex", "attribute.sex "},
        {"`attribute.sex` || sex", "sex attribute.sex "},
        {"registered_disability", "registered_disability "},
        {"\"registered_a-b.c\" + registered_z", "registered_a-b.c registered_z "},
        {"'registered_x ; -- ? (' || sex", "sex "},
        {"CASE WHEN age BETWEEN 25 AND 34 THEN 'y' ELSE NULL END", "age "},
        {"is_eu(own_first, reference_date)", "reference_date own_first "},
        {"country_group(grandparent4_first) IN ('a', 'b')", "grandparent4_first "},
        {"substr(start_date, 1, 4) LIKE '20%'", "start_date "},
        {"CAST(fte * 100 AS INTEGER)", "fte "},
        {"max(age, 18) + min(age, 3)", "age "},
        {"entity IS NOT NULL AND domain = 'OMG' AND linked AND end_date > '2017'",
         "entity domain end_date linked "},
    };
    char got[500];
    for (size_t i = 0; i < sizeof EXPECTED / sizeof *EXPECTED; i++) {
        used(EXPECTED[i][0], got, sizeof got);
        if (strcmp(got, EXPECTED[i][1]) != 0)
            fail_msg("%s: %s", EXPECTED[i][0], got);
    }
}

static void test_refused(void **state)
{
    (void)state;
    static const char *const REFUSED[][2] = {
        {"", "empty"},
        {"  ", "empty"},
        {"nationality", "no such column: nationality"},
        {"\"text\"", "no such column: text"},
        {"rowid", "no such column"},
        {"_rowid_", "no such column"},
        {"facts.age", "no such column"},
        {"probe.age", "prohibited"},
        {"\"the expression itself\"", "no such column"},
        {"sqlite_master.sql", "no such column"},
        {"(SELECT 1)", "subqueries"},
        {"(SELECT sql FROM sqlite_master)", "subqueries"},
        {"EXISTS (SELECT 1)", "subqueries"},
        {"age IN (SELECT 1)", "subqueries"},
        {"age IN (VALUES (1))", "subqueries"},
        {"age IN facts", "subqueries"},
        {"age IN pragma_table_info", "subqueries"},
        {"max(age)", "misuse of aggregate"},
        {"min(age)", "misuse of aggregate"},
        {"count(*)", "not authorized"},
        {"sum(age)", "not authorized"},
        {"group_concat(sex)", "not authorized"},
        {"row_number() OVER ()", "not authorized"},
        {"max(age) OVER ()", "misuse"},
        {"random()", "not authorized"},
        {"hex(randomblob(4))", "not authorized"},
        {"CURRENT_TIMESTAMP", "not authorized"},
        {"CURRENT_DATE", "not authorized"},
        {"date('now')", "not authorized"},
        {"strftime('%s','now')", "not authorized"},
        {"sqlite_version()", "not authorized"},
        {"load_extension('x')", "not authorized"},
        {"printf('%s', sex)", "not authorized"},
        {"format('%s', sex)", "not authorized"},
        {"zeroblob(1000000)", "not authorized"},
        {"changes()", "not authorized"},
        {"readfile('/etc/passwd')", "no such function"},
        {"is_eu(own_first)", "wrong number of arguments"},
        {"age MATCH 'x'", "not authorized"},
        {"sex REGEXP 'x'", "no such function"},
        {"sex -> 'x'", "not authorized"},
        {"RAISE(ABORT, 'x')", "RAISE"},
        {"sex COLLATE nowhere = 'm'", "no such collation"},
        {"?", "parameter"},
        {"?1", "parameter"},
        {":x", "parameter"},
        {"@x", "parameter"},
        {"$x", "parameter"},
        {"a$b", "parameter"},
        {"age -- b", "comment"},
        {"age /* b */", "comment"},
        {"age; DROP TABLE facts", "semicolon"},
        {"age) , (1", "closing bracket"},
        {"1); DROP TABLE facts; (", "closing bracket"},
        {"(age", "opening bracket"},
        {"'x", "quote"},
        {"\"x", "quote"},
        {"[x", "quote"},
        {"`x", "quote"},
        {"age, sex", "syntax error"},
        {"age AS x", "syntax error"},
        {"*", "syntax error"},
        {"age FROM facts UNION SELECT 1", "syntax error"},
        {"age ORDER BY 1", "syntax error"},
        {"1 STORED", "syntax error"},
        {"registered_x + registered_X", "duplicate column"},
        {"registered_", "no such column"},
        {"attribute.nothing", "no such column: attribute.nothing"},
    };
    char got[500];
    for (size_t i = 0; i < sizeof REFUSED / sizeof *REFUSED; i++) {
        used(REFUSED[i][0], got, sizeof got);
        if (got[0] != '!' || !strstr(got, REFUSED[i][1]))
            fail_msg("%s: %s", REFUSED[i][0], got);
    }
}

static void test_sizes(void **state)
{
    (void)state;
    static char sql[EXPRESSION_BYTES + 10];
    char got[500];
    memset(sql, '(', 101);
    sql[101] = '1';
    memset(sql + 102, ')', 101);
    used(sql, got, sizeof got);
    assert_non_null(strstr(got, "nest deeper"));
    memset(sql, ' ', sizeof sql);
    sql[0] = '1';
    sql[EXPRESSION_BYTES] = '\0';
    used(sql, got, sizeof got);
    assert_string_equal(got, "");
    sql[EXPRESSION_BYTES] = ' ';
    sql[EXPRESSION_BYTES + 1] = '\0';
    used(sql, got, sizeof got);
    assert_non_null(strstr(got, "longer than"));
}

/* What an expression over own_first, own_current and so on gives, as text; all other fields are
 * NULL. */
static void evaluate(const char *sql, const char *const names[], const struct sql_value *values,
                     char *out, size_t size)
{
    struct expression *e;
    struct err err;
    struct sql_value given[FIELDS_MAX] = {{0}}, result;
    assert_int_equal(expression_open(&e, sql, &fields, &countries, &err), 0);
    for (size_t i = 0; i < expression_field_count(e); i++)
        for (size_t j = 0; names && names[j]; j++)
            if (strcmp(names[j], expression_field(e, i)) == 0)
                given[i] = values[j];
    for (int again = 0; again < 2; again++) { /* an expression can be asked many times */
        if (expression_evaluate(e, given, &result, &err) != 0)
            (void)snprintf(out, size, "! %s", err.text);
        else if (result.type == SQL_TEXT)
            (void)snprintf(out, size, "'%s'", result.text);
        else if (result.type == SQL_INTEGER)
            (void)snprintf(out, size, "%lld", (long long)result.integer);
        else
            (void)snprintf(out, size, "%s", result.type == SQL_NULL ? "null" : "real");
    }
    expression_close(&e);
}

/* Three-valued logic: one known foreign fact is enough, Belgian needs all of them. */
static void test_three_values(void **state)
{
    (void)state;
    static const char SQL[] = "own_current <> 'BE' OR own_first <> 'BE' OR parent1_first NOT IN "
                              "('BE','none') OR parent2_first NOT IN ('BE','none')";
    static const char *const NAMES[] = {"own_current", "own_first", "parent1_first",
                                        "parent2_first", NULL};
    static const char *const WORDS[] = {"BE", "MA", NULL, "none", "stateless", "?733"};
    for (unsigned code = 0; code < 6 * 6 * 6 * 6; code++) {
        struct sql_value values[4] = {{0}};
        bool foreign = false, unknown = false;
        unsigned rest = code;
        for (size_t i = 0; i < 4; i++, rest /= 6) {
            const char *word = WORDS[rest % 6];
            values[i].type = word ? SQL_TEXT : SQL_NULL;
            values[i].text = word;
            bool belgian =
                word && (strcmp(word, "BE") == 0 || (i >= 2 && strcmp(word, "none") == 0));
            foreign = foreign || (word && !belgian);
            unknown = unknown || !word;
        }
        char got[500];
        if (code % 7 == 0 || code < 40) { /* a fifth of them: each opens a database */
            evaluate(SQL, NAMES, values, got, sizeof got);
            assert_string_equal(got, foreign ? "1" : unknown ? "null" : "0");
        }
    }
}

static void test_values(void **state)
{
    (void)state;
    static const char *const NAMES[] = {"age",    "fte", "reference_date", "attribute.level",
                                        "linked", NULL};
    static const struct sql_value VALUES[] = {
        {.type = SQL_INTEGER, .integer = 34},     {.type = SQL_REAL, .real = 8000 / 10000.0},
        {.type = SQL_TEXT, .text = "2017-12-31"}, {.type = SQL_TEXT, .text = "5"},
        {.type = SQL_INTEGER, .integer = 1},
    };
    static const char *const EXPECTED[][2] = {
        {"CASE WHEN age < 25 THEN '-24' WHEN age < 35 THEN '25-34' ELSE '35+' END", "'25-34'"},
        {"age + 1", "35"},
        {"age < '9'", "0"}, /* a number, whatever it is compared with */
        {"fte = 0.8", "1"},
        {"fte", "real"},
        {"level = 5", "1"}, /* text, whatever it is compared with */
        {"level || attribute.level", "'55'"},
        {"linked", "1"},
        {"end_date", "null"},
        {"end_date IS NULL", "1"},
        {"reference_date BETWEEN '2017-01-01' AND '2017-12-31'", "1"},
        {"is_eu('BE', reference_date)", "1"},
        {"is_eu('HR', '2013-06-30')", "0"},
        {"is_eu('HR', '2013-07-01')", "1"},
        {"is_eu('GB', '2020-01-31')", "1"},
        {"is_eu('GB', '2020-02-01')", "0"},
        {"is_eu('GB', '1972-12-31')", "0"},
        {"is_eu('MA', reference_date)", "0"},
        {"is_eu('MK', reference_date)", "0"},
        {"is_eu('MK', '2031-01-01')", "1"},
        {"is_eu('stateless', reference_date)", "0"},
        {"is_eu('refugee', reference_date)", "0"},
        {"is_eu('none', reference_date)", "null"},
        {"is_eu('undetermined', reference_date)", "null"},
        {"is_eu('not_belgian', reference_date)", "null"},
        {"is_eu('?733', reference_date)", "null"},
        {"is_eu('ZZ', reference_date)", "null"},
        {"is_eu(NULL, reference_date)", "null"},
        {"is_eu('BE', NULL)", "null"},
        {"is_eu('BE', '2017-13-01')", "null"},
        {"country_group('MA')", "'maghreb'"},
        {"country_group('MK')", "'eu_candidate'"},
        {"country_group('ZZ')", "null"},
        {"country_group(NULL)", "null"},
        {"abs(-9223372036854775807 - 1)", "! cannot be evaluated: SQL logic error"},
        {"x'00'", "! the result is a blob"},
        {"upper('i')", "'I'"},
        {"NULL OR 1", "1"},
    };
    for (size_t i = 0; i < sizeof EXPECTED / sizeof *EXPECTED; i++) {
        char got[500];
        evaluate(EXPECTED[i][0], NAMES, VALUES, got, sizeof got);
        if (strcmp(got, EXPECTED[i][1]) != 0)
            fail_msg("%s: %s", EXPECTED[i][0], got);
    }
}

static void test_form(void **state)
{
    (void)state;
    static const char *const SAME[][2] = {
        {"employment = 'staff'", "  EMPLOYMENT='staff' "},
        {"a<>'B' OR b", "A < > 'B'\tor  b"},
        {"\"Attribute.Level\" = 'X'", "\"attribute.level\"='X'"},
    };
    static const char *const OTHER[][2] = {
        {"employment = 'staff'", "employment = 'Staff'"},
        {"employment = 'a b'", "employment = 'a  b'"},
        {"ab", "a b"},
    };
    char *a, *b;
    struct err err;
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(expression_form(SAME[i][0], &a, &err), 0);
        assert_int_equal(expression_form(SAME[i][1], &b, &err), 0);
        assert_string_equal(a, b);
        free(a);
        free(b);
        assert_int_equal(expression_form(OTHER[i][0], &a, &err), 0);
        assert_int_equal(expression_form(OTHER[i][1], &b, &err), 0);
        assert_string_not_equal(a, b);
        free(a);
        free(b);
    }
    assert_int_equal(expression_form("a;b", &a, &err), -1);
    assert_null(a);
    assert_int_equal(expression_form("", &a, &err), -1);
}

static void test_fields_used(void **state)
{
    (void)state;
    struct config c;
    struct err err;
    struct field_set set;
    char *fine[] = {
        "variable sex.sql=CASE registered_z WHEN 1 THEN 'f' ELSE sex END",
        "table top.population=registered_a AND level = 'A' AND grandparent2_first = 'BE'"};
    assert_int_equal(config_load(&c, "tests/vectors/config/base.ini", fine, 2, &err), 0);
    assert_int_equal(fields_used(&set, &c, &err), 0);
    config_release(&c);
    static const char *const EXPECTED[] = {
        "employment",      "sex",          "own_first",   "grandparent2_first",
        "attribute.level", "registered_a", "registered_z"};
    assert_int_equal(set.count, 7);
    for (size_t i = 0; i < 7; i++)
        assert_string_equal(set.names[i], EXPECTED[i]);
    static const char *const BAD[][2] = {
        {"variable sex.sql=wrong", "variable sex: no such column: wrong"},
        {"table all.population=random()",
         "population of table all: not authorized to use function"},
    };
    for (size_t i = 0; i < 2; i++) {
        char *bad[] = {(char *)BAD[i][0]};
        assert_int_equal(config_load(&c, "tests/vectors/config/base.ini", bad, 1, &err), 0);
        assert_int_equal(fields_used(&set, &c, &err), -1);
        assert_int_equal(err.kind, ERR_CONFIG);
        assert_non_null(strstr(err.text, BAD[i][1]));
        assert_string_equal(err.file, "base.ini");
        config_release(&c);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_fields),      cmocka_unit_test(test_refused),
        cmocka_unit_test(test_sizes),       cmocka_unit_test(test_three_values),
        cmocka_unit_test(test_values),      cmocka_unit_test(test_form),
        cmocka_unit_test(test_fields_used),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}

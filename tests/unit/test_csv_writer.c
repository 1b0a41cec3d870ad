/* SPDX-License-Identifier: EUPL-1.2 */
/* What csv_writer writes, byte by byte, and that csv_reader reads the same table back, wherever the
 * blocks of the reader end. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "io/csv_reader.h"
#include "io/csv_writer.h"

#include <stdlib.h>
#include <string.h>

static void row_is(const char *expected, size_t count, const char *const *values)
{
    struct text t;
    bool first = true;
    text_init(&t);
    for (size_t i = 0; i < count; i++)
        csv_put(&t, &first, values[i]);
    csv_end(&t, &first);
    assert_true(first);
    assert_false(t.failed);
    assert_string_equal(t.bytes, expected);
    text_release(&t);
}
#define ROW(expected, ...)                                                   \
    row_is(expected, sizeof((const char *[]){__VA_ARGS__}) / sizeof(char *), \
           (const char *[]){__VA_ARGS__})

static void fields(void **state)
{
    (void)state;
    ROW("a,b,c\n", "a", "b", "c");
    ROW("a,,c\n", "a", "", "c");
    ROW("a,,\n", "a", NULL, "");
    ROW(",\n", "", "");
    ROW("\"\"\n", ""); /* not an empty line, which would be no row */
    ROW("\"\"\n", NULL);
    ROW("\"a,b\"\n", "a,b");
    ROW("\"a\"\"b\"\n", "a\"b");
    ROW("\"\"\"\"\n", "\"");
    ROW("\"\"\"\"\"\"\n", "\"\"");
    ROW("\"\"\"a\",\"a\"\"\"\n", "\"a", "a\"");
    ROW("\"a\nb\",\"a\r\nb\",\"\n\"\n", "a\nb", "a\r\nb", "\n");
    ROW("\"a\rb\"\n", "a\rb");
    ROW("a;b,a\tb, a ,'a'\n", "a;b", "a\tb", " a ", "'a'");
    ROW("=1+1,-1,@a\n", "=1+1", "-1", "@a");
    ROW("Hergroep\xC3\xA9,\xE2\x82\xAC\n", "Hergroep\xC3\xA9", "\xE2\x82\xAC");
}

static void rows(void **state)
{
    (void)state;
    struct text t;
    bool first = true;
    text_init(&t);
    csv_put(&t, &first, "a");
    csv_end(&t, &first);
    csv_put(&t, &first, NULL);
    csv_end(&t, &first);
    csv_put(&t, &first, "b\n");
    csv_end(&t, &first);
    csv_put_number(&t, &first, 0);
    csv_end(&t, &first);
    assert_string_equal(t.bytes, "a\n\"\"\n\"b\n\"\n0\n");
    text_release(&t);
}

static void numbers(void **state)
{
    (void)state;
    static const struct {
        int64_t value;
        const char *text;
    } cases[] = {{0, "0"},
                 {7, "7"},
                 {-7, "-7"},
                 {10, "10"},
                 {1234567890, "1234567890"},
                 {INT64_MAX, "9223372036854775807"},
                 {INT64_MIN, "-9223372036854775808"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct text t, expected;
        bool first = true;
        text_init(&t);
        text_init(&expected);
        csv_put_number(&t, &first, cases[i].value);
        csv_put_number(&t, &first, cases[i].value);
        text_format(&expected, "%s,%s", cases[i].text, cases[i].text);
        assert_string_equal(t.bytes, expected.bytes);
        text_release(&expected);
        text_release(&t);
    }
}

static uint64_t random_state = 1181783497276652981U;
static size_t random_below(size_t n)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return (size_t)(random_state >> 33) % n;
}

enum { TABLE_ROWS = 12, TABLE_COLUMNS = 5 };

struct table {
    size_t rows, columns, seen;
    char cells[TABLE_ROWS][TABLE_COLUMNS][64];
};

static int compare_row(void *context, const struct csv_field *row, size_t count, long line,
                       struct err *err)
{
    (void)line, (void)err;
    struct table *t = context;
    assert_true(t->seen < t->rows);
    assert_int_equal(count, t->columns);
    for (size_t c = 0; c < count; c++) {
        assert_int_equal(row[c].length, strlen(t->cells[t->seen][c]));
        assert_string_equal(row[c].bytes, t->cells[t->seen][c]);
    }
    t->seen++;
    return 0;
}

static void random_cell(char cell[static 64], size_t unique)
{
    static const char *const pieces[] = {"\"",
                                         ",",
                                         "\n",
                                         "\r\n",
                                         " ",
                                         "q",
                                         ";",
                                         "\t",
                                         "\xC3\xA9",
                                         "'",
                                         "=",
                                         "\xE2\x82\xAC",
                                         "\xF0\x9F\x98\x80",
                                         "\"\"",
                                         "\xC2\xA0",
                                         "0"};
    struct text t;
    text_init(&t);
    text_string(&t, "");
    for (size_t i = random_below(10); i > 0; i--)
        text_string(&t, pieces[random_below(sizeof pieces / sizeof *pieces)]);
    if (unique)
        text_format(&t, "h%zu", unique);
    memcpy(cell, t.bytes, t.length + 1);
    text_release(&t);
}

static void round_trip(void **state)
{
    (void)state;
    const struct csv_options options = {',', ENCODING_UTF8, NULL};
    struct table *table = malloc(sizeof *table);
    assert_non_null(table);
    for (int round = 0; round < 3000; round++) {
        struct text t;
        struct err err;
        bool first = true;
        text_init(&t);
        table->rows = 1 + random_below(TABLE_ROWS);
        table->columns = 1 + random_below(TABLE_COLUMNS);
        for (size_t r = 0; r < table->rows; r++) {
            for (size_t c = 0; c < table->columns; c++) {
                random_cell(table->cells[r][c], r == 0 ? c + 1 : 0); /* headers differ */
                csv_put(&t, &first, table->cells[r][c]);
            }
            csv_end(&t, &first);
        }
        for (size_t block = 1; block <= 20; block += 1 + random_below(4)) {
            table->seen = 0;
            if (csv_read_bytes("t", t.bytes, t.length, block, &options, compare_row, compare_row,
                               table, &err) != 0)
                fail_msg("round %d: line %ld: %s", round, err.line, err.text);
            assert_int_equal(table->seen, table->rows);
        }
        text_release(&t);
    }
    free(table);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fields),
        cmocka_unit_test(rows),
        cmocka_unit_test(numbers),
        cmocka_unit_test(round_trip),
    };
    return cmocka_run_group_tests_name("csv_writer", tests, NULL, NULL);
}

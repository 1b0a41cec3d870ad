/* SPDX-License-Identifier: EUPL-1.2 */
/* The strict CSV reader: sizes at their limits, callbacks, a naive reader as a second opinion on
 * random bytes, and files (test_csv_vectors.c has the rules, one by one). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "csv_dump.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void repeat(struct text *t, const char *bytes, size_t times)
{
    for (size_t i = 0; i < times; i++)
        text_string(t, bytes);
}

/* A table of two columns with a field of `size` bytes at row 3, column 2. */
static void field_of(size_t size, const char *quote, const char *unit, bool ends, size_t block,
                     bool fits)
{
    struct text bytes, out;
    struct err err;
    text_init(&bytes);
    text_init(&out);
    text_format(&bytes, "a,b\nx,y\nz,%s", quote);
    repeat(&bytes, unit, size / strlen(unit));
    text_string(&bytes, ends ? quote : "");
    text_string(&bytes, ends ? "\nx,y\n" : "");
    int rc = read_dump(&bytes, block, &COMMA, &out, &err);
    assert_int_equal(rc, fits ? 0 : -1);
    if (!fits) {
        assert_string_equal(err.text, "a field over 64 KiB");
        assert_int_equal(err.line, 3);
        assert_int_equal(err.column, 2);
        assert_string_equal(out.bytes, "1 [a][b]\n2 [x][y]\n");
    }
    text_release(&out);
    text_release(&bytes);
}

static void field_size(void **state)
{
    (void)state;
    /* The last but one ends just behind the closing quote of a field of the greatest size. */
    const size_t blocks[] = {777, 65536, 65537, strlen("a,b\nx,y\nz,\"\"") + CSV_FIELD_BYTES,
                             CSV_BLOCK};
    for (size_t b = 0; b < sizeof blocks / sizeof *blocks; b++)
        for (int quoted = 0; quoted < 2; quoted++) {
            const char *quote = quoted ? "\"" : "";
            field_of(CSV_FIELD_BYTES - 1, quote, "q", true, blocks[b], true);
            field_of(CSV_FIELD_BYTES, quote, "q", true, blocks[b], true);
            field_of(CSV_FIELD_BYTES, quote, "\xC3\xA9", true, blocks[b], true);
            field_of(CSV_FIELD_BYTES + 1, quote, "q", true, blocks[b], false);
            field_of(CSV_FIELD_BYTES + 2, quote, "\xC3\xA9", true, blocks[b], false);
            field_of(10 << 20, quote, "0123456789abcdef", true, blocks[b], false);
            field_of(1 << 20, quote, "0123456789abcdef", false, blocks[b], false);
        }
    /* An unterminated quote swallows lines: it ends at the limit, with the line where it began. */
    field_of(1 << 20, "\"", "x,y\n", false, CSV_BLOCK, false);
}

static void columns_of(size_t columns, const char *message)
{
    struct text bytes, out;
    struct err err;
    text_init(&bytes);
    text_init(&out);
    for (size_t i = 0; i < columns; i++)
        text_format(&bytes, "%sc%zu", i ? "," : "", i);
    text_char(&bytes, '\n');
    repeat(&bytes, ",", columns - 1);
    text_char(&bytes, '\n');
    int rc = read_dump(&bytes, CSV_BLOCK, &COMMA, &out, &err);
    assert_int_equal(rc, message ? -1 : 0);
    if (message) {
        assert_string_equal(err.text, message);
        assert_int_equal(err.line, 1);
    }
    text_release(&out);
    text_release(&bytes);
}

static void column_count(void **state)
{
    (void)state;
    columns_of(CSV_COLUMNS, NULL);
    columns_of(CSV_COLUMNS + 1, "more than 4096 columns");
    columns_of(100000, "more than 4096 columns");

    struct text bytes, out;
    struct err err;
    text_init(&bytes);
    text_init(&out);
    text_string(&bytes, "a,b\n");
    repeat(&bytes, "x,", 99999);
    assert_int_equal(read_dump(&bytes, CSV_BLOCK, &COMMA, &out, &err), -1);
    assert_string_equal(err.text, "100000 fields, 2 expected");
    text_clear(&bytes);
    text_string(&bytes, "a,b\nx\n");
    assert_int_equal(read_dump(&bytes, CSV_BLOCK, &COMMA, &out, &err), -1);
    assert_string_equal(err.text, "1 field, 2 expected");
    text_release(&out);
    text_release(&bytes);
}

static int count_rows(void *context, const struct csv_field *fields, size_t count, long line,
                      struct err *err)
{
    (void)fields, (void)count, (void)line, (void)err;
    ++*(size_t *)context;
    return 0;
}

/* 300 fields of 64 KiB are more than a row may hold; 200 are not. */
static void row_size(void **state)
{
    (void)state;
    for (size_t columns = 200; columns <= 300; columns += 100) {
        struct text bytes;
        struct err err;
        size_t rows = 0;
        text_init(&bytes);
        for (size_t i = 0; i < columns; i++)
            text_format(&bytes, "%sc%zu", i ? "," : "", i);
        for (size_t i = 0; i < columns; i++) {
            text_char(&bytes, i ? ',' : '\n');
            repeat(&bytes, "0123456789abcdef", CSV_FIELD_BYTES / 16);
        }
        int rc = csv_read_bytes("x", bytes.bytes, bytes.length, CSV_BLOCK, &COMMA, count_rows,
                                count_rows, &rows, &err);
        assert_int_equal(rc, columns == 200 ? 0 : -1);
        assert_int_equal(rows, columns == 200 ? 2 : 1);
        if (columns == 300) {
            assert_string_equal(err.text, "a row over 16 MiB");
            assert_int_equal(err.line, 2);
            assert_int_equal(err.column, CSV_ROW_BYTES / (CSV_FIELD_BYTES + 1) + 1);
        }
        text_release(&bytes);
    }
}

static int give_up(void *context, const struct csv_field *fields, size_t count, long line,
                   struct err *err)
{
    (void)fields, (void)count;
    ++*(size_t *)context;
    return line < 3 ? 0 : err_set(err, ERR_CONFIG, "enough");
}

static void callback_ends_the_reading(void **state)
{
    (void)state;
    const char *bytes = "a,b\n1,2\n3,4\n5,6\n7\n\xFF";
    size_t calls = 0;
    struct err err;
    assert_int_equal(csv_read_bytes("x", bytes, strlen(bytes), CSV_BLOCK, &COMMA, give_up, give_up,
                                    &calls, &err),
                     -1);
    assert_int_equal(calls, 3);
    assert_int_equal(err.kind, ERR_CONFIG);
    assert_string_equal(err.text, "enough");
    calls = 3;
    assert_int_equal(csv_read_bytes("x", "a\n5\n6", 5, 1, &COMMA, give_up, give_up, &calls, NULL),
                     -1);
    assert_int_equal(calls, 6);
}

/* ---- a second opinion */

static uint64_t random_state = 88172645463325252U;
static size_t random_below(size_t n)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return (size_t)(random_state >> 33) % n;
}

struct naive {
    struct text out, row;
    long line, row_line;
    size_t fields, columns;
};

static bool naive_row_ends(struct naive *n)
{
    if (n->columns && n->fields != n->columns)
        return false;
    if (!n->columns && strstr(n->row.bytes, "[]"))
        return false;
    n->columns = n->fields;
    text_format(&n->out, "%ld %s\n", n->row_line, n->row.bytes);
    return true;
}

/* The length of the line break at `at`, 0 if there is none. */
static size_t naive_break(const char *at)
{
    return *at == '\n' ? 1 : at[0] == '\r' && at[1] == '\n' ? 2 : 0;
}

/* One field that begins at `at`; NULL if it is wrong. Ends before the delimiter, line break or NUL.
 */
static const char *naive_field(struct naive *n, const char *at)
{
    text_char(&n->row, '[');
    bool quoted = *at == '"', closed = false;
    at += quoted;
    for (;; at++) {
        if (*at == '\r' && at[1] != '\n')
            return NULL;
        if (*at == '\0' || (!quoted && (*at == ',' || naive_break(at))))
            break;
        if (*at == '"') {
            closed = quoted && *++at != '"';
            if (closed || !quoted)
                break;
        }
        n->line += *at == '\n';
        text_char(&n->row, *at);
    }
    if (quoted != closed || (*at && *at != ',' && !naive_break(at)))
        return NULL;
    text_char(&n->row, ']');
    n->fields++;
    return at;
}

/* Reads NUL-terminated text as the contract says, in the simplest way; false = refused. */
static bool naive_read(struct naive *n, const char *at)
{
    n->line = 1;
    while (*at) {
        size_t line_break = naive_break(at);
        if (line_break) { /* an empty line */
            n->line++;
            at += line_break;
            continue;
        }
        n->row_line = n->line;
        n->fields = 0;
        text_clear(&n->row);
        while ((at = naive_field(n, at)) && *at == ',')
            at++;
        if (!at || !naive_row_ends(n))
            return false;
        n->line += *at != '\0';
        at += naive_break(at);
    }
    return n->columns > 0;
}

/* Random text over the bytes that mean something: both readers must say the same. */
static void second_opinion(void **state)
{
    (void)state;
    static const char *const pieces[] = {"\"", "\"",   ",",  "\n",      "\r\n",
                                         "q",  "\"\"", "\r", "\xC3\xA9"};
    size_t accepted = 0;
    for (int round = 0; round < 100000; round++) {
        struct text bytes, out;
        struct naive naive = {0};
        struct err err;
        text_init(&bytes);
        text_init(&out);
        text_string(&bytes, random_below(4) ? "a\n" : "");
        text_string(&naive.out, "");
        for (size_t i = random_below(12); i > 0; i--)
            text_string(
                &bytes,
                pieces[random_below(sizeof pieces / sizeof *pieces - (random_below(4) ? 2 : 0))]);
        bool good = naive_read(&naive, bytes.bytes);
        int rc = read_dump(&bytes, 1 + random_below(6), &COMMA, &out, &err);
        bool twice = rc != 0 && strstr(err.text, "the same header");
        if (!twice && good != (rc == 0))
            fail_msg("round %d: %s", round, rc ? err.text : "not refused");
        if (good && !twice) {
            assert_string_equal(out.bytes, naive.out.bytes);
            accepted++;
        }
        text_release(&naive.out);
        text_release(&naive.row);
        text_release(&out);
        text_release(&bytes);
    }
    assert_in_range(accepted, 10000, 90000); /* neither answer is rare */
}

/* ---- files */

static char folder[] = "/tmp/herkomst-csv-XXXXXX";

static int folder_make(void **state)
{
    (void)state;
    return mkdtemp(folder) ? 0 : -1;
}

static int folder_remove(void **state)
{
    (void)state;
    return rmdir(folder);
}

static char *path_of(const char *name)
{
    static char path[200];
    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

/* Rows of 1 to 40 bytes with line breaks in quotes, over several blocks of the reader. */
static void large_file(void **state)
{
    (void)state;
    struct text bytes, out, expected;
    struct err err;
    text_init(&bytes);
    text_init(&out);
    text_init(&expected);
    text_string(&bytes, "\xEF\xBB\xBF"
                        "a,b\r\n");
    text_string(&expected, "1 [a][b]\n");
    for (long line = 2; bytes.length < 3 * CSV_BLOCK;) {
        size_t n = random_below(20);
        bool broken = n % 5 == 0;
        text_format(&bytes, "%.*s,\"\xE2\x82\xAC%s\"\r\n", (int)n, "qqqqqqqqqqqqqqqqqqqq",
                    broken ? "\r\n\n" : "");
        text_format(&expected, "%ld [%.*s][\xE2\x82\xAC%s]\n", line, (int)n, "qqqqqqqqqqqqqqqqqqqq",
                    broken ? "\r\n\n" : "");
        line += broken ? 3 : 1;
    }
    char *path = path_of("large.csv");
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes.bytes, 1, bytes.length, file), bytes.length);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(csv_read(path, &COMMA, dump, dump, &out, &err), 0);
    assert_int_equal(out.length, expected.length);
    assert_memory_equal(out.bytes, expected.bytes, out.length);
    assert_int_equal(unlink(path), 0);
    text_release(&expected);
    text_release(&out);
    text_release(&bytes);
}

static void refused_path(const char *path, enum err_kind kind)
{
    struct err err = {0};
    struct text out;
    text_init(&out);
    assert_int_equal(csv_read(path, &COMMA, dump, dump, &out, &err), -1);
    assert_int_equal(err.kind, kind);
    assert_int_equal(err.line, 0);
    assert_null(out.bytes);
}

static void not_a_file(void **state)
{
    (void)state;
    refused_path(path_of("none.csv"), ERR_NOINPUT);
    refused_path("/dev/null/none.csv", ERR_NOINPUT);
    refused_path(folder, ERR_IO);
    refused_path("/dev/zero", ERR_IO);
    char *path = path_of("pipe");
    assert_int_equal(mkfifo(path, 0600), 0);
    refused_path(path, ERR_IO); /* and it does not wait for a writer */
    assert_int_equal(unlink(path), 0);
    path = path_of("loop");
    assert_int_equal(symlink(path, path), 0);
    refused_path(path, ERR_IO);
    assert_int_equal(unlink(path), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(field_size),     cmocka_unit_test(column_count),
        cmocka_unit_test(row_size),       cmocka_unit_test(callback_ends_the_reading),
        cmocka_unit_test(second_opinion), cmocka_unit_test(large_file),
        cmocka_unit_test(not_a_file),
    };
    return cmocka_run_group_tests_name("csv_reader", tests, folder_make, folder_remove);
}

/* SPDX-License-Identifier: EUPL-1.2 */
/* Rows that are cut without libcsv, and files that are read in parts: the same rows, lines and
 * verdict as the plain way, on random bytes that mean something. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/text.h"
#include "io/csv_plain.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static uint64_t seed = 20171231;

static uint32_t pick(uint32_t below)
{
    seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)((seed >> 33) % below);
}

/* ---- rows without a quote ---- */

enum { TEXT = 1500, COLUMNS = 4 };

/* Both ways: the same rows and marks. Returns how many rows. */
static size_t cut_both_ways(const char *text, size_t length, size_t columns)
{
    uint32_t fast[CSV_ROWS * COLUMNS + 160], slow[CSV_ROWS * COLUMNS + 160];
    assert_true(csv_plain_marks(columns) <= sizeof fast / sizeof *fast);
    size_t a = csv_plain_rows(text, length, ';', columns, fast);
    size_t b = csv_plain_rows_bytes(text, length, ';', columns, slow);
    assert_int_equal(a, b);
    assert_memory_equal(fast, slow, (a * columns + 1) * sizeof *fast);
    for (size_t row = 0; row < a; row++)
        for (size_t i = 1; i <= columns; i++)
            assert_int_equal(text[fast[row * columns + i]], i < columns ? ';' : '\n');
    assert_null(a > 0 ? memchr(text, '"', fast[a * columns]) : NULL);
    return a;
}

/* Letters with delimiters and line ends where a row has them, or nearly: the rarer the other bytes,
 * the more rows. Buffers of just so many bytes, so that a sanitizer sees a look beyond. */
static void plain_rows(void **state)
{
    static const char pieces[] = ";;\n\r\"abcdefgh12345 \t\xC3,,";
    size_t most = 0, none = 0;
    (void)state;
    for (int round = 0; round < 100000; round++) {
        size_t length = 1 + pick(TEXT), columns = 1 + pick(COLUMNS), field = 1 + pick(12), at = 0;
        uint32_t rare = 2 + pick(2000);
        char *text = malloc(length);
        assert_non_null(text);
        for (size_t i = 0; i < length; i++) {
            bool ends = pick((uint32_t)field + 1) == 0;
            text[i] = (char)('a' + pick(26));
            if (ends)
                text[i] = ++at % columns == 0 ? '\n' : ';';
            if (pick(rare) == 0)
                text[i] = pieces[pick(sizeof pieces - 1)];
        }
        size_t rows = cut_both_ways(text, length, columns);
        most = rows > most ? rows : most;
        none += rows == 0;
        free(text);
    }
    assert_int_equal(most, CSV_ROWS);
    assert_true(none > 100);
}

/* A row of just so many bytes is cut, a longer one is left to libcsv. */
static void longest_row(void **state)
{
    (void)state;
    for (size_t length = CSV_FIELD_BYTES - 2; length <= CSV_FIELD_BYTES + 2; length++) {
        char *row = malloc(length);
        uint32_t marks[CSV_ROWS + 160];
        assert_non_null(row);
        memset(row, 'x', length);
        row[length - 1] = '\n';
        size_t rows = csv_plain_rows(row, length, ',', 1, marks);
        assert_int_equal(rows, length <= CSV_FIELD_BYTES);
        free(row);
    }
}

/* A line without anything is no row, whatever the columns; one of blanks is. */
static void empty_lines(void **state)
{
    uint32_t marks[CSV_ROWS * 2 + 160];
    (void)state;
    assert_int_equal(csv_plain_rows("a\n\nb\n", 5, ',', 1, marks), 1);
    assert_int_equal(csv_plain_rows("\na\n", 3, ',', 1, marks), 0);
    assert_int_equal(csv_plain_rows("\r\na\n", 4, ',', 1, marks), 0);
    assert_int_equal(csv_plain_rows(" \na\n", 4, ',', 1, marks), 2);
    assert_int_equal(csv_plain_rows(",\n\n,\n", 5, ',', 2, marks), 1);
}

/* ---- parts of a file ---- */

static char path[128];

struct dump {
    struct text rows;
    long above;
};

static int dump_row(void *context, const struct csv_field *fields, size_t count, long line,
                    struct err *err)
{
    struct dump *d = context;
    (void)err;
    text_format(&d->rows, "%ld ", line + d->above);
    for (size_t i = 0; i < count; i++)
        text_format(&d->rows, "[%s]", fields[i].bytes);
    text_char(&d->rows, '\n');
    return 0;
}

static int no_header(void *context, const struct csv_field *fields, size_t count, long line,
                     struct err *err)
{
    (void)context;
    (void)fields;
    (void)count;
    (void)line;
    (void)err;
    return 0;
}

static void file_write(const struct text *bytes)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes->bytes, 1, bytes->length, file), bytes->length);
    assert_int_equal(fclose(file), 0);
}

/* True if every part was read; then `out` has all rows. */
static bool read_parts(uint64_t bytes, const struct csv_options *options, struct dump *out,
                       size_t *count)
{
    struct csv_part *parts = NULL;
    bool whole = true;
    struct err err;
    text_clear(&out->rows);
    text_string(&out->rows, "");
    out->above = 0;
    assert_int_equal(csv_parts(path, bytes, &parts, count, &err), 0);
    assert_true(parts[0].begin == 0 && parts[*count - 1].end == CSV_PART_REST);
    for (size_t i = 0; i < *count; i++) {
        long lines = 0;
        assert_true(i == 0 || parts[i].begin == parts[i - 1].end);
        whole &=
            csv_read_part(path, &parts[i], options, no_header, dump_row, out, &lines, &err) == 0;
        out->above += lines;
    }
    free(parts);
    return whole;
}

struct seen {
    size_t files, accepted, in_parts, given_up;
};

/* The file is what the plain reader says it is, whatever the size of the parts. */
static void in_parts(const struct text *bytes, const struct csv_options *options, struct seen *seen)
{
    struct dump plain = {.above = 0}, parts = {.above = 0};
    struct err err;
    size_t count;
    text_init(&plain.rows);
    text_init(&parts.rows);
    text_string(&plain.rows, "");
    file_write(bytes);
    bool good = csv_read(path, options, no_header, dump_row, &plain, &err) == 0;
    seen->files++;
    seen->accepted += good;
    for (uint64_t size = 1; size <= bytes->length; size += 1 + size / 3) {
        bool whole = read_parts(size, options, &parts, &count);
        if (whole) {
            assert_true(good);
            assert_string_equal(parts.rows.bytes, plain.rows.bytes);
        }
        /* A part may begin within quotes, but where there are none it never goes wrong. */
        if (good && !memchr(bytes->bytes, '"', bytes->length))
            assert_true(whole);
        seen->in_parts += whole && count > 1;
        seen->given_up += good && !whole;
    }
    text_release(&plain.rows);
    text_release(&parts.rows);
}

static void random_file(struct text *bytes, bool quotes, bool faults)
{
    static const char *const fine[] = {
        "1,2\n", "abc,\xC3\xA9\n", "\n", "x,\r\n", "\r\n", "long field,and another one\n", ",\n"};
    static const char *const quoted[] = {"\"q\",2\n", "\"two\nlines\",3\n", "\"a\"\"b\",\"\n\n\"\n",
                                         "4,\"\r\n\"\r\n"};
    static const char *const bad[] = {"1,2,3\n", "a\"b,1\n", "\"a\"b,1\n",
                                      "\r,1\n",  "\xFF,1\n", "\"open,1\n"};
    text_clear(bytes);
    text_string(bytes, pick(4) ? "" : "\xEF\xBB\xBF");
    if (pick(4) == 0) /* lines before the header */
        text_string(bytes, pick(2) ? "\n" : "\r\n\n");
    text_string(bytes, pick(8) || !quotes ? "first,second\n" : "\"first\n\",second\n");
    for (uint32_t rows = pick(30); rows > 0; rows--) {
        if (quotes && pick(3) == 0)
            text_string(bytes, quoted[pick(4)]);
        else if (faults && pick(25) == 0)
            text_string(bytes, bad[pick(6)]);
        else
            text_string(bytes, fine[pick(7)]);
    }
    if (pick(2))
        text_string(bytes, "last,row");
}

static void parts_of_random_files(void **state)
{
    static const struct csv_options options[] = {{',', ENCODING_UTF8, NULL},
                                                 {',', ENCODING_ISO_8859_1, NULL}};
    struct seen seen = {0};
    struct text bytes;
    (void)state;
    text_init(&bytes);
    for (int round = 0; round < 600; round++) {
        random_file(&bytes, round % 2, round % 3 == 0);
        in_parts(&bytes, &options[pick(8) == 0], &seen);
    }
    text_release(&bytes);
    /* Everything was seen: bad files, files in parts, and parts that began within quotes. */
    assert_true(seen.accepted > 300 && seen.accepted < seen.files);
    assert_true(seen.in_parts > 1000 && seen.given_up > 100);
}

static void a_file_that_shrinks(void **state)
{
    const struct csv_part part = {4, 8, 16};
    struct text bytes;
    struct err err;
    long lines;
    (void)state;
    text_init(&bytes);
    text_string(&bytes, "a,b\n1,2\n3,4\n");
    file_write(&bytes);
    assert_int_equal(csv_read_part(path, &part, &(struct csv_options){',', ENCODING_UTF8, NULL},
                                   no_header, no_header, NULL, &lines, &err),
                     -1);
    assert_int_equal(err.kind, ERR_IO);
    text_release(&bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plain_rows),          cmocka_unit_test(longest_row),
        cmocka_unit_test(empty_lines),         cmocka_unit_test(parts_of_random_files),
        cmocka_unit_test(a_file_that_shrinks),
    };
    const char *folder = getenv("TMPDIR");
    (void)snprintf(path, sizeof path, "%.80s/csv-parts-%ld", folder ? folder : "/tmp",
                   (long)getpid());
    int failed = cmocka_run_group_tests_name("csv_parts", tests, NULL, NULL);
    (void)unlink(path);
    return failed;
}

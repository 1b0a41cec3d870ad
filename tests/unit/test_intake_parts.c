/* SPDX-License-Identifier: EUPL-1.2 */
/* Files that are read in parts by several threads: the same rows in the same order, the same issues
 * with the same lines, and the same error, as read whole by one thread. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/text.h"
#include "intake_fixture.h"

enum { ROWS = 400 };

static const uint64_t PARTS[] = {1, 30, 500, 4000, 20000};

/* A register of which some rows are rejected, doubted or empty lines. */
static void write_register(struct text *t, bool quoted)
{
    text_clear(t);
    text_string(t, "remark,person,sex,nationality_first,parent1\n");
    for (int i = 0; i < ROWS; i++) {
        if (i % 7 == 0)
            text_string(t, "\n");
        if (quoted && i % 5 == 0)
            text_string(t, "\"one\nmore, \"\"line\"\"\",");
        else
            text_format(t, "plain %d,", i);
        uint64_t number = invented(1950 + i % 50, 1 + i % 12, 1 + i % 28, i % 2);
        if (i % 31 == 0)
            text_string(t, "12345678901,");
        else
            text_format(t, "%011llu,", (unsigned long long)number);
        text_string(t, i % 2 ? "m," : "f,");
        text_string(t, i % 17 == 0 ? "555," : i % 13 == 0 ? "BE," : i % 3 ? "150," : "111,");
        text_string(t, i % 11 == 0 ? "none\n" : i % 19 == 0 ? "nobody\n" : "\n");
    }
}

static void dump_table(const struct fixture *f, struct text *out)
{
    const struct intake_table *t = table_of(f, DATASET_REGISTER);
    text_clear(out);
    for (size_t row = 0; row < t->frame.rows; row++) {
        const char *sex = word_at(t, "sex", row), *first = word_at(t, "nationality_first", row);
        text_format(out, "%llu %llu %s %s\n", (unsigned long long)intake_number(t, 0, row),
                    (unsigned long long)intake_number(t, 1, row), sex, first ? first : "-");
    }
    assert_int_equal(intake_rejected_csv(&f->in, out, NULL), 0);
    text_format(out, "%llu rows, %llu rejected\n", (unsigned long long)t->issues.rows,
                (unsigned long long)t->issues.rejected);
    assert_int_equal(t->digest.rows, t->frame.rows);
    for (size_t word = 0; word < ROW_HASH_WORDS; word++)
        text_format(out, "%llx ", (unsigned long long)t->digest.sum[word]);
}

static void read_in_parts(struct fixture *f, unsigned threads, uint64_t part, int expected)
{
    intake_release(&f->in);
    memset(&f->err, 0, sizeof f->err);
    assert_int_equal(intake_read_parts(&f->in, &f->config, INPUT_KEY, threads, part, &f->err),
                     expected);
}

static void rows_and_issues(void **state)
{
    struct text bytes, whole, parts;
    (void)state;
    text_init(&bytes);
    text_init(&whole);
    text_init(&parts);
    for (int quoted = 0; quoted < 2; quoted++) {
        struct fixture f;
        fixture_start(&f);
        fixture_basics(&f);
        write_register(&bytes, quoted);
        fixture_dataset(&f, DATASET_REGISTER, bytes.bytes);
        read_in_parts(&f, 1, UINT64_MAX, 0);
        dump_table(&f, &whole);
        assert_true(count_of(&f, DATASET_REGISTER, "nationality_unlisted") > 10);
        assert_true(count_of(&f, DATASET_REGISTER, "rejected") > 20);
        for (size_t i = 0; i < sizeof PARTS / sizeof *PARTS; i++)
            for (unsigned threads = 1; threads <= 3; threads++) {
                read_in_parts(&f, threads, PARTS[i], 0);
                dump_table(&f, &parts);
                assert_string_equal(parts.bytes, whole.bytes);
            }
        fixture_end(&f);
    }
    text_release(&parts);
    text_release(&whole);
    text_release(&bytes);
}

/* The first fault of the first bad file, whichever thread comes to one first. */
static void errors(void **state)
{
    struct fixture f;
    struct text bytes;
    (void)state;
    text_init(&bytes);
    fixture_start(&f);
    fixture_basics(&f);
    write_register(&bytes, true);
    text_string(&bytes, "plain,too,many,fields,in,this\n");
    text_string(&bytes, "an \"odd quote,1,m,150,\n");
    fixture_dataset(&f, DATASET_REGISTER, bytes.bytes);
    read_in_parts(&f, 1, UINT64_MAX, -1);
    struct err whole = f.err;
    assert_non_null(strstr(whole.text, "6 fields, 5 expected"));
    for (size_t i = 0; i < sizeof PARTS / sizeof *PARTS; i++)
        for (unsigned threads = 1; threads <= 3; threads++) {
            read_in_parts(&f, threads, PARTS[i], -1);
            assert_int_equal(f.err.kind, whole.kind);
            assert_int_equal(f.err.line, whole.line);
            assert_string_equal(f.err.text, whole.text);
            assert_string_equal(f.err.file, whole.file);
        }
    fixture_end(&f);
    text_release(&bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_and_issues),
        cmocka_unit_test(errors),
    };
    return cmocka_run_group_tests_name("intake_parts", tests, NULL, NULL);
}

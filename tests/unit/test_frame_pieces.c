/* SPDX-License-Identifier: EUPL-1.2 */
/* A frame in pieces (io/frame_pieces.h): whatever the rows, and however they come. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "link_stream.h"

#include "io/frame_pieces.h"

static const size_t FULL = FRAME_BLOCK_ROWS;

static uint32_t cell(size_t row)
{
    return (uint32_t)row * 2654435761U;
}

/* Writes so many rows, that come so many at a time. */
static void write_rows(struct stream *s, size_t rows, size_t step)
{
    const struct sink to = {append, &s->bytes};
    struct frame f;
    size_t next = 0;
    frame_init(&f, "rows");
    struct column *c = frame_add(&f, "cell", COLUMN_U32, NULL);
    assert_non_null(c);
    while (next < rows) {
        for (size_t i = 0; i < step && next < rows; i++)
            column_set(c, frame_append(&f, NULL), cell(next++));
        assert_int_equal(frame_pieces_write(&f, false, &to, NULL), 0);
        assert_true(f.rows < FULL);
    }
    assert_int_equal(frame_pieces_write(&f, true, &to, NULL), 0);
    frame_release(&f);
}

static void test_all_rows(void **state)
{
    const size_t counts[] = {0, 1, FULL - 1, FULL, FULL + 1, 3 * FULL, 3 * FULL + 7};
    const size_t steps[] = {1000, FULL, 4 * FULL};
    (void)state;
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
        for (size_t k = 0; k < sizeof steps / sizeof *steps; k++) {
            struct stream s = {.at = 0};
            const struct source from = {get, &s};
            struct frame f;
            size_t row = 0;
            text_init(&s.bytes);
            write_rows(&s, counts[i], steps[k]);
            bool more;
            do {
                assert_int_equal(frame_pieces_read(&f, "rows", &from, NULL), 0);
                more = f.rows == FULL;
                for (size_t at = 0; at < f.rows; at++)
                    assert_int_equal(column_get(f.columns[0], at), cell(row++));
                frame_release(&f);
            } while (more);
            assert_int_equal(row, counts[i]);
            assert_int_equal(s.at, s.bytes.length);
            text_release(&s.bytes);
        }
}

static void test_refused(void **state)
{
    struct stream s = {.at = 0};
    const struct source from = {get, &s};
    struct frame f;
    struct err err;
    (void)state;
    text_init(&s.bytes);
    frame_init(&f, "rows");
    assert_non_null(frame_add(&f, "cell", COLUMN_U32, NULL));
    assert_int_equal(frame_resize(&f, FULL + 1, NULL), 0);
    assert_int_equal(frame_write(&f, &(struct sink){append, &s.bytes}, NULL), 0);
    frame_release(&f);
    static const char *const names[] = {"rows", "moves"};
    for (size_t i = 0; i < 2; i++) { /* too many rows; another name */
        s.at = 0;
        assert_int_equal(frame_pieces_read(&f, names[i], &from, &err), -1);
        assert_int_equal(err.kind, ERR_DATA);
        frame_release(&f);
    }
    s.at = 0;
    s.bytes.length = FULL; /* cut short */
    assert_int_equal(frame_pieces_read(&f, "rows", &from, &err), -1);
    frame_release(&f);
    text_release(&s.bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_all_rows),
        cmocka_unit_test(test_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

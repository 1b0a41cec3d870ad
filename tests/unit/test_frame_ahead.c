/* SPDX-License-Identifier: EUPL-1.2 */
/* Blocks that are read ahead: the same rows and errors as without, and an end at any time. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "io/frame_ahead.h"

#include <stdlib.h>
#include <string.h>

/* A stream in memory. */
struct stream {
    uint8_t *bytes;
    size_t length, at;
};

static int put(void *context, const void *bytes, size_t length, struct err *err)
{
    struct stream *s = context;
    (void)err;
    s->bytes = realloc(s->bytes, s->length + length);
    assert_non_null(s->bytes);
    memcpy(s->bytes + s->length, bytes, length);
    s->length += length;
    return 0;
}

static int get(void *context, void *bytes, size_t length, struct err *err)
{
    struct stream *s = context;
    if (length > s->length - s->at)
        return err_set(err, ERR_DATA, "short");
    memcpy(bytes, s->bytes + s->at, length);
    s->at += length;
    return 0;
}

/* A frame of columns of several widths, one of them with words. */
static void make(struct stream *s, size_t rows)
{
    struct frame f;
    struct err err;
    const struct sink to = {put, s};
    frame_init(&f, "f");
    struct column *person = frame_add(&f, "person", COLUMN_U32, &err);
    struct column *day = frame_add(&f, "day", COLUMN_I32, &err);
    struct column *word = frame_add_coded(&f, "word", &err);
    assert_true(person && day && word);
    assert_int_equal(frame_resize(&f, rows, &err), 0);
    for (size_t i = 0; i < rows; i++) {
        static const char *const words[] = {"a", "bb", "ccc"};
        column_set(person, i, i * 2654435761U % 1000003);
        ((int32_t *)day->cells)[i] = (int32_t)(i % 977) - 400;
        assert_int_equal(column_put_word(word, i, words[i * i % 3], strlen(words[i * i % 3]), &err),
                         0);
    }
    *s = (struct stream){NULL, 0, 0};
    assert_int_equal(frame_write(&f, &to, &err), 0);
    frame_release(&f);
}

/* Reads all rows; gives how many there were, and the error if there was one. */
static size_t read_all(struct stream *s, bool ahead, struct frame *f, struct err *err)
{
    const struct source from = {get, s};
    struct frame_ahead a = {0};
    size_t left;
    s->at = 0;
    memset(err, 0, sizeof *err);
    int rc = frame_open_named(f, "f", true, &left, &from, err);
    assert_int_equal(rc, 0);
    if (ahead)
        assert_int_equal(frame_ahead_open(&a, f, left, &from, err), 0);
    while (rc == 0 && (ahead ? a.left : left) > 0)
        rc = ahead ? frame_ahead_read(&a, f, err) : frame_read_block(f, &left, &from, err);
    frame_ahead_close(&a);
    assert_int_equal(rc != 0, err->kind != ERR_NONE);
    return f->rows;
}

static void compare(struct stream *s)
{
    struct frame one, other;
    struct err err_one, err_other;
    size_t rows = read_all(s, false, &one, &err_one);
    assert_int_equal(read_all(s, true, &other, &err_other), rows);
    assert_int_equal(err_one.kind, err_other.kind);
    assert_string_equal(err_one.text, err_other.text);
    assert_int_equal(one.column_count, other.column_count);
    for (size_t i = 0; i < one.column_count; i++) {
        assert_int_equal(one.columns[i]->type, other.columns[i]->type);
        assert_memory_equal(one.columns[i]->cells, other.columns[i]->cells,
                            rows * column_width(one.columns[i]->type));
    }
    frame_release(&one);
    frame_release(&other);
}

static void same_rows(void **state)
{
    static const size_t rows[] = {0,
                                  1,
                                  FRAME_BLOCK_ROWS - 1,
                                  FRAME_BLOCK_ROWS,
                                  FRAME_BLOCK_ROWS + 1,
                                  9 * FRAME_BLOCK_ROWS + 17};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct stream s;
        make(&s, rows[i]);
        compare(&s);
        free(s.bytes);
    }
}

/* The stream ends in each of the blocks: what is before is read, and then the error comes. */
static void same_errors(void **state)
{
    struct stream s;
    (void)state;
    make(&s, 6 * (size_t)FRAME_BLOCK_ROWS);
    size_t whole = s.length;
    for (size_t part = 1; part < 12; part++) {
        s.length = whole * part / 12;
        compare(&s);
    }
    free(s.bytes);
}

/* Nobody reads on: the thread ends all the same. */
static void given_up(void **state)
{
    struct stream s;
    (void)state;
    make(&s, 12 * (size_t)FRAME_BLOCK_ROWS);
    for (size_t blocks = 0; blocks < 4; blocks++) {
        const struct source from = {get, &s};
        struct frame f;
        struct frame_ahead a;
        struct err err;
        size_t left;
        s.at = 0;
        assert_int_equal(frame_open_named(&f, "f", false, &left, &from, &err), 0);
        assert_int_equal(frame_ahead_open(&a, &f, left, &from, &err), 0);
        for (size_t i = 0; i < blocks; i++)
            assert_int_equal(frame_ahead_read(&a, &f, &err), 0);
        assert_int_equal(a.left, left - f.rows);
        frame_ahead_close(&a);
        frame_ahead_close(&a); /* zeros */
        frame_release(&f);
    }
    free(s.bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(same_rows),
        cmocka_unit_test(same_errors),
        cmocka_unit_test(given_up),
    };
    return cmocka_run_group_tests_name("frame_ahead", tests, NULL, NULL);
}

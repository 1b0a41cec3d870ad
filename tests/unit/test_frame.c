/* SPDX-License-Identifier: EUPL-1.2 */
/* Frames: cells and dictionaries in memory, round trips, and streams that lie. */
// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on
#include "io/frame.h"
#include "secure_test.h"

/* A stream in memory. */
struct stream {
    uint8_t *bytes;
    size_t length, at, limit;
    size_t asked; /* the most bytes that were asked for at once */
};

static int put(void *context, const void *bytes, size_t length, struct err *err)
{
    struct stream *s = context;
    if (length > s->limit - s->length)
        return err_set(err, ERR_IO, "full");
    memcpy(s->bytes + s->length, bytes, length);
    s->length += length;
    return 0;
}

static int get(void *context, void *bytes, size_t length, struct err *err)
{
    struct stream *s = context;
    if (length > s->asked)
        s->asked = length;
    if (length > s->length - s->at)
        return err_set(err, ERR_DATA, "short");
    memcpy(bytes, s->bytes + s->at, length);
    s->at += length;
    return 0;
}

static void stream_init(struct stream *s, size_t limit)
{
    *s = (struct stream){.bytes = malloc(limit), .limit = limit};
    assert_non_null(s->bytes);
}

static const char *const WORDS[] = {"", "Niveau A", "\xc3\xa9t\xc3\xa9", "zz", "a,b\"c\n"};

/* Every type of column, with cells that are spread by multiplication. */
static void fill(struct frame *f, size_t rows)
{
    static const enum column_type TYPES[] = {COLUMN_U8,  COLUMN_U16, COLUMN_I32,
                                             COLUMN_U32, COLUMN_U64, COLUMN_BYTES16};
    struct err err;
    frame_init(f, "test");
    for (size_t i = 0; i < 6; i++) {
        char name[16];
        (void)snprintf(name, sizeof name, "c%zu", i);
        assert_non_null(frame_add(f, name, TYPES[i], &err));
    }
    struct column *coded = frame_add_coded(f, "attribute.level", &err);
    struct column *small = frame_add(f, "mostly_small", COLUMN_U64, &err);
    assert_true(coded && small);
    for (size_t i = 0; i < 5; i++)
        assert_int_equal(dictionary_intern(&coded->dictionary, WORDS[i], strlen(WORDS[i])), i + 1);
    assert_int_equal(frame_resize(f, rows, &err), 0);
    for (size_t row = 0; row < rows; row++) {
        uint64_t x = (row + 1) * 0x9E3779B97F4A7C15ULL;
        for (size_t i = 0; i < 5; i++)
            if (TYPES[i] != COLUMN_I32)
                column_set(f->columns[i], row, x);
        ((int32_t *)f->columns[2]->cells)[row] = row % 7 ? (int32_t)(x >> 40) - 8000000 : INT32_MIN;
        memcpy((uint8_t *)f->columns[5]->cells + 16 * row, &x, 8);
        column_set(coded, row, x % 6);
        column_set(small, row, row == 100000 ? UINT64_MAX : row / 1000);
    }
}

static void assert_equal(const struct frame *a, const struct frame *b)
{
    assert_string_equal(a->name, b->name);
    assert_int_equal(a->rows, b->rows);
    assert_int_equal(a->column_count, b->column_count);
    for (size_t i = 0; i < a->column_count; i++) {
        const struct column *x = a->columns[i], *y = b->columns[i];
        assert_string_equal(x->name, y->name);
        assert_int_equal(x->type, y->type);
        assert_int_equal(x->coded, y->coded);
        assert_int_equal(x->dictionary.count, y->dictionary.count);
        for (uint32_t code = 1; code <= x->dictionary.count; code++)
            assert_string_equal(dictionary_word(&x->dictionary, code),
                                dictionary_word(&y->dictionary, code));
        assert_int_equal(memcmp(x->cells, y->cells, a->rows * column_width(x->type)), 0);
    }
}

static void round_trip(void **state)
{
    static const size_t ROWS[] = {0, 1, 4095, 65536, 65537, 150000};
    (void)state;
    for (size_t i = 0; i < sizeof ROWS / sizeof ROWS[0]; i++) {
        struct frame a, b;
        struct stream s;
        struct err err = {0};
        stream_init(&s, 1000 + ROWS[i] * 64);
        fill(&a, ROWS[i]);
        assert_int_equal(frame_write(&a, &(struct sink){put, &s}, &err), 0);
        assert_int_equal(frame_read(&b, &(struct source){get, &s}, &err), 0);
        assert_int_equal(s.at, s.length); /* all of it, and no more */
        assert_equal(&a, &b);
        frame_release(&a);
        frame_release(&b);
        free(s.bytes);
    }
}

/* Small values take a byte each, so that codes of few words do not cost four. */
static void narrow(void **state)
{
    struct frame f;
    struct stream s;
    struct err err;
    (void)state;
    stream_init(&s, 1 << 20);
    frame_init(&f, "test");
    struct column *c = frame_add(&f, "n", COLUMN_U64, &err);
    assert_non_null(c);
    assert_int_equal(frame_resize(&f, 10000, &err), 0);
    for (size_t row = 0; row < f.rows; row++)
        column_set(c, row, row % 256);
    assert_int_equal(frame_write(&f, &(struct sink){put, &s}, &err), 0);
    assert_in_range(s.length, 10000, 10100);
    column_set(c, 1, 256);
    s.length = 0;
    assert_int_equal(frame_write(&f, &(struct sink){put, &s}, &err), 0);
    assert_in_range(s.length, 20000, 20100);
    frame_release(&f);
    free(s.bytes);
}

/* The bytes do not depend on spare capacity or on how rows came in. */
static void same_bytes(void **state)
{
    struct frame a, b;
    struct stream s, t;
    struct err err;
    (void)state;
    stream_init(&s, 1 << 20);
    stream_init(&t, 1 << 20);
    fill(&a, 3000);
    fill(&b, 4000);
    assert_int_equal(frame_resize(&b, 3000, &err), 0);
    assert_int_equal(frame_write(&a, &(struct sink){put, &s}, &err), 0);
    assert_int_equal(frame_write(&b, &(struct sink){put, &t}, &err), 0);
    assert_int_equal(s.length, t.length);
    assert_memory_equal(s.bytes, t.bytes, s.length);
    frame_release(&a);
    frame_release(&b);
    free(s.bytes);
    free(t.bytes);
}

static void every_truncation_and_flip(void **state)
{
    struct frame a, b;
    struct stream s;
    struct err err;
    unsigned refused = 0;
    (void)state;
    stream_init(&s, 1 << 16);
    fill(&a, 20);
    assert_int_equal(frame_write(&a, &(struct sink){put, &s}, &err), 0);
    size_t length = s.length;
    for (s.length = 0; s.length < length; s.length++) {
        s.at = 0;
        assert_int_equal(frame_read(&b, &(struct source){get, &s}, &err), -1);
        assert_int_equal(err.kind, ERR_DATA);
        assert_int_equal(b.column_count, 0);
    }
    /* No flip may crash; what is accepted keeps the promise on codes. */
    for (size_t i = 0; i < length * 8; i++) {
        s.at = 0;
        s.bytes[i / 8] ^= (uint8_t)(1 << i % 8);
        if (frame_read(&b, &(struct source){get, &s}, &err) != 0)
            refused++;
        else {
            for (size_t c = 0; c < b.column_count; c++)
                for (size_t row = 0; b.columns[c]->coded && row < b.rows; row++)
                    assert_true(column_get(b.columns[c], row) <= b.columns[c]->dictionary.count);
            frame_release(&b);
        }
        s.bytes[i / 8] ^= (uint8_t)(1 << i % 8);
    }
    assert_true(refused > 500);
    frame_release(&a);
    free(s.bytes);
}

/* Hand-made streams: what each one lies about is named. */
static void lies(void **state)
{
    static const struct {
        const char *about;
        const char *hex;
        bool good;
    } CASES[] = {
        {"nothing", "484b4631 0166 01000000 0100000000000000 016e 01 00 01 07", true},
        {"magic", "484b4632 0166 01000000 0100000000000000 016e 01 00 01 07", false},
        {"empty name", "484b4631 00 01000000 0100000000000000 016e 01 00 01 07", false},
        {"NUL in name", "484b4631 0100 01000000 0100000000000000 016e 01 00 01 07", false},
        {"line end in name", "484b4631 010a 01000000 0100000000000000 016e 01 00 01 07", false},
        {"columns", "484b4631 0166 41000000 0100000000000000 016e 01 00 01 07", false},
        {"rows", "484b4631 0166 01000000 ffffffff00000000 016e 01 00 01 07", false},
        {"many rows", "484b4631 0166 01000000 feffffff00000000 016e 01 00 01 07", false},
        {"rows without columns", "484b4631 0166 00000000 0100000000000000", false},
        {"no rows, no columns", "484b4631 0166 00000000 0000000000000000", true},
        {"type", "484b4631 0166 01000000 0100000000000000 016e 05 00 01 07", false},
        {"coded", "484b4631 0166 01000000 0100000000000000 016e 01 02 01 07", false},
        {"coded dates", "484b4631 0166 01000000 0100000000000000 016e 03 01 00000000 04 00000000",
         false},
        {"width", "484b4631 0166 01000000 0100000000000000 016e 01 00 02 0700", false},
        {"width 3", "484b4631 0166 01000000 0100000000000000 016e 04 00 03 070000", false},
        {"width 0", "484b4631 0166 01000000 0100000000000000 016e 04 00 00", false},
        {"from", "484b4631 0166 01000000 0100000000000000 016e 04 00 21 0500000000000000 03", true},
        {"from, as wide as a cell",
         "484b4631 0166 01000000 0100000000000000 016e 04 00 24 0500000000000000 03000000", false},
        {"from, too large",
         "484b4631 0166 01000000 0100000000000000 016e 04 00 21 ffffffff00000000 02", false},
        {"base too large",
         "484b4631 0166 01000000 0100000000000000 016e 04 00 21 0000000001000000 00", false},
        {"steps", "484b4631 0166 01000000 0200000000000000 016e 04 00 41 feffffff00000000 0001",
         true},
        {"steps, too large",
         "484b4631 0166 01000000 0200000000000000 016e 04 00 41 feffffff00000000 0101", false},
        {"both", "484b4631 0166 01000000 0100000000000000 016e 04 00 61 0500000000000000 03",
         false},
        {"no such form",
         "484b4631 0166 01000000 0100000000000000 016e 04 00 81 0500000000000000 03", false},
        {"all the same", "484b4631 0166 01000000 0200000000000000 016e 04 00 60 0500000000000000",
         true},
        {"all the same, too large",
         "484b4631 0166 01000000 0200000000000000 016e 01 00 60 0001000000000000", false},
        {"all the same, 16 bytes",
         "484b4631 0166 01000000 0200000000000000 016e 10 00 60 0500000000000000", false},
        {"all the same code without a word",
         "484b4631 0166 01000000 0200000000000000 016e 04 01 01000000 01000000 61 60 "
         "0200000000000000",
         false},
        {"steps to a code without a word",
         "484b4631 0166 01000000 0200000000000000 016e 04 01 01000000 01000000 61 41 "
         "0100000000000000 0001",
         false},
        {"same name", "484b4631 0166 02000000 0000000000000000 016e 0100 016e 0100", false},
        {"code", "484b4631 0166 01000000 0100000000000000 016e 01 01 01000000 01000000 61 01 02",
         false},
        {"good code",
         "484b4631 0166 01000000 0100000000000000 016e 01 01 01000000 01000000 61 01 01", true},
        {"NUL in word",
         "484b4631 0166 01000000 0100000000000000 016e 01 01 01000000 01000000 00 01 01", false},
        {"same word",
         "484b4631 0166 01000000 0000000000000000 016e 01 01 02000000 01000000 61 01000000 61",
         false},
        {"long word", "484b4631 0166 01000000 0000000000000000 016e 01 01 01000000 01000040 61",
         false},
        {"a word that does not come",
         "484b4631 0166 01000000 0000000000000000 016e 01 01 01000000 00000040 61", false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        char hex[256];
        size_t digits = 0;
        for (const char *c = CASES[i].hex; *c; c++)
            if (*c != ' ')
                hex[digits++] = *c;
        hex[digits] = '\0';
        uint8_t bytes[128];
        struct stream s = {.bytes = bytes, .length = from_hex(bytes, sizeof bytes, hex)};
        struct frame f;
        struct err err = {0};
        int rc = frame_read(&f, &(struct source){get, &s}, &err);
        if ((rc == 0) != CASES[i].good || (rc != 0 && err.kind != ERR_DATA))
            fail_msg("%s: %d %s", CASES[i].about, rc, err.text);
        if (s.asked > 1 << 20) /* what is claimed costs no memory before it comes */
            fail_msg("%s: %zu bytes at once", CASES[i].about, s.asked);
        frame_release(&f);
    }
}

/* What people's rows are made of takes few bytes, and comes back as it was. */
static void few_bytes(void **state)
{
    enum { ROWS = 70000 };
    struct frame a, b;
    struct stream s;
    struct err err = {0};
    (void)state;
    stream_init(&s, 1 << 20);
    frame_init(&a, "test");
    struct column *person = frame_add(&a, "person", COLUMN_U32, &err);
    struct column *day = frame_add(&a, "day", COLUMN_I32, &err);
    struct column *none = frame_add(&a, "none", COLUMN_I32, &err);
    struct column *wide = frame_add(&a, "wide", COLUMN_U64, &err);
    assert_true(person && day && none && wide);
    assert_int_equal(frame_resize(&a, ROWS, &err), 0);
    for (size_t row = 0; row < ROWS; row++) {
        column_set(person, row, 4000000000U + row * 3 / 2);
        ((int32_t *)day->cells)[row] = row % 5 ? (int32_t)(row * 7919 % 40000) - 20000 : INT32_MIN;
        ((int32_t *)none->cells)[row] = INT32_MIN;
        column_set(wide, row, UINT64_MAX - row % 200);
    }
    assert_int_equal(frame_write(&a, &(struct sink){put, &s}, &err), 0);
    assert_true(s.length < ROWS * (1 + 2 + 0 + 1) + 200);
    assert_int_equal(frame_read(&b, &(struct source){get, &s}, &err), 0);
    assert_equal(&a, &b);
    frame_release(&a);
    frame_release(&b);
    free(s.bytes);
}

/* Every form and width, at the edges of each. */
static void edges(void **state)
{
    static const uint64_t edge[] = {0,
                                    1,
                                    255,
                                    256,
                                    65535,
                                    65536,
                                    UINT32_MAX - 1U,
                                    UINT32_MAX,
                                    UINT32_MAX + UINT64_C(1),
                                    UINT64_MAX - 1,
                                    UINT64_MAX};
    enum { EDGES = sizeof edge / sizeof *edge, ROWS = 40 };
    static const enum column_type types[] = {COLUMN_U8, COLUMN_U16, COLUMN_I32, COLUMN_U32,
                                             COLUMN_U64};
    (void)state;
    for (size_t i = 0; i < sizeof types / sizeof *types * EDGES * EDGES * 2; i++) {
        enum column_type type = types[i % 5];
        uint64_t low = edge[i / 5 % EDGES], high = edge[i / 5 / EDGES % EDGES];
        struct frame a, b;
        struct stream s;
        struct err err = {0};
        stream_init(&s, 1000);
        frame_init(&a, "test");
        struct column *c = frame_add(&a, "n", type, &err);
        assert_non_null(c);
        assert_int_equal(frame_resize(&a, ROWS, &err), 0);
        for (size_t row = 0; row < ROWS; row++) {
            /* rising, or to and fro; a few zeros */
            bool upper = i % 2 ? row > ROWS / 2 : row % 3 == 0;
            uint64_t value = row % 7 == 3 && i % 2 == 0 ? 0 : upper ? high : low;
            if (type == COLUMN_I32)
                ((int32_t *)c->cells)[row] = (int32_t)(uint32_t)value;
            else
                column_set(c, row, value);
        }
        assert_int_equal(frame_write(&a, &(struct sink){put, &s}, &err), 0);
        assert_int_equal(frame_read(&b, &(struct source){get, &s}, &err), 0);
        assert_int_equal(s.at, s.length);
        assert_equal(&a, &b);
        frame_release(&a);
        frame_release(&b);
        free(s.bytes);
    }
}

static void named(void **state)
{
    struct frame f, g;
    struct stream s;
    struct err err;
    (void)state;
    stream_init(&s, 1 << 16);
    fill(&f, 2);
    assert_int_equal(frame_write(&f, &(struct sink){put, &s}, &err), 0);
    assert_int_equal(frame_read_named(&g, "other", &(struct source){get, &s}, &err), -1);
    assert_int_equal(err.kind, ERR_DATA);
    assert_int_equal(g.column_count, 0);
    s.at = 0;
    assert_int_equal(frame_read_named(&g, "test", &(struct source){get, &s}, &err), 0);
    frame_release(&g);
    s.length = 0;
    s.limit = 100; /* a sink that fails is heard */
    assert_int_equal(frame_write(&f, &(struct sink){put, &s}, &err), -1);
    assert_int_equal(err.kind, ERR_IO);
    frame_release(&f);
    free(s.bytes);
}

static void columns(void **state)
{
    struct frame f;
    struct err err;
    (void)state;
    frame_init(&f, "test");
    struct column *c = frame_add(&f, "a", COLUMN_U16, &err);
    assert_non_null(c);
    assert_null(frame_add(&f, "a", COLUMN_U16, &err));
    assert_int_equal(err.kind, ERR_INTERNAL);
    assert_null(frame_add(&f, "b", (enum column_type)5, &err));
    assert_ptr_equal(frame_find(&f, "a"), c);
    assert_null(frame_find(&f, "b"));
    assert_ptr_equal(frame_need(&f, "a", COLUMN_U16, &err), c);
    assert_null(frame_need(&f, "a", COLUMN_U32, &err));
    assert_int_equal(err.kind, ERR_DATA);
    assert_null(frame_need(&f, "b", COLUMN_U16, &err));
    assert_int_equal(err.kind, ERR_DATA);
    for (size_t i = 1; i < FRAME_COLUMNS; i++) {
        char name[16];
        (void)snprintf(name, sizeof name, "c%zu", i);
        assert_non_null(frame_add(&f, name, COLUMN_U8, &err));
    }
    assert_null(frame_add(&f, "one_more", COLUMN_U8, &err));
    assert_ptr_equal(frame_find(&f, "a"), c); /* columns stay where they are */
    frame_release(&f);
}

static void rows(void **state)
{
    struct frame f;
    struct err err;
    (void)state;
    frame_init(&f, "test");
    struct column *a = frame_add(&f, "a", COLUMN_U32, &err);
    for (size_t row = 0; row < 1000; row++) {
        assert_int_equal(frame_append(&f, &err), row);
        assert_int_equal(column_get(a, row), 0);
        column_set(a, row, row + 5);
    }
    struct column *late = frame_add(&f, "late", COLUMN_BYTES16, &err);
    assert_non_null(late);
    for (size_t i = 0; i < 16000; i++)
        assert_int_equal(((uint8_t *)late->cells)[i], 0);
    assert_int_equal(frame_resize(&f, 10, &err), 0);
    assert_int_equal(frame_resize(&f, 20, &err), 0);
    assert_int_equal(column_get(a, 9), 14);
    assert_int_equal(column_get(a, 10), 0); /* and not what was there once */
    assert_int_equal(frame_resize(&f, (size_t)UINT32_MAX, &err), -1);
    assert_int_equal(err.kind, ERR_SYSTEM);
    assert_int_equal(f.rows, 20);
    frame_release(&f);
}

static void sorting(void **state)
{
    static const char *const CAME[] = {"pear", "apple", "fig", "Zebra"};
    static const uint32_t ORDER[] = {3, 0, 4, 2, 1};
    struct frame f;
    struct err err;
    (void)state;
    frame_init(&f, "test");
    struct column *word = frame_add_coded(&f, "word", &err);
    struct column *number = frame_add(&f, "number", COLUMN_I32, &err);
    assert_true(word && number);
    assert_int_equal(frame_resize(&f, 5, &err), 0);
    for (size_t i = 0; i < 4; i++) {
        column_set(word, i, dictionary_intern(&word->dictionary, CAME[i], strlen(CAME[i])));
        ((int32_t *)number->cells)[i] = -(int32_t)i;
    }
    assert_int_equal(frame_sort_dictionaries(&f, 1, &err), 0);
    assert_string_equal(dictionary_word(&word->dictionary, 1), "Zebra");
    assert_string_equal(dictionary_word(&word->dictionary, 4), "pear");
    for (size_t i = 0; i < 4; i++)
        assert_string_equal(column_word(word, i), CAME[i]);
    assert_null(column_word(word, 4));
    assert_int_equal(frame_select(&f, ORDER, f.rows, &err), 0);
    for (size_t i = 0; i < 5; i++) {
        if (ORDER[i] < 4)
            assert_string_equal(column_word(word, i), CAME[ORDER[i]]);
        assert_int_equal(column_i32(number, i), ORDER[i] < 4 ? -(int32_t)ORDER[i] : 0);
    }
    frame_release(&f);
}

/* Each width of cell is permuted as a whole. */
static void permuting(void **state)
{
    struct frame a, b;
    struct err err;
    uint32_t order[1000];
    (void)state;
    fill(&a, 1000);
    fill(&b, 1000);
    for (uint32_t i = 0; i < 1000; i++)
        order[i] = i * 337 % 1000;
    assert_int_equal(frame_select(&b, order, 1000, &err), 0);
    for (size_t c = 0; c < a.column_count; c++) {
        size_t width = column_width(a.columns[c]->type);
        for (size_t i = 0; i < 1000; i++)
            assert_memory_equal((char *)b.columns[c]->cells + i * width,
                                (char *)a.columns[c]->cells + order[i] * width, width);
    }
    /* some of the rows, and then more of them again */
    assert_int_equal(frame_select(&b, order, 250, &err), 0);
    assert_int_equal(b.rows, 250);
    for (size_t i = 0; i < 250; i++)
        for (size_t c = 0; c < a.column_count; c++) {
            size_t width = column_width(a.columns[c]->type);
            assert_memory_equal((char *)b.columns[c]->cells + i * width,
                                (char *)a.columns[c]->cells + order[order[i]] * width, width);
        }
    assert_int_equal(frame_append(&b, &err), 250);
    frame_release(&a);
    frame_release(&b);
}

/* A narrow column holds any code, and is written like a plain one. */
static void narrow_codes(void **state)
{
    struct err err;
    (void)state;
    for (size_t count = 0; count <= 140000; count = count < 600 ? count + 100 : count * 220) {
        struct frame plain, small;
        struct stream p, s;
        frame_init(&plain, "f");
        frame_init(&small, "f");
        struct column *a = frame_add_coded(&plain, "word", &err);
        struct column *b = frame_add_narrow(&small, "word", &err);
        assert_true(a && b && b->coded);
        for (size_t i = 0; i < count; i++) {
            char word[16];
            int length = snprintf(word, sizeof word, "w%zu", i / 2);
            size_t row = frame_append(&plain, &err);
            assert_int_equal(frame_append(&small, &err), row);
            assert_int_equal(column_put_word(a, row, word, (size_t)length, &err), 0);
            uint32_t code = dictionary_intern(&b->dictionary, word, (size_t)length);
            assert_int_equal(frame_hold(&small, b, code, &err), 0);
            column_set(b, row, code);
        }
        assert_int_equal(column_width(b->type), count <= 510 ? 1 : count <= 131070 ? 2 : 4);
        assert_int_equal(frame_sort_dictionaries(&plain, 1, &err), 0);
        assert_int_equal(frame_sort_dictionaries(&small, 3, &err), 0);
        stream_init(&p, 1 << 22);
        stream_init(&s, 1 << 22);
        assert_int_equal(frame_write(&plain, &(struct sink){put, &p}, &err), 0);
        assert_int_equal(frame_write(&small, &(struct sink){put, &s}, &err), 0);
        assert_int_equal(p.length, s.length);
        assert_memory_equal(p.bytes, s.bytes, p.length);
        frame_release(&small); /* read back as narrow as it was */
        size_t left;
        const struct source from = {get, &p};
        assert_int_equal(frame_open_named(&small, "f", true, &left, &from, &err), 0);
        while (left > 0)
            assert_int_equal(frame_read_block(&small, &left, &from, &err), 0);
        assert_int_equal(small.rows, count);
        const struct column *c = frame_find(&small, "word");
        assert_int_equal(column_width(c->type), count <= 510 ? 1 : count <= 131070 ? 2 : 4);
        for (size_t i = 0; i < count; i++)
            assert_int_equal(column_get(c, i), column_get(a, i));
        free(p.bytes);
        free(s.bytes);
        frame_release(&plain);
        frame_release(&small);
    }
}

/* Few rows, many, none and all, in runs of any length, as one by one. */
static void keeping(void **state)
{
    enum { ROWS = 1000, WIDEST = 16 };
    static const size_t widths[] = {1, 2, 4, 8, WIDEST};
    uint8_t keep[ROWS], cells[ROWS * WIDEST], want[ROWS * WIDEST];
    (void)state;
    for (size_t pattern = 0; pattern < 64; pattern++)
        for (size_t w = 0; w < sizeof widths / sizeof *widths; w++) {
            size_t width = widths[w], rows = ROWS - pattern % 11, kept = 0;
            for (size_t row = 0; row < rows; row++)
                keep[row] = pattern == 0   ? 0
                            : pattern == 1 ? 1
                                           : row / pattern % 3 == pattern % 2 && row % 100 < 70;
            for (size_t i = 0; i < rows * width; i++)
                cells[i] = (uint8_t)(i * 31 + i / 256);
            for (size_t row = 0; row < rows; row++)
                if (keep[row])
                    memcpy(want + width * kept++, cells + width * row, width);
            assert_int_equal(cells_keep(cells, width, keep, rows), kept);
            assert_memory_equal(cells, want, kept * width);
        }
}

/* Some rows at a time, of which all but the last ones go again. */
static void by_blocks(void **state)
{
    enum { ROWS = 200000 }; /* several blocks */
    struct frame f, g;
    struct stream s;
    struct err err;
    size_t left = 0, first = 0;
    (void)state;
    frame_init(&f, "test");
    assert_non_null(frame_add(&f, "row", COLUMN_U32, &err));
    assert_int_equal(frame_resize(&f, ROWS, &err), 0);
    for (size_t i = 0; i < ROWS; i++)
        column_set(f.columns[0], i, i);
    stream_init(&s, 1 << 20);
    assert_int_equal(frame_write(&f, &(struct sink){put, &s}, &err), 0);
    const struct source from = {get, &s};
    assert_int_equal(frame_open_named(&g, "test", false, &left, &from, &err), 0);
    assert_int_equal(left, ROWS);
    while (left > 0) {
        size_t before = g.rows;
        assert_int_equal(frame_read_block(&g, &left, &from, &err), 0);
        assert_true(g.rows > before);
        for (size_t i = 0; i < g.rows; i++)
            assert_int_equal(column_get(g.columns[0], i), first + i);
        first += g.rows - 3;
        frame_drop(&g, g.rows - 3);
        assert_int_equal(g.rows, 3);
    }
    assert_int_equal(first + 3, ROWS);
    assert_int_equal(s.at, s.length);
    frame_keep(&g, 1, (const uint8_t[]){0, 1}, 2);
    assert_int_equal(g.rows, 2);
    assert_int_equal(column_get(g.columns[0], 0), ROWS - 3);
    assert_int_equal(column_get(g.columns[0], 1), ROWS - 1);
    frame_release(&g);
    s.at = 0;
    assert_int_equal(frame_open_named(&g, "other", true, &left, &from, &err), -1);
    frame_release(&g);
    frame_release(&f);
    free(s.bytes);
}

/* A column whose cells come last. */
static void later(void **state)
{
    struct frame f;
    struct err err;
    (void)state;
    frame_init(&f, "f");
    struct column *id = frame_add_later(&f, "id", COLUMN_U32, &err);
    struct column *day = frame_add(&f, "day", COLUMN_I32, &err);
    assert_true(id && day && !id->cells);
    for (int32_t i = 0; i < 100; i++) {
        size_t row = frame_append(&f, &err);
        ((int32_t *)day->cells)[row] = i;
    }
    uint32_t *cells = calloc(100, sizeof *cells);
    assert_non_null(cells);
    cells[99] = 7;
    frame_supply(&f, id, cells);
    assert_int_equal(frame_append(&f, &err), 100); /* there is no room behind the cells */
    assert_int_equal(column_get(id, 99), 7);
    assert_int_equal(column_get(id, 100), 0);
    assert_int_equal(column_i32(day, 99), 99);
    frame_release(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(round_trip),   cmocka_unit_test(narrow),
        cmocka_unit_test(same_bytes),   cmocka_unit_test(every_truncation_and_flip),
        cmocka_unit_test(lies),         cmocka_unit_test(few_bytes),
        cmocka_unit_test(edges),        cmocka_unit_test(named),
        cmocka_unit_test(columns),      cmocka_unit_test(rows),
        cmocka_unit_test(sorting),      cmocka_unit_test(permuting),
        cmocka_unit_test(narrow_codes), cmocka_unit_test(by_blocks),
        cmocka_unit_test(keeping),      cmocka_unit_test(later),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

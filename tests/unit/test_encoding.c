/* SPDX-License-Identifier: EUPL-1.2 */
/* UTF-8 validation against the definition (decode, and encode again), over every code point, every
 * three bytes, and every four with the first two in doubt; and the decoder's contract block by
 * block. test_csv_vectors.c has the faults with their places. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "io/encoding.h"

#include <string.h>

static size_t encode(uint32_t c, uint8_t out[4])
{
    if (c < 0x80) {
        out[0] = (uint8_t)c;
        return 1;
    }
    size_t length = c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    for (size_t i = length - 1; i > 0; i--, c >>= 6)
        out[i] = (uint8_t)(0x80 | (c & 0x3F));
    out[0] = (uint8_t)((0xF00 >> length & 0xFF) | c);
    return length;
}

static bool is_scalar(uint32_t c)
{
    return c <= 0x10FFFF && (c < 0xD800 || c > 0xDFFF);
}

static void every_code_point(void **state)
{
    (void)state;
    for (uint32_t c = 0; c < 0x200000; c++) {
        uint8_t bytes[12] = "1234567";
        size_t length = encode(c, bytes + 7);
        assert_int_equal(utf8_prefix(bytes, 7 + length), is_scalar(c) ? 7 + length : 7);
        if (length > 1 && is_scalar(c)) /* cut short */
            assert_int_equal(utf8_prefix(bytes, 6 + length), 7);
    }
}

/* By the definition: a character's bytes are those that its code point is encoded as. */
static size_t slow_prefix(const uint8_t *bytes, size_t length)
{
    size_t at = 0;
    while (at < length) {
        uint8_t lead = bytes[at], again[4];
        size_t size = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
        uint32_t c = size == 1 ? lead : lead & (0x7FU >> size);
        if (size > length - at || lead >= 0xF8)
            break;
        for (size_t i = 1; i < size; i++)
            c = c << 6 | (bytes[at + i] & 0x3F);
        if (!is_scalar(c) || encode(c, again) != size || memcmp(again, bytes + at, size) != 0)
            break;
        at += size;
    }
    return at;
}

static void every_three_bytes(void **state)
{
    (void)state;
    for (uint32_t n = 0x600000; n < 0x1000000; n++) { /* leads from ASCII's end on */
        uint8_t bytes[3] = {(uint8_t)(n >> 16), (uint8_t)(n >> 8), (uint8_t)n};
        if (utf8_prefix(bytes, 3) != slow_prefix(bytes, 3))
            fail_msg("%06x", n);
    }
    static const uint8_t tails[] = {0x00, 0x7F, 0x80, 0xBF, 0xC0, 0xFF};
    for (uint32_t n = 0xC000; n < 0x10000; n++)
        for (size_t i = 0; i < sizeof tails; i++)
            for (size_t j = 0; j < sizeof tails; j++) {
                uint8_t bytes[4] = {(uint8_t)(n >> 8), (uint8_t)n, tails[i], tails[j]};
                if (utf8_prefix(bytes, 4) != slow_prefix(bytes, 4))
                    fail_msg("%04x %02x %02x", n, tails[i], tails[j]);
            }
}

/* A character or a line end that the end of a block cuts waits for the next; nothing else does. */
static void held_bytes(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        size_t length, used;
        enum decoder_fault fault, last_fault; /* when more may come, and at the end */
    } cases[] = {
        {"abcd", 4, 4, DECODER_FINE, DECODER_FINE},
        {"abc\r", 4, 3, DECODER_FINE, DECODER_CR},
        {"abc\r\n", 5, 5, DECODER_FINE, DECODER_FINE},
        {"abc\r\r", 5, 3, DECODER_CR, DECODER_CR},
        {"abc\r\xC3", 5, 3, DECODER_CR, DECODER_CR},
        {"abc\xC3", 4, 3, DECODER_FINE, DECODER_INVALID},
        {"abc\xE2\x82", 5, 3, DECODER_FINE, DECODER_INVALID},
        {"abc\xF0\x9F\x98", 6, 3, DECODER_FINE, DECODER_INVALID},
        {"abc\xF0\x9F\x98\x80", 7, 7, DECODER_FINE, DECODER_FINE},
        {"abc\xE0\x80", 5, 3, DECODER_INVALID, DECODER_INVALID},
        {"abc\xFF", 4, 3, DECODER_INVALID, DECODER_INVALID},
        {"abc\xC3q", 5, 3, DECODER_INVALID, DECODER_INVALID},
        {"abc\0\xC3", 5, 3, DECODER_NUL, DECODER_NUL},
        {"abc", 3, 0, DECODER_FINE, DECODER_FINE}, /* too few to look for a mark */
        {"\xEF\xBB\xBF\r", 4, 3, DECODER_FINE, DECODER_CR},
        {"", 0, 0, DECODER_FINE, DECODER_FINE},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        for (int last = 0; last < 2; last++) {
            struct decoder d = decoder_start(ENCODING_UTF8);
            struct decoded got =
                decoder_take(&d, (const uint8_t *)cases[i].bytes, cases[i].length, last, NULL);
            assert_int_equal(d.fault, last ? cases[i].last_fault : cases[i].fault);
            if (!last || cases[i].used)
                assert_int_equal(got.used, cases[i].used);
            if (!d.fault && !last)
                assert_true(cases[i].length - got.used <= DECODER_HELD);
        }
}

static void every_fault_has_a_message(void **state)
{
    (void)state;
    for (int e = ENCODING_UTF8; e <= ENCODING_ISO_8859_1; e++)
        for (int fault = DECODER_UTF16; fault <= DECODER_CR; fault++) {
            struct decoder d = {.encoding = (enum encoding)e, .fault = (enum decoder_fault)fault};
            struct err err;
            assert_int_equal(decoder_error(&d, &err), -1);
            assert_int_equal(err.kind, ERR_DATA);
            assert_true(strlen(err.text) > 5);
        }
    struct err err;
    struct decoder fine = decoder_start(ENCODING_UTF8);
    assert_int_equal(decoder_error(&fine, &err), -1);
    assert_int_equal(err.kind, ERR_INTERNAL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_code_point),
        cmocka_unit_test(every_three_bytes),
        cmocka_unit_test(held_bytes),
        cmocka_unit_test(every_fault_has_a_message),
    };
    return cmocka_run_group_tests_name("encoding", tests, NULL, NULL);
}

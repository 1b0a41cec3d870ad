/* SPDX-License-Identifier: EUPL-1.2 */
/* Tests of base/json_text.h: the exact bytes, and that a JSON reader takes whatever was written. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/json_text.h"

#include <jansson.h>
#include <string.h>

static void check(const char *value, const char *expected)
{
    struct text t;
    text_init(&t);
    json_put_string(&t, value);
    assert_false(t.failed);
    assert_string_equal(t.bytes, expected);
    text_release(&t);
}

static void test_plain(void **state)
{
    (void)state;
    check("", "\"\"");
    check("Vlaamse overheid", "\"Vlaamse overheid\"");
    check("a/b {c} [d] 'e'", "\"a/b {c} [d] 'e'\"");
}

static void test_escapes(void **state)
{
    (void)state;
    check("say \"no\"", "\"say \\\"no\\\"\"");
    check("C:\\x", "\"C:\\\\x\"");
    check("a\nb\tc\rd", "\"a\\u000ab\\u0009c\\u000dd\"");
    check("\x01\x1f\x7f", "\"\\u0001\\u001f\x7f\"");
}

static void test_utf8_is_kept(void **state)
{
    (void)state;
    check("Economi\xc3\xab", "\"Economi\xc3\xab\"");
    check("\xc2\x80\xdf\xbf", "\"\xc2\x80\xdf\xbf\"");
    check("\xe0\xa0\x80\xed\x9f\xbf\xee\x80\x80", "\"\xe0\xa0\x80\xed\x9f\xbf\xee\x80\x80\"");
    check("\xf0\x90\x80\x80\xf4\x8f\xbf\xbf", "\"\xf0\x90\x80\x80\xf4\x8f\xbf\xbf\"");
}

#define BAD "\\ufffd"

static void test_what_is_not_utf8(void **state)
{
    (void)state;
    check("a\xff", "\"a" BAD "\"");
    check("\x80"
          "a",
          "\"" BAD "a\"");
    check("\xc3", "\"" BAD "\"");                         /* cut off */
    check("\xe2\x82", "\"" BAD BAD "\"");                 /* cut off */
    check("\xf0\x90\x80", "\"" BAD BAD BAD "\"");         /* cut off */
    check("\xc0\xaf\xc1\xbf", "\"" BAD BAD BAD BAD "\""); /* too long a form */
    check("\xe0\x9f\xbf", "\"" BAD BAD BAD "\"");         /* too long a form */
    check("\xf0\x8f\xbf\xbf", "\"" BAD BAD BAD BAD "\""); /* too long a form */
    check("\xed\xa0\x80", "\"" BAD BAD BAD "\"");         /* a surrogate */
    check("\xf4\x90\x80\x80", "\"" BAD BAD BAD BAD "\""); /* beyond U+10FFFF */
    check("\xf8\x88\x80\x80", "\"" BAD BAD BAD BAD "\""); /* no such length */
    check("\xc3\"", "\"" BAD "\\\"\"");                   /* the quote is not swallowed */
    check("\xe2\x82\\", "\"" BAD BAD "\\\\\"");
}

/* Every pair of bytes, between ordinary ones, is accepted by a strict reader. */
static void test_always_json(void **state)
{
    (void)state;
    for (unsigned a = 1; a < 256; a++)
        for (unsigned b = 1; b < 256; b++) {
            const char value[] = {'x', (char)a, (char)b, 'y', '\0'};
            struct text t;
            text_init(&t);
            json_put_string(&t, value);
            json_t *read = json_loadb(t.bytes, t.length, JSON_DECODE_ANY, NULL);
            if (!json_is_string(read))
                fail_msg("bytes %02x %02x", a, b);
            if (a < 0x80 && b < 0x80)
                assert_string_equal(json_string_value(read), value);
            json_decref(read);
            text_release(&t);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_plain),        cmocka_unit_test(test_escapes),
        cmocka_unit_test(test_utf8_is_kept), cmocka_unit_test(test_what_is_not_utf8),
        cmocka_unit_test(test_always_json),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

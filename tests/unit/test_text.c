/* SPDX-License-Identifier: EUPL-1.2 */
/* base/text.h and base/dictionary.h: growth, failure, order, and words that make trouble. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/dictionary.h"
#include "base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void appends(void **state)
{
    (void)state;
    struct text t;
    text_init(&t);
    assert_null(t.bytes);
    text_append(&t, "", 0);
    assert_string_equal(t.bytes, "");
    text_string(&t, "ab");
    text_char(&t, 'c');
    text_append(&t, "d\0e", 3);
    text_format(&t, "%d|%s", -12, "f");
    assert_int_equal(t.length, 11);
    assert_memory_equal(t.bytes, "abcd\0e-12|f", 12);
    text_clear(&t);
    assert_int_equal(t.length, 0);
    assert_string_equal(t.bytes, "");
    text_string(&t, "again");
    assert_string_equal(t.bytes, "again");
    text_release(&t);
    assert_null(t.bytes);
    text_release(&t); /* harmless */
    text_clear(&t);
}

/* Every length around the points where it grows, by each way of appending. */
static void grows(void **state)
{
    (void)state;
    struct text one, many, format;
    text_init(&one);
    text_init(&many);
    text_init(&format);
    for (size_t i = 0; i < 5000; i++) {
        text_char(&one, (char)('a' + i % 26));
        text_format(&format, "%c", 'a' + (int)(i % 26));
        text_clear(&many);
        text_append(&many, one.bytes, one.length);
        assert_int_equal(strlen(one.bytes), i + 1);
        assert_string_equal(many.bytes, one.bytes);
        assert_string_equal(format.bytes, one.bytes);
        assert_true(one.length < one.capacity);
    }
    text_format(&many, "%s", one.bytes);
    assert_int_equal(many.length, 10000);
    text_release(&format);
    text_release(&many);
    text_release(&one);
}

/* A length that cannot be: the text is marked and stays as it was, whatever comes after. */
static void fails(void **state)
{
    (void)state;
    static const size_t lengths[] = {SIZE_MAX, SIZE_MAX - 1, SIZE_MAX - 3, SIZE_MAX / 2,
                                     SIZE_MAX / 2 + 1};
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        struct text t;
        text_init(&t);
        text_string(&t, "abc");
        text_append(&t, "x", lengths[i]);
        assert_true(t.failed);
        text_string(&t, "def");
        text_format(&t, "%d", 1);
        assert_string_equal(t.bytes, "abc");
        text_clear(&t);
        text_char(&t, 'x');
        assert_true(t.failed);
        assert_string_equal(t.bytes, "");
        text_release(&t);
        assert_false(t.failed);
    }
}

static void characters(void **state)
{
    (void)state;
    for (int i = 0; i < 256; i++) {
        char c = (char)i;
        assert_int_equal(is_digit(c), i < 128 && memchr("0123456789", i, 10) != NULL);
        assert_int_equal(is_space(c), i < 128 && memchr(" \t\n\v\f\r", i, 6) != NULL);
        bool upper = i >= 65 && i <= 90, lower = i >= 97 && i <= 122;
        assert_int_equal(is_alpha(c), upper || lower);
        assert_int_equal(to_lower(c), upper ? (char)(i + 32) : c);
    }
}

static void codes(void **state)
{
    (void)state;
    static const char *const good[] = {
        "a", "OMG-07", "2017-12-31.r2", "_x", "9", "a.b", "a-", "12345678901234567890123456789012"};
    static const char *const bad[] = {
        "",    ".a",       "-a",  "a b", "a/b", "..",  "a:b",
        "a\n", "\xC3\xA9", "a|b", "a=b", "a*",  "a,b", "123456789012345678901234567890123"};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        if (!is_code(good[i]))
            fail_msg("%s", good[i]);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (is_code(bad[i]))
            fail_msg("%s", bad[i]);
}

static void duplicates(void **state)
{
    (void)state;
    char *copy = text_duplicate("a\0bc", 3);
    assert_non_null(copy);
    assert_memory_equal(copy, "a\0b", 4);
    free(copy);
    copy = text_duplicate("", 0);
    assert_string_equal(copy, "");
    free(copy);
}

static uint32_t intern(struct dictionary *d, const char *word)
{
    return dictionary_intern(d, word, strlen(word));
}

static void words(void **state)
{
    (void)state;
    struct dictionary d;
    dictionary_init(&d);
    assert_int_equal(dictionary_find(&d, "a", 1), 0);
    assert_null(dictionary_word(&d, 0));
    assert_int_equal(intern(&d, "b"), 1);
    assert_int_equal(intern(&d, "a"), 2);
    assert_int_equal(intern(&d, "b"), 1);
    assert_int_equal(intern(&d, ""), 3);
    assert_int_equal(intern(&d, "ab"), 4);
    assert_int_equal(dictionary_intern(&d, "abc", 1), 2); /* only the given bytes */
    assert_int_equal(dictionary_intern(&d, "abc", 2), 4);
    assert_int_equal(dictionary_find(&d, "abc", 3), 0);
    assert_int_equal(dictionary_find(&d, "", 0), 3);
    assert_int_equal(d.count, 4);
    assert_string_equal(dictionary_word(&d, 4), "ab");
    /* a word ends at its first NUL, for finding it as for keeping it */
    assert_int_equal(dictionary_find(&d, "a\0b", 3), 2);
    assert_int_equal(dictionary_intern(&d, "new\0b", 5), 5);
    assert_int_equal(dictionary_find(&d, "new", 3), 5);
    assert_int_equal(dictionary_intern(&d, "new\0c", 5), 5);
    dictionary_release(&d);
    assert_int_equal(d.count, 0);
    dictionary_release(&d); /* harmless */
}

/* 50,000 words survive every growth, in both orders, with the codes that they were given. */
static void many_words(void **state)
{
    (void)state;
    enum { N = 50000 };
    struct dictionary d, copy;
    char word[16];
    dictionary_init(&d);
    for (uint32_t i = 1; i <= N; i++) {
        int length = snprintf(word, sizeof word, "%x", i * 2654435761U);
        assert_int_equal(dictionary_intern(&d, word, (size_t)length), i);
    }
    assert_int_equal(dictionary_copy(&copy, &d), 0);
    uint32_t *renumber = malloc((N + 1) * sizeof *renumber);
    assert_non_null(renumber);
    assert_int_equal(dictionary_sort(&d, renumber), 0);
    assert_int_equal(renumber[0], 0);
    for (uint32_t i = 1; i <= N; i++) {
        int length = snprintf(word, sizeof word, "%x", i * 2654435761U);
        assert_int_equal(dictionary_find(&d, word, (size_t)length), renumber[i]);
        assert_int_equal(dictionary_find(&copy, word, (size_t)length), i);
        assert_string_equal(dictionary_word(&d, renumber[i]), word);
        if (i > 1)
            assert_true(strcmp(dictionary_word(&d, i - 1), dictionary_word(&d, i)) < 0);
    }
    assert_int_equal(intern(&d, "one more"), N + 1);
    assert_int_equal(dictionary_find(&copy, "one more", 8), 0); /* a deep copy */
    free(renumber);
    dictionary_release(&d);
    dictionary_release(&copy);
}

/* Sorting forgets the order in which words came; bytes over 127 come last, and an empty word first.
 */
static void sorts(void **state)
{
    (void)state;
    static const char *const in_order[] = {"", "B", "a", "aa", "b", "\xC3\xA9", "\xE2\x82\xAC"};
    enum { N = sizeof in_order / sizeof *in_order };
    for (size_t shift = 0; shift < N; shift++) {
        struct dictionary d;
        uint32_t renumber[N + 1];
        dictionary_init(&d);
        for (size_t i = 0; i < N; i++)
            assert_int_not_equal(intern(&d, in_order[(i * 3 + shift) % N]), 0);
        assert_int_equal(dictionary_sort(&d, renumber), 0);
        for (uint32_t i = 0; i < N; i++) {
            assert_string_equal(dictionary_word(&d, i + 1), in_order[i]);
            assert_string_equal(dictionary_word(&d, renumber[i + 1]),
                                in_order[(i * 3 + shift) % N]);
        }
        dictionary_release(&d);
    }
    struct dictionary empty, copy;
    uint32_t zero = 9;
    dictionary_init(&empty);
    assert_int_equal(dictionary_sort(&empty, &zero), 0);
    assert_int_equal(zero, 0);
    assert_int_equal(dictionary_copy(&copy, &empty), 0);
    assert_int_equal(copy.count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(appends),    cmocka_unit_test(grows),      cmocka_unit_test(fails),
        cmocka_unit_test(characters), cmocka_unit_test(codes),      cmocka_unit_test(duplicates),
        cmocka_unit_test(words),      cmocka_unit_test(many_words), cmocka_unit_test(sorts),
    };
    return cmocka_run_group_tests_name("text", tests, NULL, NULL);
}

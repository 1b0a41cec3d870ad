/* SPDX-License-Identifier: EUPL-1.2 */
/* National numbers: tests/vectors/national_numbers.csv (serials 000 and 999 only: nobody has them),
 * and what must hold of random ones: every wrong digit and every exchange of neighbours is noticed
 * when the century is known, every spelling gives the same number. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/text.h"
#include "io/csv_reader.h"
#include "link/national_number.h"

#include <stdio.h>
#include <string.h>

enum { DIGITS = 11 };

static uint64_t random_state = 2685821657736338717U;
static uint64_t random_below(uint64_t n)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return (random_state >> 16) % n;
}

static date date_of(const struct csv_field *field)
{
    date d = date_parse(field->bytes, field->length, "%Y-%m-%d");
    assert_true(field->length == 0 || d != DATE_NONE);
    return d;
}

static int header_is(void *context, const struct csv_field *fields, size_t count, long line,
                     struct err *err)
{
    (void)context, (void)line, (void)err;
    assert_int_equal(count, 6);
    assert_string_equal(fields[3].bytes, "verdict");
    return 0;
}

static int vector_check(void *context, const struct csv_field *f, size_t count, long line,
                        struct err *err)
{
    (void)count, (void)err;
    uint64_t number = UINT64_MAX;
    char digits[12] = "";
    enum number_verdict verdict =
        national_number_parse(f[0].bytes, f[0].length, date_of(&f[1]), date_of(&f[2]), &number);
    if (verdict == NUMBER_VALID)
        national_number_digits(number, digits);
    else
        assert_true(number == UINT64_MAX);
    if (strcmp(number_verdict_name(verdict), f[3].bytes) != 0 || strcmp(digits, f[4].bytes) != 0)
        fail_msg("line %ld (%s): %s %s", line, f[5].bytes, number_verdict_name(verdict), digits);
    ++((size_t *)context)[verdict];
    return 0;
}

static void vectors(void **state)
{
    (void)state;
    const struct csv_options options = {',', ENCODING_UTF8, NULL};
    size_t seen[NUMBER_VERDICTS] = {0};
    struct err err;
    if (csv_read("tests/vectors/national_numbers.csv", &options, header_is, vector_check, seen,
                 &err) != 0)
        fail_msg("line %ld: %s", err.line, err.text);
    for (int v = 0; v < NUMBER_VERDICTS; v++)
        assert_true(seen[v] >= 3);
}

/* A random valid number; *birth: its century. */
static uint64_t random_number(date *birth)
{
    static const unsigned bis[] = {0, 20, 40};
    bool from_2000 = random_below(2) != 0;
    uint64_t year = random_below(100), month = random_below(13) + bis[random_below(3)];
    uint64_t nine = ((year * 100 + month) * 100 + random_below(32)) * 1000 + random_below(1000);
    *birth = date_make((from_2000 ? 2000 : 1900) + (int)year, 6, 1);
    return nine * 100 + national_number_check(nine, from_2000);
}

static enum number_verdict parse(const char *text, date birth, uint64_t *number)
{
    return national_number_parse(text, strlen(text), date_make(2099, 12, 31), birth, number);
}

static void every_wrong_digit(void **state)
{
    (void)state;
    for (int round = 0; round < 10000; round++) {
        date birth;
        uint64_t number = random_number(&birth), parsed;
        char digits[12];
        national_number_digits(number, digits);
        assert_int_equal(parse(digits, birth, &parsed), NUMBER_VALID);
        assert_true(parsed == number);
        for (int i = 0; i < 11; i++) {
            char right = digits[i];
            for (int wrong = '0'; wrong <= '9'; wrong++) {
                digits[i] = (char)wrong;
                if (wrong != right && parse(digits, birth, &parsed) == NUMBER_VALID)
                    fail_msg("round %d: a wrong digit %d went unnoticed", round, i + 1);
            }
            digits[i] = right;
        }
        for (int i = 0; i + 1 < 11; i++) {
            char exchanged[12];
            memcpy(exchanged, digits, sizeof exchanged);
            exchanged[i] = digits[i + 1];
            exchanged[i + 1] = digits[i];
            if (digits[i] != digits[i + 1] && parse(exchanged, birth, &parsed) == NUMBER_VALID)
                fail_msg("round %d: digits %d and %d exchanged", round, i + 1, i + 2);
        }
    }
}

/* Without a birth date a number belongs to one century at most, and is found in it. */
static void one_century(void **state)
{
    (void)state;
    for (int round = 0; round < 100000; round++) {
        uint64_t nine = random_below(1000000000);
        assert_int_not_equal(national_number_check(nine, false), national_number_check(nine, true));
        assert_in_range(national_number_check(nine, false), 1, 97);
        assert_in_range(national_number_check(nine, true), 1, 97);
    }
    assert_int_equal(national_number_check(700103999, false), 97);
    assert_int_equal(national_number_check(0, false), 97);
    assert_int_equal(national_number_check(999999999, true), 97 - 2999999999U % 97);
}

static void every_spelling(void **state)
{
    (void)state;
    static const char *const marks[] = {"", "", " ", ".", "-", "\xC2\xA0", "\xE2\x80\x91"};
    for (int round = 0; round < 20000; round++) {
        date birth;
        uint64_t number = random_number(&birth), parsed = 0;
        char digits[12];
        struct text t;
        national_number_digits(number, digits);
        size_t zeros = strspn(digits, "0");
        size_t skip = zeros < 2 ? zeros : 2; /* what a spreadsheet drops and we take back */
        text_init(&t);
        for (size_t i = random_below(2) ? 0 : skip; i < 11; i++) {
            /* not a dot before the last digit: that is a fraction */
            size_t kinds = i == 10 ? 3 : sizeof marks / sizeof *marks;
            text_string(&t, marks[random_below(kinds)]);
            text_char(&t, digits[i]);
        }
        enum number_verdict verdict = parse(t.bytes, birth, &parsed);
        if (verdict != NUMBER_VALID || parsed != number)
            fail_msg("round %d: %s", round, number_verdict_name(verdict));
        text_release(&t);
    }
}

/* Only the given bytes are looked at, and no bytes make it fail. */
static void any_bytes(void **state)
{
    (void)state;
    uint64_t number;
    assert_int_equal(national_number_parse("85073099932999", 11, DATE_NONE, DATE_NONE, &number),
                     NUMBER_VALID);
    assert_int_equal(national_number_parse("8507309993\xC2\xA0", 11, DATE_NONE, DATE_NONE, &number),
                     NUMBER_LETTERS);
    for (int round = 0; round < 100000; round++) {
        char bytes[24];
        size_t length = (size_t)random_below(sizeof bytes + 1);
        for (size_t i = 0; i < length; i++)
            bytes[i] = random_below(3) ? (char)('0' + random_below(10)) : (char)random_below(256);
        assert_in_range(national_number_parse(bytes, length, 0, DATE_NONE, &number), NUMBER_VALID,
                        NUMBER_CHECK);
    }
}

/* Packing keeps every valid number, of both centuries. */
static void packed(void **state)
{
    (void)state;
    for (uint64_t nine = 0; nine < 1000000000; nine += 1 + nine / 37 % 9973)
        for (int from_2000 = 0; from_2000 < 2; from_2000++) {
            uint64_t number = nine * 100 + national_number_check(nine, from_2000);
            uint32_t short_form = national_number_pack(number);
            assert_true(short_form != 0 && short_form != UINT32_MAX);
            assert_true(national_number_unpack(short_form) == number);
        }
}

/* What the quick way takes, the careful one takes for the same; and it takes nearly all. */
static void check_quick(const char *text, size_t length, date birth)
{
    uint64_t number;
    uint32_t quick = national_number_quick(text, length, birth);
    if (quick == 0)
        return;
    assert_int_equal(national_number_parse(text, length, date_make(2017, 12, 31), birth, &number),
                     NUMBER_VALID);
    assert_int_equal(quick, national_number_pack(number));
}

static void the_quick_way(void **state)
{
    size_t taken = 0;
    (void)state;
    for (size_t i = 0; i < 200000; i++) {
        char digits[DIGITS + 1];
        date birth;
        national_number_digits(random_number(&birth), digits);
        taken += national_number_quick(digits, DIGITS, birth) != 0;
        check_quick(digits, DIGITS, birth);
        check_quick(digits, DIGITS, DATE_NONE);
        check_quick(digits, DIGITS, birth + 36525);
        /* one byte is another one; another length */
        digits[random_below(DIGITS)] = (char)random_below(256);
        check_quick(digits, DIGITS, birth);
        check_quick(digits, random_below(DIGITS), birth);
    }
    assert_true(__BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__ || taken > 199000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(packed),
        cmocka_unit_test(vectors),
        cmocka_unit_test(every_wrong_digit),
        cmocka_unit_test(one_century),
        cmocka_unit_test(every_spelling),
        cmocka_unit_test(any_bytes),
        cmocka_unit_test(the_quick_way),
    };
    return cmocka_run_group_tests_name("national_number", tests, NULL, NULL);
}

/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/link/national_number.h. The rules are those of the National Register's royal decree
 * of 3 April 1984 (check digits) and its extension for births from 2000 on; no number is valid for
 * both centuries, since 2,000,000,000 mod 97 is 68 and not 0. */
#include "link/national_number.h"

#include "base/text.h"

#include <string.h>

enum { DIGITS = 11, DIGITS_LEAST = 9, DAY_2000 = 10957 /* 2000-01-01 as a date */ };

const char *number_verdict_name(enum number_verdict verdict)
{
    static const char *const names[NUMBER_VERDICTS] = {
        [NUMBER_VALID] = "valid",           [NUMBER_EMPTY] = "missing",
        [NUMBER_SCIENTIFIC] = "scientific", [NUMBER_LETTERS] = "letters",
        [NUMBER_LENGTH] = "length",         [NUMBER_MONTH] = "month",
        [NUMBER_SERIAL] = "serial",         [NUMBER_CHECK] = "check_digits",
    };
    return names[verdict];
}

unsigned national_number_check(uint64_t nine_digits, bool from_2000)
{
    uint64_t n = nine_digits + (from_2000 ? 2000000000U : 0);
    return 97 - (unsigned)(n % 97);
}

uint32_t national_number_pack(uint64_t number)
{
    uint32_t nine = (uint32_t)(number / 100);
    bool from_2000 = number % 100 == national_number_check(nine, true);
    return 2 * nine + from_2000 + 1;
}

uint64_t national_number_unpack(uint32_t packed)
{
    uint32_t nine = (packed - 1) / 2;
    return (uint64_t)nine * 100 + national_number_check(nine, (packed - 1) % 2);
}

void national_number_digits(uint64_t number, char digits[static 12])
{
    /* Two digits at a time: a division is what costs. */
    static const char pairs[] = "00010203040506070809101112131415161718192021222324"
                                "25262728293031323334353637383940414243444546474849"
                                "50515253545556575859606162636465666768697071727374"
                                "75767778798081828384858687888990919293949596979899";
    uint32_t first = (uint32_t)(number / 1000000), last = (uint32_t)(number % 1000000);
    digits[0] = (char)('0' + first / 10000);
    memcpy(digits + 1, pairs + 2 * (size_t)(first / 100 % 100), 2);
    memcpy(digits + 3, pairs + 2 * (size_t)(first % 100), 2);
    memcpy(digits + 5, pairs + 2 * (size_t)(last / 10000), 2);
    memcpy(digits + 7, pairs + 2 * (size_t)(last / 100 % 100), 2);
    memcpy(digits + 9, pairs + 2 * (size_t)(last % 100), 2);
    digits[DIGITS] = '\0';
}

/* The bytes of the dot, dash or space that text begins with; 0 if it begins with none. */
static size_t separator(const char *text, size_t length)
{
    static const char *const marks[] = {".",
                                        "-",
                                        " ",
                                        "\xC2\xA0",      /* no-break space */
                                        "\xE2\x80\xAF",  /* narrow no-break space */
                                        "\xE2\x80\x90",  /* hyphen */
                                        "\xE2\x80\x91",  /* non-breaking hyphen */
                                        "\xE2\x80\x92",  /* figure dash */
                                        "\xE2\x80\x93"}; /* en dash */
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        size_t size = strlen(marks[i]);
        if (size <= length && memcmp(text, marks[i], size) == 0)
            return size;
    }
    return 0;
}

/* Digits with at most one '.' or ',', an E, a sign, digits; as spreadsheets write long numbers. */
static bool is_scientific(const char *text, size_t length)
{
    size_t at = 0, digits = 0, points = 0;
    for (; at < length && text[at] != 'E' && text[at] != 'e'; at++) {
        if (is_digit(text[at]))
            digits++;
        else if (text[at] == '.' || text[at] == ',')
            points++;
        else if (text[at] != ' ')
            return false;
    }
    if (digits == 0 || points > 1 || at == length)
        return false;
    at++;
    if (at < length && (text[at] == '+' || text[at] == '-'))
        at++;
    for (digits = 0; at < length && is_digit(text[at]); at++)
        digits++;
    while (at < length && text[at] == ' ')
        at++;
    return digits > 0 && at == length;
}

/* Collects the digits into *number and counts them. NUMBER_VALID here means: nothing else in it. */
static enum number_verdict collect(const char *text, size_t length, uint64_t *number, size_t *count)
{
    bool fraction = false; /* the digit before was the first after a dot */
    *number = 0;
    *count = 0;
    for (size_t at = 0; at < length;) {
        if (is_digit(text[at])) {
            if (*count < DIGITS)
                *number = *number * 10 + (uint64_t)(text[at] - '0');
            fraction = *count > 0 && text[at - 1] == '.';
            ++*count;
            at++;
            continue;
        }
        size_t size = separator(text + at, length - at);
        if (size == 0)
            return is_scientific(text, length) ? NUMBER_SCIENTIFIC : NUMBER_LETTERS;
        at += size;
    }
    if (*count == 0)
        return NUMBER_EMPTY;
    return fraction ? NUMBER_LENGTH : NUMBER_VALID;
}

static bool check_holds(uint64_t number, date reference, date birth)
{
    uint64_t nine = number / 100;
    unsigned check = (unsigned)(number % 100);
    if (birth != DATE_NONE)
        return check == national_number_check(nine, birth >= DAY_2000);
    int year = (int)(number / 1000000000U);
    return check == national_number_check(nine, false) ||
           ((reference == DATE_NONE || 2000 + year <= date_split(reference).year) &&
            check == national_number_check(nine, true));
}

static bool month_possible(uint64_t number)
{
    unsigned month = (unsigned)(number / 10000000U % 100);
    return month <= 12 || (month >= 20 && month <= 32) || (month >= 40 && month <= 52);
}

enum number_verdict national_number_parse(const char *text, size_t length, date reference,
                                          date birth, uint64_t *number)
{
    uint64_t value;
    size_t count;
    enum number_verdict verdict = collect(text, length, &value, &count);
    if (verdict != NUMBER_VALID)
        return verdict;
    if (count < DIGITS_LEAST || count > DIGITS)
        return NUMBER_LENGTH;
    if (value == 0)
        return NUMBER_SERIAL;
    if (!check_holds(value, reference, birth))
        return count == DIGITS ? NUMBER_CHECK : NUMBER_LENGTH;
    if (!month_possible(value))
        return count == DIGITS ? NUMBER_MONTH : NUMBER_LENGTH;
    *number = value;
    return NUMBER_VALID;
}

#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
uint32_t national_number_quick(const char *text, size_t length, date birth)
{
    uint64_t word, pairs;
    if (length != DIGITS || !is_digit(text[8]) || !is_digit(text[9]) || !is_digit(text[10]))
        return 0;
    memcpy(&word, text, sizeof word);
    if (!digit_pairs(word, &pairs))
        return 0;
    uint32_t nine = (uint32_t)eight_digits(word) * 10 + (uint32_t)(text[8] - '0');
    unsigned check = (unsigned)(text[9] - '0') * 10 + (unsigned)(text[10] - '0');
    unsigned month = pairs >> 16 & 0xFF;
    bool from_2000 = birth != DATE_NONE && birth >= DAY_2000;
    if (nine == 0 || month % 20 > 12 || month > 52 ||
        check != national_number_check(nine, from_2000))
        return 0;
    return 2 * nine + from_2000 + 1;
}
#else
uint32_t national_number_quick(const char *text, size_t length, date birth)
{
    (void)text;
    (void)length;
    (void)birth;
    return 0;
}
#endif

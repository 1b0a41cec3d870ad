/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * national_number: Belgian national register and BIS numbers.
 *
 * YYMMDD SSS CC; CC = 97 - N mod 97 over the first nine digits, with a 2 before them for births
 * from 2000 on, so that it runs from 01 to 97. BIS: month + 20 or + 40. Month 0 and day 0 stand for
 * unknown or an exhausted counter, and a day beyond the month's last for an unknown one, so a birth
 * date is never taken from the number. Serials 000 and 999 are accepted: nobody has them, synthetic
 * people do.
 *
 * Canonical form: 11 digits. Dots, dashes (U+2010 to U+2013 too), spaces and no-break spaces
 * (U+00A0, U+202F) are dropped wherever they stand; a number of 9 or 10 digits is padded with zeros
 * on the left when, and only when, the padded number is valid. A single last digit after a dot is a
 * decimal fraction and not a part of the number. Everything else is refused with a reason, never
 * guessed.
 *
 * The 2 rule is tried only for years up to the reference date's; with a birth date, its century
 * alone is tried. Check digits are looked at before the month: a number whose check digits fail
 * says nothing. Pure functions; no message is made here, as a verdict is all that may be said of a
 * number.
 */
#ifndef HERKOMST_LINK_NATIONAL_NUMBER_H
#define HERKOMST_LINK_NATIONAL_NUMBER_H

#include "base/date.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum number_verdict {
    NUMBER_VALID,      /* "valid" */
    NUMBER_EMPTY,      /* "missing": nothing but dots, dashes and spaces */
    NUMBER_SCIENTIFIC, /* "scientific": 8.50731E+10 */
    NUMBER_LETTERS,    /* "letters": any other character */
    NUMBER_LENGTH,     /* "length": not 11 digits, nor 9 or 10 that can be padded; a fraction */
    NUMBER_MONTH,      /* "month": check digits hold, but not 00..12, 20..32, 40..52 */
    NUMBER_SERIAL,     /* "serial": a number nobody can have: all zeros */
    NUMBER_CHECK,      /* "check_digits" */
    NUMBER_VERDICTS,
};
const char *number_verdict_name(enum number_verdict verdict);

/* *number: the 11 digits as an integer (00022999917 = 22999917); set only when NUMBER_VALID.
 * reference: the run's reference date (DATE_NONE: the 2 rule is tried for every year);
 * birth: DATE_NONE when not known. */
enum number_verdict national_number_parse(const char *text, size_t length, date reference,
                                          date birth, uint64_t *number);

/* The number packed, of eleven digits that are one as they stand, with the birth date's century or,
 * without a birth date, before 2000: nearly all. 0: ask national_number_parse. */
uint32_t national_number_quick(const char *text, size_t length, date birth);

/* A valid number in 31 bits, and back: its first nine digits and its century tell the others. Never
 * 0 or UINT32_MAX. */
uint32_t national_number_pack(uint64_t number);
uint64_t national_number_unpack(uint32_t packed);

/* The 11 digits and NUL. */
void national_number_digits(uint64_t number, char digits[static 12]);

/* The check digits (1..97) of nine digits, born before 2000 or from 2000 on. */
unsigned national_number_check(uint64_t nine_digits, bool from_2000);

#endif

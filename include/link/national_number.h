/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * national_number: Belgian national register and BIS numbers (domain.md's table in the contract:
 * YYMMDD SSS CC; CC = 97 - N mod 97 over the first nine digits, with a 2 before them for births from
 * 2000 on; BIS: month + 20 or + 40; month 0 and day 0 stand for unknown or an exhausted counter).
 *
 * Canonical form: 11 digits. Dots, dashes, spaces and no-break spaces are dropped; a number of 9 or 10
 * digits is padded with zeros on the left when, and only when, the padded number's check digits hold.
 * The 2 rule is tried only for years up to the reference date's; with a birth date, its century alone is
 * tried. Everything else is refused with a reason, never guessed.
 */
#ifndef HERKOMST_LINK_NATIONAL_NUMBER_H
#define HERKOMST_LINK_NATIONAL_NUMBER_H

#include "base/date.h"

#include <stdbool.h>

#include <stddef.h>
#include <stdint.h>

enum number_verdict {
    NUMBER_VALID,
    NUMBER_EMPTY,      /* "missing" */
    NUMBER_SCIENTIFIC, /* "scientific": 8.50731E+10 */
    NUMBER_LETTERS,    /* "letters": any other character */
    NUMBER_LENGTH,     /* "length" */
    NUMBER_MONTH,      /* "month": not 00..12, 20..32, 40..52 */
    NUMBER_SERIAL,     /* reserved for numbers nobody can have: all zeros */
    NUMBER_CHECK,      /* "check_digits" */
    NUMBER_VERDICTS,
};
const char *number_verdict_name(enum number_verdict verdict);

/* *number: the 11 digits as an integer (00022999917 = 22999917); set only when NUMBER_VALID.
 * reference: the run's reference date; birth: DATE_NONE when not known. */
enum number_verdict national_number_parse(const char *text, size_t length, date reference, date birth,
                                          uint64_t *number);

/* The 11 digits and NUL. */
void national_number_digits(uint64_t number, char digits[static 12]);

/* The check digits (1..97) of nine digits, born before 2000 or from 2000 on. */
unsigned national_number_check(uint64_t nine_digits, bool from_2000);

#endif

/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * date: days in the proleptic Gregorian calendar, without time zone or locale.
 *
 * A date is an int32_t: days since 1970-01-01 (negative before); DATE_NONE is "no date". Years 1800
 * to 9999 are accepted, anything else is not a date.
 */
#ifndef HERKOMST_BASE_DATE_H
#define HERKOMST_BASE_DATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef int32_t date;
#define DATE_NONE INT32_MIN
#define DATE_TEXT 11 /* "YYYY-MM-DD" and NUL */

struct ymd {
    int year, month, day;
};

bool date_exists(int year, int month, int day);
date date_make(int year, int month, int day); /* DATE_NONE if it does not exist */
struct ymd date_split(date d);

/* Parses the whole of text[0..length) by a format of %Y (4 digits), %m, %d (1 or 2 digits; always 2
 * next to another conversion, as in %Y%m%d), and literal characters. Returns DATE_NONE when it does
 * not match or the day does not exist. */
date date_parse(const char *text, size_t length, const char *format);

/* What most files have, %Y-%m-%d, and its ten bytes without a look at the format. */
bool date_format_is_iso(const char *format);
date date_parse_iso(const char text[static DATE_TEXT - 1]);

/* True if the format has exactly one each of %Y, %m and %d, and no other conversion. */
bool date_format_valid(const char *format);

/* Writes YYYY-MM-DD (or an empty string for DATE_NONE) and returns out. */
char *date_iso(date d, char out[static DATE_TEXT]);

/* Completed years at the end of day `at`; somebody born on 29 February ages on 1 March in a year
 * without one. Negative if born later. */
int date_age(date birth, date at);

#endif

/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/base/date.h. Days of a number by the era method: H. Hinnant, "chrono-compatible
 * low-level date algorithms" (2013), days counted from 1 March so that the leap day comes last. */
#include "base/date.h"

#include "base/text.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum {
    YEAR = 512,
    YEAR_MIN = 1800,
    YEAR_MAX = 9999,
    ERA_DAYS = 146097,
    EPOCH_SHIFT = 719468, /* days from 0000-03-01 to 1970-01-01 */
    EPOCH_DAYS = 719162,  /* from 0001-01-01 */
};

/* A year of the century that begins with 100 * century: the rule needs no division. */
static bool is_leap(int century, int year)
{
    return (year ? year : century) % 4 == 0;
}

static bool is_day(int century, int year, int month, int day)
{
    static const int length[13] = {0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return month >= 1 && month <= 12 && day >= 1 &&
           day <= length[month] + (month == 2 && is_leap(century, year));
}

/* Of a day that exists. */
static date day_number(int century, int year, int month, int day)
{
    static const int before[13] = {0, 0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334};
    int last = century * 100 + year - 1;   /* years are positive */
    int centuries = century - (year == 0); /* of last */
    int leap_days = last / 4 - centuries + centuries / 4;
    return last * 365 + leap_days + before[month] + (month > 2 && is_leap(century, year)) + day -
           1 - EPOCH_DAYS;
}

bool date_exists(int year, int month, int day)
{
    return year >= YEAR_MIN && year <= YEAR_MAX && is_day(year / 100, year % 100, month, day);
}

date date_make(int year, int month, int day)
{
    return date_exists(year, month, day) ? day_number(year / 100, year % 100, month, day)
                                         : DATE_NONE;
}

struct ymd date_split(date d)
{
    int z = d + EPOCH_SHIFT;
    int era = z / ERA_DAYS;
    int day_of_era = z - era * ERA_DAYS;
    int of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / (ERA_DAYS - 1)) / 365;
    int of_year = day_of_era - (365 * of_era + of_era / 4 - of_era / 100);
    int shifted = (5 * of_year + 2) / 153;
    struct ymd result;
    result.day = of_year - (153 * shifted + 2) / 5 + 1;
    result.month = shifted < 10 ? shifted + 3 : shifted - 9;
    result.year = of_era + era * 400 + (result.month <= 2);
    return result;
}

/* Reads as many digits as there are, `least` to `most`; -1 if there are fewer. */
static int number(const char *text, size_t length, size_t *at, int least, int most)
{
    int value = 0, digits = 0;
    while (digits < most && *at < length && is_digit(text[*at])) {
        value = value * 10 + (text[(*at)++] - '0');
        digits++;
    }
    return digits < least ? -1 : value;
}

/* Letter by letter: any string may come. */
bool date_format_is_iso(const char *format)
{
    return format[0] == '%' && format[1] == 'Y' && format[2] == '-' && format[3] == '%' &&
           format[4] == 'm' && format[5] == '-' && format[6] == '%' && format[7] == 'd' &&
           format[8] == '\0';
}

/* "2017-12-31": the digits are one word, and a date is pairs of digits. */
date date_parse_iso(const char text[static DATE_TEXT - 1])
{
    unsigned char b[10];
    uint64_t pairs;
    memcpy(b, text, sizeof b);
    if (b[4] != '-' || b[7] != '-')
        return DATE_NONE;
    uint64_t year = b[0] | (uint64_t)b[1] << 8 | (uint64_t)b[2] << 16 | (uint64_t)b[3] << 24;
    uint64_t month = b[5] | (uint64_t)b[6] << 8, day = b[8] | (uint64_t)b[9] << 8;
    if (!digit_pairs(year | month << 32 | day << 48, &pairs))
        return DATE_NONE;
    int part[4] = {pairs & 0xFF, pairs >> 16 & 0xFF, pairs >> 32 & 0xFF, (int)(pairs >> 48)};
    if (part[0] < YEAR_MIN / 100 || !is_day(part[0], part[1], part[2], part[3]))
        return DATE_NONE;
    return day_number(part[0], part[1], part[2], part[3]);
}

date date_parse(const char *text, size_t length, const char *format)
{
    int year = -1, month = -1, day = -1;
    size_t at = 0;
    if (length == DATE_TEXT - 1 && date_format_is_iso(format))
        return date_parse_iso(text);
    for (const char *f = format; *f; f++) {
        if (*f != '%') {
            if (at >= length || text[at++] != *f)
                return DATE_NONE;
            continue;
        }
        /* One digit is enough only where a literal shows its end: 2017111 has two readings. */
        bool after = f > format + 1 && f[-2] == '%';
        int *field = *++f == 'Y' ? &year : *f == 'm' ? &month : *f == 'd' ? &day : NULL;
        if (!field)
            return DATE_NONE;
        int most = field == &year ? 4 : 2;
        int least = most == 4 ? 4 : after || f[1] == '%' ? 2 : 1;
        *field = number(text, length, &at, least, most);
        if (*field < 0)
            return DATE_NONE;
    }
    return at == length ? date_make(year, month, day) : DATE_NONE;
}

bool date_format_valid(const char *format)
{
    int year = 0, month = 0, day = 0;
    for (const char *f = format; *f; f++) {
        if (*f != '%')
            continue;
        f++;
        if (*f == 'Y')
            year++;
        else if (*f == 'm')
            month++;
        else if (*f == 'd')
            day++;
        else
            return false;
    }
    return year == 1 && month == 1 && day == 1;
}

char *date_iso(date d, char out[static DATE_TEXT])
{
    if (d == DATE_NONE) {
        out[0] = '\0';
        return out;
    }
    struct ymd s = date_split(d);
    unsigned parts[3] = {(unsigned)s.year % 10000U, (unsigned)s.month % 100U,
                         (unsigned)s.day % 100U};
    (void)snprintf(out, DATE_TEXT, "%04u-%02u-%02u", parts[0], parts[1], parts[2]);
    return out;
}

/* Rises with the date, by YEAR from one day of a year to the same day of the next. */
static int anniversary(date d)
{
    struct ymd s = date_split(d);
    return s.year * YEAR + s.month * (YEAR / 16) + s.day;
}

/* Nearly always the days alone tell: in less than two hundred years leap days make a birthday two
 * days earlier or one later than four years' 1461 days do. */
int date_age(date birth, date at)
{
    int64_t days = (int64_t)at - birth;
    if (days >= 0 && days < INT64_C(199) * 365) {
        int years = (int)(days * 4 / 1461);
        int beyond = (int)days - years * 365 - years / 4;
        if (beyond >= 1 && beyond <= 362)
            return years;
    }
    int apart = anniversary(at) - anniversary(birth);
    return apart >= 0 ? apart / YEAR : -((YEAR - 1 - apart) / YEAR);
}

/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/base/date.h. Day numbers by the era method: H. Hinnant, "chrono-compatible low-level
 * date algorithms" (2013), days counted from 1 March so that the leap day comes last. */
#include "base/date.h"

#include "base/text.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum { YEAR = 512, YEAR_MIN = 1800, YEAR_MAX = 9999, ERA_DAYS = 146097, EPOCH_SHIFT = 719468 };

static bool is_leap(int year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

bool date_exists(int year, int month, int day)
{
    static const int length[12] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (year < YEAR_MIN || year > YEAR_MAX || month < 1 || month > 12 || day < 1)
        return false;
    return day <= length[month - 1] + (month == 2 && is_leap(year));
}

date date_make(int year, int month, int day)
{
    if (!date_exists(year, month, day))
        return DATE_NONE;
    int y = year - (month <= 2);
    int era = y / 400; /* years are positive */
    int of_era = y - era * 400;
    int of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return era * ERA_DAYS + of_era * 365 + of_era / 4 - of_era / 100 + of_year - EPOCH_SHIFT;
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

/* "2017-12-31" by "%Y-%m-%d", which most files have: the digits are one word. */
static date parse_iso(const char *text)
{
    unsigned char b[10];
    memcpy(b, text, sizeof b);
    if (b[4] != '-' || b[7] != '-')
        return DATE_NONE;
    uint64_t year = b[0] | (uint64_t)b[1] << 8 | (uint64_t)b[2] << 16 | (uint64_t)b[3] << 24;
    uint64_t month = b[5] | (uint64_t)b[6] << 8, day = b[8] | (uint64_t)b[9] << 8;
    uint64_t number = eight_digits(year | month << 32 | day << 48);
    if (number == UINT64_MAX)
        return DATE_NONE;
    return date_make((int)(number / 10000), (int)(number / 100 % 100), (int)(number % 100));
}

date date_parse(const char *text, size_t length, const char *format)
{
    int year = -1, month = -1, day = -1;
    size_t at = 0;
    if (length == DATE_TEXT - 1 && strcmp(format, "%Y-%m-%d") == 0)
        return parse_iso(text);
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

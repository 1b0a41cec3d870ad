/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/audit/shares.h. */
#include "audit/shares.h"

#include "base/text.h"

#include <string.h>

#define MILLION INT64_C(1000000)
#define SMALL (INT64_C(1) << 31)

enum { DIGITS = 16 };

static int64_t round_half(__int128 numerator, __int128 denominator)
{
    __int128 size = numerator < 0 ? -numerator : numerator;
    int64_t rounded = (int64_t)((2 * size + denominator) / (2 * denominator));
    return numerator < 0 ? -rounded : rounded;
}

static int64_t round_up(__int128 numerator, __int128 denominator)
{
    return (int64_t)(numerator / denominator + (numerator % denominator > 0));
}

int64_t shares_tenths(int64_t part, int64_t whole)
{
    return round_half((__int128)1000 * part, whole);
}

int64_t shares_change(int64_t part, int64_t whole, int64_t part_then, int64_t whole_then)
{
    if (part >= SMALL || whole >= SMALL || part_then >= SMALL || whole_then >= SMALL)
        return INT64_MAX;
    __int128 difference = (__int128)part * whole_then - (__int128)part_then * whole;
    return round_half(1000 * difference, (__int128)whole * whole_then);
}

int64_t shares_gap(int64_t part, int64_t whole, int64_t ppm)
{
    return round_up((__int128)ppm * whole, MILLION) - part;
}

int64_t shares_gap_growth(int64_t part, int64_t whole, int64_t ppm)
{
    return ppm >= MILLION
               ? 0
               : round_up((__int128)ppm * whole - (__int128)MILLION * part, MILLION - ppm);
}

/* Digits without a leading zero, up to `stop`; NULL if there are none or too many. */
static const char *read_digits(const char *text, int64_t *value)
{
    size_t length = 0;
    *value = 0;
    for (; is_digit(text[length]); length++) {
        if (length == DIGITS)
            return NULL;
        *value = *value * 10 + (text[length] - '0');
    }
    return length == 0 || (length > 1 && text[0] == '0') ? NULL : text + length;
}

bool shares_read_whole(const char *text, int64_t *value)
{
    bool negative = *text == '-';
    const char *end = read_digits(text + negative, value);
    if (!end || *end || (negative && *value == 0))
        return false;
    *value = negative ? -*value : *value;
    return true;
}

bool shares_read_tenths(const char *text, int64_t *tenths)
{
    bool negative = *text == '-';
    const char *end = read_digits(text + negative, tenths);
    if (!end || end[0] != '.' || !is_digit(end[1]) || end[2])
        return false;
    *tenths = *tenths * 10 + (end[1] - '0');
    if (negative && *tenths == 0)
        return false;
    *tenths = negative ? -*tenths : *tenths;
    return true;
}

bool shares_read_ppm(const char *text, int64_t *ppm)
{
    const char *end = read_digits(text, ppm);
    if (!end || end[0] != '.')
        return false;
    size_t decimals = strlen(end + 1);
    if (decimals < 1 || decimals > 4 || *ppm > 100 || strspn(end + 1, "0123456789") != decimals ||
        (decimals > 1 && end[decimals] == '0'))
        return false;
    for (size_t i = 1; i <= 4; i++)
        *ppm = *ppm * 10 + (i <= decimals ? end[i] - '0' : 0);
    return *ppm <= MILLION;
}

/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/report/shares.h. */
#include "report/shares.h"

#define MILLION INT64_C(1000000)

/* numerator / denominator, half away from zero; denominator > 0. */
static int64_t round_half(__int128 numerator, __int128 denominator)
{
    __int128 twice = 2 * (numerator < 0 ? -numerator : numerator) + denominator;
    int64_t rounded = (int64_t)(twice / (2 * denominator));
    return numerator < 0 ? -rounded : rounded;
}

static int64_t round_up(__int128 numerator, __int128 denominator)
{
    __int128 quotient = numerator / denominator;
    return (int64_t)(quotient + (numerator % denominator > 0));
}

int64_t share_tenths(int64_t part, int64_t whole)
{
    return round_half((__int128)part * 1000, whole);
}

int64_t ppm_tenths(int64_t ppm)
{
    return round_half(ppm, 1000);
}

int64_t change_tenths(int64_t part, int64_t whole, int64_t part_then, int64_t whole_then)
{
    __int128 difference = (__int128)part * whole_then - (__int128)part_then * whole;
    return round_half(difference * 1000, (__int128)whole * whole_then);
}

int64_t gap_replacement(int64_t part, int64_t whole, int64_t target_ppm)
{
    return round_up((__int128)target_ppm * whole, MILLION) - part;
}

int64_t gap_growth(int64_t part, int64_t whole, int64_t target_ppm)
{
    if (target_ppm >= MILLION)
        return 0;
    return round_up((__int128)target_ppm * whole - (__int128)part * MILLION, MILLION - target_ppm);
}

int64_t representation_tenths(int64_t part, int64_t whole, int64_t benchmark_ppm)
{
    return round_half((__int128)part * 1000 * MILLION, (__int128)whole * benchmark_ppm);
}

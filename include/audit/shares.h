/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * shares: the figures that follow from two published counts, as the audit works them out, and how
 * they are written. Exact until the last step; rounding is half away from zero. Private to
 * pipeline/audit; counts are below 10^15, whole > 0 unless it says otherwise.
 */
#ifndef HERKOMST_AUDIT_SHARES_H
#define HERKOMST_AUDIT_SHARES_H

#include <stdbool.h>
#include <stdint.h>

/* part / whole in tenths of a percent: 18 of 77 is 234 */
int64_t shares_tenths(int64_t part, int64_t whole);
/* The difference of the exact fractions in tenths of a percentage point. Counts below 2^31: others
 * give INT64_MAX, which no file says. */
int64_t shares_change(int64_t part, int64_t whole, int64_t part_then, int64_t whole_then);
/* How many more a target (in millionths) takes: in the place of others, ceil(target * whole) -
 * part; or on top of those who are there, ceil((target * whole - part) / (1 - target)). whole >= 0.
 */
int64_t shares_gap(int64_t part, int64_t whole, int64_t ppm);
int64_t shares_gap_growth(int64_t part, int64_t whole, int64_t ppm);

/* Is the text such a number, in the one way that it is written? "9.6" "-0.3" as tenths; "10.0" to
 * "0.0333" percent as millionths, 0 to 1000000; "-12" as it is. */
bool shares_read_tenths(const char *text, int64_t *tenths);
bool shares_read_ppm(const char *text, int64_t *ppm);
bool shares_read_whole(const char *text, int64_t *value);

#endif

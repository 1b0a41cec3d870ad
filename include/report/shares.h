/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * shares: arithmetic on published counts, exact until the last step. One rule of rounding: half
 * away from zero, of the exact fraction, to a tenth of a percent. Counts are below 2^31.
 */
#ifndef HERKOMST_REPORT_SHARES_H
#define HERKOMST_REPORT_SHARES_H

#include <stdint.h>

/* part / whole in tenths of a percent; whole > 0. 18 of 77: 234. */
int64_t share_tenths(int64_t part, int64_t whole);
/* The same in tenths of a percent of parts of a million. */
int64_t ppm_tenths(int64_t ppm);

/* part / whole - part_then / whole_then in tenths of a percentage point, from the exact fractions:
 * two rounded shares may differ by something else. */
int64_t change_tenths(int64_t part, int64_t whole, int64_t part_then, int64_t whole_then);

/* How many more of `part` a target takes: REPLACEMENT when whole stays as it is (they come in the
 * place of others), ceil(target * whole) - part; GROWTH when they come on top,
 * ceil((target * whole - part) / (1 - target)), 0 for a target of everybody. Negative or 0: it is
 * reached. target in millionths. */
int64_t gap_replacement(int64_t part, int64_t whole, int64_t target_ppm);
int64_t gap_growth(int64_t part, int64_t whole, int64_t target_ppm);

/* (part / whole) / benchmark in tenths of a percent: 1000 = as in the benchmark's population. */
int64_t representation_tenths(int64_t part, int64_t whole, int64_t benchmark_ppm);

#endif

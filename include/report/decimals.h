/* SPDX-License-Identifier: EUPL-1.2 */
/* decimals: decimal numbers as files have them: a point, no grouping, whatever the locale. */
#ifndef HERKOMST_REPORT_DECIMALS_H
#define HERKOMST_REPORT_DECIMALS_H

#include <stdint.h>

enum { DECIMALS_TEXT = 32 };

/* 96 -> "9.6", -3 -> "-0.3"; returns out. */
char *decimals_tenths(int64_t tenths, char out[static DECIMALS_TEXT]);

/* Millionths as percent, one to four decimals, as many as it takes: 100000 -> "10.0", 333 ->
 * "0.0333". 0 to 1000000; returns out. */
char *decimals_ppm(int32_t ppm, char out[static DECIMALS_TEXT]);

#endif

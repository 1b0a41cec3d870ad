/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * tidy: publishes again what was hidden for nothing. Dearest first, each secondary cell is tried:
 * if every other hidden sensitive cell of its part can still be shown to be protected when it is
 * published, it is.
 *
 * A trial starts from the witnesses of the part in which the cell has its true value; only cells
 * that need the others are searched again. Part by part; parts do not touch each other.
 */
#ifndef HERKOMST_SDC_TIDY_H
#define HERKOMST_SDC_TIDY_H

#include "sdc/prove.h"

/* hidden: a protected pattern, changed in place; unsafe cells stay hidden. few: of
 * secondary_has_few; where units have many cells, only the smallest parts are tried. */
int tidy(const struct cells *cells, const int64_t *counts, const struct disclosure *rules,
         const uint8_t *unsafe, bool few, uint8_t *hidden, struct err *err);

#endif

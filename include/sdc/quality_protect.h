/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * quality_protect: which quality figures may be published. They count people too, in few and simple
 * sums (a part and its whole), so simple rules that hide rather more than needed will do:
 *   0 while a sensitive cell of the government itself is hidden, only head counts are published:
 * how many people are linked, have an unknown nationality or stand in a register would give it away
 *     (the hidden rest of 20 people may be 6 unknown and so 3 foreign);
 *   1 a figure 0 < n < k is hidden;
 *   2 a part n of a published whole W is hidden when 0 < W - n < k;
 *   3 the hidden parts of a published whole must be two or more and add up to k or more (what is
 * left of the whole is their sum); else the smallest published part that is not 0 is hidden with
 * them, and where there is none, the whole. Applied until nothing changes.
 */
#ifndef HERKOMST_SDC_QUALITY_PROTECT_H
#define HERKOMST_SDC_QUALITY_PROTECT_H

#include "base/err.h"
#include "io/quality.h"

#include <stdbool.h>

/* Fills status[q->count]: 0 = published, 1 = suppressed. threshold >= 1; only_heads: rule 0 holds.
 */
void quality_protect(uint8_t *status, const struct quality *q, int64_t threshold, bool only_heads);

/* The frame "quality" of protected.zone: dataset, check coded; count U64 (0 where suppressed);
 * status U8. Sorted by dataset and check, so q is. f is made here and the caller's to release. */
int quality_protected_frame(struct frame *f, struct quality *q, int64_t threshold, bool only_heads,
                            struct err *err);

#endif

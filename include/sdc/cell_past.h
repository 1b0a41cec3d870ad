/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * cell_past: what earlier releases make of hiding a cell of the present one, before any system of
 * all releases is looked at. Read off the ties of its group (sdc/joint_groups.h), with the
 * turnover T = joined + left of the group since the earlier release and w = min(protection_width,
 * people of the group):
 *
 *     PAST_KNOWN    some release showed it, and T < w: everybody knows it but for T people. Hiding
 *                   it protects nothing else, and it stays out of what moves.
 *     PAST_NEEDED   some release hid it, T < w, and its count now would tell that it was small: it
 *                   must be hidden again.
 *     PAST_HIDDEN   the last release hid it: hidden again it costs less, since what moved then with
 *                   it can move with it in both releases.
 *     PAST_SHOWN    the last release showed it: dearer, for the opposite reason.
 *
 * And after looking at such a system (sdc/over_time.h):
 *
 *     PAST_BOUNDED  it is not unsafe, and whatever is hidden, all releases together keep it within
 *                   too narrow a range: hidden it would break the rule, so it is published.
 */
#ifndef HERKOMST_SDC_CELL_PAST_H
#define HERKOMST_SDC_CELL_PAST_H

#include "io/disclosure.h"
#include "sdc/joint_groups.h"

enum cell_past { PAST_NONE, PAST_SHOWN, PAST_HIDDEN, PAST_NEEDED, PAST_KNOWN, PAST_BOUNDED };

/* What hiding costs, in percent of the usual (README, "Measured", on the choice). */
enum { PAST_HIDDEN_PERCENT = 10, PAST_SHOWN_PERCENT = 1000 };

/* past: per cell of the present release. counts: its true ones. */
void cell_past_find(uint8_t *past, const struct joint *j, const struct joint_groups *g,
                    const int64_t *counts, const struct disclosure *rules);
/* only: what of `past` must not be hidden in any step, PAST_NONE else. */
void cell_past_bounded(uint8_t *only, const uint8_t *past, size_t count);

#endif

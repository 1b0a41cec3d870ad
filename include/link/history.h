/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * history: a person's first and current nationality, from the periods of the dataset `nationality`.
 *
 * FIRST. The earliest period, whatever its end; no start is the earliest of all, and the order of
 * rows decides nothing. Of several with that start: one that is known before one that is not,
 * Belgian before any other, else the smallest code. Two different known ones: the person is `dual`.
 *
 * CURRENT, at the end of the reference date. Periods that start later are ignored. A period holds
 * when it has no end or ends on the reference date or later: its end is the last day on which it
 * holds. Of those that hold, the latest start; of several with that start, as above. When none
 * holds: if a Belgian period is among those that ended last, HISTORY_LOST (a Belgian nationality
 * that ended with nothing after it), else unknown.
 *
 * A period of unknown nationality (register code 999) keeps its place in time: the first or current
 * nationality is unknown when that period is the one that counts.
 */
#ifndef HERKOMST_LINK_HISTORY_H
#define HERKOMST_LINK_HISTORY_H

#include "link/people.h"

#define HISTORY_LOST UINT32_MAX

/* The periods of one person; the arrays are the caller's. Codes are those of a sorted dictionary;
 * `belgian` is that of "BE", or 0 if it has none. */
struct history {
    size_t count; /* at least 1 */
    const uint32_t *nationality;
    const date *start, *end; /* DATE_NONE = none */
    uint32_t belgian;
};

/* The code, or 0 if unknown. *dual is set, never cleared, when a choice had to be made. */
uint32_t history_first(const struct history *h, bool *dual);
uint32_t history_current(const struct history *h, date reference, bool *dual); /* or HISTORY_LOST */

/* Folds the dataset into p; a person with a row there owes nothing to the register's columns. */
int history_add(struct people *p, const struct frame *f, unsigned threads, struct err *err);

#endif

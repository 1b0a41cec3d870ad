/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * employment: who counts at the reference date, and which of a person's employments is the main
 * one.
 *
 * A row is in force when it started on the reference date or before and has no end or ends on the
 * reference date or later: the last day worked counts. Those of one person are ranked: highest fte,
 * earliest start, entity code bytewise, then the other columns by content, so that the rank depends
 * on nothing but the rows themselves. Rows without a valid number are each a person of their own:
 * they come after all others, sorted by content.
 *
 *     employment_select(&e, &personnel, person, reference, threads, err)
 *     for i in 0 .. e.count: e.rows[i] is a row of personnel; employment_starts(&e, i)
 *     employments_release(&e)
 */
#ifndef HERKOMST_LINK_EMPLOYMENT_H
#define HERKOMST_LINK_EMPLOYMENT_H

#include "base/date.h"
#include "base/err.h"
#include "io/frame.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct employments {
    const uint32_t *person; /* the frame's column: id + 1, 0 = no valid number */
    uint32_t *rows;         /* by person, main employment first; owned */
    size_t count;
    size_t unlinked; /* rows[unlinked] and later have no valid number */
};

/* person: from person_rows_check, of the same frame. */
int employment_select(struct employments *e, const struct frame *personnel, const uint32_t *person,
                      date reference, unsigned threads, struct err *err);
void employments_release(struct employments *e); /* wipes */

/* True if e.rows[i] is the first row of a person: their main employment. */
static inline bool employment_starts(const struct employments *e, size_t i)
{
    return i >= e->unlinked || i == 0 || e->person[e->rows[i]] != e->person[e->rows[i - 1]];
}

#endif

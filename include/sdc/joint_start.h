/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * joint_start: counts for all cells of a joint system (tables/joint.h) to start a search from. The
 * present release's are its true counts. What earlier releases hid is in no ledger, so that for the
 * rest any whole-number table is taken that agrees with them and with everything published; it is
 * not true, and says nothing about anybody.
 *
 *     do {
 *         joint_build(&j, &input, err)
 *         joint_counts(&s, &j, counts, err)
 *         add s.drops to input.dropped
 *     } while (!s.found);
 *
 * Where data were corrected there may be no such table. Then links must go: `drops` lists units
 * whose links, between two releases, are together enough, or nearly; few, not the fewest possible.
 * Secret side: that a unit is among them may tell something about hidden counts.
 *
 * Part by part (connected unknown cells) by linear programming, and branch and bound up to a fixed
 * number of nodes where the vertex is fractional. Same input, same table.
 */
#ifndef HERKOMST_SDC_JOINT_START_H
#define HERKOMST_SDC_JOINT_START_H

#include "base/err.h"
#include "tables/joint.h"

struct joint_start {
    bool found;
    int64_t *counts; /* found: per cell of j; every equation holds */
    size_t drop_count;
    struct joint_unit *drops; /* not found: at least one, sorted, none twice */
};

/* counts: of the present release, per cell, CELL_UNPUBLISHED ones too. An earlier release that
 * contradicts itself is ERR_INTERNAL. Release s whatever the result. */
int joint_counts(struct joint_start *s, const struct joint *j, const int64_t *counts,
                 struct err *err);
void joint_start_release(struct joint_start *s);

#endif

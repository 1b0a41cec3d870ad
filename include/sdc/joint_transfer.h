/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * joint_transfer: what sdc/transfer.h is for one release, for a joint system (tables/joint.h):
 * changes made of exchanges, thousands of times as fast as programmes. Private to transfer.c, which
 * calls it for the cells of a joint system.
 *
 * An exchange of one release is one of several when all of them can follow it, cell by cell
 * (PARALLEL), for then nobody more came or went; or when those that stay as they are leave room, as
 * so many people joined and left each group that it touches. So a change is looked for in the
 * present release's blocks, for each of a few sets of releases (MODES): all of them; each alone;
 * the last few. Who came, went and stayed is completed group by group (sdc/joint_groups.h).
 *
 * A cell of an earlier release has a place in the present blocks by its unit, population and
 * categories; of several units that one of today was, the one of the same code has it, or the
 * first.
 */
#ifndef HERKOMST_SDC_JOINT_TRANSFER_H
#define HERKOMST_SDC_JOINT_TRANSFER_H

#include "sdc/transfer.h"
#include "tables/joint.h"

struct joint_transfer;

int joint_transfer_open(struct joint_transfer **t, const struct joint *j, int64_t width,
                        struct err *err);
void joint_transfer_close(struct joint_transfer *t);
struct effort joint_transfer_effort(const struct joint_transfer *t);

/* Of every cell, those that are published too: they say how much room there is. */
void joint_transfer_set(struct joint_transfer *t, uint32_t cell, int64_t value, int64_t cost);
int joint_transfer_solve(struct joint_transfer *t, uint32_t cell, int64_t by, int64_t below,
                         const struct effort *effort, struct move *out, int64_t *cost,
                         struct err *err);

#endif

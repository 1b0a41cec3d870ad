/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * transfer: how a table can be changed so that a cell changes by a wanted amount, moving the
 * cheapest other cells: the same question as sdc/deviations.h, answered by adding exchanges
 * (sdc/exchange.h) one to another, as augmenting paths add up to a flow. No linear programme, whole
 * people only, thousands of times as fast; but it may miss a change that there is.
 *
 *     transfer_open(&t, blocks, width, err)
 *     transfer_set(t, cell, value, cost)      for every cell that may move; others stay
 *     transfer_solve(t, cell, by, below, effort, &move, &cost, err)
 *     transfer_close(t)
 *
 * The table itself stays as it was set; every move starts from it.
 */
#ifndef HERKOMST_SDC_TRANSFER_H
#define HERKOMST_SDC_TRANSFER_H

#include "sdc/deviations.h"
#include "sdc/exchange.h"

struct transfer;

/* blocks must outlive it. width: what a cell usually has to move by. */
int transfer_open(struct transfer **t, const struct blocks *blocks, int64_t width, struct err *err);
void transfer_close(struct transfer *t);

/* How hard to look for each exchange, for these blocks. */
struct effort transfer_effort(const struct transfer *t);

/* cost: what moving the cell costs once, however far; 0 = nothing, CIRCUIT_NEVER = it stays. */
void transfer_set(struct transfer *t, uint32_t cell, int64_t value, int64_t cost);

/* The cheapest change found that moves the cell by `by` and costs less than `below`. *out is the
 * caller's to release; out->possible = false: none was found (there may be one all the same). */
int transfer_solve(struct transfer *t, uint32_t cell, int64_t by, int64_t below,
                   const struct effort *effort, struct move *out, int64_t *cost, struct err *err);

/* Of a joint system: as transfer_solve, by linear programmes over the cells of an entity's
 * siblings. Of one release, or of units above entities: finds nothing. */
int transfer_programme(struct transfer *t, uint32_t cell, int64_t by, int64_t below,
                       struct move *out, int64_t *cost, struct err *err);
/* Of a joint system: sets who came, went and stayed in this table of it as all moves leave it. */
void transfer_complete(const struct transfer *t, int64_t *values);

#endif

/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * secondary: which cells to hide with the unsafe ones.
 *
 *     secondary_open(&s, cells, counts, rules, hidden, err)    hidden: unsafe cells are set
 *     secondary_protect(s, proof, err)                         for each cell that a proof leaves
 * open secondary_close(s)
 *
 * METHOD. For each sensitive cell that is not protected, the cheapest moves (sdc/deviations.h) that
 * take it as far up and down as the criterion asks; what they move is hidden. The cheaper of two
 * ways is taken: further up, or up as far as it must be seen and then down. Cells that are hidden
 * already move for next to nothing. A whole-number move shows all the cells that it moves at a new
 * value, so that many need no programme of their own.
 *
 * REGIONS. A cell of a unit without children is first tried within its parent's children, with all
 * other units as they are: small programmes. The whole system only where that does not do.
 *
 * The order is fixed (higher units first, then smaller counts, then the cell's number), so that the
 * pattern depends on nothing else. Secret side: works with true counts.
 */
#ifndef HERKOMST_SDC_SECONDARY_H
#define HERKOMST_SDC_SECONDARY_H

#include "base/err.h"
#include "io/disclosure.h"
#include "sdc/prove.h"
#include "tables/structure.h"

struct secondary;

/* All arrays are the caller's and must outlive it; hidden is kept up to date by the calls below. */
int secondary_open(struct secondary **s, const struct cells *cells, const int64_t *counts,
                   const struct disclosure *rules, uint8_t *hidden, struct err *err);
void secondary_close(struct secondary *s);

/* proof is of the view with the present `hidden`. Hides nothing where no moves help. */
int secondary_protect(struct secondary *s, const struct proof *proof, struct err *err);

/* When nothing else helps: hides every cell that may be hidden in the cell's unit and the units
 * below it (reach 0), in its parent and all below (1), and so on. Returns how many were hidden. */
size_t secondary_widen(struct secondary *s, uint32_t cell, int reach);

/* What hiding a cell with this count costs, in sixteenths (disclosure.cost). */
int64_t secondary_cost(const struct disclosure *rules, int64_t count);

#endif

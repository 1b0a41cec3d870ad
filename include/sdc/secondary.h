/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * secondary: which cells to hide with the unsafe ones.
 *
 *     secondary_open(&s, cells, counts, rules, hidden, err)    hidden: unsafe cells are set
 *     secondary_protect_all(s, threads, err)                   every hidden sensitive cell
 *     secondary_economise(s, unsafe, threads, err)             publishes what is not needed
 *     secondary_protect_bounded(s, err)                        what anybody sees to be open
 *     secondary_protect_open(s, proof, threads, err)           what a proof leaves open
 *     secondary_close(s)
 *
 * METHOD. For each sensitive cell that is not protected, the cheapest changes of the true table
 * that take it as far up and down as the criterion asks; what they move is hidden. The cheaper of
 * two ways is taken: further up, or up as far as it must be seen and then down. Cells that are
 * hidden already move for nothing. A change shows all the cells that it moves at a new value
 * (sdc/evidence.h), so that many need none of their own.
 *
 * Exchanges (sdc/transfer.h), which are cheap, are asked first, for a change of hidden cells alone;
 * then a linear programme (sdc/deviations.h) over the entities of the cell's domain, or, of many
 * large ones, over the cell's own and the roomiest; and where that is dear or impossible, when all
 * else is hidden, one over everything. Where many cells are open then, tables that show many of
 * them at once are looked for first, from the true one on.
 *
 * Of fine tables (sdc/fine_tables.h), exchanges alone, and what stands above is hidden first.
 *
 * The order is fixed (higher units first, or entities where zeros are unsafe, then by domain, unit,
 * smaller counts, the cell's number), the domains do not touch each other while they are done side
 * by side, and what needs everything is planned in batches of a fixed size, so that the pattern
 * depends on nothing else. Secret side: works with true counts.
 */
#ifndef HERKOMST_SDC_SECONDARY_H
#define HERKOMST_SDC_SECONDARY_H

#include "base/err.h"
#include "io/disclosure.h"
#include "sdc/prove.h"
#include "tables/structure.h"

struct secondary;

/* All arrays are the caller's and must outlive it; hidden is kept up to date by the calls below.
 * past: of sdc/cell_past.h; NULL = none. */
int secondary_open(struct secondary **s, const struct cells *cells, const int64_t *counts,
                   const struct disclosure *rules, const uint8_t *past, uint8_t *hidden,
                   struct err *err);
void secondary_close(struct secondary *s);

/* Simplex iterations spent so far; *all: as many as suppress_effort allows, or more, so that from
 * then on exchanges alone were asked, which hide more. Fine tables are allowed none. */
size_t secondary_iterations(const struct secondary *s, bool *all);

int secondary_protect_all(struct secondary *s, unsigned threads, struct err *err);

/* What single equations leave too little room (sdc/bounds.h), so that no proof is needed to see it:
 * one after the other, since what is hidden for one gives room to others. */
int secondary_protect_bounded(struct secondary *s, struct err *err);

/* proof is of the view with the present `hidden`. Hides nothing where no moves help. */
int secondary_protect_open(struct secondary *s, const struct proof *proof, unsigned threads,
                           struct err *err);

/* Dearest first, each cell that is hidden but not unsafe is tried: if what its publication leaves
 * open can be protected again for less than it costs, it is published. Until that changes nothing
 * any more. */
int secondary_economise(struct secondary *s, const uint8_t *unsafe, unsigned threads,
                        struct err *err);

/* After something else has changed `hidden`: takes over what is hidden now. */
void secondary_look_again(struct secondary *s);

/* When nothing else helps: hides every cell that may be hidden and that an equation ties to the
 * cell (reach 0), that one or two equations do (1), three (2); in its unit and the units below (3),
 * in its parent and all below (4), and so on. Returns how many were hidden. */
size_t secondary_widen(struct secondary *s, uint32_t cell, int reach);

/* Of fine tables (sdc/fine_tables.h): hides the cells of units above the entities whose children
 * are hidden in part, if they may be. */
void secondary_coarsen(struct secondary *s);

/* Units have few cells each, or other releases come before or after: what hides few cells is worth
 * more time then. */
bool secondary_has_few(const struct secondary *s);

/* What hiding a cell with this count costs, in sixteenths (disclosure.cost). */
int64_t secondary_cost(const struct disclosure *rules, int64_t count);

#endif

/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * weights: where a reader loses least. Hiding costs more or less by the level of the cell's unit
 * and for totals, as configured ([disclosure] weight_...). A total is a cell that stands in a
 * published table of its population with a variable of that table at total: origin beside origin by
 * sex.
 *
 * Only which cells are hidden with the unsafe ones depends on it, never whether they are protected.
 */
#ifndef HERKOMST_SDC_WEIGHTS_H
#define HERKOMST_SDC_WEIGHTS_H

#include "io/disclosure.h"
#include "tables/structure.h"

/* What hiding the cell costs if it would cost `cost` unweighted; rounded down. */
int64_t weights_apply(const struct suppression_weights *w, const struct cells *cells, size_t cell,
                      int64_t cost);

#endif

/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * bounds: of hidden counts, that follow from one equation after the other: of a total and its
 * members, each is what the others leave. A cell whose lower bound is at the threshold or above is
 * hidden needlessly and needs no other protection (a floor; the criterion, sdc/prove.h), and
 * anybody can check it by additions; a cell whose bounds are too near cannot be protected as it is.
 * True ranges may be narrower; linear programmes tell.
 */
#ifndef HERKOMST_SDC_BOUNDS_H
#define HERKOMST_SDC_BOUNDS_H

#include "base/err.h"
#include "sdc/prove.h"

#define BOUND_NONE (INT64_MAX / 4)

struct bounds { /* per cell of the view; of a published one its count */
    int64_t *low;
    int64_t *high; /* BOUND_NONE: there is none */
};

/* Reads the counts of published cells only. Release b whatever the result. */
int bounds_find(struct bounds *b, const struct view *view, struct err *err);
void bounds_release(struct bounds *b);

#endif

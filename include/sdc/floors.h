/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * floors: lower bounds of hidden counts that follow from one equation after the other: of a total
 * and its members, each is what the others leave. What such a bound puts at the threshold or above
 * is hidden needlessly and needs no other protection (the criterion, sdc/prove.h), and anybody can
 * check it by additions. A true bound may be higher; linear programmes tell.
 */
#ifndef HERKOMST_SDC_FLOORS_H
#define HERKOMST_SDC_FLOORS_H

#include "base/err.h"
#include "sdc/prove.h"

/* Fills floors[cells->count]: of a published cell its count, which is all that is read of counts.
 */
int floors_find(int64_t *floors, const struct view *view, struct err *err);

#endif

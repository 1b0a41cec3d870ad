/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * over_time_limits: what can be hidden at all. Private to sdc/over_time.h.
 *
 * A cell that two tables protect while some cells are hidden still is when more are (one that only
 * a floor protects may need two then; as good as everywhere, there are some). So what has no
 * protection although everything is hidden that may be never has any: it is published
 * (PAST_BOUNDED) if it is not unsafe, and what is left is looked at again. In the end there is the
 * greatest pattern that protects all releases together, of which all others are part; or an unsafe
 * cell, or one of an earlier release, that no pattern protects: then no release is possible.
 */
#ifndef HERKOMST_SDC_OVER_TIME_LIMITS_H
#define HERKOMST_SDC_OVER_TIME_LIMITS_H

#include "sdc/over_time.h"

/* What single equations show of this (sdc/bounds.h): quick, and most of it. */
int over_time_bound(struct over_time *o, struct err *err);

/* If what a proof leaves open stays so whatever is hidden: finds the greatest pattern. *more: it is
 * smaller than was known. ERR_REFUSED where there is none. */
int over_time_limits(struct over_time *o, const struct proof *open, unsigned threads, bool *more,
                     struct err *err);

#endif

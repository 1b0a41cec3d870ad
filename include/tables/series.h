/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * series: which unit of today goes on with a unit of an earlier release (SERIES in tables/past.h):
 * the one of the same level and code; else the first that lists it among its predecessors; else, it
 * ended without a successor, the one that goes on with its parent. The government goes on with the
 * government. A domain's series are its entities of today, whatever domain they were in then.
 */
#ifndef HERKOMST_TABLES_SERIES_H
#define HERKOMST_TABLES_SERIES_H

#include "tables/structure.h"

/* Fills unit[then->unit_count] with units of `now`. */
int series_units(uint32_t *unit, const struct structure *then, const struct structure *now,
                 struct err *err);

/* What each unit of `now` was: unit u was units unit[start[u] .. start[u + 1]) of `then`: delivered
 * ones that overlap nowhere and have between them exactly the people of u's series. Never of a
 * level above u's, else as few as possible. */
struct series_sources {
    uint32_t *start, *unit;
};
int series_sources_find(struct series_sources *s, const struct structure *then,
                        const struct structure *now, struct err *err);
void series_sources_release(struct series_sources *s);

#endif

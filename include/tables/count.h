/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * count: from microdata rows to the counts of all cells.
 *
 * `rows` is the frame of derived.zone (io/artefacts.h): an entity column (index of a unit without
 * children that was delivered), a column for each variable (index of a category without children)
 * and "population:ID" columns. Anything else in a cell is ERR_DATA; no message names a row's value.
 *
 * Every row is read once and adds to one counter of each table it belongs to. Threads have counters
 * of their own, which are added up at the end: the result does not depend on their number.
 */
#ifndef HERKOMST_TABLES_COUNT_H
#define HERKOMST_TABLES_COUNT_H

#include "base/err.h"
#include "io/frame.h"
#include "tables/structure.h"

#include <stdint.h>

/* Fills counts[cells->count]. */
int count_rows(const struct cells *cells, const struct frame *rows, unsigned threads,
               int64_t *counts, struct err *err);

/* The frame `cells` of counts.zone, checked against the structure's equations: *counts is malloc'd,
 * NULL on failure. */
int counts_from_frame(int64_t **counts, const struct cells *cells, const struct frame *f,
                      struct err *err);

#endif

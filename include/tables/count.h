/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * count: from microdata rows to the counts of all cells.
 *
 *     counter_open(&c, &structure, threads, memory, err)
 *     counter_add(c, &rows, err)                       piece after piece
 *     counter_finish(c, &cells, counts, err)
 *     counter_close(&c)                                always
 *
 * `rows` are pieces of the frame of derived.zone (io/artefacts.h): an entity column (index of a
 * unit without children that was delivered), a column for each variable (index of a category
 * without children) and "population:ID" columns. Anything else in a cell is ERR_DATA; no message
 * names a row's value.
 *
 * Every row is read once and adds to one counter of each table it belongs to. Threads have counters
 * of their own, as many as there is memory for, which are added up at the end: the result does not
 * depend on their number. Counters take 4 bytes each, and are fewer than cells.
 *
 * A variable may get the category unknown (structure.h) after rows came: their cells then hold its
 * place already.
 */
#ifndef HERKOMST_TABLES_COUNT_H
#define HERKOMST_TABLES_COUNT_H

#include "base/err.h"
#include "io/frame.h"
#include "tables/structure.h"

#include <stdint.h>

struct counter; /* opaque */

/* memory: bytes for the counters of all threads; one has them in any case. s must stay, and change
 * by no more than variable_add_unknown, until counter_finish. */
int counter_open(struct counter **c, const struct structure *s, unsigned threads, uint64_t memory,
                 struct err *err);
int counter_add(struct counter *c, const struct frame *rows, struct err *err);
/* Fills counts[cells->count]. cells: of the structure as it is now. */
int counter_finish(struct counter *c, const struct cells *cells, int64_t *counts, struct err *err);
void counter_close(struct counter **c);

/* The frame `cells` of counts.zone, checked against the structure's equations: *counts is malloc'd,
 * NULL on failure. */
int counts_from_frame(int64_t **counts, const struct cells *cells, const struct frame *f,
                      struct err *err);

#endif

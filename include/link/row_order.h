/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * row_order: puts the rows of a frame in an order that only their content decides: by person, then
 * by every column in turn, numbers by value and words by byte order (dictionaries are sorted
 * first). Rows that equal another one in everything are dropped and counted.
 */
#ifndef HERKOMST_LINK_ROW_ORDER_H
#define HERKOMST_LINK_ROW_ORDER_H

#include "io/frame.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* person: the U32 column with ids 0..person_count, or NULL if rows name nobody.
 * keep_unlinked: rows of person 0 may be several people, and all stay. */
int rows_order(struct frame *f, const struct column *person, size_t person_count,
               bool keep_unlinked, uint64_t *duplicates, struct err *err);

#endif

/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * row_order: puts the rows of a frame in an order that only their content decides: by person, then
 * by every column in turn, numbers by value and words by their codes (so dictionaries are to be
 * sorted first). Rows that equal another one in everything are dropped and counted.
 */
#ifndef HERKOMST_LINK_ROW_ORDER_H
#define HERKOMST_LINK_ROW_ORDER_H

#include "base/room.h"
#include "io/frame.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct row_order {
    const struct column
        *person; /* the U32 column with ids 0..person_count; NULL: rows name nobody */
    size_t person_count;
    bool keep_unlinked; /* rows of person 0 may be several people, and all stay */
    unsigned threads;
    struct room *room; /* for the work */
};

int rows_order(struct frame *f, const struct row_order *how, uint64_t *duplicates, struct err *err);

#endif

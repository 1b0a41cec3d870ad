/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * row_batch: many rows at a time, a column of all of them after the other; the part of row_reader
 * that is fast. Only values that nothing has to be asked about are taken: dates as the format has
 * them, words that were stored before, valid numbers of eleven digits. A row with any other value
 * is `odd`: row_parse, which knows all of them, looks at it. What both take is the same
 * (test_intake_parts).
 */
#ifndef HERKOMST_LINK_ROW_BATCH_H
#define HERKOMST_LINK_ROW_BATCH_H

#include "link/row_parse.h"

struct row_batch {
    /* By plan, those whose column the file has: a date or fte (as its bits), a code or a packed
     * number; of rows that are not odd. */
    uint32_t cells[ROW_PLANS][CSV_ROWS];
    uint8_t odd[CSV_ROWS];
};

/* Nothing is stored. */
void row_batch_parse(struct row_batch *b, const struct row_reader *r, const struct csv_rows *rows);
/* Puts rows that are not odd behind the table's others, which have room for them already. */
void row_batch_store(const struct row_batch *b, const struct row_reader *r, size_t first,
                     size_t count, size_t row);

#endif

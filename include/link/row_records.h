/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * row_records: the cells of a frame's rows, each row's side by side: what row_order moves.
 *
 *     records_of(&r, frame, person)           which cells; the caller then sets r.bytes, of
 *                                             r.width bytes a row
 *
 *     records_scatter(&r, row, to, count)     rows row, row + 1, ... become records to[0], to[1],
 *                                             ...
 *
 *     records_id(&r, i), records_compare(&r, i, k)
 *
 *     records_gather(&r, row, from, count)    records from[0], from[1], ... become rows row, ...
 *
 * Columns whose cells are all the same, as those that a file does not have, are no part of a
 * record: they stay as they are.
 */
#ifndef HERKOMST_LINK_ROW_RECORDS_H
#define HERKOMST_LINK_ROW_RECORDS_H

#include "io/frame.h"

#include <string.h>

enum { RECORDS_BATCH = 256 }; /* at most, for records_scatter: few enough for the cache */

struct row_records {
    uint8_t *bytes;
    size_t width;
    size_t cell_count;
    struct record_cell {
        struct column *column;
        size_t offset, width;
        uint64_t flip; /* of the bits of a signed one, so that cells compare as unsigned numbers */
    } cells[FRAME_COLUMNS]; /* the person's first, if any; the others in the frame's order */
    bool has_person;
};

void records_of(struct row_records *r, const struct frame *f, const struct column *person);
void records_scatter(const struct row_records *r, size_t row, const uint32_t *to, size_t count);
void records_gather(const struct row_records *r, size_t row, const uint32_t *from, size_t count);

/* Only with a person. */
static inline uint32_t records_id(const struct row_records *r, size_t record)
{
    uint32_t id;
    memcpy(&id, r->bytes + record * r->width, sizeof id);
    return id;
}

/* By every column but the person's, as person_rows_compare does. */
int records_compare(const struct row_records *r, size_t a, size_t b);

#endif

/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * record_frame: frames all of whose cells are of 4 bytes, and their rows as records: a word a
 * column, in the frame's order. What goes to and comes from a temporary file.
 */
#ifndef HERKOMST_LINK_RECORD_FRAME_H
#define HERKOMST_LINK_RECORD_FRAME_H

#include "io/frame.h"
#include "secure/record_lists.h"

/* An empty frame of this name with the columns of `like`, dictionary columns without their words.
 */
int record_frame_open(struct frame *f, const struct frame *like, struct err *err);

/* Rows [row, row + count), which are there, of such a frame from records. */
void record_frame_put(struct frame *f, size_t row, const uint32_t *records, size_t count);
/* A row of any frame without COLUMN_U64 and COLUMN_BYTES16: of its first `columns` columns. */
void record_frame_get(const struct frame *f, size_t columns, size_t row, uint32_t *record);

/* Writes a frame with the columns and words of `head` and so many rows: those of all lists in their
 * order, which are dropped. adjust: NULL, or what is done to records first. */
int record_lists_write(struct record_lists *l, const struct frame *head, size_t rows,
                       void (*adjust)(void *context, uint32_t *records, size_t count),
                       void *adjusting, const struct sink *to, struct err *err);

#endif

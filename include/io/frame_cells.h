/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * frame_cells: cells of a column as integers, and integers as little-endian bytes of a width; what
 * pipeline/io/frame_stream.c makes a frame's form of.
 */
#ifndef HERKOMST_IO_FRAME_CELLS_H
#define HERKOMST_IO_FRAME_CELLS_H

#include "io/frame.h"

enum { FRAME_CELLS_STEP = 4096 };

/* width: 1, 2, 4 or 8 bytes. */
void integers_put(uint8_t *out, const uint64_t *values, size_t n, size_t width);
void integers_get(uint64_t *values, const uint8_t *in, size_t n, size_t width);

/* The cells [row, row + n) of a column, not of COLUMN_BYTES16, as unsigned integers (a date's bits
 * for COLUMN_I32). */
void cells_load(uint64_t *values, const struct column *c, size_t row, size_t n);
void cells_store(struct column *c, size_t row, const uint64_t *values, size_t n);
uint64_t cells_greatest(const struct column *c, size_t row, size_t n);

/* An integer of width bytes on a stream. */
int integer_write(const struct sink *to, uint64_t value, size_t width, struct err *err);
int integer_read(const struct source *from, uint64_t *value, size_t width, struct err *err);

/* The cells [row, row + n) of a column on a stream, in the fewest bytes that frame_block.c knows.
 * A reader refuses (ERR_DATA) values that the column's type does not hold, and codes without a
 * word. */
int cells_write(const struct column *c, size_t row, size_t n, const struct sink *to,
                struct err *err);
int cells_read(struct column *c, size_t row, size_t n, const struct source *from, struct err *err);

#endif

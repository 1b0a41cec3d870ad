/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * frame_cells: cells of a column as integers of a stream, and back; what pipeline/io/frame_block.c
 * writes blocks with. Each loop is there once for every width of a cell and of an integer on the
 * stream, made by the compiler: a country's files have hundreds of millions of cells.
 *
 * Integers are little-endian. Those of a date are counted from INT32_MIN, so that DATE_NONE is 0.
 */
#ifndef HERKOMST_IO_FRAME_CELLS_H
#define HERKOMST_IO_FRAME_CELLS_H

#include "io/frame.h"

enum { FRAME_CELLS_STEP = 4096 };

/* How integers stand for cells. */
enum cells_kind {
    CELLS_PLAIN = 0,   /* they are the cells */
    CELLS_FROM = 0x20, /* 0 for a cell that is 0, and cell - base + 1 for any other one */
    CELLS_STEPS = 0x40 /* what each cell is more than the one before */
};
struct cells_form {
    enum cells_kind kind;
    size_t width; /* bytes of an integer: 1, 2, 4 or 8 */
    uint64_t base;
};

/* What a form is chosen by. */
struct cells_extent {
    uint64_t first, least, greatest; /* least: but 0 */
    bool rises;                      /* never falls */
    uint64_t step;                   /* the greatest, if so */
};
struct cells_extent cells_extent(const struct column *c, size_t row, size_t n);
/* All the same. */
bool cells_uniform(const struct column *c, size_t row, size_t n);

/* Cells [row, row + n) of a column, not of COLUMN_BYTES16, to f->width bytes each, and back; plain
 * integers are as wide as cells or narrower, others narrower.
 * *before: for CELLS_STEPS, the cell before the first, and afterwards the last. */
void cells_encode(uint8_t *out, const struct cells_form *f, const struct column *c, size_t row,
                  size_t n, uint64_t *before);
/* False: a value that a cell cannot hold. *greatest becomes that of the cells, if it was less. */
bool cells_decode(struct column *c, size_t row, size_t n, const struct cells_form *f,
                  const uint8_t *in, uint64_t *before, uint64_t *greatest);
uint64_t cells_greatest(const struct column *c, size_t row, size_t n);
/* Sets them all. */
void cells_fill(struct column *c, size_t row, size_t n, uint64_t value);

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

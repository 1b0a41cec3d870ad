/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/io/frame_pieces.h. */
#include "io/frame_pieces.h"

/* The rows from `first` on that make a piece. */
static int write_piece(const struct frame *f, size_t first, const struct sink *to, struct err *err)
{
    struct frame piece = *f;
    struct column columns[FRAME_COLUMNS]; /* the same ones, seen from that row */
    for (size_t i = 0; i < f->column_count; i++) {
        columns[i] = *f->columns[i];
        columns[i].cells = (char *)columns[i].cells + first * column_width(columns[i].type);
        piece.columns[i] = &columns[i];
    }
    piece.rows = FRAME_BLOCK_ROWS;
    return frame_write(&piece, to, err);
}

int frame_pieces_write(struct frame *f, bool last, const struct sink *to, struct err *err)
{
    size_t written = 0;
    for (; f->rows - written >= FRAME_BLOCK_ROWS; written += FRAME_BLOCK_ROWS)
        if (write_piece(f, written, to, err) != 0)
            return -1;
    if (written > 0)
        frame_drop(f, written);
    return last ? frame_write(f, to, err) : 0;
}

int frame_pieces_read(struct frame *f, const char *name, const struct source *from, struct err *err)
{
    size_t left = 0;
    if (frame_open_named(f, name, false, &left, from, err) != 0)
        return -1;
    if (left > FRAME_BLOCK_ROWS)
        return err_set(err, ERR_DATA, "frame %s: too many rows for a piece", f->name);
    return left > 0 ? frame_read_block(f, &left, from, err) : 0;
}

int frame_pieces_each(const char *name, const struct source *from,
                      int (*take)(void *context, const struct frame *piece, struct err *err),
                      void *context, struct err *err)
{
    int rc = 0;
    for (bool more = true; rc == 0 && more;) {
        struct frame f;
        rc = frame_pieces_read(&f, name, from, err);
        if (rc == 0)
            rc = take(context, &f, err);
        more = f.rows == FRAME_BLOCK_ROWS;
        frame_release(&f);
    }
    return rc;
}

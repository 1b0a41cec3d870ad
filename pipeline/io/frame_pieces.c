/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/io/frame_pieces.h. */
#include "io/frame_pieces.h"

int frame_pieces_write(struct frame *f, bool last, const struct sink *to, struct err *err)
{
    while (f->rows >= FRAME_BLOCK_ROWS) {
        struct frame piece = *f; /* the same columns, of which the first rows are written */
        piece.rows = FRAME_BLOCK_ROWS;
        if (frame_write(&piece, to, err) != 0)
            return -1;
        frame_drop(f, FRAME_BLOCK_ROWS);
    }
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

/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * frame_pieces: a frame of many rows as a sequence of frames of one name and with the same columns,
 * for who does not know how many rows there will be when the first of them are written. Each has
 * FRAME_BLOCK_ROWS rows but the last one, which has fewer, mostly some and perhaps none.
 *
 *     frame_pieces_write(&f, false, &sink, err)     rows came: writes whole pieces, and drops them
 *     frame_pieces_write(&f, true, &sink, err)      no more come: the last piece too
 *
 *     frame_pieces_each("rows", &source, take, &context, err)     take is called with each piece
 */
#ifndef HERKOMST_IO_FRAME_PIECES_H
#define HERKOMST_IO_FRAME_PIECES_H

#include "io/frame.h"

int frame_pieces_write(struct frame *f, bool last, const struct sink *to, struct err *err);
/* f must be released or never used, and is the caller's to release, also after an error. More rows
 * than a piece has, or another name: ERR_DATA. */
int frame_pieces_read(struct frame *f, const char *name, const struct source *from,
                      struct err *err);
/* All pieces in turn, of which take keeps none; it returns -1 after filling err. */
int frame_pieces_each(const char *name, const struct source *from,
                      int (*take)(void *context, const struct frame *piece, struct err *err),
                      void *context, struct err *err);

#endif

/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * frame_ahead: the blocks of a frame's rows, which a thread of its own reads while the caller works
 * on those before.
 *
 *     frame_open_named(&f, name, narrow, &left, &source, err)
 *     frame_ahead_open(&a, &f, left, &source, err)
 *     while (a.left > 0) frame_ahead_read(&a, &f, err)      appends a block's rows, as
 *                                                           frame_read_block
 *     frame_ahead_close(&a)                                 always; what was read ahead is wiped
 *
 * From opening to closing nobody else may read the source, and the words of f stay as they are: the
 * thread looks at them. What it holds are RELAY_SLOTS blocks of rows. A frame of one block is read
 * without a thread, and so is one for which none can be started.
 */
#ifndef HERKOMST_IO_FRAME_AHEAD_H
#define HERKOMST_IO_FRAME_AHEAD_H

#include "base/relay.h"
#include "io/frame.h"

struct frame_ahead {
    size_t left; /* rows that were not handed over yet */
    struct source from;
    /* The thread's, until it has ended. */
    struct frame slots[RELAY_SLOTS];
    size_t unread;
    struct err err;
    bool failed;
    struct relay relay;
    pthread_t thread;
    bool threaded;
};

/* a may be closed also after an error. */
int frame_ahead_open(struct frame_ahead *a, const struct frame *f, size_t left,
                     const struct source *from, struct err *err);
int frame_ahead_read(struct frame_ahead *a, struct frame *f, struct err *err);
/* Also of one that is all zeros. */
void frame_ahead_close(struct frame_ahead *a);

#endif

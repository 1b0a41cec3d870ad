/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * record_lists: lists of records of one width in a spill file: partitions of what does not fit in
 * memory.
 *
 *     record_lists_open(&l, spill, count, width, bytes, err)
 *     record_writer_open(&w, &l, err)                           each thread has its own
 *     memcpy(record_slot(&w, list, err), ..., width), ...       NULL: an error
 *     record_writer_close(&w, err)                              always; err NULL after an error
 *     record_block_read(&l, list, block, room, &count, err)     of l.lists[list].block_count
 *     record_lists_release(&l)                                  always; their room is free again
 *
 * Of what one writer puts into a list the order is kept; blocks of several writers come as they
 * are full. Of a word whose upper bytes are the same in all records of a block only the others are
 * written. Memory: of each list that a writer has put something into, `bytes`; and 16 bytes a
 * block.
 */
#ifndef HERKOMST_SECURE_RECORD_LISTS_H
#define HERKOMST_SECURE_RECORD_LISTS_H

#include "secure/spill.h"

#include <pthread.h>

enum { RECORD_WIDTH = 320 };

struct record_block {
    struct spill_block at;
    size_t records;
};

struct record_list {
    struct record_block *blocks;
    size_t block_count, capacity;
    size_t records;
};

struct record_lists {
    struct spill *spill;
    size_t count;
    size_t width;         /* bytes of a record, a multiple of 4, up to RECORD_WIDTH */
    size_t block_records; /* at most, in a block */
    struct record_list *lists;
    pthread_mutex_t lock;
};

struct record_writer {
    struct record_lists *to;
    uint8_t **rooms; /* of each list; NULL: nothing yet */
    size_t *filled;  /* records */
};

/* bytes: of a block, at least a record's. */
int record_lists_open(struct record_lists *l, struct spill *spill, size_t count, size_t width,
                      size_t bytes, struct err *err);
void record_lists_release(struct record_lists *l); /* zeroed ones too */

int record_writer_open(struct record_writer *w, struct record_lists *to, struct err *err);
int record_writer_flush(struct record_writer *w, size_t list, struct err *err);
/* Writes what is left, unless err is NULL; wipes. */
int record_writer_close(struct record_writer *w, struct err *err);
/* The same of several, of which some may never have been opened. */
int record_writers_close(struct record_writer *writers, size_t count, struct err *err);

/* Where the list's next record goes, which counts as written. */
static inline void *record_slot(struct record_writer *w, size_t list, struct err *err)
{
    if ((!w->rooms[list] || w->filled[list] == w->to->block_records) &&
        record_writer_flush(w, list, err) != 0)
        return NULL;
    return w->rooms[list] + w->filled[list]++ * w->to->width;
}

/* Into room for block_records records. */
int record_block_read(struct record_lists *l, size_t list, size_t block, void *room, size_t *count,
                      struct err *err);
/* The block is not needed any more. */
void record_block_drop(struct record_lists *l, size_t list, size_t block);

#endif

/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/secure/record_lists.h. */
#include "secure/record_lists.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

int record_lists_open(struct record_lists *l, struct spill *spill, size_t count, size_t width,
                      size_t bytes, struct err *err)
{
    memset(l, 0, sizeof *l);
    (void)pthread_mutex_init(&l->lock, NULL);
    l->spill = spill;
    l->width = width;
    l->block_records = bytes / width > 0 ? bytes / width : 1;
    l->lists = calloc(count, sizeof *l->lists);
    l->count = l->lists ? count : 0;
    return l->lists ? 0 : err_memory(err);
}

void record_lists_release(struct record_lists *l)
{
    for (size_t i = 0; i < l->count; i++) {
        for (size_t b = 0; b < l->lists[i].block_count; b++)
            record_block_drop(l, i, b);
        free(l->lists[i].blocks);
    }
    free(l->lists);
    if (l->width)
        (void)pthread_mutex_destroy(&l->lock);
    memset(l, 0, sizeof *l);
}

int record_writer_open(struct record_writer *w, struct record_lists *to, struct err *err)
{
    w->to = to;
    w->rooms = calloc(to->count, sizeof *w->rooms);
    w->filled = calloc(to->count, sizeof *w->filled);
    return w->rooms && w->filled ? 0 : err_memory(err);
}

static int note_block(struct record_lists *l, size_t list, const struct spill_block *block,
                      size_t records)
{
    struct record_list *to = &l->lists[list];
    int rc = 0;
    (void)pthread_mutex_lock(&l->lock);
    if (to->block_count == to->capacity) {
        size_t capacity = to->capacity ? 2 * to->capacity : 8;
        struct spill_block *blocks = reallocarray(to->blocks, capacity, sizeof *blocks);
        if (blocks) {
            to->blocks = blocks;
            to->capacity = capacity;
        }
        rc = blocks ? 0 : -1;
    }
    if (rc == 0) {
        to->blocks[to->block_count++] = *block;
        to->records += records;
    }
    (void)pthread_mutex_unlock(&l->lock);
    return rc;
}

int record_writer_flush(struct record_writer *w, size_t list, struct err *err)
{
    struct record_lists *l = w->to;
    struct spill_block block;
    if (!w->rooms[list] && !(w->rooms[list] = malloc(l->block_records * l->width)))
        return err_memory(err);
    size_t records = w->filled[list];
    w->filled[list] = 0;
    if (records == 0)
        return 0;
    if (spill_write(l->spill, w->rooms[list], records * l->width, &block, err) != 0)
        return -1;
    return note_block(l, list, &block, records) == 0 ? 0 : err_memory(err);
}

int record_writer_close(struct record_writer *w, struct err *err)
{
    int rc = 0;
    for (size_t i = 0; w->rooms && w->filled && i < w->to->count; i++) {
        if (err && rc == 0 && w->filled[i] > 0)
            rc = record_writer_flush(w, i, err);
        if (w->rooms[i])
            sodium_memzero(w->rooms[i], w->filled[i] * w->to->width);
        free(w->rooms[i]);
    }
    free((void *)w->rooms);
    free(w->filled);
    memset(w, 0, sizeof *w);
    return rc;
}

int record_block_read(struct record_lists *l, size_t list, size_t block, void *room, size_t *count,
                      struct err *err)
{
    const struct spill_block *b = &l->lists[list].blocks[block];
    *count = b->length / l->width;
    return spill_read(l->spill, b, room, err);
}

void record_block_drop(struct record_lists *l, size_t list, size_t block)
{
    struct spill_block *b = &l->lists[list].blocks[block];
    if (b->length > 0)
        spill_drop(l->spill, b);
    b->length = 0;
}

/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/io/frame_ahead.h. */
#include "io/frame_ahead.h"

#include <sodium.h>
#include <string.h>

/* A frame of the same columns, with room for a block; the words are f's. */
static int slot_open(struct frame *slot, const struct frame *f, struct err *err)
{
    frame_init(slot, f->name);
    for (size_t i = 0; i < f->column_count; i++) {
        struct column *own = frame_add(slot, f->columns[i]->name, f->columns[i]->type, err);
        if (!own)
            return -1;
        own->coded = f->columns[i]->coded;
        own->dictionary = f->columns[i]->dictionary;
    }
    return frame_reserve(slot, FRAME_BLOCK_ROWS, err);
}

static void slot_close(struct frame *slot)
{
    for (size_t i = 0; i < slot->column_count; i++) {
        struct column *c = slot->columns[i];
        sodium_memzero(c->cells, slot->capacity * column_width(c->type));
        dictionary_init(&c->dictionary);
    }
    frame_release(slot);
}

/* A block that cannot be read is given without rows. */
static void *read_blocks(void *context)
{
    struct frame_ahead *a = context;
    unsigned slot;
    while (a->unread > 0 && !a->failed && relay_room(&a->relay, &slot)) {
        struct frame *f = &a->slots[slot];
        f->rows = 0;
        a->failed = frame_read_block(f, &a->unread, &a->from, &a->err) != 0;
        if (a->failed)
            f->rows = 0;
        relay_give(&a->relay);
    }
    relay_end(&a->relay);
    return NULL;
}

int frame_ahead_open(struct frame_ahead *a, const struct frame *f, size_t left,
                     const struct source *from, struct err *err)
{
    memset(a, 0, sizeof *a);
    a->left = a->unread = left;
    a->from = *from;
    if (left <= FRAME_BLOCK_ROWS)
        return 0;
    for (size_t i = 0; i < RELAY_SLOTS; i++)
        if (slot_open(&a->slots[i], f, err) != 0)
            return -1;
    relay_init(&a->relay);
    a->threaded = pthread_create(&a->thread, NULL, read_blocks, a) == 0;
    if (!a->threaded)
        relay_destroy(&a->relay);
    return 0;
}

static int append(struct frame *f, const struct frame *block, struct err *err)
{
    size_t first = f->rows, rows = first + block->rows;
    if (rows > f->capacity) {
        size_t twice = 2 * f->capacity;
        if (frame_reserve(f, rows > twice ? rows : twice, err) != 0)
            return -1;
    }
    for (size_t i = 0; i < f->column_count; i++) {
        size_t width = column_width(f->columns[i]->type);
        memcpy((char *)f->columns[i]->cells + first * width, block->columns[i]->cells,
               block->rows * width);
    }
    f->rows = rows;
    return 0;
}

int frame_ahead_read(struct frame_ahead *a, struct frame *f, struct err *err)
{
    unsigned slot;
    if (!a->threaded)
        return frame_read_block(f, &a->left, &a->from, err);
    (void)relay_next(&a->relay, &slot); /* something is given as long as rows are left */
    const struct frame *block = &a->slots[slot];
    if (block->rows == 0) {
        if (err)
            *err = a->err;
        return -1;
    }
    int rc = append(f, block, err);
    a->left -= block->rows;
    relay_taken(&a->relay);
    return rc;
}

void frame_ahead_close(struct frame_ahead *a)
{
    if (a->threaded) {
        relay_stop(&a->relay);
        (void)pthread_join(a->thread, NULL);
        relay_destroy(&a->relay);
    }
    for (size_t i = 0; i < RELAY_SLOTS; i++)
        slot_close(&a->slots[i]);
    memset(a, 0, sizeof *a);
}

/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/link/record_frame.h. */
#include "link/record_frame.h"

#include <stdlib.h>
#include <string.h>

int record_frame_open(struct frame *f, const struct frame *like, struct err *err)
{
    frame_init(f, like->name);
    for (size_t i = 0; i < like->column_count; i++) {
        const struct column *c = like->columns[i];
        struct column *own =
            frame_add(f, c->name, c->type == COLUMN_I32 ? COLUMN_I32 : COLUMN_U32, err);
        if (!own)
            return -1;
        own->coded = c->coded;
    }
    return 0;
}

void record_frame_put(struct frame *f, size_t row, const uint32_t *records, size_t count)
{
    size_t words = f->column_count;
    for (size_t c = 0; c < words; c++) {
        uint32_t *cells = (uint32_t *)f->columns[c]->cells + row;
        for (size_t i = 0; i < count; i++)
            cells[i] = records[i * words + c];
    }
}

void record_frame_get(const struct frame *f, size_t columns, size_t row, uint32_t *record)
{
    for (size_t i = 0; i < columns; i++) {
        const struct column *c = f->columns[i];
        record[i] =
            c->type == COLUMN_I32 ? (uint32_t)column_i32(c, row) : (uint32_t)column_get(c, row);
    }
}

/* Rows as they come, and a block written when it is full. */
static int write_records(struct frame *block, const uint32_t *records, size_t count,
                         const struct sink *to, struct err *err)
{
    while (count > 0) {
        size_t room = FRAME_BLOCK_ROWS - block->rows, part = count < room ? count : room;
        size_t row = block->rows;
        block->rows += part;
        record_frame_put(block, row, records, part);
        records += part * block->column_count;
        count -= part;
        if (block->rows == FRAME_BLOCK_ROWS) {
            if (frame_write_rows(block, to, err) != 0)
                return -1;
            block->rows = 0;
        }
    }
    return 0;
}

int record_lists_write(struct record_lists *l, const struct frame *head, size_t rows,
                       void (*adjust)(void *context, uint32_t *records, size_t count),
                       void *adjusting, const struct sink *to, struct err *err)
{
    struct frame block;
    uint32_t *room = malloc(l->block_records * l->width);
    int rc = record_frame_open(&block, head, err);
    if (rc == 0)
        rc = room ? frame_write_head(head, rows, to, err) : err_memory(err);
    if (rc == 0)
        rc = frame_reserve(&block, FRAME_BLOCK_ROWS, err);
    for (size_t list = 0; rc == 0 && list < l->count; list++)
        for (size_t b = 0; rc == 0 && b < l->lists[list].block_count; b++) {
            size_t count;
            rc = record_block_read(l, list, b, room, &count, err);
            if (rc == 0 && adjust)
                adjust(adjusting, room, count);
            if (rc == 0)
                rc = write_records(&block, room, count, to, err);
            record_block_drop(l, list, b);
        }
    if (rc == 0 && block.rows > 0)
        rc = frame_write_rows(&block, to, err);
    frame_release(&block);
    free(room);
    return rc;
}

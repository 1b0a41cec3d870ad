/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/link/record_frame.h. */
#include "link/record_frame.h"

#include <stdio.h>
#include <string.h>

int record_frame_open(struct frame *f, const struct frame *like, size_t more, struct err *err)
{
    char name[FRAME_NAME];
    frame_init(f, like->name);
    for (size_t i = 0; i < like->column_count; i++) {
        const struct column *c = like->columns[i];
        struct column *own =
            frame_add(f, c->name, c->type == COLUMN_I32 ? COLUMN_I32 : COLUMN_U32, err);
        if (!own)
            return -1;
        own->coded = c->coded;
    }
    for (size_t i = 0; i < more; i++) {
        (void)snprintf(name, sizeof name, "number%zu", i + 1);
        if (!frame_add(f, name, COLUMN_U32, err))
            return -1;
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
    for (size_t c = 0; c < columns; c++)
        record[c] = ((const uint32_t *)f->columns[c]->cells)[row];
}

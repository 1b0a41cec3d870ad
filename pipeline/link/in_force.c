/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/link/in_force.h. */
#include "link/in_force.h"

#include "link/person_rows.h"

#include <sodium.h>
#include <stdlib.h>

static void mark(uint8_t *keep, const date *start, const date *end, size_t rows, date day)
{
    for (size_t i = 0; i < rows; i++)
        keep[i] |= period_holds(start[i], end[i], day);
}

int in_force_keep(struct frame *f, size_t first, const struct people *p, uint8_t *seen,
                  struct err *err)
{
    const struct column *entity = person_rows_words(f, "entity", err);
    const struct column *start = entity ? frame_need(f, "start_date", COLUMN_I32, err) : NULL;
    const struct column *end = start ? frame_need(f, "end_date", COLUMN_I32, err) : NULL;
    size_t rows = f->rows - first;
    if (!end)
        return -1;
    uint8_t *keep = calloc(rows + 1, 1);
    if (!keep)
        return err_memory(err);
    for (size_t i = 0; i < rows; i++)
        seen[column_get(entity, first + i)] = 1;
    for (size_t day = 0; day <= p->since_count; day++)
        mark(keep, (const date *)start->cells + first, (const date *)end->cells + first, rows,
             people_day(p, day));
    frame_keep(f, first, keep, 1);
    free(keep);
    for (size_t i = 0; i < f->column_count; i++) {
        size_t width = column_width(f->columns[i]->type);
        sodium_memzero((char *)f->columns[i]->cells + f->rows * width,
                       (first + rows - f->rows) * width);
    }
    return 0;
}

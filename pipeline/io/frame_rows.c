/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/io/frame.h: some of a frame's rows, and in another order. */
#include "io/frame.h"

#include "base/parallel.h"

#include <stdlib.h>
#include <string.h>

/* A constant width lets the compiler turn each memcpy into one load and one store. */
#define GATHER(width)                 \
    for (size_t i = 0; i < rows; i++) \
    memcpy(to + i * (width), from + (size_t)order[i] * (width), width)

static void gather(char *to, const char *from, size_t width, const uint32_t *order, size_t rows)
{
    switch (width) {
    case 1:
        GATHER(1);
        break;
    case 2:
        GATHER(2);
        break;
    case 4:
        GATHER(4);
        break;
    case 8:
        GATHER(8);
        break;
    default:
        GATHER(16);
        break;
    }
}

/* All cells the same, as in a column that the file does not have. */
static bool is_uniform(const char *cells, size_t width, size_t rows)
{
    return rows < 2 || memcmp(cells, cells + width, (rows - 1) * width) == 0;
}

/* The columns of this width. What a column had is where the next one goes. */
static int select_width(struct frame *f, size_t width, const uint32_t *order, size_t count,
                        struct err *err)
{
    size_t bytes = (count ? count : 1) * width;
    char *scratch = NULL;
    for (size_t i = 0; i < f->column_count; i++) {
        struct column *c = f->columns[i];
        if (c->later || column_width(c->type) != width || is_uniform(c->cells, width, f->rows))
            continue;
        if (!scratch)
            scratch = malloc(bytes);
        if (!scratch)
            return err_memory(err);
        gather(scratch, c->cells, width, order, count);
        char *old = c->cells;
        c->cells = scratch;
        scratch = old;
    }
    free(scratch);
    return 0;
}

int frame_select(struct frame *f, const uint32_t *order, size_t count, struct err *err)
{
    static const size_t widths[] = {1, 2, 4, 8, 16};
    for (size_t i = 0; i < sizeof widths / sizeof *widths; i++)
        if (select_width(f, widths[i], order, count, err) != 0)
            return -1;
    f->rows = f->capacity = count;
    return 0;
}

enum { STEP = 256 };

/* Which of the next rows are kept: which ones nobody can foretell, a processor neither. */
static size_t list_kept(uint8_t kept[static STEP], const uint8_t *keep, size_t rows)
{
    size_t count = 0;
    for (size_t row = 0; row < rows; row++) {
        kept[count] = (uint8_t)row;
        count += keep[row];
    }
    return count;
}

/* As gather, in place. */
#define SQUEEZE(type)                  \
    for (size_t i = 0; i < count; i++) \
        ((type *)cells)[kept + i] = ((type *)cells)[row + list[i]];

size_t cells_keep(void *cells, size_t width, const uint8_t *keep, size_t rows)
{
    struct sixteen {
        uint64_t halves[2];
    };
    size_t kept = 0;
    for (size_t row = 0; row < rows; row += STEP) {
        uint8_t list[STEP];
        size_t count = list_kept(list, keep + row, rows - row < STEP ? rows - row : STEP);
        switch (width) {
        case 1:
            SQUEEZE(uint8_t)
            break;
        case 2:
            SQUEEZE(uint16_t)
            break;
        case 4:
            SQUEEZE(uint32_t)
            break;
        case 8:
            SQUEEZE(uint64_t)
            break;
        default:
            SQUEEZE(struct sixteen)
        }
        kept += count;
    }
    return kept;
}

struct keeping {
    struct frame *frame;
    size_t first;
    const uint8_t *keep;
};

static int keep_column(void *context, unsigned worker, size_t item, struct err *err)
{
    const struct keeping *k = context;
    struct column *c = k->frame->columns[item];
    size_t width = column_width(c->type);
    (void)worker;
    (void)err;
    if (!c->later)
        (void)cells_keep((char *)c->cells + k->first * width, width, k->keep,
                         k->frame->rows - k->first);
    return 0;
}

void frame_keep(struct frame *f, size_t first, const uint8_t *keep, unsigned threads)
{
    struct keeping k = {f, first, keep};
    size_t kept = 0;
    for (size_t row = 0; row < f->rows - first; row++)
        kept += keep[row];
    (void)parallel_items(threads, f->column_count, keep_column, &k, NULL);
    f->rows = first + kept;
}

void frame_drop(struct frame *f, size_t rows)
{
    for (size_t i = 0; i < f->column_count; i++) {
        size_t width = column_width(f->columns[i]->type);
        char *cells = f->columns[i]->cells;
        if (!f->columns[i]->later)
            memmove(cells, cells + rows * width, (f->rows - rows) * width);
    }
    f->rows -= rows;
}

void frame_trim(struct frame *f)
{
    size_t rows = f->rows ? f->rows : 1;
    for (size_t i = 0; i < f->column_count; i++) {
        struct column *c = f->columns[i];
        void *cells = c->later ? NULL : realloc(c->cells, rows * column_width(c->type));
        if (cells)
            c->cells = cells;
    }
    f->capacity = f->rows;
}

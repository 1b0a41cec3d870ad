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

/* As gather, in place: of the rows from `row` on those that are listed, to `kept` and on. */
#define SQUEEZE(type)                  \
    for (size_t i = 0; i < count; i++) \
        ((type *)cells)[kept + i] = ((type *)cells)[row + list[i]];

static void squeeze(void *cells, size_t width, size_t kept, size_t row,
                    const uint8_t list[static STEP], size_t count)
{
    struct sixteen {
        uint64_t halves[2];
    };
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
}

/* Some columns' cells. */
struct squeezed {
    size_t count;
    char *cells[FRAME_COLUMNS];
    size_t widths[FRAME_COLUMNS];
};

static size_t squeeze_all(const struct squeezed *s, const uint8_t *keep, size_t rows)
{
    size_t kept = 0;
    for (size_t row = 0; row < rows; row += STEP) {
        uint8_t list[STEP];
        size_t count = list_kept(list, keep + row, rows - row < STEP ? rows - row : STEP);
        for (size_t i = 0; i < s->count; i++)
            squeeze(s->cells[i], s->widths[i], kept, row, list, count);
        kept += count;
    }
    return kept;
}

size_t cells_keep(void *cells, size_t width, const uint8_t *keep, size_t rows)
{
    const struct squeezed s = {1, {cells}, {width}};
    return squeeze_all(&s, keep, rows);
}

struct keeping {
    struct frame *frame;
    size_t first, kept;
    const uint8_t *keep;
    unsigned shares; /* each has every so manieth column */
};

static int keep_share(void *context, unsigned worker, size_t share, struct err *err)
{
    struct keeping *k = context;
    struct squeezed s = {0};
    (void)worker;
    (void)err;
    for (size_t i = share; i < k->frame->column_count; i += k->shares) {
        const struct column *c = k->frame->columns[i];
        if (c->later || !c->cells)
            continue;
        s.widths[s.count] = column_width(c->type);
        s.cells[s.count] = (char *)c->cells + k->first * s.widths[s.count];
        s.count++;
    }
    size_t kept = squeeze_all(&s, k->keep, k->frame->rows - k->first);
    if (share == 0)
        k->kept = kept;
    return 0;
}

void frame_keep(struct frame *f, size_t first, const uint8_t *keep, unsigned threads)
{
    struct keeping k = {f, first, 0, keep, parallel_count(threads, FRAME_COLUMNS)};
    (void)parallel_items(threads, k.shares, keep_share, &k, NULL);
    f->rows = first + k.kept;
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

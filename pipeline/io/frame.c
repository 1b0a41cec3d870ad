/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/io/frame.h: the table in memory. Its form on a stream is frame_stream.c. */
#include "io/frame.h"

#include "base/parallel.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

size_t column_width(enum column_type type)
{
    switch (type) {
    case COLUMN_U8:
        return 1;
    case COLUMN_U16:
        return 2;
    case COLUMN_I32:
    case COLUMN_U32:
        return 4;
    case COLUMN_U64:
        return 8;
    case COLUMN_BYTES16:
        return 16;
    }
    return 0;
}

void frame_init(struct frame *f, const char *name)
{
    memset(f, 0, sizeof *f);
    (void)snprintf(f->name, sizeof f->name, "%s", name);
}

void frame_release(struct frame *f)
{
    for (size_t i = 0; i < f->column_count; i++) {
        dictionary_release(&f->columns[i]->dictionary);
        free(f->columns[i]->cells);
        free(f->columns[i]);
    }
    memset(f, 0, sizeof *f);
}

struct column *frame_add(struct frame *f, const char *name, enum column_type type, struct err *err)
{
    size_t width = column_width(type);
    if (width == 0 || strlen(name) >= FRAME_NAME || frame_find(f, name)) {
        (void)err_set(err, ERR_INTERNAL, "frame %s: a column's name or type is not valid", f->name);
        return NULL;
    }
    if (f->column_count == FRAME_COLUMNS) {
        (void)err_set(err, ERR_INTERNAL, "frame %s: more than %d columns", f->name, FRAME_COLUMNS);
        return NULL;
    }
    struct column *c = calloc(1, sizeof *c);
    void *cells = calloc(f->capacity ? f->capacity : 1, width);
    if (!c || !cells) {
        free(c);
        free(cells);
        (void)err_memory(err);
        return NULL;
    }
    (void)snprintf(c->name, sizeof c->name, "%s", name);
    c->type = type;
    c->cells = cells;
    f->columns[f->column_count++] = c;
    return c;
}

struct column *frame_add_later(struct frame *f, const char *name, enum column_type type,
                               struct err *err)
{
    struct column *c = frame_add(f, name, type, err);
    if (!c)
        return NULL;
    free(c->cells);
    c->cells = NULL;
    c->later = true;
    return c;
}

void frame_supply(struct frame *f, struct column *c, void *cells)
{
    free(c->cells);
    c->cells = cells;
    c->later = false;
    f->capacity = f->rows; /* the other columns may have more room, this one has not */
}

struct column *frame_add_coded(struct frame *f, const char *name, struct err *err)
{
    struct column *c = frame_add(f, name, COLUMN_U32, err);
    if (c)
        c->coded = true;
    return c;
}

struct column *frame_add_narrow(struct frame *f, const char *name, struct err *err)
{
    struct column *c = frame_add(f, name, COLUMN_U8, err);
    if (c)
        c->coded = true;
    return c;
}

/* Cells of another type with the same values. */
static int retype(struct frame *f, struct column *c, enum column_type type, struct err *err)
{
    struct column wide = {.type = type};
    size_t room = f->capacity ? f->capacity : 1;
    wide.cells = malloc(room * column_width(type));
    if (!wide.cells)
        return err_memory(err);
    for (size_t row = 0; row < f->rows; row++)
        column_set(&wide, row, column_get(c, row));
    free(c->cells);
    c->cells = wide.cells;
    c->type = type;
    return 0;
}

enum column_type column_least(uint32_t code)
{
    return code <= UINT8_MAX ? COLUMN_U8 : code <= UINT16_MAX ? COLUMN_U16 : COLUMN_U32;
}

int frame_hold(struct frame *f, struct column *c, uint32_t code, struct err *err)
{
    enum column_type least = column_least(code);
    return column_width(least) <= column_width(c->type) ? 0 : retype(f, c, least, err);
}

struct column *frame_find(const struct frame *f, const char *name)
{
    for (size_t i = 0; i < f->column_count; i++)
        if (strcmp(f->columns[i]->name, name) == 0)
            return f->columns[i];
    return NULL;
}

struct column *frame_need(const struct frame *f, const char *name, enum column_type type,
                          struct err *err)
{
    struct column *c = frame_find(f, name);
    if (!c)
        (void)err_set(err, ERR_DATA, "frame %s: no column %s", f->name, name);
    else if (c->type != type)
        (void)err_set(err, ERR_DATA, "frame %s: column %s has another type", f->name, name);
    else
        return c;
    return NULL;
}

int frame_reserve(struct frame *f, size_t rows, struct err *err)
{
    if (rows <= f->capacity)
        return 0;
    if (rows > FRAME_ROWS)
        return err_set(err, ERR_SYSTEM, "frame %s: more than %" PRIu32 " rows", f->name,
                       FRAME_ROWS);
    for (size_t i = 0; i < f->column_count; i++) {
        struct column *c = f->columns[i];
        size_t bytes;
        if (c->later)
            continue;
        if (__builtin_mul_overflow(rows, column_width(c->type), &bytes))
            return err_memory(err);
        void *cells = realloc(c->cells, bytes);
        if (!cells)
            return err_memory(err);
        c->cells = cells;
    }
    f->capacity = rows;
    return 0;
}

int frame_resize(struct frame *f, size_t rows, struct err *err)
{
    if (frame_reserve(f, rows, err) != 0)
        return -1;
    if (rows > f->rows)
        for (size_t i = 0; i < f->column_count; i++) {
            size_t width = column_width(f->columns[i]->type);
            if (!f->columns[i]->later)
                memset((char *)f->columns[i]->cells + f->rows * width, 0, (rows - f->rows) * width);
        }
    f->rows = rows;
    return 0;
}

size_t frame_extend(struct frame *f, size_t count, struct err *err)
{
    size_t row = f->rows, rows = row + count;
    if (rows > f->capacity) {
        size_t more = row < 16 ? 16 : row;
        size_t wanted = more > FRAME_ROWS - row ? FRAME_ROWS : row + more;
        if (frame_reserve(f, wanted > rows ? wanted : rows, err) != 0)
            return SIZE_MAX;
    }
    f->rows = rows;
    return row;
}

size_t frame_append(struct frame *f, struct err *err)
{
    size_t row = frame_extend(f, 1, err);
    for (size_t i = 0; row != SIZE_MAX && i < f->column_count; i++) {
        size_t width = column_width(f->columns[i]->type);
        if (!f->columns[i]->later)
            memset((char *)f->columns[i]->cells + row * width, 0, width);
    }
    return row;
}

#define ANY_ZERO(type)                      \
    for (size_t row = 0; row < rows; row++) \
    any |= ((const type *)c->cells)[row] == 0

bool cells_any_zero(const struct column *c, size_t rows)
{
    bool any = false;
    if (c->type == COLUMN_U8)
        ANY_ZERO(uint8_t);
    else if (c->type == COLUMN_U16)
        ANY_ZERO(uint16_t);
    else if (c->type == COLUMN_U32)
        ANY_ZERO(uint32_t);
    else
        ANY_ZERO(uint64_t);
    return any;
}

const char *column_word(const struct column *c, size_t row)
{
    return dictionary_word(&c->dictionary, (uint32_t)column_get(c, row));
}

int column_put_word(struct column *c, size_t row, const char *word, size_t length, struct err *err)
{
    uint32_t code = dictionary_intern(&c->dictionary, word, length);
    if (code == 0)
        return err_memory(err);
    column_set(c, row, code);
    return 0;
}

int frame_put_document(struct frame *f, const char *json, size_t length, struct err *err)
{
    struct column *column = frame_add_coded(f, "json", err);
    if (!column || frame_resize(f, 1, err) != 0)
        return -1;
    return column_put_word(column, 0, json, length, err);
}

const char *frame_document(const struct frame *f, struct err *err)
{
    const struct column *column = frame_need(f, "json", COLUMN_U32, err);
    if (!column)
        return NULL;
    const char *json = f->rows == 1 && column->coded ? column_word(column, 0) : NULL;
    if (!json)
        err_set(err, ERR_DATA, "frame %s: not one row", f->name);
    return json;
}

static void renumber_cells(struct column *c, size_t rows, const uint32_t *renumber)
{
    bool changed = false;
    for (uint32_t code = 0; code <= c->dictionary.count; code++)
        changed |= renumber[code] != code;
    if (changed && c->type == COLUMN_U32)
        for (size_t row = 0; row < rows; row++)
            ((uint32_t *)c->cells)[row] = renumber[((const uint32_t *)c->cells)[row]];
    else if (changed && c->type == COLUMN_U8)
        for (size_t row = 0; row < rows; row++)
            ((uint8_t *)c->cells)[row] = (uint8_t)renumber[((const uint8_t *)c->cells)[row]];
    else if (changed)
        for (size_t row = 0; row < rows; row++)
            column_set(c, row, renumber[column_get(c, row)]);
}

static int sort_column(void *context, unsigned worker, size_t item, struct err *err)
{
    const struct frame *f = context;
    struct column *c = f->columns[item];
    (void)worker;
    if (!c->coded || c->dictionary.count == 0)
        return 0;
    uint32_t *renumber = calloc((size_t)c->dictionary.count + 1, sizeof *renumber);
    int rc = renumber && dictionary_sort(&c->dictionary, renumber) == 0 ? 0 : err_memory(err);
    if (rc == 0)
        renumber_cells(c, f->rows, renumber);
    free(renumber);
    return rc;
}

int frame_sort_dictionaries(struct frame *f, unsigned threads, struct err *err)
{
    return parallel_items(threads, f->column_count, sort_column, f, err);
}

/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * frame: a table of columns in memory, and its form on a byte stream. Every intermediate file of
 * the pipeline is a sequence of frames inside a zone file (secure/zonefile.h).
 *
 * A column holds fixed-width cells: unsigned integers of 1, 2, 4 or 8 bytes, int32_t (dates and
 * numbers; INT32_MIN = no value), or 16 opaque bytes (pseudonyms). An unsigned column may carry a
 * dictionary; its cells are then codes, 0 = no value. Columns belong to the frame, and so does what
 * they hold.
 *
 *     frame_init(&f, "register");
 *     column = frame_add(&f, "birth_date", COLUMN_I32, err);       pointers to columns are stable
 *     frame_resize(&f, rows, err);                                 new cells are zero
 *     ((int32_t *)column->cells)[row] = ...;
 *     frame_write(&f, &sink, err);  ...  frame_read(&f, &source, err);
 *
 * The bytes of a written frame depend on nothing but its name, columns, dictionaries and cells.
 * A reader refuses (ERR_DATA) names, types, lengths and codes that are out of range: after
 * frame_read every code of a dictionary column is at most the dictionary's count.
 */
#ifndef HERKOMST_IO_FRAME_H
#define HERKOMST_IO_FRAME_H

#include "base/dictionary.h"
#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum column_type {
    COLUMN_U8 = 1,
    COLUMN_U16 = 2,
    COLUMN_I32 = 3,
    COLUMN_U32 = 4,
    COLUMN_U64 = 8,
    COLUMN_BYTES16 = 16,
};

enum { FRAME_NAME = 48, FRAME_COLUMNS = 64 };
#define FRAME_ROWS (UINT32_MAX - 1) /* the most rows, so that a row's index + 1 fits 32 bits */

struct column {
    char name[FRAME_NAME];
    enum column_type type;
    bool coded; /* cells are codes of `dictionary` */
    bool later; /* frame_add_later: has no cells yet */
    struct dictionary dictionary;
    void *cells;
};

struct frame {
    char name[FRAME_NAME];
    size_t rows;
    size_t capacity; /* rows that fit */
    size_t column_count;
    struct column *columns[FRAME_COLUMNS];
};

/* Where bytes go to and come from; both return -1 after filling err. A source gives exactly
 * `length` bytes or fails. */
struct sink {
    int (*write)(void *context, const void *bytes, size_t length, struct err *err);
    void *context;
};
struct source {
    int (*read)(void *context, void *bytes, size_t length, struct err *err);
    void *context;
};

size_t column_width(enum column_type type); /* bytes a cell */
/* The narrowest type that holds the code. */
enum column_type column_least(uint32_t code);

void frame_init(struct frame *f, const char *name);
void frame_release(struct frame *f);

/* NULL when memory ran out or there are too many columns. */
struct column *frame_add(struct frame *f, const char *name, enum column_type type, struct err *err);
/* A column whose cells come when all rows are there: until frame_supply it has none, whatever rows
 * the frame has, and must not be looked at. */
struct column *frame_add_later(struct frame *f, const char *name, enum column_type type,
                               struct err *err);
/* cells: malloc'd, of f->rows cells; the frame's from now on. */
void frame_supply(struct frame *f, struct column *c, void *cells);

/* A dictionary column whose codes take a byte each, and more once frame_hold has been asked to: for
 * frames of many rows. It is written as one of 4-byte codes, and read back as one if not by
 * frame_open_named that is asked to. */
struct column *frame_add_narrow(struct frame *f, const char *name, struct err *err);
/* Cells of a narrow column are made wide enough for the code. */
int frame_hold(struct frame *f, struct column *c, uint32_t code, struct err *err);
/* A dictionary column of 4-byte codes. */
struct column *frame_add_coded(struct frame *f, const char *name, struct err *err);

struct column *frame_find(const struct frame *f, const char *name); /* NULL if not there */
/* As frame_find, but a missing column or another type is an error (ERR_DATA) and NULL. */
struct column *frame_need(const struct frame *f, const char *name, enum column_type type,
                          struct err *err);

int frame_resize(struct frame *f, size_t rows, struct err *err);
/* Gives back the room for rows that are not there. */
void frame_trim(struct frame *f);
/* Makes room for that many rows without adding any. */
int frame_reserve(struct frame *f, size_t rows, struct err *err);
/* Adds a zeroed row and returns its index, or SIZE_MAX. */
size_t frame_append(struct frame *f, struct err *err);
/* The same, for a caller who sets every cell of the row. */
size_t frame_extend(struct frame *f, size_t count, struct err *err);

/* The row's integer, whatever the column's width; not for COLUMN_BYTES16 and COLUMN_I32. */
static inline uint64_t column_get(const struct column *c, size_t row)
{
    switch (c->type) {
    case COLUMN_U8:
        return ((const uint8_t *)c->cells)[row];
    case COLUMN_U16:
        return ((const uint16_t *)c->cells)[row];
    case COLUMN_U32:
        return ((const uint32_t *)c->cells)[row];
    case COLUMN_U64:
        return ((const uint64_t *)c->cells)[row];
    case COLUMN_I32:
    case COLUMN_BYTES16:
        break;
    }
    return 0;
}
static inline void column_set(struct column *c, size_t row, uint64_t value)
{
    switch (c->type) {
    case COLUMN_U8:
        ((uint8_t *)c->cells)[row] = (uint8_t)value;
        break;
    case COLUMN_U16:
        ((uint16_t *)c->cells)[row] = (uint16_t)value;
        break;
    case COLUMN_U32:
        ((uint32_t *)c->cells)[row] = (uint32_t)value;
        break;
    case COLUMN_U64:
        ((uint64_t *)c->cells)[row] = value;
        break;
    case COLUMN_I32:
    case COLUMN_BYTES16:
        break;
    }
}
static inline int32_t column_i32(const struct column *c, size_t row)
{
    return ((const int32_t *)c->cells)[row];
}
/* Of the first rows; for any unsigned type. */
bool cells_any_zero(const struct column *c, size_t rows);
/* The word of a coded column's cell, or NULL. */
const char *column_word(const struct column *c, size_t row);
/* Sets a coded column's cell to a word, which is added to the dictionary if it is new. */
int column_put_word(struct column *c, size_t row, const char *word, size_t length, struct err *err);

/* A frame of one row and one coded column "json", for a document that travels between stages. The
 * frame must be initialised and empty. */
int frame_put_document(struct frame *f, const char *json, size_t length, struct err *err);
/* Its text; NULL (ERR_DATA) if the frame is not such a one. */
const char *frame_document(const struct frame *f, struct err *err);

/* Sorts the dictionary of every coded column and renumbers the cells, so that codes no longer
 * depend on the order in which rows came. */
int frame_sort_dictionaries(struct frame *f, unsigned threads, struct err *err);

/* Keeps `count` rows, which are no more than there were: new row i is old row order[i]. After an
 * error the frame can only be released. */
int frame_select(struct frame *f, const uint32_t *order, size_t count, struct err *err);
/* Of the rows from `first` on keeps those for which keep[row - first] is 1, and not 0, in their
 * order. */
void frame_keep(struct frame *f, size_t first, const uint8_t *keep, unsigned threads);
/* The same of cells of that many bytes; returns how many stay. */
size_t cells_keep(void *cells, size_t width, const uint8_t *keep, size_t rows);
/* Removes the first rows. */
void frame_drop(struct frame *f, size_t rows);

int frame_write(const struct frame *f, const struct sink *to, struct err *err);
/* The same piece by piece, for who never has the whole: name, columns and words of a frame of so
 * many rows; then its rows, FRAME_BLOCK_ROWS at a time but for the last ones. */
enum { FRAME_BLOCK_ROWS = 65536 };
int frame_write_head(const struct frame *f, size_t rows, const struct sink *to, struct err *err);
int frame_write_rows(const struct frame *f, const struct sink *to, struct err *err);
/* f must be released or never used; its name is read from the stream. */
int frame_read(struct frame *f, const struct source *from, struct err *err);
/* Block by block, for who does not keep the whole: f gets its columns and no rows, *left is how
 * many there will be. narrow: dictionary columns take the fewest bytes that hold every code
 * (frame_add_narrow). f is the caller's to release, also after an error. */
int frame_open_named(struct frame *f, const char *name, bool narrow, size_t *left,
                     const struct source *from, struct err *err);
/* Appends the next block's rows; *left says how many come after these. Not to be called when none
 * do. */
int frame_read_block(struct frame *f, size_t *left, const struct source *from, struct err *err);
/* As frame_read; a frame of another name is an error. */
int frame_read_named(struct frame *f, const char *name, const struct source *from, struct err *err);

#endif

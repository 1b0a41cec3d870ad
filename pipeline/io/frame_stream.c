/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * A frame as bytes; see include/io/frame.h. All integers are little-endian.
 *
 *   "HKF1", name, u32 columns, u64 rows
 *   each column: name, u8 type, u8 coded, and if coded u32 count and the words (u32 length, bytes)
 *   then blocks of BLOCK_ROWS rows (the last one has what is left), each holding for every column
 *   the block's cells (frame_cells.c)
 *
 * A name is a u8 length and its bytes. Blocks let a reader work on a part at a time. What is read
 * was authenticated, and is checked all the same; memory grows with the blocks that came, not with
 * the number of rows that is claimed.
 */
#include "io/frame.h"

#include "base/text.h"
#include "io/frame_cells.h"

#include <stdlib.h>
#include <string.h>

enum { BLOCK_ROWS = FRAME_BLOCK_ROWS, STEP = FRAME_CELLS_STEP, WORD_BYTES = 1 << 30 };

static const char MAGIC[4] = {'H', 'K', 'F', '1'};

static bool is_unsigned(enum column_type type)
{
    return type != COLUMN_I32 && type != COLUMN_BYTES16;
}

/* Printable ASCII without spaces, not empty. */
static bool is_name(const char *name)
{
    for (const char *c = name; *c; c++)
        if (*c <= ' ' || *c > '~')
            return false;
    return *name != '\0';
}

static int name_write(const char *name, const struct sink *to, struct err *err)
{
    if (!is_name(name))
        return err_set(err, ERR_INTERNAL, "the name of a frame or column is not valid");
    size_t length = strlen(name);
    if (integer_write(to, length, 1, err) != 0)
        return -1;
    return to->write(to->context, name, length, err);
}

static int column_write(const struct column *c, const struct sink *to, struct err *err)
{
    if (name_write(c->name, to, err) != 0 ||
        integer_write(to, c->coded ? COLUMN_U32 : c->type, 1, err) != 0 ||
        integer_write(to, c->coded, 1, err) != 0)
        return -1;
    if (!c->coded)
        return 0;
    if (integer_write(to, c->dictionary.count, 4, err) != 0)
        return -1;
    for (uint32_t code = 1; code <= c->dictionary.count; code++) {
        const char *word = dictionary_word(&c->dictionary, code);
        size_t length = strlen(word);
        if (length > WORD_BYTES)
            return err_set(err, ERR_DATA, "column %s: a value is too long", c->name);
        if (integer_write(to, length, 4, err) != 0 ||
            to->write(to->context, word, length, err) != 0)
            return -1;
    }
    return 0;
}

int frame_write_head(const struct frame *f, size_t rows, const struct sink *to, struct err *err)
{
    if (to->write(to->context, MAGIC, sizeof MAGIC, err) != 0 ||
        name_write(f->name, to, err) != 0 || integer_write(to, f->column_count, 4, err) != 0 ||
        integer_write(to, rows, 8, err) != 0)
        return -1;
    for (size_t i = 0; i < f->column_count; i++)
        if (column_write(f->columns[i], to, err) != 0)
            return -1;
    return 0;
}

int frame_write_rows(const struct frame *f, const struct sink *to, struct err *err)
{
    for (size_t row = 0; row < f->rows; row += BLOCK_ROWS) {
        size_t n = f->rows - row < BLOCK_ROWS ? f->rows - row : BLOCK_ROWS;
        for (size_t i = 0; i < f->column_count; i++)
            if (cells_write(f->columns[i], row, n, to, err) != 0)
                return -1;
    }
    return 0;
}

int frame_write(const struct frame *f, const struct sink *to, struct err *err)
{
    return frame_write_head(f, f->rows, to, err) != 0 ? -1 : frame_write_rows(f, to, err);
}

static int name_read(char name[static FRAME_NAME], const struct source *from, struct err *err)
{
    uint64_t length;
    if (integer_read(from, &length, 1, err) != 0)
        return -1;
    if (length >= FRAME_NAME)
        return err_set(err, ERR_DATA, "a frame's or column's name is too long");
    if (from->read(from->context, name, length, err) != 0)
        return -1;
    name[length] = '\0';
    if (strlen(name) != length || !is_name(name))
        return err_set(err, ERR_DATA, "a frame's or column's name is not valid");
    return 0;
}

/* A word's bytes, piece by piece: the length is only a claim until they have come. */
static int word_bytes(struct text *word, size_t length, const struct source *from, struct err *err)
{
    char piece[STEP];
    text_clear(word);
    while (word->length < length) {
        size_t left = length - word->length;
        size_t part = left < sizeof piece ? left : sizeof piece;
        if (from->read(from->context, piece, part, err) != 0)
            return -1;
        text_append(word, piece, part);
        if (word->failed)
            return err_memory(err);
    }
    return 0;
}

/* word: room that all words of a dictionary share. */
static int word_read(struct dictionary *d, struct text *word, const struct source *from,
                     struct err *err)
{
    uint64_t length;
    if (integer_read(from, &length, 4, err) != 0)
        return -1;
    if (length > WORD_BYTES)
        return err_set(err, ERR_DATA, "a dictionary's word is too long");
    if (word_bytes(word, length, from, err) != 0)
        return -1;
    const char *bytes = word->length ? word->bytes : "";
    if (strlen(bytes) != word->length || dictionary_find(d, bytes, word->length) != 0)
        return err_set(err, ERR_DATA, "a dictionary's word is there twice or not valid");
    return dictionary_intern(d, bytes, word->length) != 0 ? 0 : err_memory(err);
}

static int words_read(struct dictionary *d, const struct source *from, struct err *err)
{
    uint64_t count;
    struct text word;
    if (integer_read(from, &count, 4, err) != 0)
        return -1;
    text_init(&word);
    int rc = 0;
    for (; rc == 0 && count > 0; count--)
        rc = word_read(d, &word, from, err);
    text_release(&word);
    return rc;
}

static int column_read(struct frame *f, bool narrow, const struct source *from, struct err *err)
{
    char name[FRAME_NAME];
    uint64_t type, coded;
    if (name_read(name, from, err) != 0 || integer_read(from, &type, 1, err) != 0 ||
        integer_read(from, &coded, 1, err) != 0)
        return -1;
    if (column_width((enum column_type)type) == 0 || coded > 1 || frame_find(f, name) ||
        (coded && !is_unsigned((enum column_type)type)))
        return err_set(err, ERR_DATA, "frame %s: column %s is there twice or of no known type",
                       f->name, name);
    struct column *c = frame_add(f, name, (enum column_type)type, err);
    if (!c)
        return -1;
    c->coded = coded == 1;
    if (!c->coded)
        return 0;
    if (words_read(&c->dictionary, from, err) != 0)
        return -1;
    enum column_type least = column_least(c->dictionary.count);
    if (narrow && column_width(least) < column_width(c->type))
        c->type = least; /* there are no cells yet, and room for one */
    return 0;
}

int frame_read_block(struct frame *f, size_t *left, const struct source *from, struct err *err)
{
    size_t n = *left < BLOCK_ROWS ? *left : BLOCK_ROWS, all = f->rows + *left;
    if (f->rows + n > f->capacity) {
        size_t wanted = f->rows + n > 2 * f->capacity ? f->rows + n : 2 * f->capacity;
        if (frame_reserve(f, wanted < all ? wanted : all, err) != 0)
            return -1;
    }
    for (size_t i = 0; i < f->column_count; i++)
        if (cells_read(f->columns[i], f->rows, n, from, err) != 0)
            return -1;
    f->rows += n;
    *left -= n;
    return 0;
}

/* Everything but the rows. */
static int head_read(struct frame *f, bool narrow, size_t *rows, const struct source *from,
                     struct err *err)
{
    char magic[sizeof MAGIC];
    uint64_t columns, claimed;
    if (from->read(from->context, magic, sizeof magic, err) != 0)
        return -1;
    if (memcmp(magic, MAGIC, sizeof MAGIC) != 0)
        return err_set(err, ERR_DATA, "not a frame");
    if (name_read(f->name, from, err) != 0 || integer_read(from, &columns, 4, err) != 0 ||
        integer_read(from, &claimed, 8, err) != 0)
        return -1;
    if (columns > FRAME_COLUMNS || claimed > FRAME_ROWS)
        return err_set(err, ERR_DATA, "frame %s: too many columns or rows", f->name);
    /* Without columns nothing follows: rows would cost no bytes and bound nothing. */
    if (columns == 0 && claimed > 0)
        return err_set(err, ERR_DATA, "frame %s: rows without columns", f->name);
    while (columns-- > 0)
        if (column_read(f, narrow, from, err) != 0)
            return -1;
    *rows = (size_t)claimed;
    return 0;
}

int frame_read(struct frame *f, const struct source *from, struct err *err)
{
    size_t left = 0;
    memset(f, 0, sizeof *f);
    int rc = head_read(f, false, &left, from, err);
    while (rc == 0 && left > 0)
        rc = frame_read_block(f, &left, from, err);
    if (rc != 0)
        frame_release(f);
    return rc;
}

static int name_check(const struct frame *f, const char *name, struct err *err)
{
    return strcmp(f->name, name) == 0
               ? 0
               : err_set(err, ERR_DATA, "frame %s where frame %s was expected", f->name, name);
}

int frame_read_named(struct frame *f, const char *name, const struct source *from, struct err *err)
{
    if (frame_read(f, from, err) != 0)
        return -1;
    if (name_check(f, name, err) == 0)
        return 0;
    frame_release(f);
    return -1;
}

int frame_open_named(struct frame *f, const char *name, bool narrow, size_t *left,
                     const struct source *from, struct err *err)
{
    memset(f, 0, sizeof *f);
    return head_read(f, narrow, left, from, err) != 0 ? -1 : name_check(f, name, err);
}

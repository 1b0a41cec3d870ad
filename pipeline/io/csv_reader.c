/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/io/csv_reader.h. Three layers, each a block at a time:
 *   input      bytes of a file or of memory;
 *   decoder    (io/encoding.h) clean UTF-8, so that libcsv never sees what it would let through;
 *   libcsv     in strict mode, fed line by line: its callbacks know no position, so this is how the
 *              line of a row is exact, and how a row's fault is noticed before the next row. A row
 *              that is a line without a quote does without it (io/csv_plain.h).
 * A byte that is at fault is reported after the text before it was parsed, so that the first fault
 * of the file wins and its column is known. After an error csv_fini is never called: it would
 * deliver the half row as a good one. */
#include "io/csv_reader.h"

#include "io/csv_input.h"
#include "io/csv_plain.h"
#include "io/encoding.h"
#include "io/wiped.h"

#include <csv.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ROW_BYTES_FIRST = 4096, FIELD_BYTES_FIRST = 4096 };

struct reader {
    const char *path;
    const struct csv_options *options;
    csv_callback on_header, on_row;
    void *context;
    struct err *err;
    struct csv_parser parser;
    bool failed;
    size_t columns; /* of the header; 0 = not read yet */
    long line;      /* that is being parsed */
    long row_line;  /* on which the row began */
    bool between;   /* no row has begun on this line */
    size_t count;   /* fields of the row so far, those past `columns` too */
    struct csv_field *fields;
    uint32_t *marks; /* of plain rows; from the header on */
    char *row;       /* their bytes, one field behind the other, each with a NUL */
    size_t used, capacity;
};

static void refuse(struct reader *r, long line, size_t column, const char *format, ...)
    __attribute__((format(printf, 4, 5), cold));
static void refuse(struct reader *r, long line, size_t column, const char *format, ...)
{
    char text[sizeof r->err->text];
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    err_set(r->err, ERR_DATA, "%s", text);
    err_at(r->err, r->path, line);
    r->err->column = (long)column;
    r->failed = true;
}

static void refuse_field_size(struct reader *r, size_t column)
{
    refuse(r, r->row_line, column, "a field over %d KiB", CSV_FIELD_BYTES / 1024);
    err_hint(r->err, "a quote that opens a field of this row may never be closed");
}

/* Room for one more field of the row. */
static bool make_room(struct reader *r, size_t bytes)
{
    if (bytes <= r->capacity - r->used)
        return true;
    if (bytes > CSV_ROW_BYTES - r->used) {
        refuse(r, r->row_line, r->count, "a row over %d MiB", CSV_ROW_BYTES >> 20);
        return false;
    }
    size_t capacity = r->capacity;
    while (capacity - r->used < bytes)
        capacity *= 2;
    char *row = wiped_realloc(r->row, capacity);
    if (!row) {
        err_memory(r->err);
        r->failed = true;
        return false;
    }
    r->row = row;
    r->capacity = capacity;
    return true;
}

/* libcsv has the whole of a field. */
static void take_field(void *bytes, size_t length, void *context)
{
    struct reader *r = context;
    size_t index = r->count++;
    if (r->failed)
        return;
    if (length > CSV_FIELD_BYTES) {
        refuse_field_size(r, index + 1);
        return;
    }
    if (index >= (r->columns ? r->columns : CSV_COLUMNS))
        return; /* counted only: the row is refused at its end */
    if (!make_room(r, length + 1))
        return;
    memcpy(r->row + r->used, bytes, length);
    r->row[r->used + length] = '\0';
    r->used += length + 1;
    r->fields[index].length = length; /* where it stands is settled when the row is whole */
}

static bool is_blank(const struct csv_field *field)
{
    return strspn(field->bytes, " \t") == field->length;
}

/* The headers may be a person's row in a file that has none: only their positions are named. */
static void check_headers(struct reader *r)
{
    for (size_t i = 0; i < r->count; i++) {
        const struct csv_field *field = &r->fields[i];
        if (is_blank(field)) {
            refuse(r, r->row_line, i + 1, "the header of a column is empty");
            return;
        }
        for (size_t j = 0; j < i; j++)
            if (r->fields[j].length == field->length &&
                memcmp(r->fields[j].bytes, field->bytes, field->length) == 0) {
                refuse(r, r->row_line, i + 1, "the same header as column %zu", j + 1);
                return;
            }
    }
    r->columns = r->count;
    r->marks = reallocarray(NULL, csv_plain_marks(r->columns), sizeof *r->marks);
    if (!r->marks) {
        err_memory(r->err);
        r->failed = true;
    }
}

/* The row is whole: does it fit the file? */
static void check_row(struct reader *r)
{
    if (r->columns && r->count != r->columns) {
        refuse(r, r->row_line, 0, "%zu field%s, %zu expected", r->count, r->count == 1 ? "" : "s",
               r->columns);
        return;
    }
    if (r->count > CSV_COLUMNS) {
        refuse(r, r->row_line, 0, "more than %d columns", CSV_COLUMNS);
        return;
    }
    if (!r->columns)
        check_headers(r);
}

static void finish_row(struct reader *r)
{
    csv_callback call = r->columns ? r->on_row : r->on_header;
    if (!r->failed)
        check_row(r);
    if (!r->failed && call(r->context, r->fields, r->count, r->row_line, r->err) != 0)
        r->failed = true;
    r->used = 0;
    r->count = 0;
    r->between = true;
}

/* libcsv has the whole of a row. */
static void take_row(int end, void *context)
{
    (void)end;
    struct reader *r = context;
    size_t room = r->columns ? r->columns : CSV_COLUMNS;
    const char *at = r->row; /* whose bytes move no more */
    for (size_t i = 0; !r->failed && i < r->count && i < room; i++) {
        r->fields[i].bytes = at;
        at += r->fields[i].length + 1;
    }
    finish_row(r);
}

/* The rows without quotes that the text begins with, and are lines of it; their bytes. */
static size_t take_plain_rows(struct reader *r, char *text, size_t length)
{
    struct csv_rows rows = {text, r->marks, r->columns, 0, r->line};
    if (r->columns == 0)
        return 0;
    rows.count = csv_plain_rows(text, length, r->options->delimiter, r->columns, r->marks);
    if (rows.count == 0)
        return 0;
    if (r->options->on_rows && r->options->on_rows(r->context, &rows, r->err) != 0)
        r->failed = true;
    for (size_t i = 0; !r->options->on_rows && !r->failed && i < rows.count; i++) {
        csv_rows_fields(&rows, i, r->fields);
        if (r->on_row(r->context, r->fields, r->columns, r->line + (long)i, r->err) != 0)
            r->failed = true;
    }
    r->line += (long)rows.count;
    return r->marks[rows.count * r->columns] + 1;
}

static void parser_failed(struct reader *r)
{
    if (csv_error(&r->parser) == CSV_EPARSE)
        refuse(r, r->row_line, r->count + 1, "%s",
               r->parser.quoted ? "text after a closing quote"
                                : "a quote inside an unquoted field");
    else {
        err_memory(r->err);
        r->failed = true;
    }
}

/* A line, or a part of one that a block's end cut. */
static void parse_piece(struct reader *r, const char *piece, size_t length)
{
    if (r->between) {
        if (piece[0] == '\n' || (length == 2 && piece[0] == '\r'))
            return; /* an empty line */
        r->row_line = r->line;
        r->between = false;
    }
    if (csv_parse(&r->parser, piece, length, take_field, take_row, r) != length && !r->failed)
        parser_failed(r);
    /* A field goes on: one byte more than the limit may be its closing quote. */
    else if (!r->failed && r->parser.entry_pos > CSV_FIELD_BYTES + 1)
        refuse_field_size(r, r->count + 1);
}

static int parse_text(struct reader *r, char *text, size_t length)
{
    while (length > 0 && !r->failed) {
        size_t piece = 0;
        if (r->between)
            piece = take_plain_rows(r, text, length);
        if (piece == 0) {
            const char *newline = memchr(text, '\n', length);
            piece = newline ? (size_t)(newline - text) + 1 : length;
            parse_piece(r, text, piece);
            r->line += newline != NULL;
        }
        text += piece;
        length -= piece;
    }
    return r->failed ? -1 : 0;
}

static int parse_end(struct reader *r, bool empty)
{
    if (csv_fini(&r->parser, take_field, take_row, r) != 0 && !r->failed)
        refuse(r, r->row_line, r->count + 1, "an unterminated quote");
    if (!r->failed && !r->columns)
        refuse(r, 0, 0, "%s", empty ? "the file is empty" : "the file has no header");
    return r->failed ? -1 : 0;
}

static void byte_failed(struct reader *r, const struct decoder *d)
{
    bool whole = d->fault == DECODER_UTF16 || d->fault == DECODER_UTF32 || d->fault == DECODER_MARK;
    decoder_error(d, r->err);
    err_at(r->err, r->path, whole ? 0 : r->line);
    r->err->column = whole ? 0 : (long)r->count + 1;
}

/* What bytes become text in. raw: in->block + DECODER_HELD bytes; utf8: room for the decoder, NULL
 * for UTF-8. */
struct buffers {
    struct decoder decoder;
    uint8_t *raw;
    char *utf8;
    bool any; /* bytes were read */
};

/* All that the input has. Between two spans nothing is held back: the first one ends with a line
 * feed. */
static int parse_span(struct reader *r, struct csv_input *in, struct buffers *b)
{
    size_t held = 0;
    for (;;) {
        ssize_t got = csv_input_read(in, b->raw + held);
        if (got < 0) {
            err_errno(r->err, ERR_IO, "cannot read");
            return err_at(r->err, r->path, 0);
        }
        size_t length = held + (size_t)got;
        struct decoded clean = decoder_take(&b->decoder, b->raw, length, got == 0, b->utf8);
        char *text = b->utf8 ? b->utf8 : (char *)b->raw + (clean.text - (const char *)b->raw);
        if (parse_text(r, text, clean.length) != 0)
            return -1;
        if (b->decoder.fault) {
            byte_failed(r, &b->decoder);
            return -1;
        }
        if (got == 0)
            return 0;
        b->any = true;
        held = length - clean.used;
        memmove(b->raw, b->raw + clean.used, held);
    }
}

static int parse_part(struct reader *r, struct csv_input *in, const struct csv_part *part,
                      struct buffers *b)
{
    if (part->header > 0) {
        csv_input_span(in, 0, part->header);
        if (parse_span(r, in, b) != 0)
            return -1;
        if (!r->columns) /* a row must never be taken for it */
            return refuse(r, 0, 0, "the first line is no header"), -1;
        r->line = 1;
    }
    csv_input_span(in, part->begin, part->end);
    return parse_span(r, in, b) != 0 ? -1 : parse_end(r, !b->any);
}

static int never_space(unsigned char c)
{
    (void)c;
    return 0;
}

static int parser_init(struct reader *r)
{
    if (csv_init(&r->parser, CSV_STRICT | CSV_STRICT_FINI) != 0)
        return err_set(r->err, ERR_INTERNAL, "libcsv refuses its options");
    csv_set_delim(&r->parser, (unsigned char)r->options->delimiter);
    csv_set_space_func(&r->parser, never_space); /* fields are not trimmed */
    csv_set_realloc_func(&r->parser, wiped_realloc);
    csv_set_free_func(&r->parser, wiped_free);
    csv_set_blk_size(&r->parser, FIELD_BYTES_FIRST);
    return 0;
}

static int read_part(struct reader *r, struct csv_input *in, const struct csv_part *part)
{
    int rc = -1;
    if (parser_init(r) != 0)
        return -1;
    struct buffers b = {.decoder = decoder_start(r->options->encoding),
                        .raw = wiped_realloc(NULL, in->block + DECODER_HELD)};
    r->fields = malloc(CSV_COLUMNS * sizeof *r->fields);
    r->row = wiped_realloc(NULL, ROW_BYTES_FIRST);
    r->capacity = ROW_BYTES_FIRST;
    if (r->options->encoding != ENCODING_UTF8)
        b.utf8 = wiped_realloc(NULL, DECODER_GROWTH * (in->block + DECODER_HELD));
    if (!b.raw || !r->fields || !r->row || (!b.utf8 && r->options->encoding != ENCODING_UTF8))
        err_memory(r->err);
    else
        rc = parse_part(r, in, part, &b);
    wiped_free(r->row);
    free(r->marks);
    free(r->fields);
    wiped_free(b.utf8);
    wiped_free(b.raw);
    csv_free(&r->parser);
    return rc;
}

static const struct csv_part EVERYTHING = {0, 0, CSV_PART_REST};

static int read_input(struct csv_input *in, const char *name, const struct csv_part *part,
                      const struct csv_options *options, csv_callback on_header,
                      csv_callback on_row, void *context, long *lines, struct err *err)
{
    struct reader r = {.path = name,
                       .options = options,
                       .on_header = on_header,
                       .on_row = on_row,
                       .context = context,
                       .err = err,
                       .line = 1,
                       .between = true};
    int rc = read_part(&r, in, part);
    if (lines)
        *lines = r.line - 1;
    return rc;
}

int csv_read_bytes(const char *name, const void *bytes, size_t length, size_t block,
                   const struct csv_options *options, csv_callback on_header, csv_callback on_row,
                   void *context, struct err *err)
{
    struct err ignored = {0};
    struct csv_input in = {.fd = -1, .bytes = bytes, .length = length, .block = block};
    return read_input(&in, name, &EVERYTHING, options, on_header, on_row, context, NULL,
                      err ? err : &ignored);
}

int csv_read_part(const char *path, const struct csv_part *part, const struct csv_options *options,
                  csv_callback on_header, csv_callback on_row, void *context, long *lines,
                  struct err *err)
{
    struct err ignored = {0};
    struct err *to = err ? err : &ignored;
    struct csv_input in;
    if (csv_input_open(&in, path, CSV_BLOCK, to) != 0)
        return -1;
    int rc = read_input(&in, path, part, options, on_header, on_row, context, lines, to);
    csv_input_close(&in);
    return rc;
}

int csv_read(const char *path, const struct csv_options *options, csv_callback on_header,
             csv_callback on_row, void *context, struct err *err)
{
    return csv_read_part(path, &EVERYTHING, options, on_header, on_row, context, NULL, err);
}

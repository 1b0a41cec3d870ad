/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * csv_reader: a strict reader of RFC 4180 files, on libcsv.
 *
 *     csv_read(path, &options, on_header, on_row, context, err)
 *
 * calls on_header once with the header's fields, then on_row for every row, in file order. Fields
 * are UTF-8 whatever the file's encoding, not trimmed, and valid during the call only. `line` is
 * the physical line on which the row starts (1 = first line of the file; line breaks inside quotes
 * count). A callback that returns -1 after filling err ends the reading with that error, as it is.
 *
 * Accepted: LF or CRLF line ends, a missing last line end, a UTF-8 byte order mark (dropped),
 * quoted fields with doubled quotes, line breaks in quotes, completely empty lines (skipped,
 * whatever the number of columns), a header without rows. Refused (ERR_DATA with file, line, column
 * and reason, and never a field's content): an empty file or header; UTF-16 and UTF-32; NUL bytes;
 * bytes that are invalid in the declared encoding (io/encoding.h); lone CR, in quotes too; a header
 * that is blank or there twice; a row with fewer or more fields than the header; an unterminated or
 * stray quote, text after a closing quote; a field over CSV_FIELD_BYTES (in UTF-8), a row over
 * CSV_ROW_BYTES, more than CSV_COLUMNS columns. A file that cannot be opened: ERR_NOINPUT if it
 * does not exist, else ERR_IO; a directory, pipe or device: ERR_IO.
 *
 * An error in a byte names the line on which the byte stands, any other the line on which its row
 * starts; the column is the position of the field, 0 where the whole row or file is at fault.
 * Rows delivered before an error are void: the caller must not use them.
 * Buffers that held rows are wiped. Two calls may run at the same time in two threads.
 */
#ifndef HERKOMST_IO_CSV_READER_H
#define HERKOMST_IO_CSV_READER_H

#include "base/err.h"
#include "io/config.h"
#include "io/csv_input.h"

#include <stddef.h>
#include <stdint.h>

enum {
    CSV_COLUMNS = 4096,
    CSV_FIELD_BYTES = 65536,
    CSV_ROW_BYTES = 16 << 20,
    CSV_BLOCK = 256 << 10
};

struct csv_field {
    const char *bytes; /* NUL-terminated as well */
    size_t length;
};

typedef int (*csv_callback)(void *context, const struct csv_field *fields, size_t count, long line,
                            struct err *err);

/* Rows without a quote, one behind the other, each a line and of as many fields as the header. */
enum { CSV_ROWS = 128 };
struct csv_rows {
    char *text;
    const uint32_t *marks; /* before the first field and behind each, where text has its delimiter
                            * or line feed; the first one, before the text, is UINT32_MAX */
    size_t columns, count; /* at least 1, at most CSV_ROWS */
    long line;             /* of the first row */
};
typedef int (*csv_rows_callback)(void *context, const struct csv_rows *rows, struct err *err);

/* One field of every row; to be passed by value, so that its members stay in registers. */
struct csv_column {
    const char *text;
    const uint32_t *marks; /* of the first row */
    size_t columns;
    bool last; /* only there may a carriage return stand */
};
static inline struct csv_column csv_rows_column(const struct csv_rows *rows, size_t column)
{
    return (struct csv_column){rows->text, rows->marks + column, rows->columns,
                               column + 1 == rows->columns};
}
/* Not NUL-terminated. */
static inline struct csv_field csv_column_field(struct csv_column c, size_t row)
{
    const uint32_t *mark = c.marks + row * c.columns;
    uint32_t begin = mark[0] + 1, end = mark[1];
    if (c.last && end > begin) {
        char last = c.text[end - 1]; /* csv_rows_fields puts a NUL there */
        end -= last == '\r' || last == '\0';
    }
    return (struct csv_field){c.text + begin, end - begin};
}
/* All fields of a row as on_row has them. */
void csv_rows_fields(const struct csv_rows *rows, size_t row, struct csv_field *fields);

struct csv_options {
    char delimiter;
    enum encoding encoding;
    csv_rows_callback on_rows; /* is given such rows, many at a time, and on_row the others; NULL:
                                * on_row is given all */
};

int csv_read(const char *path, const struct csv_options *options, csv_callback on_header,
             csv_callback on_row, void *context, struct err *err);

/* A part of a file that csv_parts cut, after its header; to be read at the same time as others.
 * `line` begins again with 1 in every part, *lines is how many line feeds the part has. If all
 * parts are read without an error, their rows one behind the other are those of csv_read: the first
 * part begins between two rows, and each that begins so and has no error ends so too. Where one has
 * an error, all is void and csv_read must say what is wrong and where; it may find nothing, when a
 * part began within quotes. */
int csv_read_part(const char *path, const struct csv_part *part, const struct csv_options *options,
                  csv_callback on_header, csv_callback on_row, void *context, long *lines,
                  struct err *err);

/* As csv_read, over bytes in memory that pass through in blocks of `block` bytes (1 to CSV_BLOCK):
 * the result is the same for each. name stands for the file in errors. */
int csv_read_bytes(const char *name, const void *bytes, size_t length, size_t block,
                   const struct csv_options *options, csv_callback on_header, csv_callback on_row,
                   void *context, struct err *err);

#endif

/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * csv_reader: a strict reader of RFC 4180 files, on libcsv.
 *
 *     csv_read(path, &options, on_header, on_row, context, err)
 *
 * calls on_header once with the header's fields, then on_row for every row, in file order. Fields are
 * UTF-8 whatever the file's encoding, not trimmed, and valid during the call only. `line` is the
 * physical line on which the row starts (1 = first line of the file; line breaks inside quotes count).
 * A callback that returns -1 after filling err ends the reading with that error.
 *
 * Accepted: LF or CRLF line ends, a missing last line end, a UTF-8 byte order mark (dropped), quoted
 * fields with doubled quotes, line breaks in quotes, completely empty lines (skipped).
 * Refused (ERR_DATA with file, line, column and reason, and never a field's content): an empty file or
 * header; UTF-16 and UTF-32; NUL bytes; bytes that are invalid in the declared encoding (UTF-8: overlong
 * forms, surrogates and bytes beyond U+10FFFF too; windows-1252: its five undefined bytes); lone CR; a
 * header that is empty or there twice; a row with fewer or more fields than the header; an unterminated or
 * stray quote, text after a closing quote; a field over 64 KiB; more than CSV_COLUMNS columns. A file
 * that cannot be opened: ERR_NOINPUT if it does not exist, else ERR_IO; a directory or device: ERR_IO.
 * Rows delivered before an error are void: the caller must not use them.
 */
#ifndef HERKOMST_IO_CSV_READER_H
#define HERKOMST_IO_CSV_READER_H

#include "base/err.h"
#include "io/config.h"

#include <stddef.h>

enum { CSV_COLUMNS = 4096, CSV_FIELD_BYTES = 65536 };

struct csv_options {
    char delimiter;
    enum encoding encoding;
};

struct csv_field {
    const char *bytes; /* NUL-terminated as well */
    size_t length;
};

typedef int (*csv_callback)(void *context, const struct csv_field *fields, size_t count, long line,
                            struct err *err);

int csv_read(const char *path, const struct csv_options *options, csv_callback on_header,
             csv_callback on_row, void *context, struct err *err);

#endif

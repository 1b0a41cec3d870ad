/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * csv_plain: rows without a quote, which is nearly all of any file, cut without libcsv.
 *
 * In such a row there is nothing to understand: fields end at the delimiter and the row at its line
 * feed, with or without a carriage return before it. csv_reader takes every row that csv_plain_cut
 * knows from it, and any other one from libcsv; fuzz_csv and test_csv_plain hold the two against
 * each other. csv_plain_cut_bytes is what csv_plain_cut does, a byte at a time.
 */
#ifndef HERKOMST_IO_CSV_PLAIN_H
#define HERKOMST_IO_CSV_PLAIN_H

#include "io/csv_reader.h"

#include <stdbool.h>

/* text: what the decoder passed (no lone carriage return), at the start of a row. Returns the bytes
 * of the row with its line feed; 0 when that is not among the first CSV_FIELD_BYTES or before it is
 * a quote: nothing was done then. *count: its fields, of which the first `room` are in `fields`,
 * pointing into the text, where a NUL now stands behind each. A row of no bytes has one field. */
size_t csv_plain_cut(char *text, size_t length, char delimiter, struct csv_field *fields,
                     size_t room, size_t *count);
size_t csv_plain_cut_bytes(char *text, size_t length, char delimiter, struct csv_field *fields,
                           size_t room, size_t *count);

/* A line without anything, which is no row. */
static inline bool csv_plain_is_empty(const char *text, size_t length)
{
    return text[0] == '\n' || (length > 1 && text[0] == '\r' && text[1] == '\n');
}

#endif

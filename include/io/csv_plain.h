/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * csv_plain: rows without a quote, which are nearly all of any file, cut without libcsv.
 *
 * In such rows there is nothing to understand: fields end at the delimiter and rows at a line feed,
 * with or without a carriage return before it. csv_reader takes every row that csv_plain_rows knows
 * from it, and any other one from libcsv; fuzz_csv and test_csv_parts hold the two against each
 * other. csv_plain_rows_bytes is what csv_plain_rows does, a byte at a time.
 */
#ifndef HERKOMST_IO_CSV_PLAIN_H
#define HERKOMST_IO_CSV_PLAIN_H

#include "io/csv_reader.h"

/* How many marks there must be room for: with what is written beyond those of whole rows. */
static inline size_t csv_plain_marks(size_t columns)
{
    return CSV_ROWS * columns + 160;
}

/* text: what the decoder passed (no lone carriage return), at the start of a row; under 4 GB.
 * Returns how many rows it begins with, at most CSV_ROWS: of so many columns, with a line feed and
 * no quote, no longer than CSV_FIELD_BYTES and no empty line. marks: as struct csv_rows has them.
 * The text stays as it is. */
size_t csv_plain_rows(const char *text, size_t length, char delimiter, size_t columns,
                      uint32_t *marks);
size_t csv_plain_rows_bytes(const char *text, size_t length, char delimiter, size_t columns,
                            uint32_t *marks);

#endif

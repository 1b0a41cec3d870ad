/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * csv_writer: rows of a published CSV file: UTF-8, comma, LF, a field quoted only when it must be.
 *
 *     bool first = true;
 *     csv_put(&text, &first, value)      appends a separator (unless *first, which it clears) and
 * the field csv_put_number(&text, &first, n) csv_end(&text, &first)             ends the row and
 * sets *first again
 *
 * What is written reads back the same with io/csv_reader.h, as long as values are UTF-8 without a
 * lone carriage return. Errors: base/text.h's `failed`, to be checked once at the end.
 */
#ifndef HERKOMST_IO_CSV_WRITER_H
#define HERKOMST_IO_CSV_WRITER_H

#include "base/text.h"

#include <stdint.h>

void csv_put(struct text *t, bool *first, const char *value); /* NULL = empty */
void csv_put_number(struct text *t, bool *first, int64_t value);
void csv_end(struct text *t, bool *first);

#endif

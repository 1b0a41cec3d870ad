/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * csv_writer: rows of a published CSV file: UTF-8, comma, LF, a field quoted only when it must be.
 *
 *     csv_put(&text, first, value)      appends a separator (unless *first, which it clears) and the field
 *     csv_put_number(&text, first, n)
 *     csv_end(&text, &first)            ends the row
 */
#ifndef HERKOMST_IO_CSV_WRITER_H
#define HERKOMST_IO_CSV_WRITER_H

#include "base/text.h"

#include <stdint.h>

void csv_put(struct text *t, bool *first, const char *value); /* NULL = empty */
void csv_put_number(struct text *t, bool *first, int64_t value);
void csv_end(struct text *t, bool *first);

#endif

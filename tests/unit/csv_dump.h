/* SPDX-License-Identifier: EUPL-1.2 */
/* What the strict CSV reader delivers, as text: a line a row, its line number and its [fields]. */
#ifndef HERKOMST_TESTS_CSV_DUMP_H
#define HERKOMST_TESTS_CSV_DUMP_H

#include "base/text.h"
#include "io/csv_reader.h"

#include <string.h>

static const struct csv_options COMMA = {',', ENCODING_UTF8, NULL};

/* Renders a row: its line number and its [fields]. */
static inline int dump(void *context, const struct csv_field *fields, size_t count, long line,
                       struct err *err)
{
    (void)err;
    struct text *t = context;
    text_format(t, "%ld ", line);
    for (size_t i = 0; i < count; i++) {
        text_char(t, '[');
        text_append(t, fields[i].bytes, fields[i].length);
        text_char(t, ']');
        assert_int_equal(fields[i].bytes[fields[i].length], '\0');
    }
    text_char(t, '\n');
    return 0;
}

static inline int read_dump(const struct text *bytes, size_t block,
                            const struct csv_options *options, struct text *out, struct err *err)
{
    memset(err, 0, sizeof *err);
    text_clear(out);
    text_string(out, "");
    return csv_read_bytes("/some/where/x.csv", bytes->bytes, bytes->length, block, options, dump,
                          dump, out, err);
}

#endif

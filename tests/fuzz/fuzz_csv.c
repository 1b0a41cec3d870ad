/* SPDX-License-Identifier: EUPL-1.2 */
/* The strict CSV reader: the first byte chooses delimiter and encoding. Every accepted row must have
 * as many fields as the header, be NUL-free and valid UTF-8 (checked by reading the fields to their end). */
#include "fuzz_file.h"
#include "io/csv_reader.h"

#include <string.h>

struct seen {
    size_t columns;
};

static int on_header(void *context, const struct csv_field *fields, size_t count, long line,
                     struct err *err)
{
    (void)fields;
    (void)line;
    (void)err;
    ((struct seen *)context)->columns = count;
    return 0;
}

static int on_row(void *context, const struct csv_field *fields, size_t count, long line,
                  struct err *err)
{
    (void)err;
    if (count != ((struct seen *)context)->columns || line < 2)
        abort();
    for (size_t i = 0; i < count; i++)
        if (strlen(fields[i].bytes) != fields[i].length)
            abort();
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    if (length < 1)
        return 0;
    static const char delimiters[4] = {',', ';', '\t', ','};
    struct csv_options options = {delimiters[bytes[0] & 3], (enum encoding)((bytes[0] >> 2) % 3)};
    struct seen seen = {0};
    struct err err = {.kind = ERR_NONE};
    int rc = csv_read(fuzz_file(bytes + 1, length - 1, ".csv"), &options, on_header, on_row, &seen,
                      &err);
    if ((rc != 0) != (err.kind != ERR_NONE) || (rc != 0 && err.kind != ERR_DATA))
        abort();
    return 0;
}

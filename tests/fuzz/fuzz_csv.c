/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The strict CSV reader: the first byte chooses delimiter, encoding and the size of the blocks that
 * the bytes come in. Every accepted row has as many fields as the header and no NUL, what comes out
 * is valid UTF-8, and neither the size of the blocks nor rows handed over many at a time change
 * rows or verdict. With blocks of one byte every row goes through libcsv, with large ones those
 * without a quote do not. The file read in parts has the same rows with the same lines, or some
 * part has an error; then so has the file, or it has quotes.
 */
#include "fuzz_file.h"
#include "io/csv_reader.h"

struct seen {
    size_t columns;
    uint64_t hash; /* of all that was handed over */
    long above;    /* lines before the part */
};

static void add(struct seen *seen, const void *bytes, size_t length)
{
    const uint8_t *at = bytes;
    for (size_t i = 0; i < length; i++)
        seen->hash = (seen->hash ^ at[i]) * UINT64_C(0x100000001B3);
}

/* No byte sequence that UTF-8 never has: stray or missing continuation bytes, and bytes that begin
 * no character. */
static bool is_utf8(const char *text, size_t length)
{
    for (size_t i = 0; i < length;) {
        uint8_t c = (uint8_t)text[i];
        size_t more = c < 0x80 ? 0 : c < 0xE0 ? 1 : c < 0xF0 ? 2 : 3;
        if ((c >= 0x80 && c < 0xC2) || c > 0xF4 || more >= length - i)
            return false;
        for (size_t j = 1; j <= more; j++)
            if (((uint8_t)text[i + j] & 0xC0) != 0x80)
                return false;
        i += more + 1;
    }
    return true;
}

static int on_header(void *context, const struct csv_field *fields, size_t count, long line,
                     struct err *err)
{
    struct seen *seen = context;
    (void)err;
    seen->columns = count;
    add(seen, &line, sizeof line);
    for (size_t i = 0; i < count; i++)
        add(seen, fields[i].bytes, fields[i].length + 1);
    return 0;
}

static int on_row(void *context, const struct csv_field *fields, size_t count, long line,
                  struct err *err)
{
    struct seen *seen = context;
    (void)err;
    line += seen->above;
    fuzz_demand(count == seen->columns && line >= 2);
    add(seen, &line, sizeof line);
    for (size_t i = 0; i < count; i++) {
        fuzz_demand(strlen(fields[i].bytes) == fields[i].length);
        fuzz_demand(is_utf8(fields[i].bytes, fields[i].length));
        add(seen, fields[i].bytes, fields[i].length + 1);
    }
    return 0;
}

/* From the last row on, whose fields get their NULs before the others are looked at. */
static int on_rows(void *context, const struct csv_rows *rows, struct err *err)
{
    struct seen *seen = context;
    struct csv_field fields[64];
    fuzz_demand(rows->count > 0 && rows->count <= CSV_ROWS && rows->columns == seen->columns);
    for (size_t row = rows->count; rows->columns <= 64 && row-- > 0;)
        csv_rows_fields(rows, row, fields);
    for (size_t row = 0; row < rows->count; row++) {
        long line = rows->line + (long)row + seen->above;
        add(seen, &line, sizeof line);
        for (size_t i = 0; i < rows->columns; i++) {
            struct csv_field f = csv_column_field(csv_rows_column(rows, i), row);
            add(seen, f.bytes, f.length);
            add(seen, "", 1);
        }
    }
    (void)err;
    return 0;
}

static int read_in_blocks(const uint8_t *bytes, size_t length, size_t block,
                          const struct csv_options *options, struct seen *seen, struct err *err)
{
    return csv_read_bytes("fuzz.csv", bytes, length, block, options, on_header, on_row, seen, err);
}

static int on_same_header(void *context, const struct csv_field *fields, size_t count, long line,
                          struct err *err)
{
    struct seen *seen = context;
    (void)fields;
    (void)line;
    (void)err;
    fuzz_demand(count == seen->columns); /* the first part has shown it */
    return 0;
}

/* True if every part was read. */
static bool read_parts(const char *path, uint64_t size, const struct csv_options *options,
                       struct seen *seen)
{
    struct csv_part *parts = NULL;
    size_t count = 0;
    struct err err;
    fuzz_demand(csv_parts(path, size, &parts, &count, &err) == 0 && count > 0);
    bool whole = true;
    for (size_t i = 0; whole && i < count; i++) {
        long lines;
        whole = csv_read_part(path, &parts[i], options, i == 0 ? on_header : on_same_header, on_row,
                              seen, &lines, &err) == 0;
        seen->above += lines;
    }
    free(parts);
    return whole;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    static const char delimiters[4] = {',', ';', '\t', ','};
    static const size_t blocks[4] = {1, 2, 7, 100};
    if (length < 1)
        return 0;
    struct csv_options options = {delimiters[bytes[0] & 3], (enum encoding)((bytes[0] >> 2) % 3),
                                  NULL};
    struct seen whole = {0}, split = {0}, many = {0};
    struct err err = {.kind = ERR_NONE}, again = {.kind = ERR_NONE};
    int rc = read_in_blocks(bytes + 1, length - 1, CSV_BLOCK, &options, &whole, &err);
    fuzz_demand((rc != 0) == (err.kind != ERR_NONE));
    fuzz_demand(rc == 0 || err.kind == ERR_DATA);
    fuzz_demand(read_in_blocks(bytes + 1, length - 1, blocks[bytes[0] >> 6], &options, &split,
                               &again) == rc);
    fuzz_demand(whole.hash == split.hash && err.line == again.line && err.column == again.column &&
                strcmp(err.text, again.text) == 0);
    options.on_rows = on_rows;
    fuzz_demand(read_in_blocks(bytes + 1, length - 1, CSV_BLOCK, &options, &many, &again) == rc);
    fuzz_demand(whole.hash == many.hash && err.line == again.line && err.column == again.column &&
                strcmp(err.text, again.text) == 0);
    if (length == 1)
        return 0;
    struct seen parts = {0};
    bool read = read_parts(fuzz_file(bytes + 1, length - 1, ".csv"),
                           1 + length / (1 + bytes[0] % 5), &options, &parts);
    fuzz_demand(read ? rc == 0 && parts.hash == whole.hash
                     : rc != 0 || memchr(bytes + 1, '"', length - 1) != NULL);
    return 0;
}

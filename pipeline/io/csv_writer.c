/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/io/csv_writer.h. */
#include "io/csv_writer.h"

#include <string.h>

static void separate(struct text *t, bool *first)
{
    if (!*first)
        text_char(t, ',');
    *first = false;
}

void csv_put(struct text *t, bool *first, const char *value)
{
    separate(t, first);
    if (!value)
        return;
    size_t plain = strcspn(value, ",\"\r\n");
    if (value[plain] == '\0') {
        text_append(t, value, plain);
        return;
    }
    text_char(t, '"');
    for (;;) {
        size_t run = strcspn(value, "\"");
        text_append(t, value, run);
        if (value[run] == '\0')
            break;
        text_string(t, "\"\"");
        value += run + 1;
    }
    text_char(t, '"');
}

void csv_put_number(struct text *t, bool *first, int64_t value)
{
    char digits[20];
    size_t at = sizeof digits;
    uint64_t rest = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    do
        digits[--at] = (char)('0' + rest % 10);
    while (rest /= 10);
    if (value < 0)
        digits[--at] = '-';
    separate(t, first);
    text_append(t, digits + at, sizeof digits - at);
}

void csv_end(struct text *t, bool *first)
{
    /* A row of one empty field would be an empty line, which readers skip. */
    if (!*first && (t->length == 0 || t->bytes[t->length - 1] == '\n'))
        text_string(t, "\"\"");
    text_char(t, '\n');
    *first = true;
}

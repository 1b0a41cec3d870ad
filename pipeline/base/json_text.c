/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/base/json_text.h. */
#include "base/json_text.h"

#include <stddef.h>

/* Length of the UTF-8 sequence (RFC 3629: shortest form, no surrogate, up to U+10FFFF) that the
 * NUL-terminated text begins with; 0 if it is none. */
static size_t sequence_length(const unsigned char *s)
{
    size_t length = s[0] < 0x80 ? 1 : s[0] < 0xc2 ? 0 : s[0] < 0xe0 ? 2 : s[0] < 0xf0 ? 3 : 4;
    if (s[0] > 0xf4 || (s[0] == 0xe0 && s[1] < 0xa0) || (s[0] == 0xed && s[1] > 0x9f) ||
        (s[0] == 0xf0 && s[1] < 0x90) || (s[0] == 0xf4 && s[1] > 0x8f))
        return 0;
    for (size_t i = 1; i < length; i++)
        if ((s[i] & 0xc0) != 0x80)
            return 0;
    return length;
}

void json_put_string(struct text *t, const char *value)
{
    text_char(t, '"');
    for (size_t length; *value; value += length ? length : 1) {
        length = sequence_length((const unsigned char *)value);
        if (length == 0)
            text_string(t, "\\ufffd");
        else if (*value == '"' || *value == '\\')
            text_format(t, "\\%c", *value);
        else if ((unsigned char)*value < 0x20)
            text_format(t, "\\u%04x", (unsigned)*value);
        else
            text_append(t, value, length);
    }
    text_char(t, '"');
}

/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/base/json_text.h. */
#include "base/json_text.h"

void json_put_string(struct text *t, const char *value)
{
    text_char(t, '"');
    for (const char *c = value; *c; c++) {
        if (*c == '"' || *c == '\\')
            text_format(t, "\\%c", *c);
        else if ((unsigned char)*c < 0x20)
            text_format(t, "\\u%04x", (unsigned)*c);
        else
            text_char(t, *c);
    }
    text_char(t, '"');
}

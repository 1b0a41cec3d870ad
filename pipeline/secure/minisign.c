/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/secure/minisign.h. */
#include "secure/minisign.h"

#include <sodium.h>
#include <string.h>

enum { DECODED = 256 };

bool minisign_line(struct slice *rest, struct slice *line)
{
    const char *end = rest->length ? memchr(rest->bytes, '\n', rest->length) : NULL;
    if (!end)
        return false;
    line->bytes = rest->bytes;
    line->length = (size_t)(end - rest->bytes);
    rest->bytes = end + 1;
    rest->length -= line->length + 1;
    return true;
}

bool minisign_comment(struct slice line, const char *prefix, struct slice *comment)
{
    size_t length = strlen(prefix);
    if (line.length < length || line.length - length > MINISIGN_COMMENT ||
        memcmp(line.bytes, prefix, length) != 0)
        return false;
    comment->bytes = line.bytes + length;
    comment->length = line.length - length;
    for (size_t i = 0; i < comment->length; i++)
        if ((unsigned char)comment->bytes[i] < ' ' || comment->bytes[i] == 0x7f)
            return false;
    return true;
}

bool minisign_base64(struct slice line, uint8_t *bytes, size_t length)
{
    size_t decoded;
    const char *end;
    unsigned char bits = 0;
    if (length > DECODED ||
        line.length + 1 != sodium_base64_ENCODED_LEN(length, sodium_base64_VARIANT_ORIGINAL))
        return false;
    /* libsodium 1.0.18 takes some bytes above 127 for letters (a signed char in its decoder):
     * looked for without a branch for each, since the line may hold a secret key. */
    for (size_t i = 0; i < line.length; i++)
        bits |= (unsigned char)line.bytes[i];
    if (bits & 0x80)
        return false;
    /* It demands the padding and refuses unused bits that are not zero. */
    return sodium_base642bin(bytes, length, line.bytes, line.length, NULL, &decoded, &end,
                             sodium_base64_VARIANT_ORIGINAL) == 0 &&
           decoded == length && end == line.bytes + line.length;
}

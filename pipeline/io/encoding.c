/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/io/encoding.h. The table of well-formed UTF-8 is The Unicode Standard's table 3-7;
 * that of windows-1252 is the Unicode consortium's CP1252.TXT. ASCII, nearly all of any file, is
 * passed over 64 bytes at a time. */
#include "io/encoding.h"

#include <string.h>

static const char *const ENCODING_NAMES[] = {
    [ENCODING_UTF8] = "utf-8",
    [ENCODING_WINDOWS_1252] = "windows-1252",
    [ENCODING_ISO_8859_1] = "iso-8859-1",
};

/* windows-1252's characters 80 to 9F; 0 = undefined. */
static const uint16_t WINDOWS_1252[32] = {
    0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0,      0x017D, 0,      0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0x017E, 0x0178,
};

const char *encoding_name(enum encoding encoding)
{
    return ENCODING_NAMES[encoding];
}

struct decoder decoder_start(enum encoding encoding)
{
    return (struct decoder){.encoding = encoding};
}

static size_t ascii_prefix(const uint8_t *bytes, size_t length)
{
    uint64_t block[8];
    size_t at = 0;
    for (; length - at >= sizeof block; at += sizeof block) {
        uint64_t any = 0;
        memcpy(block, bytes + at, sizeof block);
        for (size_t i = 0; i < sizeof block / sizeof *block; i++)
            any |= block[i];
        if (any & 0x8080808080808080U)
            break;
    }
    while (at < length && bytes[at] < 0x80)
        at++;
    return at;
}

/* How many bytes the character that `lead` begins has (0: no character begins so), and between
 * which bounds its second byte must be. */
static size_t sequence(uint8_t lead, uint8_t *low, uint8_t *high)
{
    *low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
    *high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
    if (lead < 0xC2 || lead > 0xF4)
        return 0;
    return lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
}

/* The bytes that are well-formed of the character that begins here; `whole` is its full length. */
static size_t well_formed(const uint8_t *bytes, size_t length, size_t *whole)
{
    uint8_t low, high;
    *whole = sequence(bytes[0], &low, &high);
    if (*whole == 0)
        return 0;
    size_t at = 1;
    for (; at < *whole && at < length; at++) {
        if (bytes[at] < low || bytes[at] > high)
            break;
        low = 0x80;
        high = 0xBF;
    }
    return at;
}

size_t utf8_prefix(const uint8_t *bytes, size_t length)
{
    size_t at = 0;
    for (;;) {
        at += ascii_prefix(bytes + at, length - at);
        size_t whole;
        if (at == length || well_formed(bytes + at, length - at, &whole) < whole || whole == 0)
            return at;
        at += whole;
    }
}

static bool is_defined(enum encoding encoding, uint8_t byte)
{
    if (byte < 0x80 || byte > 0x9F)
        return true;
    return encoding == ENCODING_WINDOWS_1252 && WINDOWS_1252[byte - 0x80] != 0;
}

static size_t single_byte_prefix(enum encoding encoding, const uint8_t *bytes, size_t length)
{
    size_t at = 0;
    while (at < length && is_defined(encoding, bytes[at]))
        at++;
    return at;
}

/* Bytes of the block before the first fault, which is noted. What may yet turn out well when more
 * bytes come (a character or a CRLF that the block's end cuts through) is left out without a fault.
 */
static size_t clean_prefix(struct decoder *d, const uint8_t *bytes, size_t length, bool last)
{
    size_t clean = d->encoding == ENCODING_UTF8 ? utf8_prefix(bytes, length)
                                                : single_byte_prefix(d->encoding, bytes, length);
    if (clean < length) {
        size_t rest = length - clean, whole = 0;
        bool cut = d->encoding == ENCODING_UTF8 && !last &&
                   well_formed(bytes + clean, rest, &whole) == rest && whole > rest;
        d->fault = cut ? DECODER_FINE : DECODER_INVALID;
    }
    const uint8_t *nul = clean ? memchr(bytes, 0, clean) : NULL;
    if (nul) {
        clean = (size_t)(nul - bytes);
        d->fault = DECODER_NUL;
    }
    for (size_t at = 0; at < clean; at++) {
        const uint8_t *cr = memchr(bytes + at, '\r', clean - at);
        if (!cr)
            break;
        at = (size_t)(cr - bytes) + 1;
        if (at < clean && bytes[at] == '\n')
            continue;
        d->fault = at < length || last ? DECODER_CR : DECODER_FINE;
        return at - 1;
    }
    return clean;
}

/* What the first bytes say of the file's form; how many of them to drop. */
static size_t mark(struct decoder *d, const uint8_t *bytes, size_t length)
{
    uint8_t b[4] = {1, 1, 1, 1};
    for (size_t i = 0; i < length && i < sizeof b; i++)
        b[i] = bytes[i];
    bool mark_16 = (b[0] == 0xFF && b[1] == 0xFE) || (b[0] == 0xFE && b[1] == 0xFF);
    bool mark_32 = (b[0] == 0xFF && b[1] == 0xFE && !b[2] && !b[3]) ||
                   (!b[0] && !b[1] && b[2] == 0xFE && b[3] == 0xFF);
    bool nuls_16 = (b[0] && !b[1] && b[2] && !b[3]) || (!b[0] && b[1] && !b[2] && b[3]);
    bool nuls_32 = (b[0] && !b[1] && !b[2] && !b[3]) || (!b[0] && !b[1] && !b[2] && b[3]);
    if (mark_32 || nuls_32)
        d->fault = DECODER_UTF32;
    else if (mark_16 || nuls_16)
        d->fault = DECODER_UTF16;
    if (b[0] != 0xEF || b[1] != 0xBB || b[2] != 0xBF)
        return 0;
    if (d->encoding != ENCODING_UTF8)
        d->fault = DECODER_MARK;
    return 3;
}

static size_t put_utf8(char *to, unsigned character)
{
    if (character < 0x800) {
        to[0] = (char)(0xC0 | character >> 6);
        to[1] = (char)(0x80 | (character & 0x3F));
        return 2;
    }
    to[0] = (char)(0xE0 | character >> 12);
    to[1] = (char)(0x80 | (character >> 6 & 0x3F));
    to[2] = (char)(0x80 | (character & 0x3F));
    return 3;
}

/* Defined bytes of a single-byte encoding to UTF-8; returns how many were written. */
static size_t convert(enum encoding encoding, const uint8_t *bytes, size_t length, char *to)
{
    size_t written = 0;
    for (size_t at = 0; at < length; at++) {
        size_t ascii = ascii_prefix(bytes + at, length - at);
        memcpy(to + written, bytes + at, ascii);
        written += ascii;
        at += ascii;
        if (at == length)
            break;
        bool high = encoding == ENCODING_WINDOWS_1252 && bytes[at] < 0xA0;
        written += put_utf8(to + written, high ? WINDOWS_1252[bytes[at] - 0x80] : bytes[at]);
    }
    return written;
}

struct decoded decoder_take(struct decoder *d, const uint8_t *bytes, size_t length, bool last,
                            char *room)
{
    struct decoded got = {.text = (const char *)bytes};
    size_t skip = 0;
    if (length == 0)
        return got;
    if (!d->begun) {
        if (length < 4 && !last)
            return got;
        d->begun = true;
        skip = mark(d, bytes, length);
        if (d->fault)
            return got;
    }
    got.length = clean_prefix(d, bytes + skip, length - skip, last);
    got.used = skip + got.length;
    got.text += skip;
    if (d->encoding != ENCODING_UTF8) {
        got.length = convert(d->encoding, bytes + skip, got.length, room);
        got.text = room;
    }
    return got;
}

int decoder_error(const struct decoder *d, struct err *err)
{
    const char *name = encoding_name(d->encoding);
    switch (d->fault) {
    case DECODER_UTF16:
    case DECODER_UTF32:
        err_set(err, ERR_DATA, "%s text, %s expected",
                d->fault == DECODER_UTF16 ? "UTF-16" : "UTF-32", name);
        return err_hint(err, "save the file as UTF-8");
    case DECODER_MARK:
        err_set(err, ERR_DATA, "a UTF-8 byte order mark in a file declared as %s", name);
        return err_hint(err, "set encoding = utf-8 for this dataset");
    case DECODER_NUL:
        return err_set(err, ERR_DATA, "NUL byte");
    case DECODER_INVALID:
        err_set(err, ERR_DATA, "a byte that is not valid %s", name);
        return err_hint(err, "declare the encoding that the file has: encoding = %s",
                        d->encoding == ENCODING_WINDOWS_1252 ? "utf-8" : "windows-1252");
    case DECODER_CR:
        return err_set(err, ERR_DATA, "a carriage return without a line feed");
    case DECODER_FINE:
        break;
    }
    return err_set(err, ERR_INTERNAL, "decoding failed without a fault");
}

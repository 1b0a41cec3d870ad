/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * encoding: from a file's bytes, block by block, to UTF-8 that is safe to parse.
 *
 *     struct decoder d = decoder_start(encoding);
 *     for each block:  got = decoder_take(&d, bytes, length, last, room);
 *                      parse got.text[0 .. got.length)
 *                      if (d.fault) the byte after that text is the fault: decoder_error(&d, err)
 *                      keep bytes[got.used .. length) (at most 3): they begin the next block
 *
 * What comes out is valid UTF-8 without NUL bytes and without a carriage return that no line feed
 * follows; a byte order mark at the start is dropped. Invalid in UTF-8: overlong forms, surrogates,
 * bytes beyond U+10FFFF, a sequence that the end of the file cuts off. Invalid in windows-1252: the
 * bytes 81, 8D, 8F, 90 and 9D; in iso-8859-1: 80 to 9F, control characters there, which in practice
 * mean that the file is windows-1252. UTF-16 and UTF-32 are recognised by their marks, and by their
 * NULs without. Nothing is allocated; not thread-safe for one decoder.
 */
#ifndef HERKOMST_IO_ENCODING_H
#define HERKOMST_IO_ENCODING_H

#include "base/err.h"
#include "io/config.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { DECODER_HELD = 3, DECODER_GROWTH = 3 };

enum decoder_fault {
    DECODER_FINE,
    DECODER_UTF16,
    DECODER_UTF32,
    DECODER_MARK, /* a UTF-8 byte order mark in a file declared otherwise */
    DECODER_NUL,
    DECODER_INVALID,
    DECODER_CR, /* a carriage return without a line feed */
};

struct decoder {
    enum encoding encoding;
    bool begun; /* the start of the file was looked at */
    enum decoder_fault fault;
};

struct decoded {
    const char *text; /* into `bytes` or into `room` */
    size_t length;
    size_t used; /* bytes of the block that the text stands for */
};

struct decoder decoder_start(enum encoding encoding);

/* last: no byte follows these. room: DECODER_GROWTH * length bytes; may be NULL for UTF-8. */
struct decoded decoder_take(struct decoder *d, const uint8_t *bytes, size_t length, bool last,
                            char *room);

/* Fills err (ERR_DATA, with a hint) for d->fault; returns -1. */
int decoder_error(const struct decoder *d, struct err *err);

/* As in the configuration: "utf-8", "windows-1252", "iso-8859-1". */
const char *encoding_name(enum encoding encoding);

/* The length of the longest prefix that is valid UTF-8. */
size_t utf8_prefix(const uint8_t *bytes, size_t length);

#endif

/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * minisign: the lines that its signature and key files are made of, for sign.c and keyfile.c.
 *
 * Everything here is strict, since the auditor reads files of people he does not trust: a line ends
 * with LF, base64 has one form (padded, no spaces, unused bits zero), a comment has no control
 * characters.
 */
#ifndef HERKOMST_SECURE_MINISIGN_H
#define HERKOMST_SECURE_MINISIGN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MINISIGN_UNTRUSTED "untrusted comment: "
#define MINISIGN_TRUSTED "trusted comment: "

enum { MINISIGN_COMMENT = 1024 }; /* the longest comment, in bytes */

/* A part of a text. */
struct slice {
    const char *bytes;
    size_t length;
};

/* Takes the next line, without its LF, off the rest; false if no complete line is left. */
bool minisign_line(struct slice *rest, struct slice *line);
/* Is the line the prefix and a comment? The comment is handed out. */
bool minisign_comment(struct slice line, const char *prefix, struct slice *comment);
/* Is the line exactly `length` (at most 256) bytes in base64? The bytes are handed out. */
bool minisign_base64(struct slice line, uint8_t *bytes, size_t length);

#endif

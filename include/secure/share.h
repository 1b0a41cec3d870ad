/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * share: the parts of a split master key, for keyfile.c. n random strings of which the XOR is the
 * key: all of them give it, fewer tell nothing at all.
 *
 *     herkomst-share 1
 *     set 16 hex digits, the same in all shares of a key
 *     part K of N
 *     key 64 hex digits
 *     check 32 hex digits: BLAKE2b-128 of all before it
 *
 * A share's text lives in locked memory only.
 */
#ifndef HERKOMST_SECURE_SHARE_H
#define HERKOMST_SECURE_SHARE_H

#include "secure/secret.h"

#include <stdbool.h>

enum {
    SHARE_LEAST = 2,
    SHARE_MOST = 16,
    SHARE_SETBYTES = 8,
    SHARE_TEXT = 192, /* room for the text and a NUL */
};

struct share {
    uint8_t set[SHARE_SETBYTES];
    unsigned part, parts; /* part 1..parts */
    uint8_t key[MASTER_KEYBYTES];
};

/* Writes the text and a NUL; returns its length. Both in locked memory. */
size_t share_print(char text[static SHARE_TEXT], const struct share *share);
/* Does the text begin like a share? */
bool share_begins(const uint8_t *text, size_t length);
/* Parses the one form that share_print writes; ERR_KEY. share in locked memory. */
int share_parse(struct share *share, const uint8_t *text, size_t length, struct err *err);

#endif

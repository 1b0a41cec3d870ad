/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * keyforms: what keyfile.c reads and keymaker.c writes: the titles and the offsets in minisign's
 * keys.
 *
 *   secret   "Ed", kdf (two NUL: none), "B2", salt 32, opslimit 8, memlimit 8, id 8, key 64,
 * checksum 32 public   "Ed", id 8, key 32
 */
#ifndef HERKOMST_SECURE_KEYFORMS_H
#define HERKOMST_SECURE_KEYFORMS_H

#include "secure/sign.h"

#define RECIPIENT_TITLE "herkomst-recipient 1"

enum {
    SECRET_AT_KDF = 2,
    SECRET_AT_SUM = 4,
    SECRET_AT_ID = 6 + 32 + 8 + 8,
    SECRET_AT_KEY = SECRET_AT_ID + SIGN_KEYIDBYTES,
    SECRET_AT_CHECKSUM = SECRET_AT_KEY + SIGN_SECRETBYTES,
    SECRET_CHECKSUM = 32,
    SECRET_BYTES = SECRET_AT_CHECKSUM + SECRET_CHECKSUM,
    PUBLIC_AT_ID = 2,
    PUBLIC_AT_KEY = PUBLIC_AT_ID + SIGN_KEYIDBYTES,
    PUBLIC_BYTES = PUBLIC_AT_KEY + SIGN_PUBLICBYTES,
};

#endif

/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * sign: signatures in minisign's format (Ed25519 over BLAKE2b-512 of the file, algorithm "ED"; the
 * global signature covers signature and trusted comment). `minisign -Vm FILE -p KEY.pub` verifies.
 * The trusted comment is fixed by the caller, so that the same release has the same signature.
 */
#ifndef HERKOMST_SECURE_SIGN_H
#define HERKOMST_SECURE_SIGN_H

#include "base/err.h"
#include "base/text.h"

#include <stdint.h>

enum {
    SIGN_PUBLICBYTES = 32,
    SIGN_SECRETBYTES = 64,
    SIGN_KEYIDBYTES = 8,
    SIGN_KEYID_TEXT = 17, /* 16 hex digits, as minisign prints it, and NUL */
};

struct signing_key {
    uint8_t id[SIGN_KEYIDBYTES];
    uint8_t *secret; /* secret_alloc'd */
};
struct public_key {
    uint8_t id[SIGN_KEYIDBYTES];
    uint8_t key[SIGN_PUBLICBYTES];
};

void signing_key_release(struct signing_key *k);
void key_id_text(char out[static SIGN_KEYID_TEXT], const uint8_t id[static SIGN_KEYIDBYTES]);

/* The text of the .minisig file for these bytes. */
int sign_bytes(struct text *signature, const void *bytes, size_t length,
               const char *trusted_comment, const struct signing_key *key, struct err *err);

/* 0 = valid and made by this key; -1 with ERR_REFUSED = it is not, whatever the reason (named). */
int sign_verify(const char *signature, size_t signature_length, const void *bytes, size_t length,
                const struct public_key *key, struct err *err);

#endif

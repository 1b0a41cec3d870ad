/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * pseudonym: keyed BLAKE2b of a canonical national number, under a key of the release alone.
 *
 *   release key = BLAKE2b-256(key = master key, "herkomst " purpose "\n" release id)
 *   pseudonym   = BLAKE2b-128(key = release key, the 11 digits)
 *
 * (libsodium crypto_generichash; Python: hashlib.blake2b(msg, digest_size=n, key=k).) Purposes:
 * "pseudonym" for the link domain, "input" for the digests of inputs in the manifest. Two releases
 * cannot be linked through pseudonyms, and nobody without the master key can test a guess.
 */
#ifndef HERKOMST_SECURE_PSEUDONYM_H
#define HERKOMST_SECURE_PSEUDONYM_H

#include "secure/secret.h"

enum { PSEUDONYM_BYTES = 16, NATIONAL_NUMBER_DIGITS = 11, KEY_FINGERPRINT_TEXT = 17 };

/* Writes PSEUDONYM_KEYBYTES bytes into key (locked memory). */
void pseudonym_key_derive(uint8_t key[static PSEUDONYM_KEYBYTES],
                          const uint8_t master[static MASTER_KEYBYTES], const char *purpose,
                          const char *release);

void pseudonym_of(uint8_t out[static PSEUDONYM_BYTES],
                  const char digits[static NATIONAL_NUMBER_DIGITS],
                  const uint8_t key[static PSEUDONYM_KEYBYTES]);

/* Many numbers under one key, several at a time (secure/blake2b_lanes.h), the same bytes. Threads
 * may share it. */
struct pseudonymiser;
struct blake2b_lanes;

/* The first of the kernels that runs here and gives libsodium's bytes for some numbers under this
 * key; NULL if none does. */
const struct blake2b_lanes *pseudonym_kernel(const struct blake2b_lanes *kernels, size_t count,
                                             const uint8_t key[static PSEUDONYM_KEYBYTES]);

/* Copies the key into its own locked memory and chooses a kernel; without one every number goes to
 * libsodium. NULL: see secret_alloc. */
struct pseudonymiser *pseudonymiser_open(const uint8_t key[static PSEUDONYM_KEYBYTES],
                                         struct err *err);
void pseudonymiser_close(struct pseudonymiser *p); /* NULL is fine */
void pseudonyms_of(const struct pseudonymiser *p, uint8_t (*out)[PSEUDONYM_BYTES],
                   const char (*digits)[NATIONAL_NUMBER_DIGITS], size_t count);

/* 16 hex digits that identify the master key without telling anything about it:
 * BLAKE2b-64-bit(key = master key, "herkomst fingerprint\n"); crypto_generichash's least output is
 * 16 bytes, of which the first 8 are printed. */
void key_fingerprint(char out[static KEY_FINGERPRINT_TEXT],
                     const uint8_t master[static MASTER_KEYBYTES]);

#endif

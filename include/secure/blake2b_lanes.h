/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * blake2b_lanes: the keyed BLAKE2b (RFC 7693) of eight national numbers, or rows, at a time.
 *
 * The same bytes as libsodium's crypto_generichash(out, 16, digits, 11, key, 32) of a number, and
 * crypto_generichash(out, 32, row, length, key, 32) of a row. Two things make
 * it fast: the block that holds the key is compressed once for all numbers, and each of eight
 * vector lanes compresses another number's block. Nothing depends on a number's value but data: no
 * branch, no address. Callers go through secure/pseudonym.h and secure/row_hash.h, which compare a
 * kernel with libsodium before they trust it.
 */
#ifndef HERKOMST_SECURE_BLAKE2B_LANES_H
#define HERKOMST_SECURE_BLAKE2B_LANES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    BLAKE2B_LANES = 8,
    BLAKE2B_LANES_BYTES = 16,
    BLAKE2B_LANES_DIGITS = 11,
    BLAKE2B_LANES_KEY = 32,
    BLAKE2B_WORDS = 8,
    BLAKE2B_ROW_WORDS = 4, /* of a row's hash */
};

/* keyed: what blake2b_keyed_state made of the key. */
typedef void (*blake2b_kernel)(uint8_t out[static BLAKE2B_LANES][BLAKE2B_LANES_BYTES],
                               const char digits[static BLAKE2B_LANES][BLAKE2B_LANES_DIGITS],
                               const uint64_t keyed[static BLAKE2B_WORDS]);

/* Rows of `length` bytes, at least 1, each in a lane: word w (little-endian) of all rows is
 * words[w], and what is behind the rows' end in their last word is zero. */
typedef void (*blake2b_rows_kernel)(uint64_t out[static BLAKE2B_ROW_WORDS][BLAKE2B_LANES],
                                    const uint64_t (*words)[BLAKE2B_LANES], size_t length,
                                    const uint64_t keyed[static BLAKE2B_WORDS]);

struct blake2b_lanes {
    const char *name;
    bool (*usable)(void); /* on this processor */
    blake2b_kernel hash;
    blake2b_rows_kernel hash_rows;
};

/* The fastest first; the last one runs everywhere. */
extern const struct blake2b_lanes BLAKE2B_KERNELS[];
extern const size_t BLAKE2B_KERNEL_COUNT;

/* The state after the block of the key, as secret as the key itself. bytes: of the hash, which is
 * BLAKE2B_LANES_BYTES for numbers and 8 * BLAKE2B_ROW_WORDS for rows. */
void blake2b_keyed_state(uint64_t keyed[static BLAKE2B_WORDS],
                         const uint8_t key[static BLAKE2B_LANES_KEY], unsigned bytes);

#endif

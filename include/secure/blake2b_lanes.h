/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * blake2b_lanes: the keyed BLAKE2b (RFC 7693) of eight national numbers at a time.
 *
 * The same bytes as libsodium's crypto_generichash(out, 16, digits, 11, key, 32). Two things make
 * it fast: the block that holds the key is compressed once for all numbers, and each of eight
 * vector lanes compresses another number's block. Nothing depends on a number's value but data: no
 * branch, no address. Callers go through secure/pseudonym.h, which compares a kernel with libsodium
 * before it trusts it.
 */
#ifndef HERKOMST_SECURE_BLAKE2B_LANES_H
#define HERKOMST_SECURE_BLAKE2B_LANES_H

#include "secure/lanes.h"

#include <stddef.h>

enum {
    BLAKE2B_LANES_BYTES = 16,
    BLAKE2B_LANES_DIGITS = 11,
    BLAKE2B_LANES_KEY = 32,
    BLAKE2B_WORDS = 8,
};

/* keyed: what blake2b_keyed_state made of the key. */
typedef void (*blake2b_kernel)(uint8_t out[static LANES][BLAKE2B_LANES_BYTES],
                               const char digits[static LANES][BLAKE2B_LANES_DIGITS],
                               const uint64_t keyed[static BLAKE2B_WORDS]);

struct blake2b_lanes {
    const char *name;
    bool (*usable)(void); /* on this processor */
    blake2b_kernel hash;
};

/* The fastest first; the last one runs everywhere. */
extern const struct blake2b_lanes BLAKE2B_KERNELS[];
extern const size_t BLAKE2B_KERNEL_COUNT;

/* The state after the block of the key, as secret as the key itself. */
void blake2b_keyed_state(uint64_t keyed[static BLAKE2B_WORDS],
                         const uint8_t key[static BLAKE2B_LANES_KEY]);

#endif

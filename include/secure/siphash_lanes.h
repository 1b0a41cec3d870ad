/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * siphash_lanes: SipHash-2-4 with 128 bits (Aumasson and Bernstein, "SipHash: a fast short-input
 * PRF", 2012) of eight rows at a time: the bytes of libsodium's crypto_shorthash_siphashx24 of
 * each. Callers go through secure/row_hash.h, which compares a kernel with libsodium before it
 * trusts it.
 */
#ifndef HERKOMST_SECURE_SIPHASH_LANES_H
#define HERKOMST_SECURE_SIPHASH_LANES_H

#include "secure/lanes.h"

#include <stddef.h>

enum { SIPHASH_WORDS = 2 /* of a hash, and of a key */ };

/* Rows of `length` bytes, each in a lane: word w (little-endian) of all rows is words[w], and what
 * is behind the rows' end in their last word is zero. */
typedef void (*siphash_kernel)(uint64_t out[static SIPHASH_WORDS][LANES],
                               const uint64_t (*words)[LANES], size_t length,
                               const uint64_t key[static SIPHASH_WORDS]);

struct siphash_lanes {
    const char *name;
    bool (*usable)(void); /* on this processor */
    siphash_kernel hash;
};

/* The fastest first; the last one runs everywhere. */
extern const struct siphash_lanes SIPHASH_KERNELS[];
extern const size_t SIPHASH_KERNEL_COUNT;

#endif

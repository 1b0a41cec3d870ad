/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/secure/siphash_lanes.h; names are those of the paper. */
#include "secure/siphash_lanes.h"

#include <string.h>

enum { ROUNDS = 2, LAST_ROUNDS = 4 };

#define ROTATE(x, n) ((x) << (n) | (x) >> (64 - (n)))
#define SIPROUND(v0, v1, v2, v3)      \
    do {                              \
        (v0) += (v1);                 \
        (v2) += (v3);                 \
        (v1) = ROTATE(v1, 13) ^ (v0); \
        (v3) = ROTATE(v3, 16) ^ (v2); \
        (v0) = ROTATE(v0, 32);        \
        (v2) += (v1);                 \
        (v0) += (v3);                 \
        (v1) = ROTATE(v1, 17) ^ (v2); \
        (v3) = ROTATE(v3, 21) ^ (v0); \
        (v2) = ROTATE(v2, 32);        \
    } while (0)

LANES_BODY hash_body(uint64_t out[static SIPHASH_WORDS][LANES], const uint64_t (*words)[LANES],
                     size_t length, const uint64_t key[static SIPHASH_WORDS])
{
    const lanes zero = {0};
    lanes v0 = zero + (key[0] ^ UINT64_C(0x736f6d6570736575));
    lanes v1 = zero + (key[1] ^ UINT64_C(0x646f72616e646f6d) ^ 0xee);
    lanes v2 = zero + (key[0] ^ UINT64_C(0x6c7967656e657261));
    lanes v3 = zero + (key[1] ^ UINT64_C(0x7465646279746573));
    for (size_t at = 0; at <= length; at += 8) { /* the last word has the length, and the rest */
        lanes m = zero;
        if (at < length)
            memcpy(&m, words[at / 8], sizeof m);
        if (length - at < 8)
            m |= zero + ((uint64_t)length << 56);
        v3 ^= m;
        for (int r = 0; r < ROUNDS; r++)
            SIPROUND(v0, v1, v2, v3);
        v0 ^= m;
    }
    v2 ^= zero + 0xee;
    for (size_t half = 0; half < SIPHASH_WORDS; half++) {
        for (int r = 0; r < LAST_ROUNDS; r++)
            SIPROUND(v0, v1, v2, v3);
        lanes h = v0 ^ v1 ^ v2 ^ v3;
        memcpy(out[half], &h, sizeof h);
        v1 ^= zero + 0xdd;
    }
}

static void hash_plain(uint64_t out[static SIPHASH_WORDS][LANES], const uint64_t (*words)[LANES],
                       size_t length, const uint64_t key[static SIPHASH_WORDS])
{
    hash_body(out, words, length, key);
}

#ifdef __x86_64__
LANES_AVX2 hash_avx2(uint64_t out[static SIPHASH_WORDS][LANES], const uint64_t (*words)[LANES],
                     size_t length, const uint64_t key[static SIPHASH_WORDS])
{
    hash_body(out, words, length, key);
}
LANES_AVX512 hash_avx512(uint64_t out[static SIPHASH_WORDS][LANES], const uint64_t (*words)[LANES],
                         size_t length, const uint64_t key[static SIPHASH_WORDS])
{
    hash_body(out, words, length, key);
}
#endif

const struct siphash_lanes SIPHASH_KERNELS[] = {
#ifdef __x86_64__
    {"avx512", lanes_avx512, hash_avx512},
    {"avx2", lanes_avx2, hash_avx2},
#endif
    {"plain", lanes_anywhere, hash_plain},
};
const size_t SIPHASH_KERNEL_COUNT = sizeof SIPHASH_KERNELS / sizeof *SIPHASH_KERNELS;

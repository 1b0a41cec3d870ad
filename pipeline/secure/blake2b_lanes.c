/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/secure/blake2b_lanes.h; names are those of RFC 7693. */
#include "secure/blake2b_lanes.h"

#include <sodium.h>
#include <string.h>

enum { ROUNDS = 12, BLOCK = 128, BLOCK_WORDS = 16 };

static const uint64_t IV[BLAKE2B_WORDS] = {
    0x6a09e667f3bcc908U, 0xbb67ae8584caa73bU, 0x3c6ef372fe94f82bU, 0xa54ff53a5f1d36f1U,
    0x510e527fade682d1U, 0x9b05688c2b3e6c1fU, 0x1f83d9abfb41bd6bU, 0x5be0cd19137e2179U};

static const uint8_t SIGMA[ROUNDS][BLOCK_WORDS] = {
    {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15},
    {14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3},
    {11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4},
    {7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8},
    {9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13},
    {2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9},
    {12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11},
    {13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10},
    {6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5},
    {10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0},
    {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15},
    {14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3}};

#define ROTATE(x, n) ((x) >> (n) | (x) << (64 - (n)))
#define MIX(v, a, b, c, d, x, y)              \
    do {                                      \
        (v)[a] += (v)[b] + (x);               \
        (v)[d] = ROTATE((v)[d] ^ (v)[a], 32); \
        (v)[c] += (v)[d];                     \
        (v)[b] = ROTATE((v)[b] ^ (v)[c], 24); \
        (v)[a] += (v)[b] + (y);               \
        (v)[d] = ROTATE((v)[d] ^ (v)[a], 16); \
        (v)[c] += (v)[d];                     \
        (v)[b] = ROTATE((v)[b] ^ (v)[c], 63); \
    } while (0)
#define ROUND(v, m, s)                                    \
    do {                                                  \
        MIX(v, 0, 4, 8, 12, (m)[(s)[0]], (m)[(s)[1]]);    \
        MIX(v, 1, 5, 9, 13, (m)[(s)[2]], (m)[(s)[3]]);    \
        MIX(v, 2, 6, 10, 14, (m)[(s)[4]], (m)[(s)[5]]);   \
        MIX(v, 3, 7, 11, 15, (m)[(s)[6]], (m)[(s)[7]]);   \
        MIX(v, 0, 5, 10, 15, (m)[(s)[8]], (m)[(s)[9]]);   \
        MIX(v, 1, 6, 11, 12, (m)[(s)[10]], (m)[(s)[11]]); \
        MIX(v, 2, 7, 8, 13, (m)[(s)[12]], (m)[(s)[13]]);  \
        MIX(v, 3, 4, 9, 14, (m)[(s)[14]], (m)[(s)[15]]);  \
    } while (0)

void blake2b_keyed_state(uint64_t keyed[static BLAKE2B_WORDS],
                         const uint8_t key[static BLAKE2B_LANES_KEY])
{
    uint64_t m[BLOCK_WORDS] = {0}, v[2 * BLAKE2B_WORDS];
    for (size_t i = 0; i < BLAKE2B_LANES_KEY; i++)
        m[i / 8] |= (uint64_t)key[i] << (8 * (i % 8));
    memcpy(v, IV, sizeof IV);
    memcpy(v + BLAKE2B_WORDS, IV, sizeof IV);
    /* parameter block: digest length, key length, fan-out 1, depth 1 */
    v[0] ^= UINT64_C(0x01010000) | BLAKE2B_LANES_KEY << 8 | BLAKE2B_LANES_BYTES;
    memcpy(keyed, v, BLAKE2B_WORDS * sizeof *keyed);
    v[12] ^= BLOCK; /* bytes so far; not the last block */
    for (size_t r = 0; r < ROUNDS; r++)
        ROUND(v, m, SIGMA[r]);
    for (size_t i = 0; i < BLAKE2B_WORDS; i++)
        keyed[i] ^= v[i] ^ v[i + BLAKE2B_WORDS];
    sodium_memzero(m, sizeof m);
    sodium_memzero(v, sizeof v);
}

/* The second and last block: eleven digits. What is constant is so for the compiler too, once the
 * rounds are unrolled: nearly all words of the message are zero. */
LANES_BODY hash_body(uint8_t out[static LANES][BLAKE2B_LANES_BYTES],
                     const char digits[static LANES][BLAKE2B_LANES_DIGITS],
                     const uint64_t keyed[static BLAKE2B_WORDS])
{
    lanes m[BLOCK_WORDS] = {0}, v[2 * BLAKE2B_WORDS];
    for (size_t lane = 0; lane < LANES; lane++) {
        uint64_t word[2] = {0, 0};
        memcpy(word, digits[lane], BLAKE2B_LANES_DIGITS);
        m[0][lane] = word[0];
        m[1][lane] = word[1];
    }
    for (size_t i = 0; i < BLAKE2B_WORDS; i++) {
        v[i] = (lanes){0} + keyed[i];
        v[i + BLAKE2B_WORDS] = (lanes){0} + IV[i];
    }
    v[12] ^= (lanes){0} + (BLOCK + BLAKE2B_LANES_DIGITS);
    v[14] = ~v[14]; /* the last block */
#pragma GCC unroll 12
    for (size_t r = 0; r < ROUNDS; r++)
        ROUND(v, m, SIGMA[r]);
    for (size_t i = 0; i < 2; i++) {
        lanes h = v[i] ^ v[i + BLAKE2B_WORDS] ^ keyed[i];
        for (size_t lane = 0; lane < LANES; lane++) {
            uint64_t word = h[lane];
            memcpy(out[lane] + 8 * i, &word, sizeof word);
        }
    }
}

static void hash_plain(uint8_t out[static LANES][BLAKE2B_LANES_BYTES],
                       const char digits[static LANES][BLAKE2B_LANES_DIGITS],
                       const uint64_t keyed[static BLAKE2B_WORDS])
{
    hash_body(out, digits, keyed);
}
#ifdef __x86_64__
LANES_AVX2 hash_avx2(uint8_t out[static LANES][BLAKE2B_LANES_BYTES],
                     const char digits[static LANES][BLAKE2B_LANES_DIGITS],
                     const uint64_t keyed[static BLAKE2B_WORDS])
{
    hash_body(out, digits, keyed);
}
LANES_AVX512 hash_avx512(uint8_t out[static LANES][BLAKE2B_LANES_BYTES],
                         const char digits[static LANES][BLAKE2B_LANES_DIGITS],
                         const uint64_t keyed[static BLAKE2B_WORDS])
{
    hash_body(out, digits, keyed);
}
#endif

const struct blake2b_lanes BLAKE2B_KERNELS[] = {
#ifdef __x86_64__
    {"avx512", lanes_avx512, hash_avx512},
    {"avx2", lanes_avx2, hash_avx2},
#endif
    {"plain", lanes_anywhere, hash_plain},
};
const size_t BLAKE2B_KERNEL_COUNT = sizeof BLAKE2B_KERNELS / sizeof *BLAKE2B_KERNELS;

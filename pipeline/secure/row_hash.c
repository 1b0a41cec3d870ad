/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/secure/row_hash.h. */
#include "secure/row_hash.h"

#include <endian.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

enum { WORD_BYTES = 16, TRIAL_WORDS = 12 };
_Static_assert(8 * SIPHASH_WORDS == crypto_shorthash_siphashx24_BYTES, "the hash's size");
_Static_assert(8 * SIPHASH_WORDS == crypto_shorthash_siphashx24_KEYBYTES, "the key's size");

struct row_hasher {
    uint8_t key[ROW_HASH_KEY];
    uint64_t rows_key[SIPHASH_WORDS];
    const struct siphash_lanes *kernel; /* NULL: none that can be trusted */
};

/* The bytes of a row that stands in a lane go to `row`. */
static void unlace(uint8_t *row, const uint64_t (*words)[ROW_HASH_ROWS], size_t lane, size_t length)
{
    for (size_t at = 0; at < length; at += 8)
        memcpy(row + at, &words[at / 8][lane], length - at < 8 ? length - at : 8);
}

static void hash_by_libsodium(row_hashes out, const uint64_t (*words)[ROW_HASH_ROWS], size_t length,
                              const uint64_t key[static SIPHASH_WORDS])
{
    uint8_t row[ROW_HASH_BYTES];
    uint64_t hash[ROW_HASH_WORDS];
    for (size_t lane = 0; lane < ROW_HASH_ROWS; lane++) {
        unlace(row, words, lane, length);
        (void)crypto_shorthash_siphashx24((uint8_t *)hash, row, length, (const uint8_t *)key);
        for (size_t word = 0; word < ROW_HASH_WORDS; word++)
            out[word][lane] = hash[word];
    }
    sodium_memzero(row, sizeof row);
}

/* Rows of whole words, with parts of one, and of a part alone. */
static bool is_right(siphash_kernel hash)
{
    static const size_t lengths[] = {1, 7, 8, 40, 52, 63, 64, 93};
    static const uint64_t key[SIPHASH_WORDS] = {UINT64_C(0x0706050403020100),
                                                UINT64_C(0x0f0e0d0c0b0a0908)};
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        uint64_t words[TRIAL_WORDS][ROW_HASH_ROWS] = {{0}};
        row_hashes out, want;
        for (size_t byte = 0; byte < lengths[i]; byte++)
            for (size_t row = 0; row < ROW_HASH_ROWS; row++)
                ((uint8_t *)&words[byte / 8][row])[byte % 8] =
                    (uint8_t)(byte * 29 + row * 71 + i * 13 + byte * row);
        hash(out, (const uint64_t(*)[ROW_HASH_ROWS])words, lengths[i], key);
        hash_by_libsodium(want, (const uint64_t(*)[ROW_HASH_ROWS])words, lengths[i], key);
        if (memcmp(out, want, sizeof want) != 0)
            return false;
    }
    return true;
}

const struct siphash_lanes *row_hash_kernel(const struct siphash_lanes *kernels, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (kernels[i].usable() && is_right(kernels[i].hash))
            return &kernels[i];
    return NULL;
}

struct row_hasher *row_hasher_open(const uint8_t key[static ROW_HASH_KEY], struct err *err)
{
    static const char purpose[] = "rows";
    struct row_hasher *h = secret_alloc(sizeof *h, err);
    if (!h)
        return NULL;
    memcpy(h->key, key, sizeof h->key);
    (void)crypto_generichash((uint8_t *)h->rows_key, sizeof h->rows_key, (const uint8_t *)purpose,
                             sizeof purpose, key, ROW_HASH_KEY);
    h->kernel = row_hash_kernel(SIPHASH_KERNELS, SIPHASH_KERNEL_COUNT);
    return h;
}

void row_hasher_close(struct row_hasher *h)
{
    secret_free(h);
}

void row_hash(const struct row_hasher *h, row_hashes out, const uint64_t (*words)[ROW_HASH_ROWS],
              size_t length)
{
    if (h->kernel)
        h->kernel->hash(out, words, length, h->rows_key);
    else
        hash_by_libsodium(out, words, length, h->rows_key);
}

uint64_t row_hash_word(const struct row_hasher *h, const char *word, size_t length)
{
    uint8_t hash[WORD_BYTES];
    uint64_t first;
    (void)crypto_generichash(hash, sizeof hash, (const uint8_t *)word, length, h->key,
                             sizeof h->key);
    memcpy(&first, hash, sizeof first);
    return le64toh(first);
}

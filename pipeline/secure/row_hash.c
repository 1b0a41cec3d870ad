/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/secure/row_hash.h. */
#include "secure/row_hash.h"

#include <endian.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

enum { HASH_BYTES = 8 * ROW_HASH_WORDS, WORD_BYTES = 16, TRIAL_WORDS = 40 };

struct row_hasher {
    uint8_t key[BLAKE2B_LANES_KEY];
    uint64_t keyed[BLAKE2B_WORDS];
    const struct blake2b_lanes *kernel; /* NULL: none that can be trusted */
};

static void hash_by_libsodium(row_hashes out, const uint64_t (*words)[ROW_HASH_ROWS], size_t length,
                              const uint8_t key[static BLAKE2B_LANES_KEY])
{
    crypto_generichash_state state;
    for (size_t row = 0; row < ROW_HASH_ROWS; row++) {
        uint64_t hash[ROW_HASH_WORDS];
        (void)crypto_generichash_init(&state, key, BLAKE2B_LANES_KEY, HASH_BYTES);
        for (size_t at = 0; at < length; at += 8)
            (void)crypto_generichash_update(&state, (const uint8_t *)&words[at / 8][row],
                                            length - at < 8 ? length - at : 8);
        (void)crypto_generichash_final(&state, (uint8_t *)hash, HASH_BYTES);
        for (size_t word = 0; word < ROW_HASH_WORDS; word++)
            out[word][row] = hash[word];
    }
    sodium_memzero(&state, sizeof state);
}

/* Rows of one block, of a whole one, and of several. */
static bool is_right(blake2b_rows_kernel hash, const uint64_t keyed[static BLAKE2B_WORDS],
                     const uint8_t key[static BLAKE2B_LANES_KEY])
{
    static const size_t lengths[] = {1, 40, 52, 127, 128, 129, 256, 313};
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        uint64_t words[TRIAL_WORDS][ROW_HASH_ROWS] = {{0}};
        row_hashes out, want;
        for (size_t byte = 0; byte < lengths[i]; byte++)
            for (size_t row = 0; row < ROW_HASH_ROWS; row++)
                ((uint8_t *)&words[byte / 8][row])[byte % 8] =
                    (uint8_t)(byte * 29 + row * 71 + i * 13 + byte * row);
        hash(out, (const uint64_t(*)[ROW_HASH_ROWS])words, lengths[i], keyed);
        hash_by_libsodium(want, (const uint64_t(*)[ROW_HASH_ROWS])words, lengths[i], key);
        if (memcmp(out, want, sizeof want) != 0)
            return false;
    }
    return true;
}

const struct blake2b_lanes *row_hash_kernel(const struct blake2b_lanes *kernels, size_t count,
                                            const uint8_t key[static BLAKE2B_LANES_KEY])
{
    uint64_t keyed[BLAKE2B_WORDS];
    const struct blake2b_lanes *found = NULL;
    blake2b_keyed_state(keyed, key, HASH_BYTES);
    for (size_t i = 0; i < count && !found; i++)
        if (kernels[i].usable() && is_right(kernels[i].hash_rows, keyed, key))
            found = &kernels[i];
    sodium_memzero(keyed, sizeof keyed);
    return found;
}

struct row_hasher *row_hasher_open(const uint8_t key[static BLAKE2B_LANES_KEY], struct err *err)
{
    struct row_hasher *h = secret_alloc(sizeof *h, err);
    if (!h)
        return NULL;
    memcpy(h->key, key, sizeof h->key);
    blake2b_keyed_state(h->keyed, key, HASH_BYTES);
    h->kernel = row_hash_kernel(BLAKE2B_KERNELS, BLAKE2B_KERNEL_COUNT, key);
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
        h->kernel->hash_rows(out, words, length, h->keyed);
    else
        hash_by_libsodium(out, words, length, h->key);
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

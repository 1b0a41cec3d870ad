/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/secure/pseudonym.h. libsodium's results cannot fail for these fixed sizes. */
#include "secure/pseudonym.h"

#include "secure/blake2b_lanes.h"

#include <sodium.h>
#include <string.h>

enum { FINGERPRINT_BYTES = 8, TRIALS = 8 };

struct pseudonymiser {
    uint8_t key[PSEUDONYM_KEYBYTES];
    uint64_t keyed[BLAKE2B_WORDS];
    const struct blake2b_lanes *kernel; /* NULL: none that can be trusted */
};

_Static_assert((int)BLAKE2B_LANES_BYTES == (int)PSEUDONYM_BYTES &&
                   (int)BLAKE2B_LANES_DIGITS == (int)NATIONAL_NUMBER_DIGITS &&
                   (int)BLAKE2B_LANES_KEY == (int)PSEUDONYM_KEYBYTES,
               "the kernels' sizes");

_Static_assert(PSEUDONYM_BYTES >= crypto_generichash_BYTES_MIN, "BLAKE2b output");
_Static_assert(MASTER_KEYBYTES >= crypto_generichash_KEYBYTES_MIN, "BLAKE2b key");

void pseudonym_key_derive(uint8_t key[static PSEUDONYM_KEYBYTES],
                          const uint8_t master[static MASTER_KEYBYTES], const char *purpose,
                          const char *release)
{
    const char *const parts[] = {"herkomst ", purpose, "\n", release};
    crypto_generichash_state state;
    (void)crypto_generichash_init(&state, master, MASTER_KEYBYTES, PSEUDONYM_KEYBYTES);
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
        (void)crypto_generichash_update(&state, (const uint8_t *)parts[i], strlen(parts[i]));
    (void)crypto_generichash_final(&state, key, PSEUDONYM_KEYBYTES);
    sodium_memzero(&state, sizeof state);
}

void pseudonym_of(uint8_t out[static PSEUDONYM_BYTES],
                  const char digits[static NATIONAL_NUMBER_DIGITS],
                  const uint8_t key[static PSEUDONYM_KEYBYTES])
{
    (void)crypto_generichash(out, PSEUDONYM_BYTES, (const uint8_t *)digits, NATIONAL_NUMBER_DIGITS,
                             key, PSEUDONYM_KEYBYTES);
}

/* TRIALS blocks of made-up numbers in which every digit and lane has many values. */
static bool is_right(blake2b_kernel hash, const uint64_t keyed[static BLAKE2B_WORDS],
                     const uint8_t key[static PSEUDONYM_KEYBYTES])
{
    for (unsigned trial = 0; trial < TRIALS; trial++) {
        char digits[LANES][NATIONAL_NUMBER_DIGITS];
        uint8_t out[LANES][PSEUDONYM_BYTES], want[PSEUDONYM_BYTES];
        for (unsigned lane = 0; lane < LANES; lane++)
            for (unsigned i = 0; i < NATIONAL_NUMBER_DIGITS; i++)
                digits[lane][i] = (char)('0' + (trial * 7 + lane * 3 + i * (trial + 1)) % 10);
        hash(out, (const char(*)[NATIONAL_NUMBER_DIGITS])digits, keyed);
        for (unsigned lane = 0; lane < LANES; lane++) {
            pseudonym_of(want, digits[lane], key);
            if (memcmp(out[lane], want, sizeof want) != 0)
                return false;
        }
    }
    return true;
}

const struct blake2b_lanes *pseudonym_kernel(const struct blake2b_lanes *kernels, size_t count,
                                             const uint8_t key[static PSEUDONYM_KEYBYTES])
{
    uint64_t keyed[BLAKE2B_WORDS];
    const struct blake2b_lanes *found = NULL;
    blake2b_keyed_state(keyed, key);
    for (size_t i = 0; i < count && !found; i++)
        if (kernels[i].usable() && is_right(kernels[i].hash, keyed, key))
            found = &kernels[i];
    sodium_memzero(keyed, sizeof keyed);
    return found;
}

struct pseudonymiser *pseudonymiser_open(const uint8_t key[static PSEUDONYM_KEYBYTES],
                                         struct err *err)
{
    struct pseudonymiser *p = secret_alloc(sizeof *p, err);
    if (!p)
        return NULL;
    memcpy(p->key, key, sizeof p->key);
    blake2b_keyed_state(p->keyed, key);
    p->kernel = pseudonym_kernel(BLAKE2B_KERNELS, BLAKE2B_KERNEL_COUNT, key);
    return p;
}

void pseudonymiser_close(struct pseudonymiser *p)
{
    secret_free(p);
}

void pseudonyms_of(const struct pseudonymiser *p, uint8_t (*out)[PSEUDONYM_BYTES],
                   const char (*digits)[NATIONAL_NUMBER_DIGITS], size_t count)
{
    size_t at = 0;
    for (; p->kernel && count - at >= LANES; at += LANES)
        p->kernel->hash(out + at, digits + at, p->keyed);
    for (; at < count; at++)
        pseudonym_of(out[at], digits[at], p->key);
}

void key_fingerprint(char out[static KEY_FINGERPRINT_TEXT],
                     const uint8_t master[static MASTER_KEYBYTES])
{
    static const char LABEL[] = "herkomst fingerprint\n";
    uint8_t hash[crypto_generichash_BYTES_MIN];
    (void)crypto_generichash(hash, sizeof hash, (const uint8_t *)LABEL, sizeof LABEL - 1, master,
                             MASTER_KEYBYTES);
    (void)sodium_bin2hex(out, KEY_FINGERPRINT_TEXT, hash, FINGERPRINT_BYTES);
}

/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/secure/pseudonym.h. libsodium's results cannot fail for these fixed sizes. */
#include "secure/pseudonym.h"

#include <sodium.h>
#include <string.h>

enum { FINGERPRINT_BYTES = 8 };

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

void key_fingerprint(char out[static KEY_FINGERPRINT_TEXT],
                     const uint8_t master[static MASTER_KEYBYTES])
{
    static const char LABEL[] = "herkomst fingerprint\n";
    uint8_t hash[crypto_generichash_BYTES_MIN];
    (void)crypto_generichash(hash, sizeof hash, (const uint8_t *)LABEL, sizeof LABEL - 1, master,
                             MASTER_KEYBYTES);
    (void)sodium_bin2hex(out, KEY_FINGERPRINT_TEXT, hash, FINGERPRINT_BYTES);
}

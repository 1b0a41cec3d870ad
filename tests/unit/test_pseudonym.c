/* SPDX-License-Identifier: EUPL-1.2 */
/* Pseudonyms, release keys and fingerprints against vectors that Python computed. */
// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on
#include "secure/pseudonym.h"
#include "secure_test.h"

#include <sodium.h>

static void vectors(void **state)
{
    char *f[7];
    unsigned count = 0;
    FILE *file = open_vectors("tests/vectors/pseudonyms.csv");
    (void)state;
    while (next_vector(file, f, 7)) {
        uint8_t master[MASTER_KEYBYTES], key[PSEUDONYM_KEYBYTES], want[PSEUDONYM_KEYBYTES];
        uint8_t pseudonym[PSEUDONYM_BYTES];
        char fingerprint[KEY_FINGERPRINT_TEXT];
        assert_int_equal(from_hex(master, sizeof master, f[0]), MASTER_KEYBYTES);
        pseudonym_key_derive(key, master, f[1], f[2]);
        assert_int_equal(from_hex(want, sizeof want, f[4]), PSEUDONYM_KEYBYTES);
        assert_memory_equal(key, want, PSEUDONYM_KEYBYTES);
        key_fingerprint(fingerprint, master);
        assert_string_equal(fingerprint, f[5]);
        pseudonym_of(pseudonym, f[3], key);
        assert_int_equal(from_hex(want, sizeof want, f[6]), PSEUDONYM_BYTES);
        assert_memory_equal(pseudonym, want, PSEUDONYM_BYTES);
        count++;
    }
    assert_true(count >= 50);
    (void)fclose(file);
}

/* The primitive itself, with the first vectors of RFC 7693 and of its authors. */
static void blake2b(void **state)
{
    char *f[4];
    unsigned count = 0;
    FILE *file = open_vectors("tests/vectors/blake2b.csv");
    (void)state;
    while (next_vector(file, f, 4)) {
        uint8_t message[512], key[64], digest[64], want[64];
        size_t length = from_hex(message, sizeof message, f[0]);
        size_t key_length = from_hex(key, sizeof key, f[1]);
        size_t size = from_hex(want, sizeof want, f[3]);
        assert_int_equal(
            crypto_generichash(digest, size, message, length, key_length ? key : NULL, key_length),
            0);
        assert_memory_equal(digest, want, size);
        count++;
    }
    assert_true(count >= 80);
    (void)fclose(file);
}

/* Another key, purpose, release or digit: another pseudonym, with about half of the bits changed.
 */
static void separation(void **state)
{
    uint8_t master[MASTER_KEYBYTES] = {1}, other[MASTER_KEYBYTES] = {2};
    uint8_t key[PSEUDONYM_KEYBYTES], all[6][PSEUDONYM_BYTES];
    (void)state;
    pseudonym_key_derive(key, master, "pseudonym", "2017-12-31");
    pseudonym_of(all[0], "85073099932", key);
    pseudonym_of(all[1], "85073000061", key);
    pseudonym_key_derive(key, master, "pseudonym", "2018-06-30");
    pseudonym_of(all[2], "85073099932", key);
    pseudonym_key_derive(key, master, "input", "2017-12-31");
    pseudonym_of(all[3], "85073099932", key);
    pseudonym_key_derive(key, other, "pseudonym", "2017-12-31");
    pseudonym_of(all[4], "85073099932", key);
    pseudonym_of(all[5], "00000000000", key);
    for (int i = 0; i < 6; i++)
        for (int j = 0; j < i; j++) {
            int bits = 0;
            for (int b = 0; b < PSEUDONYM_BYTES; b++)
                bits += __builtin_popcount((unsigned)(all[i][b] ^ all[j][b]));
            assert_in_range(bits, 30, 98);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(vectors),
        cmocka_unit_test(blake2b),
        cmocka_unit_test(separation),
    };
    return sodium_init() < 0 || cmocka_run_group_tests(tests, NULL, NULL);
}

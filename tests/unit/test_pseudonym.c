/* SPDX-License-Identifier: EUPL-1.2 */
/* Pseudonyms, release keys and fingerprints against vectors that Python computed. */
// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on
#include "secure/blake2b_lanes.h"
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

/* Numbers of eleven digits that depend on `of` in every place. */
static void make_numbers(char (*digits)[NATIONAL_NUMBER_DIGITS], size_t count, uint64_t of)
{
    for (size_t i = 0; i < count; i++)
        for (size_t d = 0; d < NATIONAL_NUMBER_DIGITS; d++) {
            of = of * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
            digits[i][d] = (char)('0' + (of >> 33) % 10);
        }
}

enum { NUMBERS = 1000 * LANES };

/* Every kernel that runs here gives libsodium's bytes, under many keys. */
static void kernels(void **state)
{
    static char digits[NUMBERS][NATIONAL_NUMBER_DIGITS];
    size_t tried = 0;
    (void)state;
    for (size_t k = 0; k < BLAKE2B_KERNEL_COUNT; k++) {
        if (!BLAKE2B_KERNELS[k].usable())
            continue;
        tried++;
        for (uint8_t round = 0; round < 4; round++) {
            uint8_t key[PSEUDONYM_KEYBYTES] = {round, 255, (uint8_t)k}, want[PSEUDONYM_BYTES];
            uint8_t out[LANES][PSEUDONYM_BYTES];
            uint64_t keyed[BLAKE2B_WORDS];
            blake2b_keyed_state(keyed, key);
            make_numbers(digits, NUMBERS, round);
            for (size_t i = 0; i < NUMBERS; i++) {
                if (i % LANES == 0)
                    BLAKE2B_KERNELS[k].hash(
                        out, (const char(*)[NATIONAL_NUMBER_DIGITS])(digits + i), keyed);
                pseudonym_of(want, digits[i], key);
                assert_memory_equal(out[i % LANES], want, sizeof want);
            }
        }
    }
    assert_true(tried > 0);
}

static bool here(void)
{
    return true;
}
static bool nowhere(void)
{
    return false;
}

/* As a kernel with one wrong bit in one lane would be. */
static void wrong(uint8_t out[static LANES][BLAKE2B_LANES_BYTES],
                  const char digits[static LANES][BLAKE2B_LANES_DIGITS],
                  const uint64_t keyed[static BLAKE2B_WORDS])
{
    BLAKE2B_KERNELS[BLAKE2B_KERNEL_COUNT - 1].hash(out, digits, keyed);
    out[LANES - 1][BLAKE2B_LANES_BYTES - 1] ^= 0x80;
}

/* A kernel that is wrong is never chosen, nor is one that does not run here. */
static void a_wrong_kernel(void **state)
{
    const struct blake2b_lanes right = BLAKE2B_KERNELS[BLAKE2B_KERNEL_COUNT - 1];
    const struct blake2b_lanes list[] = {
        {"elsewhere", nowhere, right.hash}, {"wrong", here, wrong}, right};
    const uint8_t key[PSEUDONYM_KEYBYTES] = {9};
    (void)state;
    assert_null(pseudonym_kernel(list, 2, key));
    assert_ptr_equal(pseudonym_kernel(list, 3, key), right.usable() ? &list[2] : NULL);
}

/* Any count, so that some numbers are left for libsodium. */
static void any_count(void **state)
{
    const uint8_t key[PSEUDONYM_KEYBYTES] = {7, 7};
    struct pseudonymiser *p = pseudonymiser_open(key, NULL);
    (void)state;
    assert_non_null(p);
    for (size_t count = 0; count <= 3 * LANES; count++) {
        char digits[3 * LANES][NATIONAL_NUMBER_DIGITS];
        uint8_t out[3 * LANES + 1][PSEUDONYM_BYTES] = {{0}}, want[PSEUDONYM_BYTES];
        static const uint8_t untouched[PSEUDONYM_BYTES];
        make_numbers(digits, count, count);
        pseudonyms_of(p, out, (const char(*)[NATIONAL_NUMBER_DIGITS])digits, count);
        for (size_t i = 0; i < count; i++) {
            pseudonym_of(want, digits[i], key);
            assert_memory_equal(out[i], want, sizeof want);
        }
        assert_memory_equal(out[count], untouched, sizeof untouched);
    }
    pseudonymiser_close(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(vectors), cmocka_unit_test(blake2b),        cmocka_unit_test(separation),
        cmocka_unit_test(kernels), cmocka_unit_test(a_wrong_kernel), cmocka_unit_test(any_count),
    };
    return sodium_init() < 0 || cmocka_run_group_tests(tests, NULL, NULL);
}

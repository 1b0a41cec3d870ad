/* SPDX-License-Identifier: EUPL-1.2 */
/* Hashes of rows, several at a time, are libsodium's of each. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "secure/row_hash.h"

#include <sodium.h>
#include <string.h>

enum { LONGEST = 600, WORDS = LONGEST / 8 + 1 };

static const uint8_t KEY[ROW_HASH_KEY] = {3, 1, 4, 1, 5, 9};
/* What it derives for rows. */
static uint8_t rows_key[crypto_shorthash_siphashx24_KEYBYTES];

static uint64_t words[WORDS][ROW_HASH_ROWS];

/* Rows of random bytes, and zeros behind them. */
static void make_rows(uint8_t rows[ROW_HASH_ROWS][LONGEST], size_t length)
{
    memset(words, 0, sizeof words);
    for (size_t row = 0; row < ROW_HASH_ROWS; row++) {
        randombytes_buf(rows[row], length);
        for (size_t byte = 0; byte < length; byte++)
            ((uint8_t *)&words[byte / 8][row])[byte % 8] = rows[row][byte];
    }
}

static void check(row_hashes out, uint8_t rows[ROW_HASH_ROWS][LONGEST], size_t length)
{
    for (size_t row = 0; row < ROW_HASH_ROWS; row++) {
        uint64_t want[ROW_HASH_WORDS];
        assert_int_equal(crypto_shorthash_siphashx24((uint8_t *)want, rows[row], length, rows_key),
                         0);
        for (size_t word = 0; word < ROW_HASH_WORDS; word++)
            assert_true(out[word][row] == want[word]);
    }
}

static void test_every_kernel_and_length(void **state)
{
    static uint8_t rows[ROW_HASH_ROWS][LONGEST];
    struct row_hasher *chosen = row_hasher_open(KEY, NULL);
    uint64_t key[SIPHASH_WORDS];
    row_hashes out;
    (void)state;
    assert_non_null(chosen);
    (void)crypto_generichash(rows_key, sizeof rows_key, (const uint8_t *)"rows", 5, KEY,
                             sizeof KEY);
    memcpy(key, rows_key, sizeof key);
    for (size_t length = 1; length <= LONGEST; length++) {
        make_rows(rows, length);
        row_hash(chosen, out, (const uint64_t(*)[ROW_HASH_ROWS])words, length);
        check(out, rows, length);
        for (size_t k = 0; k < SIPHASH_KERNEL_COUNT; k++)
            if (SIPHASH_KERNELS[k].usable()) {
                memset(out, 0, sizeof out);
                SIPHASH_KERNELS[k].hash(out, (const uint64_t(*)[ROW_HASH_ROWS])words, length, key);
                check(out, rows, length);
            }
    }
    row_hasher_close(chosen);
}

static bool here(void)
{
    return true;
}
static bool nowhere(void)
{
    return false;
}

/* Right for rows of whole words only. */
static void wrong(uint64_t out[static SIPHASH_WORDS][LANES], const uint64_t (*of)[LANES],
                  size_t length, const uint64_t key[static SIPHASH_WORDS])
{
    SIPHASH_KERNELS[SIPHASH_KERNEL_COUNT - 1].hash(out, of, length, key);
    out[1][3] ^= length % 8 != 0;
}

static void test_a_wrong_kernel(void **state)
{
    const struct siphash_lanes right = SIPHASH_KERNELS[SIPHASH_KERNEL_COUNT - 1];
    const struct siphash_lanes list[] = {
        {"elsewhere", nowhere, right.hash}, {"wrong", here, wrong}, right};
    (void)state;
    assert_null(row_hash_kernel(list, 2));
    assert_ptr_equal(row_hash_kernel(list, 3), right.usable() ? &list[2] : NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_kernel_and_length),
        cmocka_unit_test(test_a_wrong_kernel),
    };
    return sodium_init() < 0 || cmocka_run_group_tests(tests, NULL, NULL);
}

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

static const uint8_t KEY[BLAKE2B_LANES_KEY] = {3, 1, 4, 1, 5, 9};

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
        assert_int_equal(
            crypto_generichash((uint8_t *)want, sizeof want, rows[row], length, KEY, sizeof KEY),
            0);
        for (size_t word = 0; word < ROW_HASH_WORDS; word++)
            assert_true(out[word][row] == want[word]);
    }
}

static void test_every_kernel_and_length(void **state)
{
    static uint8_t rows[ROW_HASH_ROWS][LONGEST];
    struct row_hasher *chosen = row_hasher_open(KEY, NULL);
    uint64_t keyed[BLAKE2B_WORDS];
    row_hashes out;
    (void)state;
    assert_non_null(chosen);
    blake2b_keyed_state(keyed, KEY, 8 * ROW_HASH_WORDS);
    for (size_t length = 1; length <= LONGEST; length++) {
        make_rows(rows, length);
        row_hash(chosen, out, (const uint64_t(*)[ROW_HASH_ROWS])words, length);
        check(out, rows, length);
        for (size_t k = 0; k < BLAKE2B_KERNEL_COUNT; k++)
            if (BLAKE2B_KERNELS[k].usable()) {
                memset(out, 0, sizeof out);
                BLAKE2B_KERNELS[k].hash_rows(out, (const uint64_t(*)[ROW_HASH_ROWS])words, length,
                                             keyed);
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

/* Right for rows of one block only. */
static void wrong(uint64_t out[static BLAKE2B_ROW_WORDS][BLAKE2B_LANES],
                  const uint64_t (*of)[BLAKE2B_LANES], size_t length,
                  const uint64_t keyed[static BLAKE2B_WORDS])
{
    BLAKE2B_KERNELS[BLAKE2B_KERNEL_COUNT - 1].hash_rows(out, of, length, keyed);
    out[0][3] ^= length > 128;
}

static void test_a_wrong_kernel(void **state)
{
    const struct blake2b_lanes right = BLAKE2B_KERNELS[BLAKE2B_KERNEL_COUNT - 1];
    const struct blake2b_lanes list[] = {{"elsewhere", nowhere, right.hash, right.hash_rows},
                                         {"wrong", here, right.hash, wrong},
                                         right};
    (void)state;
    assert_null(row_hash_kernel(list, 2, KEY));
    assert_ptr_equal(row_hash_kernel(list, 3, KEY), right.usable() ? &list[2] : NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_kernel_and_length),
        cmocka_unit_test(test_a_wrong_kernel),
    };
    return sodium_init() < 0 || cmocka_run_group_tests(tests, NULL, NULL);
}

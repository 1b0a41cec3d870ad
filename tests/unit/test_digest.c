/* SPDX-License-Identifier: EUPL-1.2 */
/* SHA-256 of bytes and of files, against the vectors of FIPS 180-4. */
// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on
#include "secure/digest.h"
#include "secure_test.h"

static void vectors(void **state)
{
    char *f[3];
    unsigned count = 0;
    FILE *file = open_vectors("tests/vectors/sha256.csv");
    while (next_vector(file, f, 3)) {
        uint8_t pattern[128];
        char digest[DIGEST_TEXT];
        struct err err = {0};
        size_t length = from_hex(pattern, sizeof pattern, f[0]);
        size_t times = strtoul(f[1], NULL, 10);
        uint8_t *message = malloc(length * times + 1);
        assert_non_null(message);
        for (size_t i = 0; i < times; i++)
            memcpy(message + i * length, pattern, length);
        digest_bytes(digest, message, length * times);
        assert_string_equal(digest, f[2]);
        put_file(in_folder(state, "a"), message, length * times, 0600);
        memset(digest, 0, sizeof digest);
        assert_int_equal(digest_file(digest, in_folder(state, "a"), &err), 0);
        assert_string_equal(digest, f[2]);
        free(message);
        count++;
    }
    assert_int_equal(count, 4);
    (void)fclose(file);
}

static void no_such_file(void **state)
{
    char digest[DIGEST_TEXT];
    struct err err;
    assert_int_equal(digest_file(digest, in_folder(state, "a"), &err), -1);
    assert_int_equal(err.kind, ERR_NOINPUT);
    assert_int_equal(digest_file(digest, ((struct folder *)*state)->path, &err), -1);
    assert_int_equal(err.kind, ERR_IO);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(vectors, folder_setup, folder_teardown),
        cmocka_unit_test_setup_teardown(no_such_file, folder_setup, folder_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: EUPL-1.2 */
/* Signatures: RFC 8032, minisign itself in both directions, and forgeries. */
// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on
#include "secure/files.h"
#include "secure/keyfile.h"
#include "secure/sign.h"
#include "secure_test.h"

#include <sodium.h>
#include <spawn.h>
#include <sys/wait.h>

#define VECTORS "tests/vectors/signatures/"

static void rfc8032(void **state)
{
    char *f[4];
    unsigned count = 0;
    FILE *file = open_vectors(VECTORS "rfc8032.csv");
    (void)state;
    while (next_vector(file, f, 4)) {
        uint8_t seed[32], want[64], message[8], public_key[32], secret[64], signature[64];
        assert_int_equal(from_hex(seed, sizeof seed, f[0]), 32);
        assert_int_equal(crypto_sign_seed_keypair(public_key, secret, seed), 0);
        assert_int_equal(from_hex(want, sizeof want, f[1]), 32);
        assert_memory_equal(public_key, want, 32);
        size_t length = from_hex(message, sizeof message, f[2]);
        assert_int_equal(crypto_sign_detached(signature, NULL, message, length, secret), 0);
        assert_int_equal(from_hex(want, sizeof want, f[3]), 64);
        assert_memory_equal(signature, want, 64);
        count++;
    }
    assert_int_equal(count, 3);
    (void)fclose(file);
}

static void read_text(struct text *t, const char *path)
{
    struct err err;
    text_init(t);
    if (files_read_whole(path, 1 << 20, t, &err) != 0)
        fail_msg("%s: %s", path, err.text);
}

/* Signatures by minisign 0.11 and what an attacker may make of them. */
static void vectors(void **state)
{
    char *f[2], path[256];
    unsigned good = 0, refused = 0;
    struct public_key key, other;
    struct text message, signature;
    struct err err;
    FILE *file = open_vectors(VECTORS "cases.csv");
    (void)state;
    assert_int_equal(keyfile_read_public(VECTORS "key.pub", &key, &err), 0);
    assert_int_equal(keyfile_read_public(VECTORS "other.pub", &other, &err), 0);
    read_text(&message, VECTORS "message.txt");
    while (next_vector(file, f, 2)) {
        bool want = strcmp(f[1], "ok") == 0;
        (void)snprintf(path, sizeof path, VECTORS "%s.minisig", f[0]);
        read_text(&signature, path);
        memset(&err, 0, sizeof err);
        int rc = sign_verify(signature.bytes, signature.length, message.bytes, message.length, &key,
                             &err);
        if ((rc == 0) != want || (rc != 0 && err.kind != ERR_REFUSED))
            fail_msg("%s: %d %s", f[0], rc, err.text);
        good += want;
        refused += !want;
        if (want) { /* the right signature under the wrong key */
            assert_int_equal(sign_verify(signature.bytes, signature.length, message.bytes,
                                         message.length, &other, &err),
                             -1);
            memcpy(other.id, key.id, sizeof key.id);
            assert_int_equal(sign_verify(signature.bytes, signature.length, message.bytes,
                                         message.length, &other, &err),
                             -1);
            assert_int_equal(err.kind, ERR_REFUSED);
        }
        text_release(&signature);
    }
    assert_int_equal(good, 2);
    assert_true(refused >= 30);
    text_release(&message);
    (void)fclose(file);
}

static void every_byte_of_a_signature_counts(void **state)
{
    struct public_key key;
    struct text message, signature;
    struct err err;
    (void)state;
    assert_int_equal(keyfile_read_public(VECTORS "key.pub", &key, &err), 0);
    read_text(&message, VECTORS "message.txt");
    read_text(&signature, VECTORS "good.minisig");
    for (size_t i = 0; i < 8 * signature.length; i++) {
        signature.bytes[i / 8] = (char)(signature.bytes[i / 8] ^ (1 << i % 8));
        if (sign_verify(signature.bytes, signature.length, message.bytes, message.length, &key,
                        &err) == 0)
            fail_msg("bit %zu of byte %zu may change", i % 8, i / 8);
        assert_int_equal(err.kind, ERR_REFUSED);
        signature.bytes[i / 8] = (char)(signature.bytes[i / 8] ^ (1 << i % 8));
    }
    for (size_t i = 60; i < signature.length; i += 29) /* any other value, at some places */
        for (unsigned value = 0; value < 256; value++) {
            char was = signature.bytes[i];
            signature.bytes[i] = (char)value;
            int rc = sign_verify(signature.bytes, signature.length, message.bytes, message.length,
                                 &key, &err);
            assert_int_equal(rc, (char)value == was ? 0 : -1);
            signature.bytes[i] = was;
        }
    for (size_t length = 0; length < signature.length; length++)
        assert_int_equal(
            sign_verify(signature.bytes, length, message.bytes, message.length, &key, &err), -1);
    for (size_t i = 0; i < 8 * message.length; i++) {
        message.bytes[i / 8] = (char)(message.bytes[i / 8] ^ (1 << i % 8));
        assert_int_equal(sign_verify(signature.bytes, signature.length, message.bytes,
                                     message.length, &key, &err),
                         -1);
        message.bytes[i / 8] = (char)(message.bytes[i / 8] ^ (1 << i % 8));
    }
    assert_int_equal(sign_verify(signature.bytes, signature.length, message.bytes,
                                 message.length - 1, &key, &err),
                     -1);
    assert_int_equal(
        sign_verify(signature.bytes, signature.length, message.bytes, message.length, &key, &err),
        0);
    text_release(&message);
    text_release(&signature);
}

/* The exit code of minisign with these arguments, its output thrown away. A missing program fails
 * the test: a check that is skipped is no check. */
static int minisign(const char *const *arguments)
{
    pid_t pid;
    int status;
    posix_spawn_file_actions_t quiet;
    assert_int_equal(posix_spawn_file_actions_init(&quiet), 0);
    for (int fd = 0; fd < 3; fd++)
        assert_int_equal(posix_spawn_file_actions_addopen(&quiet, fd, "/dev/null", O_RDWR, 0), 0);
    if (posix_spawnp(&pid, "minisign", &quiet, NULL, (char *const *)(uintptr_t)arguments,
                     environ) != 0)
        fail_msg("minisign cannot be started: apt-get install minisign");
    assert_int_equal(posix_spawn_file_actions_destroy(&quiet), 0);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

static int minisign_verify(const char *file, const char *key)
{
    return minisign((const char *const[]){"minisign", "-V", "-m", file, "-p", key, NULL});
}

static void minisign_accepts_ours(void **state)
{
    struct signing_key key;
    struct text signature;
    struct err err;
    const char *file = in_folder(state, "SHA256SUMS"),
               *sig = in_folder(state, "SHA256SUMS.minisig");
    const char *path = in_folder(state, "key"), *public_path = in_folder(state, "key.pub");
    assert_int_equal(keyfile_new_signing(path, &err), 0);
    assert_int_equal(keyfile_read_signing(path, &key, &err), 0);
    put_file(file, "abc\n", 4, 0644);
    text_init(&signature);
    assert_int_equal(sign_bytes(&signature, "abc\n", 4, "herkomst release 2017-12-31", &key, &err),
                     0);
    put_file(sig, signature.bytes, signature.length, 0644);
    assert_int_equal(minisign_verify(file, public_path), 0);
    assert_int_not_equal(minisign_verify(file, VECTORS "key.pub"), 0);
    signature.bytes[signature.length - 120] ^= 1; /* in the trusted comment */
    put_file(sig, signature.bytes, signature.length, 0644);
    assert_int_not_equal(minisign_verify(file, public_path), 0);
    signature.bytes[signature.length - 120] ^= 1;
    put_file(sig, signature.bytes, signature.length, 0644);
    put_file(file, "abd\n", 4, 0644);
    assert_int_not_equal(minisign_verify(file, public_path), 0);
    text_release(&signature);
    signing_key_release(&key);
}

static void we_accept_minisigns(void **state)
{
    struct public_key key;
    struct text signature;
    struct err err;
    const char *file = in_folder(state, "SHA256SUMS");
    assert_int_equal(keyfile_new_signing(in_folder(state, "key"), &err), 0);
    put_file(file, "abc\n", 4, 0644);
    assert_int_equal(
        minisign((const char *const[]){"minisign", "-S", "-m", file, "-s", in_folder(state, "key"),
                                       "-t", "a comment", NULL}),
        0);
    read_text(&signature, in_folder(state, "SHA256SUMS.minisig"));
    assert_int_equal(keyfile_read_public(in_folder(state, "key.pub"), &key, &err), 0);
    assert_int_equal(sign_verify(signature.bytes, signature.length, "abc\n", 4, &key, &err), 0);
    assert_int_equal(sign_verify(signature.bytes, signature.length, "abd\n", 4, &key, &err), -1);
    text_release(&signature);
}

/* minisign's own keys serve as well: both read the same form. */
static void minisigns_key(void **state)
{
    struct signing_key key;
    struct public_key public_key;
    struct text signature;
    struct err err;
    char id[SIGN_KEYID_TEXT], line[128] = "";
    assert_int_equal(
        minisign((const char *const[]){"minisign", "-G", "-W", "-p", in_folder(state, "key.pub"),
                                       "-s", in_folder(state, "key"), NULL}),
        0);
    assert_int_equal(keyfile_read_signing(in_folder(state, "key"), &key, &err), 0);
    assert_int_equal(keyfile_read_public(in_folder(state, "key.pub"), &public_key, &err), 0);
    text_init(&signature);
    assert_int_equal(sign_bytes(&signature, "abc", 3, "", &key, &err), 0);
    assert_int_equal(sign_verify(signature.bytes, signature.length, "abc", 3, &public_key, &err),
                     0);
    key_id_text(id, public_key.id);
    assert_true(get_file(in_folder(state, "key.pub"), line, sizeof line - 1) > 60);
    /* As minisign prints it, except that it leaves out leading zeros. */
    assert_non_null(strstr(line, "public key "));
    assert_true(strtoull(strstr(line, "public key ") + 11, NULL, 16) == strtoull(id, NULL, 16));
    text_release(&signature);
    signing_key_release(&key);
}

/* The same key, file and comment: the same signature, so that a release is reproducible. */
static void deterministic(void **state)
{
    struct signing_key key;
    struct text a, b;
    struct err err;
    char long_comment[2000];
    assert_int_equal(keyfile_new_signing(in_folder(state, "key"), &err), 0);
    assert_int_equal(keyfile_read_signing(in_folder(state, "key"), &key, &err), 0);
    text_init(&a);
    text_init(&b);
    assert_int_equal(sign_bytes(&a, "", 0, "c", &key, &err), 0);
    assert_int_equal(sign_bytes(&b, "", 0, "c", &key, &err), 0);
    assert_string_equal(a.bytes, b.bytes);
    assert_int_equal(sign_bytes(&b, "", 0, "two\nlines", &key, &err), -1);
    memset(long_comment, 'x', sizeof long_comment - 1);
    long_comment[sizeof long_comment - 1] = '\0';
    assert_int_equal(sign_bytes(&b, "", 0, long_comment, &key, &err), -1);
    assert_int_equal(err.kind, ERR_INTERNAL);
    text_release(&a);
    text_release(&b);
    signing_key_release(&key);
}

static int sodium_setup(void **state)
{
    (void)state;
    return sodium_init() < 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rfc8032),
        cmocka_unit_test(vectors),
        cmocka_unit_test(every_byte_of_a_signature_counts),
        cmocka_unit_test_setup_teardown(minisign_accepts_ours, folder_setup, folder_teardown),
        cmocka_unit_test_setup_teardown(we_accept_minisigns, folder_setup, folder_teardown),
        cmocka_unit_test_setup_teardown(minisigns_key, folder_setup, folder_teardown),
        cmocka_unit_test_setup_teardown(deterministic, folder_setup, folder_teardown),
    };
    return cmocka_run_group_tests(tests, sodium_setup, NULL);
}

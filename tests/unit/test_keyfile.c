/* SPDX-License-Identifier: EUPL-1.2 */
/* Key files: what is accepted, what is refused, and the hints. */
// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on
#include "secure/keyfile.h"
#include "secure/pseudonym.h"
#include "secure_test.h"

#include <sodium.h>
#include <sys/sysmacros.h>

static const uint8_t KEY[32] = {1, 2, 3, 4, 5, 6, 7, 8, 9};

/* The error's kind on reading a pseudonym key; 0 when it is read. */
static int read_key(const char *path, struct err *err)
{
    uint8_t *key;
    char *paths[1] = {(char *)(uintptr_t)path};
    memset(err, 0, sizeof *err);
    if (keyfile_read_master(paths, 1, &key, err) != 0) {
        assert_null(key);
        return (int)err->kind;
    }
    secret_free(key);
    return 0;
}

static void modes(void **state)
{
    const char *path = in_folder(state, "k");
    struct err err;
    for (mode_t mode = 0; mode < 01000; mode++) {
        bool want = (mode & 0477) == 0400; /* nobody else anything */
        if ((mode & 0400) == 0)            /* root reads what nobody may: the other bits decide */
            continue;
        put_file(path, KEY, sizeof KEY, mode);
        int kind = read_key(path, &err);
        assert_int_equal(kind, want ? 0 : ERR_KEY);
        if (!want) {
            assert_string_equal(err.file, "k");
            assert_non_null(strstr(err.hint, "chmod 600"));
        }
    }
}

static void lengths(void **state)
{
    const char *path = in_folder(state, "k");
    uint8_t bytes[5000];
    struct err err;
    memset(bytes, 7, sizeof bytes);
    for (size_t length = 0; length <= 70; length++) {
        put_file(path, bytes, length, 0600);
        assert_int_equal(read_key(path, &err), length == 32 ? 0 : ERR_KEY);
    }
    put_file(path, bytes, sizeof bytes, 0600);
    assert_int_equal(read_key(path, &err), ERR_KEY);
    bytes[32] = '\n';
    put_file(path, bytes, 33, 0600);
    assert_int_equal(read_key(path, &err), ERR_KEY);
    assert_non_null(strstr(err.hint, "line end"));
    memset(bytes, 0, 32); /* what a crash may leave of a file */
    put_file(path, bytes, 32, 0600);
    assert_int_equal(read_key(path, &err), ERR_KEY);
}

static void kinds_of_file(void **state)
{
    const char *path = in_folder(state, "k"), *key = in_folder(state, "key");
    struct err err;
    put_file(key, KEY, sizeof KEY, 0600);
    assert_int_equal(read_key(path, &err), ERR_KEY);
    assert_int_equal(symlink(key, path), 0);
    assert_int_equal(read_key(path, &err), ERR_KEY);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(mkfifo(path, 0600), 0);
    assert_int_equal(read_key(path, &err), ERR_KEY); /* and does not wait */
    assert_int_equal(unlink(path), 0);
    assert_int_equal(mkdir(path, 0700), 0);
    assert_int_equal(read_key(path, &err), ERR_KEY);
    assert_int_equal(rmdir(path), 0);
    assert_int_equal(read_key("/dev/zero", &err), ERR_KEY);
    assert_int_equal(link(key, path), 0); /* another name of the owner's own file */
    assert_int_equal(read_key(path, &err), 0);
}

static void owner(void **state)
{
    const char *path = in_folder(state, "k");
    struct err err;
    put_file(path, KEY, sizeof KEY, 0600);
    if (chown(path, 12345, (gid_t)-1) != 0) { /* only root can give files away */
        assert_int_not_equal(geteuid(), 0);
        return;
    }
    assert_int_equal(read_key(path, &err), ERR_KEY);
    assert_non_null(strstr(err.text, "another user"));
    assert_int_equal(chown(path, geteuid(), (gid_t)-1), 0);
    assert_int_equal(read_key(path, &err), 0);
}

static mode_t mode_of(const char *path)
{
    struct stat st;
    assert_int_equal(lstat(path, &st), 0);
    return st.st_mode & 07777;
}

static void new_pseudonym_key(void **state)
{
    char *path[1] = {(char *)(uintptr_t)in_folder(state, "k")};
    char *other[1] = {(char *)(uintptr_t)in_folder(state, "l")};
    uint8_t *key, *second, was[64];
    struct err err;
    for (mode_t mask = 0; mask <= 0777; mask += 0777) { /* whatever the umask */
        mode_t old = umask(mask);
        (void)unlink(path[0]);
        assert_int_equal(keyfile_new_pseudonym(path[0], &err), 0);
        (void)umask(old);
        assert_int_equal(mode_of(path[0]), 0600);
    }
    assert_int_equal(get_file(path[0], was, sizeof was), MASTER_KEYBYTES);
    assert_int_equal(keyfile_read_master(path, 1, &key, &err), 0);
    assert_memory_equal(key, was, MASTER_KEYBYTES);
    assert_int_equal(keyfile_new_pseudonym(path[0], &err), -1); /* never overwritten */
    assert_int_equal(err.kind, ERR_CREATE);
    assert_int_equal(get_file(path[0], was, sizeof was), MASTER_KEYBYTES);
    assert_memory_equal(key, was, MASTER_KEYBYTES);
    assert_int_equal(keyfile_new_pseudonym(other[0], &err), 0);
    assert_int_equal(keyfile_read_master(other, 1, &second, &err), 0);
    assert_memory_not_equal(key, second, MASTER_KEYBYTES);
    secret_free(key);
    secret_free(second);
    assert_int_equal(keyfile_new_pseudonym(in_folder(state, "no/k"), &err), -1);
    assert_int_equal(err.kind, ERR_CREATE);
    assert_int_equal(keyfile_read_master(path, 0, &key, &err), -1);
    assert_int_equal(err.kind, ERR_KEY);
}

/* Reads the shares that `which` names, "132" for K.1, K.3 and K.2. */
static int read_shares(void **state, const char *name, const char *which, uint8_t **key)
{
    char files[8][PATH_MAX], *paths[8] = {NULL};
    struct err err = {0};
    size_t count = strlen(which);
    for (size_t i = 0; i < count; i++) {
        (void)snprintf(files[i], sizeof files[i], "%s.%c", in_folder(state, name), which[i]);
        paths[i] = files[i];
    }
    return keyfile_read_master(paths, count, key, &err) == 0 ? 0 : (int)err.kind;
}

static void shares(void **state)
{
    struct err err;
    uint8_t *key, *again, sum[32] = {0};
    char text[512];
    assert_int_equal(keyfile_new_shares(in_folder(state, "k"), 3, &err), 0);
    assert_int_equal(keyfile_new_shares(in_folder(state, "o"), 3, &err), 0);
    assert_int_equal(read_shares(state, "k", "123", &key), 0);
    for (int i = 1; i <= 3; i++) { /* the key is the XOR of what the files say */
        uint8_t part[32] = {0};
        char name[16];
        (void)snprintf(name, sizeof name, "k.%d", i);
        assert_int_equal(mode_of(in_folder(state, name)), 0600);
        text[get_file(in_folder(state, name), text, sizeof text - 1)] = '\0';
        char *hex = strstr(text, "\nkey ") + 5;
        hex[64] = '\0';
        assert_int_equal(from_hex(part, sizeof part, hex), 32);
        for (int b = 0; b < 32; b++)
            sum[b] ^= part[b];
    }
    assert_memory_equal(sum, key, 32);
    assert_int_equal(read_shares(state, "k", "312", &again), 0); /* in any order */
    assert_memory_equal(key, again, 32);
    secret_free(again);
    secret_free(key);
    static const char *const WRONG[] = {"1", "12", "23", "122", "1231", "1233", "112233"};
    for (size_t i = 0; i < sizeof WRONG / sizeof WRONG[0]; i++) {
        assert_int_equal(read_shares(state, "k", WRONG[i], &key), ERR_KEY);
        assert_null(key);
    }
    /* A share of another key among them. */
    assert_int_equal(rename(in_folder(state, "o.2"), in_folder(state, "k.2")), 0);
    assert_int_equal(read_shares(state, "k", "123", &key), ERR_KEY);
    assert_int_equal(read_shares(state, "k", "124", &key), ERR_KEY);
}

static void damaged_shares(void **state)
{
    struct err err;
    char text[512];
    uint8_t *key;
    assert_int_equal(keyfile_new_shares(in_folder(state, "k"), 2, &err), 0);
    size_t length = get_file(in_folder(state, "k.2"), text, sizeof text);
    for (size_t i = 0; i < length; i++)
        for (int bit = 0; bit < 8; bit++) {
            text[i] = (char)(text[i] ^ (1 << bit));
            put_file(in_folder(state, "k.2"), text, length, 0600);
            assert_int_equal(read_shares(state, "k", "12", &key), ERR_KEY);
            text[i] = (char)(text[i] ^ (1 << bit));
        }
    for (size_t cut = 0; cut < length; cut++) {
        put_file(in_folder(state, "k.2"), text, cut, 0600);
        assert_int_equal(read_shares(state, "k", "12", &key), ERR_KEY);
    }
    text[length] = '\n';
    put_file(in_folder(state, "k.2"), text, length + 1, 0600);
    assert_int_equal(read_shares(state, "k", "12", &key), ERR_KEY);
    put_file(in_folder(state, "k.2"), KEY, sizeof KEY, 0600); /* a whole key in a share's place */
    assert_int_equal(read_shares(state, "k", "12", &key), ERR_KEY);
    put_file(in_folder(state, "k.2"), text, length, 0600);
    assert_int_equal(read_shares(state, "k", "12", &key), 0);
    secret_free(key);
}

static void new_shares(void **state)
{
    struct err err;
    uint8_t *key;
    for (unsigned count = 0; count < 20; count++) {
        bool good = count >= 2 && count <= 16;
        char name[16];
        (void)snprintf(name, sizeof name, "s%u", count);
        assert_int_equal(keyfile_new_shares(in_folder(state, name), count, &err), good ? 0 : -1);
        if (!good)
            assert_int_equal(err.kind, ERR_USAGE);
    }
    char files[16][PATH_MAX], *paths[16];
    for (int i = 0; i < 16; i++) {
        (void)snprintf(files[i], sizeof files[i], "%s.%d", in_folder(state, "s16"), i + 1);
        paths[i] = files[i];
    }
    assert_int_equal(keyfile_read_master(paths, 16, &key, &err), 0);
    secret_free(key);
    /* One in the way: none is left of the others, and that one is not touched. */
    put_file(in_folder(state, "k.2"), "mine", 4, 0600);
    assert_int_equal(keyfile_new_shares(in_folder(state, "k"), 3, &err), -1);
    assert_int_equal(err.kind, ERR_CREATE);
    assert_false(file_exists(in_folder(state, "k.1")));
    assert_true(file_exists(in_folder(state, "k.2")));
    assert_false(file_exists(in_folder(state, "k.3")));
}

static void recipients(void **state)
{
    struct recipient r, p;
    struct err err;
    uint8_t bytes[256];
    const char *path = in_folder(state, "r"), *public_path = in_folder(state, "r.pub");
    assert_int_equal(keyfile_new_recipient(path, &err), 0);
    assert_int_equal(mode_of(path), 0600);
    assert_int_equal(mode_of(public_path), 0644);
    assert_int_equal(keyfile_read_recipient(path, &r, &err), 0);
    assert_int_equal(keyfile_read_recipient_public(public_path, &p, &err), 0);
    assert_memory_equal(r.public_key, p.public_key, sizeof r.public_key);
    assert_null(p.secret_key);
    recipient_release(&r);
    size_t length = get_file(public_path, bytes, sizeof bytes);
    for (size_t i = 0; i < 21; i++) { /* the title's bytes and the line end */
        bytes[i] ^= 0x20;
        put_file(public_path, bytes, length, 0644);
        assert_int_equal(keyfile_read_recipient_public(public_path, &p, &err), -1);
        assert_int_equal(err.kind, ERR_KEY);
        bytes[i] ^= 0x20;
    }
    for (size_t cut = 0; cut < length; cut++) {
        put_file(public_path, bytes, cut, 0644);
        assert_int_equal(keyfile_read_recipient_public(public_path, &p, &err), -1);
    }
    bytes[30] = 'A';
    put_file(public_path, bytes, length, 0644); /* upper case is not what we write */
    assert_int_equal(keyfile_read_recipient_public(public_path, &p, &err), -1);
    assert_int_equal(chmod(path, 0640), 0);
    assert_int_equal(keyfile_read_recipient(path, &r, &err), -1);
    assert_int_equal(err.kind, ERR_KEY);
    assert_null(r.secret_key);
    assert_int_equal(keyfile_read_recipient(in_folder(state, "none"), &r, &err), -1);
    assert_int_equal(err.kind, ERR_KEY);
}

static void pairs_are_whole(void **state)
{
    struct err err;
    put_file(in_folder(state, "s.pub"), "mine", 4, 0600);
    assert_int_equal(keyfile_new_signing(in_folder(state, "s"), &err), -1);
    assert_int_equal(err.kind, ERR_CREATE);
    assert_false(file_exists(in_folder(state, "s")));
    assert_int_equal(keyfile_new_recipient(in_folder(state, "s"), &err), -1);
    assert_false(file_exists(in_folder(state, "s")));
    put_file(in_folder(state, "t"), "mine", 4, 0600);
    assert_int_equal(keyfile_new_signing(in_folder(state, "t"), &err), -1);
    assert_int_equal(err.kind, ERR_CREATE);
    assert_false(file_exists(in_folder(state, "t.pub")));
}

/* Every flip in the base64 of a secret key is found: key against seed, id through use. */
static void signing_keys(void **state)
{
    struct signing_key key;
    struct err err;
    char text[512];
    const char *path = in_folder(state, "s");
    unsigned accepted = 0;
    assert_int_equal(keyfile_new_signing(path, &err), 0);
    assert_int_equal(mode_of(path), 0600);
    assert_int_equal(mode_of(in_folder(state, "s.pub")), 0644);
    size_t length = get_file(path, text, sizeof text);
    size_t line = (size_t)(strchr(text, '\n') + 1 - text);
    for (size_t i = line; i < length; i++) {
        char was = text[i];
        text[i] = was == 'A' ? 'B' : 'A';
        put_file(path, text, length, 0600);
        if (keyfile_read_signing(path, &key, &err) == 0) {
            accepted++; /* the salt and limits of a key without password, and its id, mean nothing
                         */
            signing_key_release(&key);
        } else
            assert_int_equal(err.kind, ERR_KEY);
        text[i] = was;
    }
    assert_in_range(accepted, 50, 76);
    for (size_t cut = 0; cut < length; cut++) {
        put_file(path, text, cut, 0600);
        assert_int_equal(keyfile_read_signing(path, &key, &err), -1);
        assert_null(key.secret);
    }
    for (size_t i = 0; i < 8; i++)
        text[line + i] = "RWRTY0Iy"[i]; /* kdf "Sc": encrypted */
    put_file(path, text, length, 0600);
    assert_int_equal(keyfile_read_signing(path, &key, &err), -1);
    assert_non_null(strstr(err.text, "password"));
}

static void public_keys(void **state)
{
    struct public_key key;
    struct err err;
    char text[512];
    const char *path = in_folder(state, "p.pub");
    size_t length = get_file("tests/vectors/signatures/key.pub", text, sizeof text);
    put_file(path, text, length, 0644);
    assert_int_equal(keyfile_read_public(path, &key, &err), 0);
    for (size_t cut = 0; cut < length; cut++) {
        put_file(path, text, cut, 0644);
        assert_int_equal(keyfile_read_public(path, &key, &err), -1);
        assert_int_equal(err.kind, ERR_KEY);
    }
    put_file(path, "untrusted comment: x\nRUQckcpB\n", 30, 0644);
    assert_int_equal(keyfile_read_public(path, &key, &err), -1);
    text[length++] = '\n';
    put_file(path, text, length, 0644);
    assert_int_equal(keyfile_read_public(path, &key, &err), -1);
    assert_int_equal(keyfile_read_public(in_folder(state, "none"), &key, &err), -1);
    assert_int_equal(err.kind, ERR_NOINPUT);
}

#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, folder_setup, folder_teardown)

static int sodium_setup(void **state)
{
    (void)state;
    return sodium_init() < 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FOLDER(modes),           IN_FOLDER(lengths),           IN_FOLDER(kinds_of_file),
        IN_FOLDER(owner),           IN_FOLDER(new_pseudonym_key), IN_FOLDER(shares),
        IN_FOLDER(damaged_shares),  IN_FOLDER(new_shares),        IN_FOLDER(recipients),
        IN_FOLDER(pairs_are_whole), IN_FOLDER(signing_keys),      IN_FOLDER(public_keys),
    };
    return cmocka_run_group_tests(tests, sodium_setup, NULL);
}

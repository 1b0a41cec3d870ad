/* SPDX-License-Identifier: EUPL-1.2 */
/* Reading keys; see include/secure/keyfile.h. Making new ones is keymaker.c. */
#include "secure/keyfile.h"

#include "secure/keyforms.h"
#include "secure/minisign.h"
#include "secure/share.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LIMIT = 2048 }; /* bytes; the longest key file of all forms is far below */

static int refuse(struct err *err, const char *path, const char *reason)
{
    (void)err_set(err, ERR_KEY, "%s", reason);
    return err_at(err, path, 0);
}

/* Who else could have read or replaced a secret? */
static int status_check(const char *path, const struct stat *st, bool secret, struct err *err)
{
    if (!S_ISREG(st->st_mode))
        return refuse(err, path, "is not a regular file");
    if (!secret)
        return 0;
    if (st->st_uid != geteuid()) {
        (void)refuse(err, path, "belongs to another user");
        return err_hint(err, "run as its owner, or: chown %lu %s", (unsigned long)geteuid(), path);
    }
    if (st->st_mode & 077) {
        (void)refuse(err, path, "others may read or write this key");
        return err_hint(err, "chmod 600 %s", path);
    }
    return 0;
}

static int open_checked(const char *path, bool secret, struct err *err)
{
    struct stat st;
    int fd = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (fd < 0 && errno == ELOOP) {
        (void)refuse(err, path, "is a symbolic link");
        return err_hint(err, "name the key file itself");
    }
    if (fd < 0) {
        enum err_kind kind = errno == ENOENT && !secret ? ERR_NOINPUT : ERR_KEY;
        return err_errno(err, kind, "cannot be opened"), err_at(err, path, 0);
    }
    int rc = 0;
    if (fstat(fd, &st) != 0)
        rc = refuse(err, path, "cannot be examined");
    else
        rc = status_check(path, &st, secret, err);
    if (rc == 0)
        return fd;
    (void)close(fd);
    return -1;
}

/* Reads a whole file of at most LIMIT bytes into `to` (LIMIT + 1 bytes); longer is refused. */
static int read_file(const char *path, bool secret, uint8_t *to, size_t *length, struct err *err)
{
    int fd = open_checked(path, secret, err);
    if (fd < 0)
        return -1;
    size_t have = 0;
    int rc = 0;
    while (rc == 0 && have <= LIMIT) {
        ssize_t n = read(fd, to + have, LIMIT + 1 - have);
        if (n == 0)
            break;
        if (n > 0)
            have += (size_t)n;
        else if (errno != EINTR)
            rc = err_errno(err, ERR_KEY, "cannot be read"), (void)err_at(err, path, 0);
    }
    (void)close(fd);
    if (rc == 0 && have > LIMIT)
        rc = refuse(err, path, "is too long for a key file");
    *length = have;
    return rc;
}

/* The whole of a secret file in locked memory, or NULL. */
static uint8_t *read_secret(const char *path, size_t *length, struct err *err)
{
    uint8_t *bytes = secret_alloc(LIMIT + 1, err);
    if (bytes && read_file(path, true, bytes, length, err) != 0) {
        secret_free(bytes);
        bytes = NULL;
    }
    return bytes;
}

/* A raw key: exactly 32 bytes, and not what a crash leaves of a file. */
static int raw_take(const char *path, const uint8_t *bytes, size_t length, uint8_t **key,
                    struct err *err)
{
    if (length != MASTER_KEYBYTES) {
        (void)err_set(err, ERR_KEY, "holds %zu bytes, a key has %d", length, MASTER_KEYBYTES);
        (void)err_at(err, path, 0);
        if (length == MASTER_KEYBYTES + 1 && bytes[length - 1] == '\n')
            (void)err_hint(err, "an editor may have added a line end");
        return -1;
    }
    if (sodium_is_zero(bytes, length))
        return refuse(err, path, "holds zeros only: no key was written to it");
    *key = secret_alloc(MASTER_KEYBYTES, err);
    if (!*key)
        return -1;
    memcpy(*key, bytes, MASTER_KEYBYTES);
    return 0;
}

static int read_share(const char *path, struct share *share, struct err *err)
{
    size_t length;
    uint8_t *bytes = read_secret(path, &length, err);
    if (!bytes)
        return -1;
    int rc = share_parse(share, bytes, length, err);
    if (rc != 0)
        (void)err_at(err, path, 0);
    secret_free(bytes);
    return rc;
}

/* What the shares read so far have in common. */
struct assembly {
    uint8_t set[SHARE_SETBYTES];
    unsigned parts;
    unsigned seen; /* bit k: part k was read */
    uint8_t *key;  /* XOR of their keys */
};

static int share_add(struct assembly *a, const char *path, const struct share *share,
                     struct err *err)
{
    if (a->seen == 0) {
        memcpy(a->set, share->set, sizeof a->set);
        a->parts = share->parts;
    }
    if (memcmp(a->set, share->set, sizeof a->set) != 0 || a->parts != share->parts)
        return refuse(err, path, "is a share of another key");
    if (a->seen & 1U << share->part)
        return refuse(err, path, "is a share that was given already");
    a->seen |= 1U << share->part;
    for (size_t i = 0; i < MASTER_KEYBYTES; i++)
        a->key[i] ^= share->key[i];
    return 0;
}

static int read_shares(char *const *paths, size_t count, uint8_t **key, struct err *err)
{
    struct assembly a = {.key = secret_alloc(MASTER_KEYBYTES, err)};
    struct share *share = a.key ? secret_alloc(sizeof *share, err) : NULL;
    int rc = share ? 0 : -1;
    for (size_t i = 0; rc == 0 && i < count; i++) {
        rc = read_share(paths[i], share, err);
        if (rc == 0)
            rc = share_add(&a, paths[i], share, err);
    }
    /* No part twice, none beyond `parts`: as many as there are means all of them. */
    if (rc == 0 && count != a.parts) {
        rc = err_set(err, ERR_KEY, "%zu of the key's %u shares were given", count, a.parts);
        (void)err_hint(err, "name the files of all shares, separated by commas");
    }
    secret_free(share);
    if (rc == 0)
        *key = a.key;
    else
        secret_free(a.key);
    return rc;
}

int keyfile_read_master(char *const *paths, size_t count, uint8_t **key, struct err *err)
{
    *key = NULL;
    if (count == 0)
        return err_set(err, ERR_KEY, "no file of a pseudonym key was given");
    if (count > 1)
        return read_shares(paths, count, key, err);
    size_t length;
    uint8_t *bytes = read_secret(paths[0], &length, err);
    if (!bytes)
        return -1;
    int rc = share_begins(bytes, length) ? read_shares(paths, count, key, err)
                                         : raw_take(paths[0], bytes, length, key, err);
    secret_free(bytes);
    return rc;
}

int keyfile_read_recipient(const char *path, struct recipient *r, struct err *err)
{
    size_t length;
    memset(r, 0, sizeof *r);
    uint8_t *bytes = read_secret(path, &length, err);
    if (!bytes)
        return -1;
    int rc = raw_take(path, bytes, length, &r->secret_key, err);
    secret_free(bytes);
    if (rc == 0 && crypto_scalarmult_base(r->public_key, r->secret_key) != 0)
        rc = refuse(err, path, "is not a recipient's key");
    if (rc != 0)
        recipient_release(r);
    return rc;
}

/* One form only: the lower-case digits that keymaker.c writes. */
static bool hex_exact(struct slice line, uint8_t *bytes, size_t length)
{
    char again[2 * RECIPIENT_PUBLICBYTES + 1];
    size_t decoded = 0;
    return line.length == 2 * length && length <= RECIPIENT_PUBLICBYTES &&
           sodium_hex2bin(bytes, length, line.bytes, line.length, NULL, &decoded, NULL) == 0 &&
           decoded == length &&
           memcmp(sodium_bin2hex(again, sizeof again, bytes, length), line.bytes, 2 * length) == 0;
}

int keyfile_read_recipient_public(const char *path, struct recipient *r, struct err *err)
{
    uint8_t bytes[LIMIT + 1];
    struct slice rest = {(const char *)bytes, 0}, line;
    memset(r, 0, sizeof *r);
    if (read_file(path, false, bytes, &rest.length, err) != 0)
        return -1;
    if (!minisign_line(&rest, &line) || line.length != strlen(RECIPIENT_TITLE) ||
        memcmp(line.bytes, RECIPIENT_TITLE, line.length) != 0 || !minisign_line(&rest, &line) ||
        rest.length != 0 || !hex_exact(line, r->public_key, sizeof r->public_key) ||
        sodium_is_zero(r->public_key, sizeof r->public_key)) {
        (void)refuse(err, path, "is not a recipient's public key");
        return err_hint(err, "name the file FILE.pub that came with the recipient's key");
    }
    return 0;
}

/* The checksum is zero in an unencrypted key of minisign 0.11, and BLAKE2b-256 in later ones. */
static bool checksum_fits(const uint8_t *form)
{
    uint8_t sum[SECRET_CHECKSUM];
    crypto_generichash_state state;
    if (sodium_is_zero(form + SECRET_AT_CHECKSUM, SECRET_CHECKSUM))
        return true;
    (void)crypto_generichash_init(&state, NULL, 0, sizeof sum);
    (void)crypto_generichash_update(&state, form, 2);
    (void)crypto_generichash_update(&state, form + SECRET_AT_ID, SIGN_KEYIDBYTES);
    (void)crypto_generichash_update(&state, form + SECRET_AT_KEY, SIGN_SECRETBYTES);
    (void)crypto_generichash_final(&state, sum, sizeof sum);
    return sodium_memcmp(sum, form + SECRET_AT_CHECKSUM, sizeof sum) == 0;
}

/* form: the decoded line, in locked memory; pair: room for the key pair that the seed gives. */
static int signing_fill(struct signing_key *key, const uint8_t *form, uint8_t *pair,
                        const char *path, struct err *err)
{
    uint8_t public_key[SIGN_PUBLICBYTES];
    if (memcmp(form, "Ed", 2) != 0 || memcmp(form + SECRET_AT_SUM, "B2", 2) != 0)
        return refuse(err, path, "is not a minisign secret key");
    if (memcmp(form + SECRET_AT_KDF, "\0\0", 2) != 0) {
        (void)refuse(err, path, "is encrypted with a password");
        return err_hint(err, "a run asks nothing: use a key made by herkomst keygen --signing");
    }
    (void)crypto_sign_seed_keypair(public_key, pair, form + SECRET_AT_KEY);
    if (sodium_memcmp(pair, form + SECRET_AT_KEY, SIGN_SECRETBYTES) != 0 || !checksum_fits(form))
        return refuse(err, path, "is a damaged secret key");
    key->secret = secret_alloc(SIGN_SECRETBYTES, err);
    if (!key->secret)
        return -1;
    memcpy(key->secret, form + SECRET_AT_KEY, SIGN_SECRETBYTES);
    memcpy(key->id, form + SECRET_AT_ID, SIGN_KEYIDBYTES);
    return 0;
}

int keyfile_read_signing(const char *path, struct signing_key *key, struct err *err)
{
    struct slice rest = {0}, line, comment;
    int rc = -1;
    memset(key, 0, sizeof *key);
    uint8_t *bytes = read_secret(path, &rest.length, err);
    uint8_t *form = bytes ? secret_alloc(SECRET_BYTES, err) : NULL;
    uint8_t *pair = form ? secret_alloc(SIGN_SECRETBYTES, err) : NULL;
    if (!pair)
        goto out;
    rest.bytes = (const char *)bytes;
    if (!minisign_line(&rest, &line) || !minisign_comment(line, MINISIGN_UNTRUSTED, &comment) ||
        !minisign_line(&rest, &line) || rest.length != 0 ||
        !minisign_base64(line, form, SECRET_BYTES)) {
        (void)refuse(err, path, "is not a minisign secret key");
        goto out;
    }
    rc = signing_fill(key, form, pair, path, err);
out:
    secret_free(pair);
    secret_free(form);
    secret_free(bytes);
    return rc;
}

int keyfile_read_public(const char *path, struct public_key *key, struct err *err)
{
    uint8_t bytes[LIMIT + 1], form[PUBLIC_BYTES];
    struct slice rest = {(const char *)bytes, 0}, line, comment;
    memset(key, 0, sizeof *key);
    if (read_file(path, false, bytes, &rest.length, err) != 0)
        return -1;
    if (!minisign_line(&rest, &line) || !minisign_comment(line, MINISIGN_UNTRUSTED, &comment) ||
        !minisign_line(&rest, &line) || rest.length != 0 ||
        !minisign_base64(line, form, sizeof form) || memcmp(form, "Ed", 2) != 0) {
        (void)refuse(err, path, "is not a minisign public key");
        return err_hint(err, "name the file FILE.pub that came with the signing key");
    }
    memcpy(key->id, form + PUBLIC_AT_ID, SIGN_KEYIDBYTES);
    memcpy(key->key, form + PUBLIC_AT_KEY, SIGN_PUBLICBYTES);
    return 0;
}

/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Making keys; see include/secure/keyfile.h. Keys are random from the kernel (randombytes_buf),
 * live in locked memory, and are flushed to disk before the caller is told that they exist. When
 * one of several files cannot be made, those made before it are removed.
 */
#include "secure/keyfile.h"

#include "secure/files.h"
#include "secure/keyforms.h"
#include "secure/minisign.h"
#include "secure/share.h"

#include <limits.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* PATH and an ending, in a buffer of PATH_MAX bytes. */
static int path_with(char out[static PATH_MAX], const char *path, const char *ending,
                     struct err *err)
{
    int length = snprintf(out, PATH_MAX, "%s%s", path, ending);
    if (length < 0 || length >= PATH_MAX)
        return err_set(err, ERR_CREATE, "the key's path is too long");
    return 0;
}

/* The secret file first, so that no public key exists whose secret one was never kept. */
static int write_pair(const char *path, const void *secret, size_t secret_length,
                      const char *public_text, struct err *err)
{
    char public_path[PATH_MAX];
    if (path_with(public_path, path, ".pub", err) != 0 ||
        files_write_new(path, 0600, secret, secret_length, err) != 0)
        return -1;
    if (files_write_new(public_path, 0644, public_text, strlen(public_text), err) != 0) {
        (void)unlink(path);
        return -1;
    }
    if (files_fsync_folder_of(path, err) == 0)
        return 0;
    (void)unlink(public_path);
    (void)unlink(path);
    return -1;
}

int keyfile_new_pseudonym(const char *path, struct err *err)
{
    uint8_t *key = secret_alloc(MASTER_KEYBYTES, err);
    if (!key)
        return -1;
    randombytes_buf(key, MASTER_KEYBYTES);
    int rc = files_write_new(path, 0600, key, MASTER_KEYBYTES, err);
    if (rc == 0 && (rc = files_fsync_folder_of(path, err)) != 0)
        (void)unlink(path);
    secret_free(key);
    return rc;
}

static int share_path(char out[static PATH_MAX], const char *path, unsigned part, struct err *err)
{
    char ending[8];
    (void)snprintf(ending, sizeof ending, ".%u", part);
    return path_with(out, path, ending, err);
}

/* Every share is random: the master key is what their XOR turns out to be, and is never needed. */
static int write_shares(const char *path, struct share *share, char *text, unsigned *made,
                        struct err *err)
{
    char file[PATH_MAX];
    for (share->part = 1; share->part <= share->parts; share->part++) {
        randombytes_buf(share->key, sizeof share->key);
        size_t length = share_print(text, share);
        if (share_path(file, path, share->part, err) != 0 ||
            files_write_new(file, 0600, text, length, err) != 0)
            return -1;
        ++*made;
    }
    return files_fsync_folder_of(path, err);
}

int keyfile_new_shares(const char *path, unsigned count, struct err *err)
{
    char file[PATH_MAX];
    unsigned made = 0;
    if (count < SHARE_LEAST || count > SHARE_MOST)
        return err_set(err, ERR_USAGE, "a key can be split into %d to %d shares", SHARE_LEAST,
                       SHARE_MOST);
    struct share *share = secret_alloc(sizeof *share, err);
    char *text = share ? secret_alloc(SHARE_TEXT, err) : NULL;
    int rc = -1;
    if (text) {
        randombytes_buf(share->set, sizeof share->set);
        share->parts = count;
        rc = write_shares(path, share, text, &made, err);
    }
    for (unsigned part = 1; rc != 0 && part <= made; part++)
        if (share_path(file, path, part, NULL) == 0)
            (void)unlink(file);
    secret_free(text);
    secret_free(share);
    return rc;
}

int keyfile_new_recipient(const char *path, struct err *err)
{
    struct recipient r;
    char hex[2 * RECIPIENT_PUBLICBYTES + 1], text[sizeof RECIPIENT_TITLE + sizeof hex + 2];
    if (recipient_generate(&r, err) != 0)
        return -1;
    (void)sodium_bin2hex(hex, sizeof hex, r.public_key, sizeof r.public_key);
    (void)snprintf(text, sizeof text, RECIPIENT_TITLE "\n%s\n", hex);
    int rc = write_pair(path, r.secret_key, RECIPIENT_SECRETBYTES, text, err);
    recipient_release(&r);
    return rc;
}

enum {
    SECRET_BASE64 = sodium_base64_ENCODED_LEN(SECRET_BYTES, sodium_base64_VARIANT_ORIGINAL),
    PUBLIC_BASE64 = sodium_base64_ENCODED_LEN(PUBLIC_BYTES, sodium_base64_VARIANT_ORIGINAL),
    PUBLIC_TEXT = 160,
};

/* The same words that minisign -G -W writes, wrong as "encrypted" is there. */
#define SECRET_TITLE MINISIGN_UNTRUSTED "minisign encrypted secret key\n"

static void public_print(char text[static PUBLIC_TEXT], const uint8_t *id, const uint8_t *key)
{
    uint8_t form[PUBLIC_BYTES];
    char name[SIGN_KEYID_TEXT], base64[PUBLIC_BASE64];
    form[0] = 'E';
    form[1] = 'd';
    memcpy(form + PUBLIC_AT_ID, id, SIGN_KEYIDBYTES);
    memcpy(form + PUBLIC_AT_KEY, key, SIGN_PUBLICBYTES);
    key_id_text(name, id);
    (void)sodium_bin2base64(base64, sizeof base64, form, sizeof form,
                            sodium_base64_VARIANT_ORIGINAL);
    (void)snprintf(text, PUBLIC_TEXT, MINISIGN_UNTRUSTED "minisign public key %s\n%s\n", name,
                   base64);
}

/* form: SECRET_BYTES of zeros; text: room for the title, the base64 and a LF. Both locked. */
static size_t secret_print(char *text, uint8_t *form, char public_text[static PUBLIC_TEXT])
{
    uint8_t public_key[SIGN_PUBLICBYTES];
    size_t title = strlen(SECRET_TITLE);
    form[0] = 'E';
    form[1] = 'd';
    form[SECRET_AT_SUM] = 'B';
    form[SECRET_AT_SUM + 1] = '2';
    randombytes_buf(form + SECRET_AT_ID, SIGN_KEYIDBYTES);
    (void)crypto_sign_keypair(public_key, form + SECRET_AT_KEY);
    memcpy(text, SECRET_TITLE, title + 1);
    (void)sodium_bin2base64(text + title, SECRET_BASE64, form, SECRET_BYTES,
                            sodium_base64_VARIANT_ORIGINAL);
    text[title + SECRET_BASE64 - 1] = '\n'; /* in the place of the NUL */
    public_print(public_text, form + SECRET_AT_ID, public_key);
    return title + SECRET_BASE64;
}

int keyfile_new_signing(const char *path, struct err *err)
{
    char public_text[PUBLIC_TEXT];
    uint8_t *form = secret_alloc(SECRET_BYTES, err);
    char *text = form ? secret_alloc(sizeof SECRET_TITLE + SECRET_BASE64, err) : NULL;
    int rc = -1;
    if (text) {
        size_t length = secret_print(text, form, public_text);
        rc = write_pair(path, text, length, public_text, err);
    }
    secret_free(text);
    secret_free(form);
    return rc;
}

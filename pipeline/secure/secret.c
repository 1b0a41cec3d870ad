/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/secure/secret.h. */
#include "secure/secret.h"

#include <errno.h>
#include <sodium.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

_Static_assert(RECIPIENT_PUBLICBYTES == crypto_box_PUBLICKEYBYTES, "X25519 public key");
_Static_assert(RECIPIENT_SECRETBYTES == crypto_box_SECRETKEYBYTES, "X25519 secret key");

int secret_setup(struct err *err)
{
    const struct rlimit none = {0, 0};
    if (sodium_init() < 0)
        return err_set(err, ERR_SYSTEM, "libsodium cannot be initialised");
    if (setrlimit(RLIMIT_CORE, &none) != 0)
        return err_errno(err, ERR_SYSTEM, "cannot switch off core dumps");
    if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0)
        return err_errno(err, ERR_SYSTEM, "cannot make the process undumpable");
    (void)umask(077);
    return 0;
}

void *secret_alloc(size_t bytes, struct err *err)
{
    void *secret = sodium_malloc(bytes);
    if (!secret) {
        (void)err_memory(err);
        return NULL;
    }
    /* sodium_malloc locks, but does not say when it could not; locking twice is harmless. */
    if (sodium_mlock(secret, bytes) != 0) {
        (void)err_errno(err, ERR_KEY, "memory for a key cannot be locked");
        (void)err_hint(err, "raise the limit on locked memory (ulimit -l, LimitMEMLOCK=)");
        sodium_free(secret);
        return NULL;
    }
    sodium_memzero(secret, bytes);
    return secret;
}

void secret_free(void *secret)
{
    sodium_free(secret);
}

int recipient_generate(struct recipient *r, struct err *err)
{
    memset(r, 0, sizeof *r);
    r->secret_key = secret_alloc(RECIPIENT_SECRETBYTES, err);
    if (!r->secret_key)
        return -1;
    if (crypto_box_keypair(r->public_key, r->secret_key) == 0)
        return 0;
    recipient_release(r);
    return err_set(err, ERR_INTERNAL, "a recipient's key pair cannot be made");
}

/* The whole key is far below PIPE_BUF, so that a pipe takes it at once or not at all. */
int recipient_send(const struct recipient *r, int fd, struct err *err)
{
    ssize_t n;
    int rc = 0;
    do
        n = write(fd, r->secret_key, RECIPIENT_SECRETBYTES);
    while (n < 0 && errno == EINTR);
    if (n < 0)
        rc = err_errno(err, ERR_SYSTEM, "the recipient's key cannot be handed over");
    else if (n != RECIPIENT_SECRETBYTES)
        rc = err_set(err, ERR_SYSTEM, "the recipient's key was handed over in part");
    if (close(fd) != 0 && rc == 0)
        rc = err_errno(err, ERR_SYSTEM, "the recipient's key cannot be handed over");
    return rc;
}

/* Reads into locked memory until the end; a longer stream than the key is an error. */
static int receive(uint8_t *to, size_t capacity, int fd, struct err *err)
{
    size_t have = 0;
    while (have < capacity) {
        ssize_t n = read(fd, to + have, capacity - have);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return err_errno(err, ERR_KEY, "the recipient's key cannot be received");
        if (n == 0)
            break;
        have += (size_t)n;
    }
    if (have != RECIPIENT_SECRETBYTES)
        return err_set(err, ERR_KEY,
                       "the recipient's key was received in part or with more behind it");
    return 0;
}

int recipient_receive(struct recipient *r, int fd, struct err *err)
{
    memset(r, 0, sizeof *r);
    r->secret_key = secret_alloc(RECIPIENT_SECRETBYTES + 1, err);
    int rc = r->secret_key ? receive(r->secret_key, RECIPIENT_SECRETBYTES + 1, fd, err) : -1;
    (void)close(fd); /* only read from: nothing can be lost */
    if (rc == 0 && crypto_scalarmult_base(r->public_key, r->secret_key) != 0)
        rc = err_set(err, ERR_KEY, "the recipient's key is not valid");
    if (rc != 0)
        recipient_release(r);
    return rc;
}

void recipient_release(struct recipient *r)
{
    secret_free(r->secret_key);
    memset(r, 0, sizeof *r);
}

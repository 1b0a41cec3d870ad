/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/secure/spill.h. A block on the disk: the ciphertext, and the tag behind it. */
#include "secure/spill.h"

#include "base/text.h"
#include "secure/files.h"
#include "secure/secret.h"

#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

enum {
    KEY = crypto_aead_chacha20poly1305_ietf_KEYBYTES,
    NONCE = crypto_aead_chacha20poly1305_ietf_NPUBBYTES,
    TAG = crypto_aead_chacha20poly1305_ietf_ABYTES,
};

struct spill {
    int fd;
    uint8_t *key; /* locked */
    pthread_mutex_t lock;
    uint64_t end; /* where the next block goes */
};

/* A new file for reading and writing, whose name is gone again. */
static int open_nameless(const char *folder, int *fd, struct err *err)
{
    struct text path;
    uint64_t name;
    randombytes_buf(&name, sizeof name);
    text_init(&path);
    text_format(&path, "%s/spill-%016llx.part", folder, (unsigned long long)name);
    if (path.failed) {
        text_release(&path);
        return err_memory(err);
    }
    *fd = open(path.bytes, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    int rc = *fd < 0 ? err_errno(err, ERR_CREATE, "temporary file") : 0;
    if (rc == 0 && unlink(path.bytes) != 0) {
        rc = err_errno(err, ERR_CREATE, "temporary file");
        (void)close(*fd);
    }
    text_release(&path);
    return rc;
}

int spill_open(struct spill **out, const char *folder, struct err *err)
{
    struct spill *s = calloc(1, sizeof *s);
    *out = NULL;
    if (!s)
        return err_memory(err);
    s->fd = -1;
    s->key = secret_alloc(KEY, err);
    if (!s->key || open_nameless(folder, &s->fd, err) != 0) {
        secret_free(s->key);
        free(s);
        return -1;
    }
    crypto_aead_chacha20poly1305_ietf_keygen(s->key);
    (void)pthread_mutex_init(&s->lock, NULL);
    *out = s;
    return 0;
}

void spill_close(struct spill **s)
{
    if (!*s)
        return;
    (void)close((*s)->fd);
    secret_free((*s)->key);
    (void)pthread_mutex_destroy(&(*s)->lock);
    free(*s);
    *s = NULL;
}

static void nonce_of(uint8_t nonce[static NONCE], uint64_t place)
{
    place = htole64(place);
    memset(nonce, 0, NONCE);
    memcpy(nonce + NONCE - sizeof place, &place, sizeof place);
}

static int write_at(int fd, struct iovec parts[static 2], uint64_t place, struct err *err)
{
    while (parts[0].iov_len + parts[1].iov_len > 0) {
        ssize_t n = pwritev(fd, parts, 2, (off_t)place);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return err_errno(err, ERR_IO, "temporary file: cannot be written");
        place += (uint64_t)n;
        for (size_t i = 0; i < 2; i++) {
            size_t part = (size_t)n < parts[i].iov_len ? (size_t)n : parts[i].iov_len;
            parts[i].iov_base = (char *)parts[i].iov_base + part;
            parts[i].iov_len -= part;
            n -= (ssize_t)part;
        }
    }
    return 0;
}

int spill_write(struct spill *s, void *bytes, size_t length, struct spill_block *block,
                struct err *err)
{
    uint8_t nonce[NONCE], tag[TAG];
    struct iovec parts[2] = {{bytes, length}, {tag, sizeof tag}};
    (void)pthread_mutex_lock(&s->lock);
    *block = (struct spill_block){s->end, length};
    s->end += length + TAG;
    (void)pthread_mutex_unlock(&s->lock);
    nonce_of(nonce, block->place);
    (void)crypto_aead_chacha20poly1305_ietf_encrypt_detached(bytes, tag, NULL, bytes, length, NULL,
                                                             0, NULL, nonce, s->key);
    return write_at(s->fd, parts, block->place, err);
}

static int read_at(int fd, uint64_t place, void *bytes, size_t length, struct err *err)
{
    for (size_t done = 0; done < length;) {
        ssize_t n = pread(fd, (char *)bytes + done, length - done, (off_t)(place + done));
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return err_errno(err, ERR_IO, "temporary file: cannot be read");
        if (n == 0)
            return err_set(err, ERR_DATA, "temporary file: it is cut short");
        done += (size_t)n;
    }
    return 0;
}

int spill_read(struct spill *s, const struct spill_block *block, void *bytes, struct err *err)
{
    uint8_t nonce[NONCE], tag[TAG];
    if (read_at(s->fd, block->place, bytes, block->length, err) != 0 ||
        read_at(s->fd, block->place + block->length, tag, sizeof tag, err) != 0)
        return -1;
    nonce_of(nonce, block->place);
    if (crypto_aead_chacha20poly1305_ietf_decrypt_detached(bytes, NULL, bytes, block->length, tag,
                                                           NULL, 0, nonce, s->key) != 0)
        return err_set(err, ERR_DATA, "temporary file: a block was changed");
    return 0;
}

void spill_drop(struct spill *s, const struct spill_block *block)
{
    (void)fallocate(s->fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, (off_t)block->place,
                    (off_t)(block->length + TAG));
}

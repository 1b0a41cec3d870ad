/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The writing side of zone files, and what both sides share; see include/secure/zonefile.h.
 *
 * Chunks are encrypted by a thread while the caller fills the next ones and writes those that are
 * encrypted: encrypting takes as long as the rest. If the thread cannot be started, or has not been
 * needed yet, the caller does it all.
 * Clear text passes through a few buffers of a chunk, which are wiped; they are too large to be
 * locked (RLIMIT_MEMLOCK is 8 MB on Debian), so a machine that handles zones 1 to 4 has no swap or
 * an encrypted one. The keys are in locked memory.
 */
#include "secure/zonefile.h"

#include "base/relay.h"
#include "base/text.h"
#include "secure/files.h"
#include "secure/zoneformat.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SEALED = 4 + ZONE_CHUNK + ZONE_OVERHEAD };

/* On disk, of a chunk of so many bytes: u32 length and ciphertext. */
static size_t sealed_bytes(size_t used)
{
    return used + (SEALED - ZONE_CHUNK);
}

struct zone_writer {
    char *path;
    char *part; /* path and ".part" */
    int fd;
    crypto_secretstream_xchacha20poly1305_state *state;
    uint8_t header_digest[ZONE_DIGEST];
    uint8_t *clear; /* RELAY_SLOTS of ZONE_CHUNK bytes */
    unsigned slot;  /* of the chunk that is being filled: `used` bytes */
    size_t used;
    uint8_t *sealed;                /* RELAY_SLOTS of SEALED bytes */
    struct relay to_seal, to_write; /* full chunks, none of which is the last: at most RELAY_SLOTS
                                       are in both, so that the thread never waits for room */
    unsigned waiting;               /* so many are */
    pthread_t sealing;
    bool threaded;         /* the thread is there, and alone encrypts */
    struct err of_sealing; /* to be looked at when it has ended */
    bool passing;          /* zone_passing */
    bool failed;           /* what is on disk has a hole and is never published */
};

const char *zone_name(enum zone zone)
{
    static const char *const NAMES[] = {"",       "identified", "pseudonymised", "microdata",
                                        "counts", "protected",  "release"};
    return (unsigned)zone < sizeof NAMES / sizeof NAMES[0] ? NAMES[zone] : "";
}

int zone_header_fill(uint8_t header[static ZONE_HEADER], enum zone zone, const char *schema,
                     const char *release, struct err *err)
{
    memset(header, 0, ZONE_HEADER);
    if (*zone_name(zone) == '\0' || !is_code(schema) || strlen(schema) >= ZONE_SCHEMA ||
        !is_code(release) || strlen(release) >= ZONE_RELEASE_ID)
        return err_set(err, ERR_INTERNAL, "a zone file's zone, schema or release is not valid");
    memcpy(header, ZONE_MAGIC, ZONE_AT_ZONE);
    header[ZONE_AT_ZONE] = (uint8_t)zone;
    memcpy(header + ZONE_AT_SCHEMA, schema, strlen(schema) + 1);
    memcpy(header + ZONE_AT_RELEASE, release, strlen(release) + 1);
    return 0;
}

void zone_header_digest(uint8_t digest[static ZONE_DIGEST],
                        const uint8_t header[static ZONE_HEADER])
{
    (void)crypto_generichash(digest, ZONE_DIGEST, header, ZONE_HEADER, NULL, 0);
}

static int output_write(struct zone_writer *w, const uint8_t *bytes, size_t length, struct err *err)
{
    if (files_write_all(w->fd, bytes, length, err) == 0)
        return 0;
    w->failed = true;
    return err_at(err, w->path, 0);
}

/* Makes the file's own key, seals it for the recipient and writes the header. */
static int header_write(struct zone_writer *w, uint8_t header[static ZONE_HEADER],
                        const uint8_t recipient[static RECIPIENT_PUBLICBYTES], struct err *err)
{
    uint8_t *key = secret_alloc(ZONE_KEY, err);
    if (!key)
        return -1;
    int rc = -1;
    crypto_secretstream_xchacha20poly1305_keygen(key);
    if (crypto_box_seal(header + ZONE_AT_KEY, key, ZONE_KEY, recipient) != 0 ||
        crypto_secretstream_xchacha20poly1305_init_push(w->state, header + ZONE_AT_STREAM, key) !=
            0)
        (void)err_set(err, ERR_KEY, "the recipient's public key is not valid");
    else {
        zone_header_digest(w->header_digest, header);
        rc = output_write(w, header, ZONE_HEADER, err);
    }
    secret_free(key);
    return rc;
}

static uint8_t *clear_slot(const struct zone_writer *w, unsigned slot)
{
    return w->clear + (size_t)slot * ZONE_CHUNK;
}

static uint8_t *sealed_slot(const struct zone_writer *w, unsigned slot)
{
    return w->sealed + (size_t)slot * SEALED;
}

/* A chunk, encrypted: sealed_bytes(used) in all. */
static int chunk_seal(struct zone_writer *w, uint8_t *sealed, const uint8_t *clear, size_t used,
                      uint8_t tag, struct err *err)
{
    unsigned long long bytes;
    if (crypto_secretstream_xchacha20poly1305_push(w->state, sealed + 4, &bytes, clear, used,
                                                   w->header_digest, ZONE_DIGEST, tag) != 0)
        return err_set(err, ERR_INTERNAL, "a chunk cannot be encrypted");
    for (unsigned i = 0; i < 4; i++)
        sealed[i] = (uint8_t)(bytes >> (8 * i));
    return 0;
}

/* By the caller: the chunk that was filled. */
static int chunk_write(struct zone_writer *w, uint8_t tag, struct err *err)
{
    uint8_t *sealed = sealed_slot(w, 0);
    size_t used = w->used;
    w->used = 0;
    return chunk_seal(w, sealed, clear_slot(w, w->slot), used, tag, err) == 0
               ? output_write(w, sealed, sealed_bytes(used), err)
               : -1;
}

static void *seal_chunks(void *context)
{
    struct zone_writer *w = context;
    const uint8_t tag = crypto_secretstream_xchacha20poly1305_TAG_MESSAGE;
    unsigned slot, to;
    while (relay_next(&w->to_seal, &slot) && relay_room(&w->to_write, &to) &&
           chunk_seal(w, sealed_slot(w, to), clear_slot(w, slot), ZONE_CHUNK, tag,
                      &w->of_sealing) == 0) {
        relay_taken(&w->to_seal);
        relay_give(&w->to_write);
    }
    relay_end(&w->to_write);
    return NULL;
}

/* The next chunk that the thread has encrypted or is encrypting; false: it has ended. */
static bool sealed_write(struct zone_writer *w, struct err *err)
{
    unsigned slot;
    if (!relay_next(&w->to_write, &slot))
        return false;
    if (!w->failed)
        (void)output_write(w, sealed_slot(w, slot), SEALED, err);
    relay_taken(&w->to_write);
    w->waiting--;
    return true;
}

/* Waits for the thread, if it is there, and writes what it leaves. */
static int thread_end(struct zone_writer *w, struct err *err)
{
    if (!w->threaded)
        return 0;
    bool before = w->failed;
    relay_end(&w->to_seal);
    while (sealed_write(w, err))
        ;
    (void)pthread_join(w->sealing, NULL);
    w->threaded = false;
    if (w->of_sealing.kind == ERR_NONE)
        return w->failed && !before ? -1 : 0;
    w->failed = true;
    if (err)
        *err = w->of_sealing;
    return -1;
}

/* The chunk is full, and another one follows. */
static int chunk_hand_over(struct zone_writer *w, struct err *err)
{
    if (!w->threaded && !w->failed && w->to_seal.given == 0)
        w->threaded = pthread_create(&w->sealing, NULL, seal_chunks, w) == 0;
    if (!w->threaded)
        return chunk_write(w, crypto_secretstream_xchacha20poly1305_TAG_MESSAGE, err);
    relay_give(&w->to_seal);
    w->used = 0;
    if (++w->waiting == RELAY_SLOTS && !sealed_write(w, err))
        return thread_end(w, err);
    (void)relay_room(&w->to_seal, &w->slot);
    return w->failed ? -1 : 0;
}

static int sink_write(void *context, const void *bytes, size_t length, struct err *err)
{
    struct zone_writer *w = context;
    const uint8_t *from = bytes;
    while (length > 0) {
        /* A full chunk goes out only when more follows: the last one must carry TAG_FINAL. */
        if (w->used == ZONE_CHUNK && chunk_hand_over(w, err) != 0)
            return -1;
        size_t part = ZONE_CHUNK - w->used < length ? ZONE_CHUNK - w->used : length;
        memcpy(clear_slot(w, w->slot) + w->used, from, part);
        w->used += part;
        from += part;
        length -= part;
    }
    return 0;
}

struct sink zone_sink(struct zone_writer *w)
{
    return (struct sink){sink_write, w};
}

static int writer_allocate(struct zone_writer *w, const char *path, struct err *err)
{
    w->path = text_duplicate(path, strlen(path));
    w->clear = calloc(RELAY_SLOTS, ZONE_CHUNK);
    relay_init(&w->to_seal);
    relay_init(&w->to_write);
    w->sealed = malloc(RELAY_SLOTS * (size_t)SEALED);
    if (!w->path || !w->clear || !w->sealed || asprintf(&w->part, "%s.part", path) < 0) {
        w->part = NULL;
        return err_memory(err);
    }
    w->state = secret_alloc(sizeof *w->state, err);
    return w->state ? 0 : -1;
}

static void writer_free(struct zone_writer **writer)
{
    struct zone_writer *w = *writer;
    *writer = NULL;
    if (w->clear) {
        size_t used = w->to_seal.given < RELAY_SLOTS ? (size_t)w->to_seal.given + 1 : RELAY_SLOTS;
        sodium_memzero(w->clear, used * ZONE_CHUNK);
        relay_destroy(&w->to_seal);
        relay_destroy(&w->to_write);
    }
    secret_free(w->state);
    free(w->clear);
    free(w->sealed);
    free(w->part);
    free(w->path);
    free(w);
}

int zone_create(struct zone_writer **writer, const char *path, enum zone zone, const char *schema,
                const char *release, const uint8_t recipient[static RECIPIENT_PUBLICBYTES],
                struct err *err)
{
    uint8_t header[ZONE_HEADER];
    struct zone_writer *w = calloc(1, sizeof *w);
    *writer = w;
    if (!w)
        return err_memory(err);
    w->fd = -1;
    if (access(path, F_OK) == 0) {
        err_set(err, ERR_CREATE, "exists already");
        err_at(err, path, 0);
        zone_discard(writer);
        return -1;
    }
    if (zone_header_fill(header, zone, schema, release, err) != 0 ||
        writer_allocate(w, path, err) != 0 || files_create(w->part, 0600, &w->fd, err) != 0 ||
        header_write(w, header, recipient, err) != 0) {
        zone_discard(writer);
        return -1;
    }
    return 0;
}

static int publish(struct zone_writer *w, struct err *err)
{
    if (thread_end(w, err) != 0)
        return -1;
    if (w->failed)
        return err_set(err, ERR_IO, "not all of it could be written"), err_at(err, w->path, 0);
    if (chunk_write(w, crypto_secretstream_xchacha20poly1305_TAG_FINAL, err) != 0)
        return -1;
    int rc = w->passing ? 0 : fsync(w->fd);
    int saved = errno;
    int closed = close(w->fd); /* closed whatever it returns */
    w->fd = -1;
    if (rc != 0)
        errno = saved;
    if (rc != 0 || closed != 0) {
        (void)unlink(w->part);
        return err_errno(err, ERR_IO, "cannot be flushed"), err_at(err, w->path, 0);
    }
    if (renameat2(AT_FDCWD, w->part, AT_FDCWD, w->path, RENAME_NOREPLACE) != 0) {
        saved = errno;
        (void)unlink(w->part);
        errno = saved;
        return err_errno(err, ERR_CREATE, "cannot be renamed"), err_at(err, w->path, 0);
    }
    return w->passing ? 0 : files_fsync_folder_of(w->path, err);
}

void zone_passing(struct zone_writer *w)
{
    w->passing = true;
}

int zone_commit(struct zone_writer **writer, struct err *err)
{
    int rc = publish(*writer, err);
    if (rc == 0)
        writer_free(writer);
    else
        zone_discard(writer);
    return rc;
}

void zone_discard(struct zone_writer **writer)
{
    struct zone_writer *w = *writer;
    if (!w)
        return;
    w->failed = true; /* nothing more is written */
    (void)thread_end(w, NULL);
    if (w->part && w->fd >= 0) { /* this writer made the .part: never remove another one's */
        (void)close(w->fd);
        (void)unlink(w->part);
    }
    writer_free(writer);
}

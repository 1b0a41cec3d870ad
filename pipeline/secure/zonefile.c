/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The writing side of zone files, and what both sides share; see include/secure/zonefile.h.
 *
 * Chunks are encrypted by the caller, and written by a thread of their own while the caller fills
 * the next one: new pages for a file take longer than encryption does. If that thread cannot be
 * started, or has not been needed yet, the caller writes too.
 * Clear text passes through a buffer of a chunk, which is wiped; it is too large to be locked
 * (RLIMIT_MEMLOCK is 8 MB on Debian), so a machine that handles zones 1 to 4 has no swap or an
 * encrypted one. The keys are in locked memory.
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

struct zone_writer {
    char *path;
    char *part; /* path and ".part" */
    int fd;
    crypto_secretstream_xchacha20poly1305_state *state;
    uint8_t header_digest[ZONE_DIGEST];
    uint8_t *clear; /* the chunk that is being filled: `used` of ZONE_CHUNK bytes */
    size_t used;
    uint8_t *sealed;    /* RELAY_SLOTS of SEALED bytes: u32 length and ciphertext of a chunk */
    struct relay relay; /* of full chunks, none of which is the last */
    pthread_t thread;
    bool threaded;        /* the thread is there, and alone writes */
    struct err of_thread; /* to be looked at when it has ended */
    bool passing;         /* zone_passing */
    bool failed;          /* a write failed: what is on disk has a hole and is never published */
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

/* The chunk that was filled, encrypted: `length` bytes, which are in a slot that is free. */
static int chunk_seal(struct zone_writer *w, uint8_t *sealed, size_t *length, uint8_t tag,
                      struct err *err)
{
    unsigned long long bytes;
    if (crypto_secretstream_xchacha20poly1305_push(w->state, sealed + 4, &bytes, w->clear, w->used,
                                                   w->header_digest, ZONE_DIGEST, tag) != 0)
        return err_set(err, ERR_INTERNAL, "a chunk cannot be encrypted");
    for (unsigned i = 0; i < 4; i++)
        sealed[i] = (uint8_t)(bytes >> (8 * i));
    *length = (size_t)bytes + 4;
    w->used = 0;
    return 0;
}

static uint8_t *sealed_slot(const struct zone_writer *w, unsigned slot)
{
    return w->sealed + (size_t)slot * SEALED;
}

static int chunk_write(struct zone_writer *w, uint8_t tag, struct err *err)
{
    uint8_t *sealed = sealed_slot(w, 0);
    size_t length = 0;
    return chunk_seal(w, sealed, &length, tag, err) == 0 ? output_write(w, sealed, length, err)
                                                         : -1;
}

static void *write_chunks(void *context)
{
    struct zone_writer *w = context;
    unsigned slot;
    int rc = 0;
    while (rc == 0 && relay_next(&w->relay, &slot)) {
        rc = output_write(w, sealed_slot(w, slot), SEALED, &w->of_thread);
        relay_taken(&w->relay);
    }
    relay_stop(&w->relay);
    return NULL;
}

/* Waits for the thread, if there is one; an error of it is the caller's. */
static int thread_end(struct zone_writer *w, struct err *err)
{
    if (!w->threaded)
        return 0;
    relay_end(&w->relay);
    (void)pthread_join(w->thread, NULL);
    w->threaded = false;
    if (w->of_thread.kind == ERR_NONE)
        return 0;
    w->failed = true;
    if (err)
        *err = w->of_thread;
    return -1;
}

/* The chunk is full, and another one follows. */
static int chunk_hand_over(struct zone_writer *w, struct err *err)
{
    const uint8_t tag = crypto_secretstream_xchacha20poly1305_TAG_MESSAGE;
    unsigned slot;
    size_t length;
    if (!w->threaded && !w->failed && w->relay.given == 0)
        w->threaded = pthread_create(&w->thread, NULL, write_chunks, w) == 0;
    if (!w->threaded)
        return chunk_write(w, tag, err);
    if (!relay_room(&w->relay, &slot))
        return thread_end(w, err);
    if (chunk_seal(w, sealed_slot(w, slot), &length, tag, err) != 0)
        return -1;
    relay_give(&w->relay);
    return 0;
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
        memcpy(w->clear + w->used, from, part);
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
    w->clear = calloc(1, ZONE_CHUNK);
    relay_init(&w->relay);
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
    (void)thread_end(w, NULL);
    if (w->clear) {
        sodium_memzero(w->clear, ZONE_CHUNK);
        relay_destroy(&w->relay);
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
    (void)thread_end(w, NULL);
    if (w->part && w->fd >= 0) { /* this writer made the .part: never remove another one's */
        (void)close(w->fd);
        (void)unlink(w->part);
    }
    writer_free(writer);
}

/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The reading side of zone files; see include/secure/zonefile.h. Nothing is believed before it is
 * authenticated, and every chunk's length is bounded before it is read. Clear text is handed out
 * chunk by chunk: what a caller made of it is void until zone_finish has seen the end. From the
 * second chunk on a thread reads and decrypts ahead while the caller works on what it has.
 */
#include "secure/zonefile.h"

#include "base/relay.h"
#include "base/text.h"
#include "secure/files.h"
#include "secure/zoneformat.h"

#include <errno.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct zone_reader {
    char *path;
    int fd;
    crypto_secretstream_xchacha20poly1305_state *state;
    uint8_t header_digest[ZONE_DIGEST];
    uint8_t *sealed;
    struct chunk {
        uint8_t *clear; /* ZONE_CHUNK bytes, of which `filled` are there */
        size_t filled;
        bool final; /* the last one */
        struct err err;
        bool refused;
    } chunks[RELAY_SLOTS];
    struct chunk *chunk; /* being read, from `at`; NULL: none was read yet */
    size_t at;
    struct relay relay; /* of chunks that were read ahead */
    pthread_t thread;
    bool threaded;
    bool failed; /* a chunk was refused: nothing after it is read either */
};

static int refuse(const struct zone_reader *r, struct err *err, enum err_kind kind,
                  const char *reason)
{
    (void)err_set(err, kind, "%s", reason);
    return err_at(err, r->path, 0);
}

/* Reads exactly length bytes, or with *at_end given: none at the end of the file. */
static int input_read(struct zone_reader *r, uint8_t *to, size_t length, bool *at_end,
                      struct err *err)
{
    size_t have = 0;
    while (have < length) {
        ssize_t n = read(r->fd, to + have, length - have);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return err_errno(err, ERR_IO, "cannot be read"), err_at(err, r->path, 0);
        if (n == 0)
            break;
        have += (size_t)n;
    }
    if (at_end)
        *at_end = have == 0;
    if (have == length || (at_end && have == 0))
        return 0;
    return refuse(r, err, ERR_DATA, "the file was cut short");
}

/* Says which of the clear fields differs from what the caller expects. */
static int header_compare(const struct zone_reader *r, const uint8_t *have, const uint8_t *want,
                          struct err *err)
{
    if (memcmp(have, want, ZONE_AT_ZONE) != 0)
        return refuse(r, err, ERR_DATA, "not a zone file of this version of the format");
    if (have[ZONE_AT_ZONE] != want[ZONE_AT_ZONE])
        return refuse(r, err, ERR_DATA, "a file of another zone");
    if (memcmp(have + ZONE_AT_SCHEMA, want + ZONE_AT_SCHEMA, ZONE_SCHEMA) != 0)
        return refuse(r, err, ERR_DATA, "a file of another schema");
    if (memcmp(have + ZONE_AT_RELEASE, want + ZONE_AT_RELEASE, ZONE_RELEASE_ID) != 0)
        return refuse(r, err, ERR_DATA, "a file of another release");
    return 0;
}

static int key_open(struct zone_reader *r, const uint8_t header[static ZONE_HEADER],
                    const struct recipient *recipient, struct err *err)
{
    if (!recipient->secret_key)
        return refuse(r, err, ERR_KEY, "the recipient's secret key is needed to read a zone file");
    uint8_t *key = secret_alloc(ZONE_KEY, err);
    if (!key)
        return -1;
    int rc = 0;
    if (crypto_box_seal_open(key, header + ZONE_AT_KEY, ZONE_KEY + crypto_box_SEALBYTES,
                             recipient->public_key, recipient->secret_key) != 0)
        rc = refuse(r, err, ERR_KEY, "the file was not written for this recipient");
    else if (crypto_secretstream_xchacha20poly1305_init_pull(r->state, header + ZONE_AT_STREAM,
                                                             key) != 0)
        rc = refuse(r, err, ERR_DATA, "the file's header is damaged");
    secret_free(key);
    return rc;
}

static int header_read(struct zone_reader *r, enum zone zone, const char *schema,
                       const char *release, const struct recipient *recipient, struct err *err)
{
    uint8_t have[ZONE_HEADER], want[ZONE_HEADER];
    if (zone_header_fill(want, zone, schema, release ? release : "any", err) != 0 ||
        input_read(r, have, sizeof have, NULL, err) != 0)
        return -1;
    if (!release)
        memcpy(want + ZONE_AT_RELEASE, have + ZONE_AT_RELEASE, ZONE_RELEASE_ID);
    if (header_compare(r, have, want, err) != 0 || key_open(r, have, recipient, err) != 0)
        return -1;
    zone_header_digest(r->header_digest, have);
    return 0;
}

static int chunk_decrypt(struct zone_reader *r, struct chunk *to, struct err *err)
{
    uint8_t prefix[4];
    uint8_t tag = 0;
    unsigned long long clear = 0;
    if (input_read(r, prefix, sizeof prefix, NULL, err) != 0)
        return -1;
    size_t length = (size_t)prefix[0] | (size_t)prefix[1] << 8 | (size_t)prefix[2] << 16 |
                    (size_t)prefix[3] << 24;
    if (length < ZONE_OVERHEAD || length > ZONE_CHUNK + ZONE_OVERHEAD)
        return refuse(r, err, ERR_DATA, "the file was altered: a chunk's length");
    if (input_read(r, r->sealed, length, NULL, err) != 0)
        return -1;
    if (crypto_secretstream_xchacha20poly1305_pull(r->state, to->clear, &clear, &tag, r->sealed,
                                                   length, r->header_digest, ZONE_DIGEST) != 0)
        return refuse(r, err, ERR_DATA, "the file was altered: a chunk is not authentic");
    to->filled = (size_t)clear;
    to->final = tag == crypto_secretstream_xchacha20poly1305_TAG_FINAL;
    if (to->final) {
        bool at_end = false;
        if (input_read(r, prefix, 1, &at_end, err) != 0)
            return -1;
        return at_end ? 0 : refuse(r, err, ERR_DATA, "the file goes on after its end");
    }
    if (tag != crypto_secretstream_xchacha20poly1305_TAG_MESSAGE || clear != ZONE_CHUNK)
        return refuse(r, err, ERR_DATA, "a chunk is not of this format");
    return 0;
}

static void chunk_fill(struct zone_reader *r, struct chunk *to)
{
    to->err = (struct err){.kind = ERR_NONE};
    to->refused = chunk_decrypt(r, to, &to->err) != 0;
}

static void *read_ahead(void *context)
{
    struct zone_reader *r = context;
    unsigned slot;
    bool more = true;
    while (more && relay_room(&r->relay, &slot)) {
        chunk_fill(r, &r->chunks[slot]);
        more = !r->chunks[slot].refused && !r->chunks[slot].final;
        relay_give(&r->relay);
    }
    relay_end(&r->relay);
    return NULL;
}

static struct chunk *chunk_next(struct zone_reader *r)
{
    unsigned slot;
    if (r->chunk && !r->threaded) /* a file of one chunk needs no thread */
        r->threaded = pthread_create(&r->thread, NULL, read_ahead, r) == 0;
    else if (r->threaded)
        relay_taken(&r->relay);
    if (!r->threaded) {
        chunk_fill(r, &r->chunks[0]);
        return &r->chunks[0];
    }
    return relay_next(&r->relay, &slot) ? &r->chunks[slot] : NULL;
}

/* Whether anything is left of the chunk that is being read. */
static bool is_empty(const struct zone_reader *r)
{
    return !r->chunk || r->at == r->chunk->filled;
}

static bool is_final(const struct zone_reader *r)
{
    return r->chunk && r->chunk->final;
}

static int chunk_read(struct zone_reader *r, struct err *err)
{
    if (r->failed)
        return refuse(r, err, ERR_DATA, "the file was refused already");
    r->chunk = chunk_next(r);
    r->at = 0;
    r->failed = !r->chunk || r->chunk->refused;
    if (!r->failed)
        return 0;
    if (r->chunk && err)
        *err = r->chunk->err;
    return r->chunk ? -1 : refuse(r, err, ERR_INTERNAL, "the file was read to its end already");
}

static int source_read(void *context, void *bytes, size_t length, struct err *err)
{
    struct zone_reader *r = context;
    uint8_t *to = bytes;
    while (length > 0) {
        if (is_empty(r)) {
            if (is_final(r))
                return refuse(r, err, ERR_DATA, "the file ends before its content does");
            if (chunk_read(r, err) != 0)
                return -1;
            continue;
        }
        size_t left = r->chunk->filled - r->at, part = left < length ? left : length;
        memcpy(to, r->chunk->clear + r->at, part);
        r->at += part;
        to += part;
        length -= part;
    }
    return 0;
}

struct source zone_source(struct zone_reader *r)
{
    return (struct source){source_read, r};
}

static int reader_allocate(struct zone_reader *r, const char *path, struct err *err)
{
    r->path = text_duplicate(path, strlen(path));
    r->sealed = malloc(ZONE_CHUNK + ZONE_OVERHEAD);
    relay_init(&r->relay);
    uint8_t *clear = calloc(RELAY_SLOTS, ZONE_CHUNK);
    for (size_t i = 0; clear && i < RELAY_SLOTS; i++)
        r->chunks[i].clear = clear + i * ZONE_CHUNK;
    if (!r->path || !clear || !r->sealed)
        return err_memory(err);
    r->state = secret_alloc(sizeof *r->state, err);
    return r->state ? 0 : -1;
}

int zone_open(struct zone_reader **reader, const char *path, enum zone zone, const char *schema,
              const char *release, const struct recipient *recipient, struct err *err)
{
    struct zone_reader *r = calloc(1, sizeof *r);
    *reader = r;
    if (!r)
        return err_memory(err);
    r->fd = -1;
    if (reader_allocate(r, path, err) != 0 || files_open(path, &r->fd, err) != 0 ||
        header_read(r, zone, schema, release, recipient, err) != 0) {
        zone_close(reader);
        return -1;
    }
    return 0;
}

int zone_finish(struct zone_reader *r, struct err *err)
{
    if (is_empty(r) && !is_final(r) && chunk_read(r, err) != 0)
        return -1;
    if (!is_empty(r) || !is_final(r))
        return refuse(r, err, ERR_DATA, "the file holds more than was expected");
    return 0;
}

void zone_close(struct zone_reader **reader)
{
    struct zone_reader *r = *reader;
    if (!r)
        return;
    *reader = NULL;
    if (r->threaded) {
        relay_stop(&r->relay);
        (void)pthread_join(r->thread, NULL);
    }
    relay_destroy(&r->relay);
    if (r->fd >= 0)
        (void)close(r->fd);
    if (r->chunks[0].clear)
        sodium_memzero(r->chunks[0].clear, RELAY_SLOTS * (size_t)ZONE_CHUNK);
    secret_free(r->state);
    free(r->chunks[0].clear);
    free(r->sealed);
    free(r->path);
    free(r);
}

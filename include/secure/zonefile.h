/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * zonefile: an encrypted, authenticated, self-describing file of one zone.
 *
 * Form: a clear header (magic, format version, zone, schema name, release id, then the file's own
 * random secretstream key sealed for the recipient's public key with crypto_box_seal, then the
 * secretstream header), followed by chunks (length, ciphertext) of crypto_secretstream_
 * xchacha20poly1305. The header is additional data of every chunk; the last chunk alone has
 * TAG_FINAL and nothing may follow it. So a file that is cut short, extended, spliced, exchanged
 * with one of another stage, zone, release or run is refused: ERR_DATA, or ERR_KEY when it was not
 * written for this recipient.
 *
 *     zone_create(&w, "work/link.zone", ZONE_MICRODATA, "link", release, recipient_public, err);
 *     sink = zone_sink(&w); frame_write(..., &sink, err); ...
 *     zone_commit(&w, err)           flushes, fsyncs, renames FILE.part to FILE
 *     zone_discard(&w)               else: removes FILE.part; harmless after zone_commit
 *
 *     zone_open(&r, path, ZONE_MICRODATA, "link", release, &recipient, err);
 *     source = zone_source(&r); frame_read(..., &source, err); ...
 *     zone_finish(&r, err)           everything must have been read, and TAG_FINAL seen
 *     zone_close(&r)                 always; wipes the buffers
 *
 * Sealing is anonymous: whoever has the recipient's public key can write a file for it. A file
 * proves that it is whole, not who wrote it; in a run, only the run's own processes know the key.
 *
 * Clear text is held in buffers that are wiped. Files are created 0600, O_EXCL, O_NOFOLLOW.
 */
#ifndef HERKOMST_SECURE_ZONEFILE_H
#define HERKOMST_SECURE_ZONEFILE_H

#include "base/err.h"
#include "io/frame.h"
#include "secure/secret.h"

#include <stddef.h>
#include <stdint.h>

enum zone {
    ZONE_IDENTIFIED = 1,    /* names and numbers: the input files */
    ZONE_PSEUDONYMISED = 2, /* a pseudonym in the place of each number */
    ZONE_MICRODATA = 3,     /* a row a person, without any identifier */
    ZONE_COUNTS = 4,        /* raw counts, small ones too */
    ZONE_PROTECTED = 5,     /* after suppression */
    ZONE_RELEASE = 6,       /* public */
};
const char *zone_name(enum zone zone); /* "identified", "pseudonymised", ... */

enum { ZONE_SCHEMA = 32, ZONE_RELEASE_ID = 64 };

struct zone_writer; /* opaque; owned by the caller through the pointer */
struct zone_reader;

int zone_create(struct zone_writer **w, const char *path, enum zone zone, const char *schema,
                const char *release, const uint8_t recipient[static RECIPIENT_PUBLICBYTES],
                struct err *err);
/* Bytes are written some chunks later: an error of writing may come with a later call, and at the
 * latest with zone_commit. */
struct sink zone_sink(struct zone_writer *w);
/* Before zone_commit, for a file whose key is in memory alone and ends with the run: it is not
 * waited for until the disk has it, since after a power failure nobody could read it. */
void zone_passing(struct zone_writer *w);
int zone_commit(struct zone_writer **w, struct err *err);
void zone_discard(struct zone_writer **w);

/* release: NULL = a file of any release is read. */
int zone_open(struct zone_reader **r, const char *path, enum zone zone, const char *schema,
              const char *release, const struct recipient *recipient, struct err *err);
struct source zone_source(struct zone_reader *r);
int zone_finish(struct zone_reader *r, struct err *err);
void zone_close(struct zone_reader **r);

#endif

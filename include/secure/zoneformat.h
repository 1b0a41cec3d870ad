/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * zoneformat: the bytes of a zone file's header, for zonefile's writer and reader alone.
 *
 *   0    8   magic "HKZONE" and the format's version, two bytes
 *   8    1   zone
 *   9   32   schema, padded with NUL
 *   41  64   release, padded with NUL
 *   105 80   the file's key, sealed for the recipient (crypto_box_seal)
 *   185 24   header of the secretstream
 *
 * Chunks follow: u32 length (little-endian) and that many bytes of ciphertext. All but the last
 * hold ZONE_CHUNK bytes of clear text, so that a file's form is determined by its content.
 */
#ifndef HERKOMST_SECURE_ZONEFORMAT_H
#define HERKOMST_SECURE_ZONEFORMAT_H

#include "secure/zonefile.h"

#include <sodium.h>

#define ZONE_MAGIC "HKZONE\0\1"

enum {
    ZONE_AT_ZONE = 8,
    ZONE_AT_SCHEMA = ZONE_AT_ZONE + 1,
    ZONE_AT_RELEASE = ZONE_AT_SCHEMA + ZONE_SCHEMA,
    ZONE_AT_KEY = ZONE_AT_RELEASE + ZONE_RELEASE_ID,
    ZONE_KEY = crypto_secretstream_xchacha20poly1305_KEYBYTES,
    ZONE_AT_STREAM = ZONE_AT_KEY + ZONE_KEY + crypto_box_SEALBYTES,
    ZONE_HEADER = ZONE_AT_STREAM + crypto_secretstream_xchacha20poly1305_HEADERBYTES,
    ZONE_DIGEST = 32,
    ZONE_CHUNK = 1 << 20,
    ZONE_OVERHEAD = crypto_secretstream_xchacha20poly1305_ABYTES,
};

/* Everything before the sealed key; the rest is zero. ERR_INTERNAL: a name that does not fit. */
int zone_header_fill(uint8_t header[static ZONE_HEADER], enum zone zone, const char *schema,
                     const char *release, struct err *err);
/* BLAKE2b-256 of the whole header: the additional data of every chunk. */
void zone_header_digest(uint8_t digest[static ZONE_DIGEST],
                        const uint8_t header[static ZONE_HEADER]);

#endif

/* SPDX-License-Identifier: EUPL-1.2 */
/* digest: SHA-256 (libsodium crypto_hash_sha256) as 64 lower-case hex digits, as sha256sum prints.
 */
#ifndef HERKOMST_SECURE_DIGEST_H
#define HERKOMST_SECURE_DIGEST_H

#include "base/err.h"

#include <stddef.h>
#include <stdint.h>

enum { DIGEST_BYTES = 32, DIGEST_TEXT = 65 };

void digest_text(char out[static DIGEST_TEXT], const uint8_t digest[static DIGEST_BYTES]);
void digest_bytes(char out[static DIGEST_TEXT], const void *bytes, size_t length);
/* Of a regular file (secure/files.h files_open), of any length. */
int digest_file(char out[static DIGEST_TEXT], const char *path, struct err *err);

#endif

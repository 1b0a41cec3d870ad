/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/secure/digest.h. */
#include "secure/digest.h"

#include "secure/files.h"

#include <errno.h>
#include <sodium.h>
#include <unistd.h>

enum { READ_STEP = 32768 };

_Static_assert(DIGEST_BYTES == crypto_hash_sha256_BYTES, "SHA-256");

void digest_text(char out[static DIGEST_TEXT], const uint8_t digest[static DIGEST_BYTES])
{
    (void)sodium_bin2hex(out, DIGEST_TEXT, digest, DIGEST_BYTES);
}

void digest_bytes(char out[static DIGEST_TEXT], const void *bytes, size_t length)
{
    uint8_t digest[DIGEST_BYTES];
    (void)crypto_hash_sha256(digest, bytes, length);
    digest_text(out, digest);
}

int digest_file(char out[static DIGEST_TEXT], const char *path, struct err *err)
{
    crypto_hash_sha256_state state;
    uint8_t buffer[READ_STEP], digest[DIGEST_BYTES];
    int fd;
    if (files_open(path, &fd, err) != 0)
        return -1;
    (void)crypto_hash_sha256_init(&state);
    for (;;) {
        ssize_t n = read(fd, buffer, sizeof buffer);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0) {
            (void)err_errno(err, ERR_IO, "cannot be read");
            (void)close(fd);
            return err_at(err, path, 0);
        }
        if (n == 0)
            break;
        (void)crypto_hash_sha256_update(&state, buffer, (size_t)n);
    }
    (void)close(fd);
    (void)crypto_hash_sha256_final(&state, digest);
    digest_text(out, digest);
    return 0;
}

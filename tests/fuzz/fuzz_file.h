/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * What the fuzz targets share: the fuzzer's bytes as a file, for readers that take a path; and as a
 * list of edits of something valid, for formats that no random bytes ever reach (signatures,
 * authenticated files).
 */
#ifndef HERKOMST_TESTS_FUZZ_FILE_H
#define HERKOMST_TESTS_FUZZ_FILE_H

#include <fcntl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

/* Ends the run, with the input kept, unless a promise of the code under test holds. */
static inline void fuzz_demand(bool holds)
{
    if (!holds)
        abort();
}

static inline void fuzz_write(const char *path, const void *bytes, size_t length)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    fuzz_demand(fd >= 0 && write(fd, bytes, length) == (ssize_t)length && close(fd) == 0);
}

/* $TMPDIR/fuzz-PID plus the suffix: this process's own. */
static inline void fuzz_path(char *path, size_t size, const char *suffix)
{
    const char *folder = getenv("TMPDIR");
    int length =
        snprintf(path, size, "%s/fuzz-%ld%s", folder ? folder : "/tmp", (long)getpid(), suffix);
    fuzz_demand(length > 0 && (size_t)length < size);
}

/* The same path for the whole process; the file is replaced at each call. */
static inline const char *fuzz_file(const uint8_t *bytes, size_t length, const char *suffix)
{
    static char path[256];
    if (!path[0])
        fuzz_path(path, sizeof path, suffix);
    fuzz_write(path, bytes, length);
    return path;
}

/* Edits a copy of `valid`, which has room for capacity bytes. Each edit is four bytes: what to do,
 * where (two), and with which byte. Gives the new length. */
static inline size_t fuzz_edit(uint8_t *copy, size_t length, size_t capacity, const uint8_t *edits,
                               size_t edits_length)
{
    for (; edits_length >= 4; edits += 4, edits_length -= 4) {
        size_t at = ((size_t)edits[1] | (size_t)edits[2] << 8) % (length + 1);
        switch (edits[0] % 4) {
        case 0: /* other bits */
            if (at < length)
                copy[at] ^= edits[3];
            break;
        case 1: /* one byte more */
            if (length < capacity) {
                memmove(copy + at + 1, copy + at, length - at);
                copy[at] = edits[3];
                length++;
            }
            break;
        case 2: /* some bytes less */
            if (at + edits[3] <= length) {
                memmove(copy + at, copy + at + edits[3], length - at - edits[3]);
                length -= edits[3];
            }
            break;
        default: /* nothing after it */
            length = at;
        }
    }
    return length;
}

#endif

/* SPDX-License-Identifier: EUPL-1.2 */
/* The fuzzer's bytes as a file, for readers that take a path. */
#ifndef HERKOMST_TESTS_FUZZ_FILE_H
#define HERKOMST_TESTS_FUZZ_FILE_H

#include <fcntl.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

/* The same path for the whole process; the file is replaced at each call. */
static inline const char *fuzz_file(const uint8_t *bytes, size_t length, const char *suffix)
{
    static char path[256];
    if (!path[0]) {
        const char *folder = getenv("TMPDIR");
        (void)snprintf(path, sizeof path, "%s/fuzz-%ld%s", folder ? folder : "/tmp",
                       (long)getpid(), suffix);
    }
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    if (fd < 0 || write(fd, bytes, length) != (ssize_t)length)
        abort();
    (void)close(fd);
    return path;
}

#endif

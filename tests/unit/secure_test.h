/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * secure_test: a folder of its own for each test, and raw files in it. For the tests of io and
 * secure; include it after cmocka.h.
 */
#ifndef HERKOMST_TESTS_SECURE_TEST_H
#define HERKOMST_TESTS_SECURE_TEST_H

#include "base/err.h"
#include "base/text.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct folder {
    char path[PATH_MAX];
};

static inline int folder_setup(void **state)
{
    struct folder *f = calloc(1, sizeof *f);
    const char *base = getenv("TMPDIR");
    if (!f)
        return -1;
    (void)snprintf(f->path, sizeof f->path, "%s/herkomst-test-XXXXXX", base ? base : "/tmp");
    *state = f;
    return mkdtemp(f->path) ? 0 : -1;
}

/* Tests make flat folders only, so that what is removed here never depends on the code under test.
 */
static inline int folder_teardown(void **state)
{
    struct folder *f = *state;
    char command[PATH_MAX + 32];
    (void)snprintf(command, sizeof command, "rm -rf -- '%s'", f->path);
    int rc = system(command);
    free(f);
    return rc;
}

/* FOLDER/NAME; the text is in one of eight buffers that are used in turn. */
static inline const char *in_folder(void **state, const char *name)
{
    static char buffers[8][PATH_MAX + 64];
    static unsigned next;
    char *out = buffers[next++ % 8];
    (void)snprintf(out, sizeof buffers[0], "%s/%s", ((struct folder *)*state)->path, name);
    return out;
}

static inline void put_file(const char *path, const void *bytes, size_t length, mode_t mode)
{
    (void)unlink(path);
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    assert_true(fd >= 0);
    assert_int_equal(fchmod(fd, mode), 0);
    assert_int_equal(write(fd, bytes, length), (ssize_t)length);
    assert_int_equal(close(fd), 0);
}

/* At most capacity bytes of a file; returns how many there were. */
static inline size_t get_file(const char *path, void *bytes, size_t capacity)
{
    int fd = open(path, O_RDONLY);
    assert_true(fd >= 0);
    ssize_t n = read(fd, bytes, capacity);
    assert_true(n >= 0);
    assert_int_equal(close(fd), 0);
    return (size_t)n;
}

static inline bool file_exists(const char *path)
{
    struct stat st;
    return lstat(path, &st) == 0;
}

/* The next line of a CSV file of vectors (no quotes in them), cut into exactly `count` fields that
 * stay valid until the next call. False at the end. */
static inline bool next_vector(FILE *file, char **fields, size_t count)
{
    static char line[4096];
    if (!fgets(line, sizeof line, file))
        return false;
    line[strcspn(line, "\n")] = '\0';
    char *rest = line;
    for (size_t i = 0; i < count; i++) {
        fields[i] = strsep(&rest, ",");
        assert_non_null(fields[i]);
    }
    assert_null(rest);
    return true;
}

/* Opens a file of vectors and skips its header. */
static inline FILE *open_vectors(const char *path)
{
    char line[256];
    FILE *file = fopen(path, "re");
    assert_non_null(file);
    assert_non_null(fgets(line, sizeof line, file));
    return file;
}

/* Hex digits to at most capacity bytes; returns how many. */
static inline size_t from_hex(uint8_t *bytes, size_t capacity, const char *hex)
{
    size_t length = strlen(hex) / 2;
    assert_true(length <= capacity && strlen(hex) % 2 == 0);
    for (size_t i = 0; i < length; i++) {
        unsigned value;
        assert_int_equal(sscanf(hex + 2 * i, "%2x", &value), 1);
        bytes[i] = (uint8_t)value;
    }
    return length;
}

#endif

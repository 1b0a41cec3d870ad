/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/io/csv_input.h. */
#include "io/csv_input.h"

#include "io/wiped.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LOOK = 64 << 10 /* how far to look for the end of a line */, BLOCK_LEAST = 4096 };

/* A pipe would block and a device never end: O_NONBLOCK, and then regular files only. */
int csv_input_open(struct csv_input *in, const char *path, size_t block, struct err *err)
{
    struct stat status;
    *in = (struct csv_input){.block = block, .end = CSV_PART_REST};
    in->fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    if (in->fd < 0) {
        bool missing = errno == ENOENT || errno == ENOTDIR;
        err_errno(err, missing ? ERR_NOINPUT : ERR_IO, "cannot open");
        return err_at(err, path, 0);
    }
    if (fstat(in->fd, &status) != 0 || !S_ISREG(status.st_mode)) {
        csv_input_close(in);
        err_set(err, ERR_IO, "not a regular file");
        return err_at(err, path, 0);
    }
    /* A small file needs no large buffers, which all are wiped. */
    if ((uint64_t)status.st_size < block)
        in->block = status.st_size < BLOCK_LEAST ? BLOCK_LEAST : (size_t)status.st_size + 1;
    return 0;
}

void csv_input_close(struct csv_input *in)
{
    if (in->fd >= 0)
        (void)close(in->fd); /* nothing was written */
    in->fd = -1;
}

void csv_input_span(struct csv_input *in, uint64_t begin, uint64_t end)
{
    in->at = begin;
    in->end = end;
}

static ssize_t read_file(struct csv_input *in, void *to, size_t length)
{
    ssize_t got;
    do
        got = pread(in->fd, to, length, (off_t)in->at);
    while (got < 0 && errno == EINTR);
    return got;
}

ssize_t csv_input_read(struct csv_input *in, void *to)
{
    size_t length = in->end - in->at < in->block ? (size_t)(in->end - in->at) : in->block;
    ssize_t got = 0;
    if (in->fd >= 0) {
        got = read_file(in, to, length);
    } else if (in->at < in->length) {
        size_t left = in->length - (size_t)in->at;
        got = (ssize_t)(left < length ? left : length);
        memcpy(to, in->bytes + in->at, (size_t)got);
    }
    if (got == 0 && length > 0 && in->end != CSV_PART_REST) {
        errno = EIO;
        return -1;
    }
    if (got > 0)
        in->at += (uint64_t)got;
    return got;
}

/* Reads up to LOOK bytes at an offset. */
static ssize_t look_at(struct csv_input *in, uint64_t at, char *window)
{
    csv_input_span(in, at, CSV_PART_REST);
    return csv_input_read(in, window);
}

/* The length of the first line if it is the header and has no quotes; 0 if not. Behind a byte order
 * mark it may be empty. */
static uint64_t header_length(const char *window, size_t length)
{
    const char *feed = memchr(window, '\n', length);
    size_t line = feed ? (size_t)(feed - window) + 1 : 0;
    size_t mark = line > 3 && memcmp(window, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
    if (line < mark + 2 || window[mark] == '\r' || memchr(window, '"', line))
        return 0;
    return line;
}

static size_t cut(struct csv_input *in, uint64_t size, uint64_t bytes, char *window,
                  struct csv_part *parts)
{
    size_t count = 1;
    parts[0] = (struct csv_part){0, 0, CSV_PART_REST};
    ssize_t got = look_at(in, 0, window);
    uint64_t header = got > 0 ? header_length(window, (size_t)got) : 0;
    for (uint64_t near = bytes; header > 0 && near < size; near += bytes) {
        struct csv_part *last = &parts[count - 1];
        if (near <= last->begin || near < header)
            continue;
        got = look_at(in, near, window);
        const char *feed = got > 0 ? memchr(window, '\n', (size_t)got) : NULL;
        uint64_t begin = feed ? near + (uint64_t)(feed - window) + 1 : size;
        if (begin >= size)
            continue;
        last->end = begin;
        parts[count++] = (struct csv_part){header, begin, CSV_PART_REST};
    }
    return count;
}

int csv_parts(const char *path, uint64_t bytes, struct csv_part **parts, size_t *count,
              struct err *err)
{
    struct csv_input in;
    struct stat status;
    if (csv_input_open(&in, path, LOOK, err) != 0)
        return -1;
    uint64_t size = fstat(in.fd, &status) == 0 && status.st_size > 0 ? (uint64_t)status.st_size : 0;
    char *window = wiped_realloc(NULL, LOOK);
    *parts = calloc((size_t)(size / bytes) + 1, sizeof **parts);
    int rc = 0;
    if (window && *parts)
        *count = cut(&in, size, bytes, window, *parts);
    else
        rc = err_memory(err);
    wiped_free(window);
    csv_input_close(&in);
    return rc;
}

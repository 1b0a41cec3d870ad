/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * csv_input: the bytes that a CSV reader works on, a block at a time, and where a large file may be
 * cut into parts that are read at the same time.
 *
 * A part begins behind a line feed, and is read behind the file's first line, the header. That a
 * line feed may stand within quotes is not looked at here: a part is only worth something when the
 * one before it was read without an error and ended between two rows (include/io/csv_reader.h).
 */
#ifndef HERKOMST_IO_CSV_INPUT_H
#define HERKOMST_IO_CSV_INPUT_H

#include "base/err.h"

#include <stdint.h>
#include <sys/types.h>

#define CSV_PART_REST UINT64_MAX

struct csv_part {
    uint64_t header;     /* bytes of the first line; 0 for the part that begins with it */
    uint64_t begin, end; /* end: CSV_PART_REST for the last one */
};

struct csv_input {
    int fd;            /* -1: from memory */
    const char *bytes; /* the memory */
    size_t length;
    size_t block;
    uint64_t at, end; /* of what is being read */
};

/* A file that can be read to its end. ERR_NOINPUT if there is none, ERR_IO. */
int csv_input_open(struct csv_input *in, const char *path, size_t block, struct err *err);
void csv_input_close(struct csv_input *in);
/* What to read next; to begin with it is everything. */
void csv_input_span(struct csv_input *in, uint64_t begin, uint64_t end);
/* At most in->block bytes; 0 at the end of the span, -1 with errno: EIO if the file ends before the
 * span does. */
ssize_t csv_input_read(struct csv_input *in, void *to);

/* Cuts a file into parts of about `bytes` each; one part if it is too small, or has a header that
 * is not simply its first line. *parts is the caller's (free). */
int csv_parts(const char *path, uint64_t bytes, struct csv_part **parts, size_t *count,
              struct err *err);

#endif

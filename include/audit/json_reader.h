/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * json_reader: reads large JSON texts of anybody's from left to right, without building them in
 * memory (a certificate has millions of numbers). Private to pipeline/audit.
 *
 *     struct json_reader r = json_reader(bytes, length);
 *     for (reader_open(&r, '{'); reader_name(&r, key, sizeof key);)
 *         if (strcmp(key, "low") == 0) reader_whole(&r, &low); else reader_skip(&r);
 *     if (r.failed) ...                    no JSON, or not what was asked for
 *
 * Once it failed it goes no further: loops end, and nothing is read. Strings that are read (not
 * those that are skipped) have no escapes and no control characters: the names, keys and ids of a
 * certificate need none. Values are nested at most JSON_DEPTH deep.
 */
#ifndef HERKOMST_AUDIT_JSON_READER_H
#define HERKOMST_AUDIT_JSON_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { JSON_DEPTH = 32 };

struct json_reader {
    const char *at, *end;
    bool failed;
    bool first; /* nothing was read since the last bracket was opened */
};

struct json_reader json_reader(const char *bytes, size_t length);

/* Opens an object ('{') or array ('['); anything else fails. */
bool reader_open(struct json_reader *r, char bracket);
/* The next member's name, or whether there is a next item; false at the end, which is closed, and
 * on failure. A name longer than the room for it fails. */
bool reader_name(struct json_reader *r, char *out, size_t size);
bool reader_item(struct json_reader *r);

/* The value at hand, which is passed over whatever it is. True: it was a string that fits, or a
 * whole number from 0 to 10^15 - 1 (digits alone). */
bool reader_string(struct json_reader *r, char *out, size_t size);
bool reader_whole(struct json_reader *r, int64_t *value);
void reader_skip(struct json_reader *r);
/* Is the next value an object or array? */
bool reader_is(struct json_reader *r, char bracket);

/* Nothing but space is left. */
bool reader_at_end(struct json_reader *r);

#endif

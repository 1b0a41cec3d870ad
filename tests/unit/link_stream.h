/* SPDX-License-Identifier: EUPL-1.2 */
/* Frames as bytes, which link reads as it reads its input. */
#ifndef HERKOMST_TESTS_LINK_STREAM_H
#define HERKOMST_TESTS_LINK_STREAM_H

#include "base/text.h"
#include "link/link.h"

#include <string.h>

static inline int append(void *context, const void *bytes, size_t length, struct err *err)
{
    struct text *t = context;
    text_append(t, bytes, length);
    return t->failed ? err_memory(err) : 0;
}

struct stream {
    struct text bytes;
    size_t at;
};

static inline int get(void *context, void *bytes, size_t length, struct err *err)
{
    struct stream *s = context;
    if (s->bytes.length - s->at < length)
        return err_set(err, ERR_DATA, "the end");
    memcpy(bytes, s->bytes.bytes + s->at, length);
    s->at += length;
    return 0;
}

#endif

/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/link/buckets.h. */
#include "link/buckets.h"

#include <stdlib.h>

enum { APART = 128 / sizeof(uint32_t) /* two cache lines, which processors fetch as one */ };

bool buckets_make(struct buckets *b, size_t count, unsigned threads)
{
    *b = (struct buckets){.count = count, .stride = count + APART, .threads = threads};
    b->next = calloc(b->stride * threads, sizeof *b->next);
    return b->next != NULL;
}

void buckets_free(struct buckets *b)
{
    free(b->next);
    b->next = NULL;
}

void buckets_place(struct buckets *b)
{
    uint32_t at = 0;
    b->largest = 0;
    for (size_t bucket = 0; bucket < b->count; bucket++) {
        uint32_t begin = at;
        for (unsigned thread = 0; thread < b->threads; thread++) {
            uint32_t *next = bucket_next(b, bucket, thread), own = *next;
            *next = at;
            at += own;
        }
        if (at - begin > b->largest)
            b->largest = at - begin;
    }
}

/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/base/pages.h. */
#include "base/pages.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum { PAGE = 4096, LARGE = 2 << 20 };

void *pages_large(void *block, size_t bytes)
{
    if (!block || bytes < 2 * (size_t)LARGE)
        return block;
    uintptr_t begin = ((uintptr_t)block + PAGE - 1) / PAGE * PAGE;
    uintptr_t end = ((uintptr_t)block + bytes) / PAGE * PAGE;
    (void)madvise((void *)begin, end - begin, MADV_HUGEPAGE);
    return block;
}

void *pages_calloc(size_t count, size_t width)
{
    size_t bytes;
    if (__builtin_mul_overflow(count, width, &bytes))
        return NULL;
    if (bytes < LARGE)
        return calloc(count, width);
    size_t whole = (bytes + LARGE - 1) / LARGE * LARGE;
    void *block = whole < bytes ? NULL : aligned_alloc(LARGE, whole);
    if (!block)
        return NULL;
    (void)madvise(block, whole, MADV_HUGEPAGE);
    return memset(block, 0, bytes);
}

void *room_for(struct room *r, size_t bytes)
{
    if (r->bytes && bytes <= r->size)
        return r->bytes;
    room_release(r);
    r->bytes = pages_large(malloc(bytes ? bytes : 1), bytes);
    r->size = r->bytes ? bytes : 0;
    return r->bytes;
}

void room_release(struct room *r)
{
    free(r->bytes);
    *r = (struct room){0};
}

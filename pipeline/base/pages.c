/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/base/pages.h. */
#include "base/pages.h"

#include <stdint.h>
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

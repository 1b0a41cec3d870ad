/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * pages: large arrays on large pages.
 *
 * An array of one cell a person is looked at here and there, and with pages of 4 KiB nearly every
 * look costs a walk through the page tables, and every first touch of a page a fault. The kernel
 * gives 2 MiB pages to whoever asks (transparent huge pages, "madvise" on Debian).
 */
#ifndef HERKOMST_BASE_PAGES_H
#define HERKOMST_BASE_PAGES_H

#include <stddef.h>

/* Asks for large pages for a block of malloc, calloc or realloc, before it is written; small blocks
 * stay as they are, and so does everything if the kernel does not listen. Returns the block, which
 * may be NULL. */
void *pages_large(void *block, size_t bytes);

/* Memory for one piece of work after the other: the kernel clears what it gives, so that memory
 * that was used before is worth keeping. All zeros at first; room_for gives at least so many bytes,
 * with any content, and voids what it gave before; NULL when there is no memory. */
struct room {
    void *bytes;
    size_t size;
};
void *room_for(struct room *r, size_t bytes);
void room_release(struct room *r);

/* As calloc, and on large pages from 2 MiB on. */
void *pages_calloc(size_t count, size_t width);

#endif

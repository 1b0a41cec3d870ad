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

/* As calloc, and on large pages from 2 MiB on. */
void *pages_calloc(size_t count, size_t width);

#endif

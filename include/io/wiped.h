/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * wiped: memory for rows of persons, which is overwritten before it is given back. As realloc and
 * free; a block that moves leaves nothing behind. Not locked: keys belong in secure/secret.h's
 * memory. Blocks of the two kinds of functions must not be mixed: the size stands before the block.
 */
#ifndef HERKOMST_IO_WIPED_H
#define HERKOMST_IO_WIPED_H

#include <stddef.h>

/* NULL when memory ran out, the old block then being as it was. For bytes and nothing that must be
 * aligned to more than size_t. */
void *wiped_realloc(void *block, size_t size);
void wiped_free(void *block); /* NULL is fine */

#endif

/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * spill: a temporary file of encrypted blocks, for what does not fit in memory.
 *
 *     spill_open(&s, folder, err)
 *     spill_write(s, bytes, length, &block, err)        bytes are ciphertext afterwards
 *     spill_read(s, &block, bytes, err)                 block.length bytes
 *     spill_drop(s, &block)                             its room on the disk is free again
 *     spill_close(&s)                                   always
 *
 * The file is made in the folder with O_EXCL and mode 0600, and has no name any more when
 * spill_open returns, while it is empty: whatever ends the process, no block is left. Its key is
 * random, in locked memory alone, and never written. A block is sealed by ChaCha20-Poly1305 (IETF)
 * with its place in the file as the nonce, and no place is ever written twice: a block that was
 * changed, exchanged or moved is ERR_DATA. A full disk is ERR_IO.
 *
 * Threads may share s.
 */
#ifndef HERKOMST_SECURE_SPILL_H
#define HERKOMST_SECURE_SPILL_H

#include "base/err.h"

#include <stddef.h>
#include <stdint.h>

struct spill; /* opaque */

struct spill_block {
    uint64_t place;
    size_t length; /* of the clear text */
};

int spill_open(struct spill **s, const char *folder, struct err *err);
void spill_close(struct spill **s);

int spill_write(struct spill *s, void *bytes, size_t length, struct spill_block *block,
                struct err *err);
int spill_read(struct spill *s, const struct spill_block *block, void *bytes, struct err *err);
/* A file system that cannot do it keeps the room until spill_close. */
void spill_drop(struct spill *s, const struct spill_block *block);

#endif

/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * room: memory for one piece of work after the other. The kernel clears what it gives, so that
 * memory that was used before is worth keeping.
 *
 * Large pages (MADV_HUGEPAGE) are not asked for, here or elsewhere. They save a third of a second
 * at twelve million people where free memory is at hand; on a virtual machine whose host has taken
 * it back (free page reporting), touching them took ten times as long as touching small ones.
 */
#ifndef HERKOMST_BASE_ROOM_H
#define HERKOMST_BASE_ROOM_H

#include <stddef.h>

/* All zeros at first; room_for gives at least so many bytes, with any content, and voids what it
 * gave before; NULL when there is no memory. */
struct room {
    void *bytes;
    size_t size;
};
void *room_for(struct room *r, size_t bytes);
void room_release(struct room *r);

#endif

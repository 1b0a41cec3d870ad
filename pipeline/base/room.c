/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/base/room.h. */
#include "base/room.h"

#include <stdlib.h>

void *room_for(struct room *r, size_t bytes)
{
    if (r->bytes && bytes <= r->size)
        return r->bytes;
    room_release(r);
    r->bytes = malloc(bytes ? bytes : 1);
    r->size = r->bytes ? bytes : 0;
    return r->bytes;
}

void room_release(struct room *r)
{
    free(r->bytes);
    *r = (struct room){0};
}

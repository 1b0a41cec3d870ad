/* SPDX-License-Identifier: EUPL-1.2 */
/* derive_moves: the part of link/derive.h for other dates: who was counted elsewhere then. */
#ifndef HERKOMST_LINK_DERIVE_MOVES_H
#define HERKOMST_LINK_DERIVE_MOVES_H

#include "link/derive_places.h"

struct derive_units { /* frames of linked.zone */
    const struct frame *entities, *former;
};

/* Reads the facts of each date of `since` and writes the frames `moves`. places: of the reference
 * date, ended; not looked at without dates. */
int derive_moves(const struct derive_context *c, struct derive_places *places,
                 const struct derive_units *units, const struct frame *since,
                 const struct source *from, const struct sink *to, struct err *err);

#endif

/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * former: the entities of the list that are not there at the reference date, and which one goes on
 * with their people: the column `successor` is followed, over entities that ended in their turn, to
 * one that is valid at the reference date. An entity's row is its last one. A chain that leads to
 * no such entity (to none, to one that is not listed, in a circle) gives none.
 */
#ifndef HERKOMST_LINK_FORMER_H
#define HERKOMST_LINK_FORMER_H

#include "base/date.h"
#include "base/err.h"
#include "io/frame.h"

/* Fills `out`, an initialised frame, with entity, domain, successor (coded; 0 = none) and
 * valid_then (U8: valid at one of these dates), sorted by entity; without dates, with no rows.
 * list: the frame entities. */
int former_entities(struct frame *out, const struct frame *list, date reference, const date *since,
                    size_t count, struct err *err);

#endif

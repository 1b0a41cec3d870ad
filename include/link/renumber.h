/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * renumber: persons whose number was changed, by the dataset `alias`.
 *
 *     renumber_read(&map, &in, &quality, err)      who has which last number
 *     renumber_rows(&map, &table)                  of each table in memory
 *     renumber_frame(&table, key, err)             the list itself ends
 *     alias_release(&map)                          always
 */
#ifndef HERKOMST_LINK_RENUMBER_H
#define HERKOMST_LINK_RENUMBER_H

#include "io/quality.h"
#include "link/alias.h"
#include "link/intake.h"
#include "secure/pseudonym.h"

/* map: zeroed; without the dataset it stays so, and nobody has another number. Figures: conflict
 * and cycle. */
int renumber_read(struct alias_map *map, const struct intake *in, struct quality *q,
                  struct err *err);
/* Gives every person of a table their last number. */
void renumber_rows(const struct alias_map *map, struct intake_table *t);
/* Puts pseudonyms in the place of the alias list's numbers. Its people need not be anybody's in
 * another dataset, so they get no id, and the list ends here, with its digest. */
int renumber_frame(struct intake_table *t, const uint8_t *key, struct err *err);

#endif

/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * alias: renumbered persons: which number stands in the place of an older one.
 *
 * Chains are followed to their end. Of several new numbers for one old, the one of the latest date
 * wins (no date = earliest), then the larger number; such an old number is counted as a conflict.
 * Rows that lead in a circle (a number renumbered to itself too) are ignored and counted as cycles.
 * So the result depends on the set of rows alone.
 */
#ifndef HERKOMST_LINK_ALIAS_H
#define HERKOMST_LINK_ALIAS_H

#include "base/date.h"
#include "base/err.h"

#include <stddef.h>
#include <stdint.h>

struct alias_row {
    uint64_t old, new; /* canonical numbers */
    date since;
};

struct alias_map {
    size_t count;
    struct alias_row *rows; /* sorted by old, each once; new is the chain's end */
    uint64_t conflicts, cycles;
};

/* rows are the caller's, and sorted here. */
int alias_build(struct alias_map *map, struct alias_row *rows, size_t count, struct err *err);
void alias_release(struct alias_map *map); /* wipes */

/* Replaces every number that has a newer one; others, NUMBER_NONE and NUMBER_NO_PARENT stay. */
void alias_apply(const struct alias_map *map, uint64_t *numbers, size_t count);

#endif

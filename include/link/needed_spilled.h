/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * needed_spilled: link/needed.h for rows in a temporary file, which stay there: who is needed, and
 * what is to be said of the other rows.
 */
#ifndef HERKOMST_LINK_NEEDED_SPILLED_H
#define HERKOMST_LINK_NEEDED_SPILLED_H

#include "link/intake_spill.h"
#include "link/needed.h"

/* needed: whose rows of registers stay; persons: everybody whom rows that stay name. Both empty
 * sets before, and the caller's. intake_spill_sort was before. */
int needed_spilled(struct intake *in, unsigned generations,
                   const uint8_t key[static PSEUDONYM_KEYBYTES], unsigned threads,
                   struct number_set *needed, struct number_set *persons, struct left_out *out,
                   struct err *err);

#endif

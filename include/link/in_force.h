/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * in_force: which rows of personnel link keeps.
 *
 * Of people's careers most is over: only rows in force at the reference date, or at another date
 * that is asked for, are linked. Of the others one thing is still needed, that their entity
 * delivered something.
 */
#ifndef HERKOMST_LINK_IN_FORCE_H
#define HERKOMST_LINK_IN_FORCE_H

#include "link/people.h"

/* Of f's rows from `first` on keeps those in force on one of the days of p, and wipes the others.
 * seen[code] becomes 1 for the entity of each of them, kept or not; it has room for every code.
 * ERR_DATA: not a frame of personnel. */
int in_force_keep(struct frame *f, size_t first, const struct people *p, uint8_t *seen,
                  struct err *err);

#endif

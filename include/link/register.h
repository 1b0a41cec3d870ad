/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * register: the datasets `register` (a row a person) and `registration` (voluntary and
 * administrative registers), folded into the arrays of people.
 *
 * One register row a person is expected. Of several, each field is the first one known, in the
 * order of the rows (which is by content); if they differ, the person is counted as `differing`.
 */
#ifndef HERKOMST_LINK_REGISTER_H
#define HERKOMST_LINK_REGISTER_H

#include "link/people.h"

int register_add(struct people *p, const struct frame *f, unsigned threads, struct err *err);
int registration_add(struct people *p, const struct frame *f, unsigned threads, struct err *err);

#endif

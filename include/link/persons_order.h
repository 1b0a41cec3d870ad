/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * persons_order: hashes the numbers of persons, a part at a time, and ranks them by pseudonym; the
 * part of persons_hash that is about order. See pipeline/link/persons_order.c.
 */
#ifndef HERKOMST_LINK_PERSONS_ORDER_H
#define HERKOMST_LINK_PERSONS_ORDER_H

#include "link/persons.h"

/* Fills p->pseudonyms, which has room for p->count, and the values in the slots. */
int persons_rank(struct persons *p, const struct pseudonymiser *by, unsigned threads,
                 struct err *err);

#endif

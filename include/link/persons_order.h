/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * persons_order: hashes the numbers of persons and ranks them by pseudonym; the part of
 * persons_hash that is about order.
 */
#ifndef HERKOMST_LINK_PERSONS_ORDER_H
#define HERKOMST_LINK_PERSONS_ORDER_H

#include "link/persons.h"

/* Makes p->by_id and p->ids; p->numbers has been ranked. */
int persons_rank(struct persons *p, const struct pseudonymiser *by, struct room *room,
                 unsigned threads, struct err *err);

#endif

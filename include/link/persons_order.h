/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * persons_order: hashes the numbers of persons and ranks them by pseudonym; the part of
 * persons_hash that is about order.
 */
#ifndef HERKOMST_LINK_PERSONS_ORDER_H
#define HERKOMST_LINK_PERSONS_ORDER_H

#include "link/persons.h"
#include "secure/blake2b_lanes.h"

/* Makes p->by_id and p->ids; p->numbers has been ranked. */
int persons_rank(struct persons *p, const struct pseudonymiser *by, struct room *room,
                 unsigned threads, struct err *err);

/* Its parts, for people who are too many for memory (link/persons_spilled.h). Numbers that are
 * hashed together: */
struct number_batch {
    char digits[BLAKE2B_LANES * NATIONAL_NUMBER_DIGITS + 1];
    uint8_t pseudonyms[BLAKE2B_LANES][PSEUDONYM_BYTES];
    uint32_t numbers[BLAKE2B_LANES];
};
void number_batch_hash(struct number_batch *b, const struct pseudonymiser *by, size_t count);

/* The first 8 bytes of a pseudonym, as a number. */
struct person_entry {
    uint64_t head;
    uint32_t number;
};
/* By pseudonym, a list that nearly has that order. False: two have the same one. */
bool person_entries_sort(const struct pseudonymiser *by, struct person_entry *list, size_t count);

#endif

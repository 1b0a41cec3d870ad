/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * persons_order: hashes the numbers of persons and ranks them by pseudonym; the part of
 * persons_hash that is about order.
 */
#ifndef HERKOMST_LINK_PERSONS_ORDER_H
#define HERKOMST_LINK_PERSONS_ORDER_H

#include "link/persons.h"
#include "secure/blake2b_lanes.h"

/* Makes p->ids; p->numbers has been ranked. */
int persons_rank(struct persons *p, const struct pseudonymiser *by, struct room *room,
                 unsigned threads, struct err *err);

/* Its parts, for people who are too many for memory (link/persons_spilled.h). Numbers that are
 * hashed together: */
struct number_batch {
    char digits[LANES * NATIONAL_NUMBER_DIGITS + 1];
    uint8_t pseudonyms[LANES][PSEUDONYM_BYTES];
    uint32_t numbers[LANES];
};
void number_batch_hash(struct number_batch *b, const struct pseudonymiser *by, size_t count);

/* Of a batch, the first 8 bytes of a pseudonym as a number. */
uint64_t number_batch_head(const struct number_batch *b, size_t i);

/* Somebody in a bucket of pseudonyms that begin with the same `bits`: above, the next 32 bits of
 * the pseudonym; below, the place of the number in its set. */
typedef uint64_t person_entry;
static inline person_entry person_entry_of(uint64_t head, unsigned bits, size_t place)
{
    return head << bits >> 32 << 32 | (uint32_t)place;
}
/* Puts a bucket's entries into `sorted`, by pseudonym. False: two have the same one. */
bool person_entries_sort(const struct pseudonymiser *by, const struct number_set *numbers,
                         const person_entry *list, person_entry *sorted, size_t count);

#endif

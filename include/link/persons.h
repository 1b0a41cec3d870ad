/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * persons: everybody whose number stands somewhere, each hashed once, and their ids: the rank of
 * their pseudonym.
 *
 *     persons_init(&p)
 *     number_set_add(&p.numbers, ...)                   for every column of numbers
 *     persons_hash(&p, key, &room, threads, err)        once; the pseudonyms are gone afterwards
 *     persons_ids(&p, numbers, ..., &room, threads)     number -> id + 1
 *     persons_settle(&p)                                no more ids will be asked for: wipes
 * numbers persons_release(&p)                               always
 *
 * The ids depend on the set of numbers and the key alone. NUMBER_NONE is 0, NUMBER_NO_PARENT is
 * PARENT_NONE. Memory: 5 bytes a person, and 16 of room for hashing.
 */
#ifndef HERKOMST_LINK_PERSONS_H
#define HERKOMST_LINK_PERSONS_H

#include "base/err.h"
#include "base/room.h"
#include "link/number_set.h"
#include "secure/pseudonym.h"

#include <stddef.h>
#include <stdint.h>

struct persons {
    struct number_set numbers;
    size_t count;
    uint32_t *ids; /* id + 1 by place in `numbers` */
};

void persons_init(struct persons *p);
void persons_release(struct persons *p);

/* Two numbers with one pseudonym: ERR_INTERNAL. */
int persons_hash(struct persons *p, const uint8_t key[static PSEUDONYM_KEYBYTES], struct room *room,
                 unsigned threads, struct err *err);

/* Puts the id of each number in its place; each must be a member, or none. What it has of room, 4
 * bytes a number, is wiped. */
int persons_ids(const struct persons *p, uint32_t *numbers, size_t count, struct room *room,
                unsigned threads, struct err *err);

void persons_settle(struct persons *p);

/* The pseudonym of one number, which need not have been added. */
void person_pseudonym(uint8_t out[static PSEUDONYM_BYTES], uint64_t number,
                      const uint8_t key[static PSEUDONYM_KEYBYTES]);

#endif

/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * persons: everybody whose number stands somewhere, each hashed once, and their ids: the rank of
 * their pseudonym.
 *
 *     persons_init(&p)
 *     persons_add(&p, numbers, count, threads, err)     for every column of numbers
 *     persons_hash(&p, key, threads, err)               once: pseudonyms, sorted
 *     persons_ids(&p, numbers, ..., threads)            number -> id + 1, for numbers that were
 * added persons_forget(&p)                                wipes the numbers; pseudonyms stay
 *     persons_release(&p)                               always
 *
 * The ids depend on the set of numbers and the key alone. NUMBER_NONE is 0, NUMBER_NO_PARENT is
 * PARENT_NONE. Memory: 27 to 40 bytes a person, and while hashing 32 more.
 */
#ifndef HERKOMST_LINK_PERSONS_H
#define HERKOMST_LINK_PERSONS_H

#include "base/err.h"
#include "secure/pseudonym.h"

#include <stddef.h>
#include <stdint.h>

enum { PERSONS_PARTS = 64 };

/* The numbers whose hash begins with a part's index: threads fill different parts. */
struct persons_part {
    uint64_t *slots;   /* open addressing: number << 32 | value; 0 = free */
    size_t slot_count; /* a power of two, or 0 */
    size_t count;
};

struct persons {
    size_t count;
    struct persons_part parts[PERSONS_PARTS]; /* value: after persons_hash id + 1 */
    uint8_t (*pseudonyms)[PSEUDONYM_BYTES];   /* strictly increasing */
    uint32_t *sorted; /* room for the numbers that are being added, by part */
    size_t room;
};

void persons_init(struct persons *p);
void persons_release(struct persons *p);

/* numbers: national_number_pack'ed. */
int persons_add(struct persons *p, const uint32_t *numbers, size_t count, unsigned threads,
                struct err *err);

/* Two numbers with one pseudonym: ERR_INTERNAL. */
int persons_hash(struct persons *p, const uint8_t key[static PSEUDONYM_KEYBYTES], unsigned threads,
                 struct err *err);

/* Puts the id of each number in its place. */
int persons_ids(const struct persons *p, uint32_t *numbers, size_t count, unsigned threads,
                struct err *err);

void persons_forget(struct persons *p);

/* The pseudonym of one number, which need not have been added. */
void person_pseudonym(uint8_t out[static PSEUDONYM_BYTES], uint64_t number,
                      const uint8_t key[static PSEUDONYM_KEYBYTES]);

#endif

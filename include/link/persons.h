/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * persons: everybody whose number stands somewhere, each hashed once, and their ids: the rank of
 * their pseudonym.
 *
 *     persons_init(&p)
 *     persons_add(&p, numbers, count, err)     for every column of numbers
 *     persons_hash(&p, key, threads, err)      once: pseudonyms, sorted
 *     persons_ids(&p, numbers, ...)            number -> id + 1, for numbers that were added
 *     persons_forget(&p)                       wipes the numbers; pseudonyms stay
 *     persons_release(&p)                      always
 *
 * The ids depend on the set of numbers and the key alone. NUMBER_NONE is 0, NUMBER_NO_PARENT is
 * PARENT_NONE. Memory: 35 to 55 bytes a person, and while hashing 40 more.
 */
#ifndef HERKOMST_LINK_PERSONS_H
#define HERKOMST_LINK_PERSONS_H

#include "base/err.h"
#include "secure/pseudonym.h"

#include <stddef.h>
#include <stdint.h>

struct persons {
    size_t count;
    size_t slot_count; /* a power of two, or 0 */
    uint64_t *keys;    /* open addressing; 0 = free */
    uint32_t *values;  /* 1, 2, ... in order of appearance; after persons_hash id + 1 */
    uint8_t (*pseudonyms)[PSEUDONYM_BYTES]; /* strictly increasing */
};

void persons_init(struct persons *p);
void persons_release(struct persons *p);

int persons_add(struct persons *p, const uint64_t *numbers, size_t count, struct err *err);

/* Two numbers with one pseudonym: ERR_INTERNAL. */
int persons_hash(struct persons *p, const uint8_t key[static PSEUDONYM_KEYBYTES], unsigned threads,
                 struct err *err);

/* ids[i] of numbers[i * stride]. */
void persons_ids(const struct persons *p, const uint64_t *numbers, size_t stride, uint32_t *ids,
                 size_t count);

void persons_forget(struct persons *p);

/* The pseudonym of one number, which need not have been added. */
void person_pseudonym(uint8_t out[static PSEUDONYM_BYTES], uint64_t number,
                      const uint8_t key[static PSEUDONYM_KEYBYTES]);

#endif

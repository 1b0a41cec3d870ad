/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * dictionary: distinct strings and their codes 1, 2, 3, ... in order of first appearance.
 *
 * Code 0 is never given: columns use it for "no value". Codes that depend on the order of input
 * rows must not reach an output: dictionary_sort renumbers by byte order. A word ends at its first
 * NUL byte: who reads bytes that may hold one checks that first. Not thread-safe.
 */
#ifndef HERKOMST_BASE_DICTIONARY_H
#define HERKOMST_BASE_DICTIONARY_H

#include <stddef.h>
#include <stdint.h>

struct dictionary {
    char **words; /* words[code - 1]; owned */
    uint32_t count;
    uint32_t capacity;
    uint32_t *slots; /* open addressing, 0 = free */
    uint32_t slot_count;
};

void dictionary_init(struct dictionary *d);
void dictionary_release(struct dictionary *d);

/* The code of a word, added if new; 0 when memory ran out. */
uint32_t dictionary_intern(struct dictionary *d, const char *word, size_t length);

/* The code of a word, or 0 if it is not there. */
uint32_t dictionary_find(const struct dictionary *d, const char *word, size_t length);

/* The word of a code (NUL-terminated), or NULL for code 0. */
const char *dictionary_word(const struct dictionary *d, uint32_t code);

/* Sorts the words by byte order; renumber[old code] = new code for 0..count (caller's array of
 * count + 1; renumber[0] = 0). Returns -1 when memory ran out, the dictionary unchanged. */
int dictionary_sort(struct dictionary *d, uint32_t *renumber);

/* A deep copy; -1 when memory ran out. */
int dictionary_copy(struct dictionary *to, const struct dictionary *from);

#endif

/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * words: dictionaries that tell no more than the cells do.
 *
 * A column that takes its dictionary from another one would carry words that none of its own cells
 * uses (the nationality of somebody who is not on the staff, say), and codes in an order that is
 * not its own.
 */
#ifndef HERKOMST_LINK_WORDS_H
#define HERKOMST_LINK_WORDS_H

#include "base/err.h"
#include "io/frame.h"

/* 0 if every dictionary of the frame is sorted, so that codes are ranks; else ERR_DATA. */
int words_sorted(const struct frame *f, struct err *err);

/* Drops from every dictionary of the frame the words that no cell uses, sorts the others and
 * renumbers the cells. */
int words_compact(struct frame *f, unsigned threads, struct err *err);

/* The same for one dictionary: code[0 .. d->count] is 1 for each word that is used, and becomes its
 * new code. */
int words_renumber(struct dictionary *d, uint32_t *code, struct err *err);

#endif

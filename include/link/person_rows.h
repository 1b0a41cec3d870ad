/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * person_rows: a dataset frame as groups of rows, one group a person.
 *
 * Frames of the pseudonymised file are sorted by their column `person` (id + 1; 0 = no valid
 * number, those rows come first). Everything that link does walks them in that order, each thread
 * its own stretch: no index, no look-up, no allocation for a person.
 */
#ifndef HERKOMST_LINK_PERSON_ROWS_H
#define HERKOMST_LINK_PERSON_ROWS_H

#include "base/err.h"
#include "io/frame.h"

#include <stddef.h>
#include <stdint.h>

/* The frame's `person` column, or NULL with ERR_DATA: rows that are not sorted by person, a person
 * that is not in 1..persons, or a dictionary that is not sorted by word (codes are then no ranks).
 */
const uint32_t *person_rows_check(const struct frame *f, size_t persons, struct err *err);

/* The same of the rows from `first` on, where those before may have gone: *last is the last one's
 * person, 0 at first, and afterwards that of all. */
const uint32_t *person_rows_check_on(const struct frame *f, size_t first, uint32_t *last,
                                     size_t persons, struct err *err);

/* How many rows at the start have no person. */
size_t person_rows_unlinked(const struct frame *f, const uint32_t *person);

/* Order of two rows by content: columns in the frame's order, words by their codes. 0 = equal. */
int person_rows_compare(const struct frame *f, size_t a, size_t b);

/* A column with words, its codes of any width, or NULL with ERR_DATA. */
struct column *person_rows_words(const struct frame *f, const char *name, struct err *err);
/* The same, its codes of 4 bytes. */
struct column *person_rows_coded(const struct frame *f, const char *name, struct err *err);

/* Called for each person with rows [begin, end) of the frame, by several threads, for different
 * persons; one thread's persons have ascending ids. `range` as in base/parallel.h. */
typedef int (*person_fold)(void *context, unsigned range, size_t person, size_t begin, size_t end,
                           struct err *err);

/* Calls fold for every person (id, not id + 1) that has rows; rows without a person are left out.
 */
int person_rows_each(const uint32_t *person, size_t rows, unsigned threads, person_fold fold,
                     void *context, struct err *err);

#endif

/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * facts: the output rows of link, filled from what is known of people and from their employments.
 * link/link.h describes the columns; this is the loop that fills them.
 */
#ifndef HERKOMST_LINK_FACTS_H
#define HERKOMST_LINK_FACTS_H

#include "link/employment.h"
#include "link/parents.h"
#include "link/people.h"

/* Heads among the persons in force. */
struct facts_counts {
    uint64_t persons, linked, several_employments, differing, dual;
    uint64_t unknown_first, unknown_current, unknown_parent;
    uint64_t birth_date_differs, sex_differs;
    struct parent_counts parents;
};

/* Completes p->birth and p->sex from the employments, which are in force on some day. */
int facts_complete(struct people *p, const struct frame *personnel, const struct employments *e,
                   unsigned threads, struct err *err);

/* facts_fill, but for its words: dictionaries have those of personnel and of p->nations, used or
 * not. */
int facts_make(struct frame *facts, struct facts_counts *counts, struct people *p, size_t day,
               const struct frame *personnel, const struct employments *e,
               const struct field_set *fields, unsigned threads, struct err *err);
void facts_counts_add(struct facts_counts *sum, const struct facts_counts *n);

/* Completes p->birth and p->sex from the employments, then fills `facts` (initialised) with a row
 * for each of e, which are in force on that day of p. Counts are of the same rows. */
int facts_fill(struct frame *facts, struct facts_counts *counts, struct people *p, size_t day,
               const struct frame *personnel, const struct employments *e,
               const struct field_set *fields, unsigned threads, struct err *err);

#endif

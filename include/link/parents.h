/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * parents: who the parents of a person are, as far as the links can be believed.
 *
 * They come from `filiation` where it has a row for the person (of several rows each parent is the
 * first one known, and the person is `differing`), else from the register. A link is dropped, and
 * becomes unknown, when the parent is
 *   self   the person themself,
 *   same   both parents (the second is dropped), or
 *   age    born less than 12 years before the child, or more than 80; only if both births are
 * known. They are tried in this order, so a link is counted once. "No such parent" (PARENT_NONE)
 * stays.
 *
 * Only a parent's FIRST nationality is ever looked at.
 */
#ifndef HERKOMST_LINK_PARENTS_H
#define HERKOMST_LINK_PARENTS_H

#include "link/people.h"

enum { PARENT_YEARS_LEAST = 12, PARENT_YEARS_MOST = 80 };

struct parent_counts {
    uint64_t links; /* to a person, before any was dropped */
    uint64_t self, same, age;
};

/* False if the parent is too young or too old by these dates; a date that is unknown never is. */
bool parent_age_plausible(date parent, date child);

/* The parents of a person after these rules, as in people.parents. Adds to *counts unless NULL.
 * p->parents and p->birth must be there. */
void parents_of(const struct people *p, size_t person, uint32_t parents[2],
                struct parent_counts *counts);

/* The parents of somebody's parent: unknown of an unknown one, none of none. */
void grandparents_of(const struct people *p, uint32_t parent, uint32_t grandparents[2]);

/* Code of p->nations of a parent's first nationality: 0 unknown, NATION_NONE for PARENT_NONE. */
uint16_t parent_first(const struct people *p, uint32_t parent);

/* Asks for what parents_of and parent_first will look at, a while before. */
void parents_prefetch(const struct people *p, size_t person);

int parents_add(struct people *p, const struct frame *f, unsigned threads, struct err *err);

#endif

/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * persons_spilled: link/persons.h for people who are too many for memory: each hashed once, and
 * their ids, the ranks of their pseudonyms, in lists by the places of their numbers.
 *
 *     persons_spilled_rank(&ids, &numbers, key, plan, spill, threads, err)
 *     persons_spilled_window(&window, &ids, w, threads, err)     ids of places w * plan->window ...
 *     persons_spilled_release(&ids)                              always
 */
#ifndef HERKOMST_LINK_PERSONS_SPILLED_H
#define HERKOMST_LINK_PERSONS_SPILLED_H

#include "link/memory_plan.h"
#include "link/number_set.h"
#include "secure/pseudonym.h"
#include "secure/record_lists.h"

struct persons_spilled {
    size_t count;              /* of people */
    size_t window, windows;    /* places in each, and how many there are: at least one */
    struct record_lists pairs; /* of each window: place in it, id + 1 */
};

/* numbers: ranked here (number_set_rank). Two of them with one pseudonym: ERR_INTERNAL. */
int persons_spilled_rank(struct persons_spilled *p, struct number_set *numbers,
                         const uint8_t key[static PSEUDONYM_KEYBYTES],
                         const struct memory_plan *plan, struct spill *spill, unsigned threads,
                         struct err *err);
/* ids: room for p->window of them. */
int persons_spilled_window(uint32_t *ids, struct persons_spilled *p, size_t window,
                           unsigned threads, struct err *err);
void persons_spilled_release(struct persons_spilled *p);

#endif

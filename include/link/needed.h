/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * needed: whose rows a run needs, so that identifiers go no further than they must. These are the
 * people of the personnel, and so many generations of their parents as variables ask for; of
 * everybody else the rows of registers end here, before they are pseudonymised.
 *
 * That changes no figure: what goes is counted as it would have been.
 */
#ifndef HERKOMST_LINK_NEEDED_H
#define HERKOMST_LINK_NEEDED_H

#include "link/intake.h"
#include "link/number_set.h"

/* What is to be said about rows that are gone. */
struct left_out {
    uint64_t persons;                   /* distinct, that any row named, gone or not */
    uint64_t duplicates[DATASET_COUNT]; /* rows that equalled another one that is gone */
};

/* Datasets that name persons by number, all of whose rows are there to be linked with personnel. */
bool needed_is_register(int dataset);

/* The tables are left with the rows that are needed; persons: everybody whom these name (an empty
 * set before). generations: 0 if no variable asks for parents, 1 for parents, 2 for theirs too.
 * key: by whose hashes rows are known that are there twice. */
int needed_keep(struct intake *in, unsigned generations,
                const uint8_t key[static PSEUDONYM_KEYBYTES], unsigned threads,
                struct number_set *persons, struct left_out *out, struct err *err);

#endif

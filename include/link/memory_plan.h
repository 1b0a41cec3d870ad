/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * memory_plan: what pseudonymise, link and derive keep in memory at a time, and what goes to a
 * temporary file (secure/spill.h).
 *
 * While everything fits, nothing is spilled. Past that, rows lie in the temporary file and are
 * worked through in partitions, and a stage's memory does not grow with the people but for
 *   sets of numbers (link/number_set.h): a bit for each number of a day on which somebody was born,
 *     about 20 MB each for a century and four at a time in pseudonymise; 340 MB each if numbers lie
 *     all over the range;
 *   dictionaries (200,000 entities take 30 MB), code lists and the list of rejected rows;
 *   aliases, 40 bytes each; and rows of personnel without a valid number, which are put in order
 *     all at once, 100 bytes each;
 *   in link three bits for each of all people;
 *   24 bytes for each block of the temporary file (some hundred rows or more).
 * Derive keeps no rows: facts pass through it in batches (link/derive_facts.h), whatever there is.
 * The result is the same for every plan.
 */
#ifndef HERKOMST_LINK_MEMORY_PLAN_H
#define HERKOMST_LINK_MEMORY_PLAN_H

#include "base/memory.h"

struct memory_plan {
    const char *folder; /* of the temporary file; the caller's */
    unsigned threads;   /* that there is memory for */
    uint64_t whole;     /* bytes of a stage that spills nothing */
    uint64_t tables;    /* of rows that are taken in before any is spilled */
    uint64_t part;      /* of an input file, read at a time by a thread */
    uint64_t partition; /* of rows that are put in order, or linked, together */
    uint64_t buffers;   /* of all threads, on their way into the temporary file */
    size_t window;      /* ids of people that are looked up together */
    size_t bucket;      /* people that are ranked together */
    size_t batch;       /* facts that are derived together, at least so many if there are */
};

/* limit: at least MEMORY_LEAST. */
void memory_plan_make(struct memory_plan *p, uint64_t limit, unsigned threads, const char *folder);

/* In how many partitions so many things of so many bytes are. */
size_t memory_plan_partitions(const struct memory_plan *p, uint64_t things, uint64_t bytes);
/* Bytes of a block when each thread writes to so many lists. */
size_t memory_plan_block(const struct memory_plan *p, size_t lists, unsigned threads);

/* Which of `parts` an id belongs to, 0 being that of id 0; ids do not go down with parts. */
static inline size_t memory_plan_part(uint32_t id, size_t persons, size_t parts)
{
    return (size_t)((uint64_t)id * parts / ((uint64_t)persons + 1));
}

#endif

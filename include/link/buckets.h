/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * buckets: where the things of each bucket go, when several threads sort by counting: each counts
 * its own things, buckets_place turns counts into places, then each puts its own things there.
 *
 *     buckets_make(&b, count, threads)
 *     ++*bucket_next(&b, bucket, thread)            of each thing
 *     buckets_place(&b)                             largest is known
 *     place = (*bucket_next(&b, bucket, thread))++  of each thing, the same thread
 *     bucket_begin(&b, bucket), ... + 1             what is where
 *     buckets_free(&b)
 *
 * Within a bucket things lie by thread, and as each thread came upon them: since stretches lie one
 * behind the other (parallel_pieces, whose ranges are the threads of this header), they stay in
 * their order.
 */
#ifndef HERKOMST_LINK_BUCKETS_H
#define HERKOMST_LINK_BUCKETS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buckets {
    uint32_t *next; /* the counts, then places, of each thread's buckets, one thread behind another:
                     * side by side, threads would wait for one another's cache lines */
    size_t count;
    size_t stride;  /* from one thread to the next */
    size_t largest; /* things in a bucket */
    unsigned threads;
};

/* False: no memory. */
bool buckets_make(struct buckets *b, size_t count, unsigned threads);
void buckets_free(struct buckets *b);

static inline uint32_t *bucket_next(const struct buckets *b, size_t bucket, unsigned thread)
{
    return &b->next[thread * b->stride + bucket];
}

void buckets_place(struct buckets *b);

/* Once all things are in their places, each next place is the end of its thread's. Of bucket
 * `count` too: how many things there are. */
static inline size_t bucket_begin(const struct buckets *b, size_t bucket)
{
    return bucket == 0 ? 0 : *bucket_next(b, bucket - 1, b->threads - 1);
}

/* Where this thread's things of the bucket begin, then. */
static inline size_t bucket_begin_of(const struct buckets *b, size_t bucket, unsigned thread)
{
    return thread == 0 ? bucket_begin(b, bucket) : *bucket_next(b, bucket, thread - 1);
}

#endif

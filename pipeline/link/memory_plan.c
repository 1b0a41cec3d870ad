/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/link/memory_plan.h. */
#include "link/memory_plan.h"

enum {
    PART_MOST = 4 << 20,
    PART_LEAST = 256 << 10,
    BLOCK_LEAST = 4 << 10,
    BLOCK_MOST = 256 << 10,
    LISTS_MOST = 4096,
    THREAD_BITS = 26, /* 64 MB for each */
    BUCKET = 1 << 15,
    BATCH = 1 << 18,
};

static uint64_t within(uint64_t value, uint64_t least, uint64_t most)
{
    return value < least ? least : value > most ? most : value;
}

void memory_plan_make(struct memory_plan *p, uint64_t limit, unsigned threads, const char *folder)
{
    threads = (unsigned)within(limit >> THREAD_BITS, 1, threads);
    *p = (struct memory_plan){.folder = folder,
                              .threads = threads,
                              .whole = limit,
                              .tables = limit / 8 * 5,
                              .part = within(limit / (32 * threads), PART_LEAST, PART_MOST),
                              .partition = limit / 4,
                              .buffers = limit / 16,
                              .window = (size_t)within(limit / 16, 1, UINT32_MAX),
                              .bucket = BUCKET,
                              .batch = BATCH};
}

size_t memory_plan_partitions(const struct memory_plan *p, uint64_t things, uint64_t bytes)
{
    return (size_t)within(things * bytes / p->partition + 1, 1, LISTS_MOST);
}

size_t memory_plan_block(const struct memory_plan *p, size_t lists, unsigned threads)
{
    return (size_t)within(p->buffers / (lists * threads), BLOCK_LEAST, BLOCK_MOST);
}

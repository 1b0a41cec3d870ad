/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * number_set: a set of national numbers, and each member's place in it.
 *
 *     number_set_init(&s)
 *     number_set_add(&s, numbers, count, threads, err), number_set_put(&s, number, err)
 *     number_set_has(&s, number)
 *     number_set_rank(&s, err)                            when all are there: counts, and then
 *     number_set_place(&s, number)                        0 for the least member, 1 for the next
 *     number_set_from(&s, place, &cursor), number_set_next(&s, &cursor)
 *     number_set_release(&s)                              always; wipes
 *
 * Numbers are national_number_pack'ed; NUMBER_NONE and NUMBER_NO_PARENT never are members. The set
 * is a bit for each number that there could be. Of the two thousand million few lie on days on
 * which people were born, and those lie together: twelve million people take about 17 MB, which a
 * processor's cache nearly holds, where a hash table would take ten times that. Only what is used
 * is there; at worst, with numbers all over the range, that is 340 MB.
 */
#ifndef HERKOMST_LINK_NUMBER_SET_H
#define HERKOMST_LINK_NUMBER_SET_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    NUMBER_LINE_WORDS = 6,
    NUMBER_LINE = 64 * NUMBER_LINE_WORDS, /* numbers in a line */
    NUMBER_BLOCK_LINES = 64,
    NUMBER_BLOCK = NUMBER_LINE * NUMBER_BLOCK_LINES,
    NUMBER_BLOCKS = 2000000000 / NUMBER_BLOCK + 1,
};

/* A cache line: bits, and how many members come before each word. */
struct number_line {
    uint64_t bits[NUMBER_LINE_WORDS];
    uint32_t before;                    /* members before the line */
    uint16_t within[NUMBER_LINE_WORDS]; /* members of the line before the word */
};

struct number_set {
    struct number_line **blocks; /* NUMBER_BLOCKS, of NUMBER_BLOCK_LINES each; NULL = empty */
    uint32_t *first;             /* after number_set_rank: members before each block */
    size_t count;                /* after number_set_rank */
};

/* Where somebody who goes through the members in their order is. */
struct number_cursor {
    size_t block;
    unsigned line, word;
    uint64_t bits; /* of the word that are still to come */
};

void number_set_init(struct number_set *s);
void number_set_release(struct number_set *s);

int number_set_add(struct number_set *s, const uint32_t *numbers, size_t count, unsigned threads,
                   struct err *err);
/* Threads that fill sets have one each, and that is memory: there are no more of them than this. */
enum { NUMBER_SET_THREADS = 4 };
static inline unsigned number_set_threads(unsigned threads)
{
    return threads < NUMBER_SET_THREADS ? threads : NUMBER_SET_THREADS;
}
/* Adds one number: 1 if it was a member, 0 if it is one now or can be none, -1 on an error. Threads
 * have a set each, which are joined: processors would wait for one another's cache lines. */
int number_set_put(struct number_set *s, uint32_t number, struct err *err);
/* Adds all members of another one, which stays as it is. */
int number_set_join(struct number_set *s, const struct number_set *more, struct err *err);
/* The same, with the other one's memory: it has no members then, or on an error some of them. Those
 * that were there are added to `both`, if it is given; nothing is made of it where there are none.
 */
int number_set_take(struct number_set *s, struct number_set *more, struct number_set *both,
                    struct err *err);
size_t number_set_count_either(const struct number_set *a, const struct number_set *b);

/* Numbers that have all but so many bits in common make a part: what a set, and an array by place
 * in it, have of one is half a cache's worth. */
enum { NUMBER_PART_SHIFT = 24 };

/* Many numbers on their way into a set, brought together by where they belong, so that what is
 * looked at is in the cache: number_inlet_put for each, and number_inlet_close, which puts the last
 * ones, always after number_inlet_open. `again`, if there is one, is given those that come when
 * they are members. */
enum { NUMBER_INLET_PARTS = 120, NUMBER_INLET_ROOM = 32768 };
struct number_inlet {
    struct number_set *to, *again;
    uint32_t *room; /* NUMBER_INLET_ROOM numbers of each part */
    uint16_t counts[NUMBER_INLET_PARTS];
};
int number_inlet_open(struct number_inlet *in, struct number_set *to, struct number_set *again,
                      struct err *err);
int number_inlet_flush(struct number_inlet *in, size_t part, struct err *err);
int number_inlet_close(struct number_inlet *in, struct err *err);
static inline int number_inlet_put(struct number_inlet *in, uint32_t number, struct err *err)
{
    size_t part = number >> NUMBER_PART_SHIFT;
    if (number == 0 || part >= NUMBER_INLET_PARTS) /* NUMBER_NONE, NUMBER_NO_PARENT */
        return 0;
    in->room[part * NUMBER_INLET_ROOM + in->counts[part]++] = number;
    return in->counts[part] < NUMBER_INLET_ROOM ? 0 : number_inlet_flush(in, part, err);
}

int number_set_rank(struct number_set *s, struct err *err);

/* To go on with the member of this place, which must be below count. */
void number_set_from(const struct number_set *s, size_t place, struct number_cursor *c);
uint32_t number_set_next(const struct number_set *s, struct number_cursor *c);
uint32_t number_set_at(const struct number_set *s, size_t place); /* one of them; slow */

/* Where a number's bit is. */
struct number_seat {
    uint32_t block, line, bit; /* of the set, of the block, of the line */
};
static inline struct number_seat number_seat_of(uint32_t number)
{
    uint32_t line = number / NUMBER_LINE;
    return (struct number_seat){line / NUMBER_BLOCK_LINES, line % NUMBER_BLOCK_LINES,
                                number - line * NUMBER_LINE};
}

/* NULL: no number of the line is a member. */
static inline const struct number_line *number_set_line(const struct number_set *s,
                                                        const struct number_seat *at)
{
    const struct number_line *block =
        s->blocks && at->block < NUMBER_BLOCKS ? s->blocks[at->block] : NULL;
    return block ? block + at->line : NULL;
}

/* A look at a number is a wait for memory, which is shorter when it was announced. */
enum { NUMBER_SET_AHEAD = 24 };
static inline void number_set_prefetch(const struct number_set *s, uint32_t number)
{
    const struct number_seat at = number_seat_of(number);
    __builtin_prefetch(number_set_line(s, &at));
}

static inline bool number_set_has(const struct number_set *s, uint32_t number)
{
    const struct number_seat at = number_seat_of(number);
    const struct number_line *line = number_set_line(s, &at);
    return line && line->bits[at.bit / 64] >> at.bit % 64 & 1;
}

/* How many bits are set; the C library's own is a call without the processor's instruction. */
static inline unsigned number_bits(uint64_t x)
{
    x -= x >> 1 & UINT64_C(0x5555555555555555);
    x = (x & UINT64_C(0x3333333333333333)) + (x >> 2 & UINT64_C(0x3333333333333333));
    x = (x + (x >> 4)) & UINT64_C(0x0F0F0F0F0F0F0F0F);
    return (unsigned)(x * UINT64_C(0x0101010101010101) >> 56);
}

/* Of a member. */
static inline uint32_t number_set_place(const struct number_set *s, uint32_t number)
{
    const struct number_seat at = number_seat_of(number);
    const struct number_line *line = number_set_line(s, &at);
    unsigned word = at.bit / 64;
    uint64_t below = line->bits[word] & ((UINT64_C(1) << at.bit % 64) - 1);
    return line->before + line->within[word] + number_bits(below);
}

#endif

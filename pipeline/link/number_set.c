/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/link/number_set.h. */
#include "link/number_set.h"

#include "base/parallel.h"
#include "link/intake_table.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

enum { PAGE = 4096 };
_Static_assert(sizeof(struct number_line) == 64, "a line is a cache line");
_Static_assert(NUMBER_BLOCK_LINES * sizeof(struct number_line) == PAGE, "a block is a page");

void number_set_init(struct number_set *s)
{
    memset(s, 0, sizeof *s);
}

static void block_free(struct number_line *block)
{
    sodium_memzero(block, PAGE);
    free(block);
}

void number_set_release(struct number_set *s)
{
    for (size_t b = 0; s->blocks && b < NUMBER_BLOCKS; b++)
        if (s->blocks[b])
            block_free(s->blocks[b]);
    free((void *)s->blocks);
    free(s->first);
    number_set_init(s);
}

int number_set_open(struct number_set *s, struct err *err)
{
    if (!s->blocks)
        s->blocks = calloc(NUMBER_BLOCKS, sizeof *s->blocks);
    return s->blocks ? 0 : err_memory(err);
}

/* The block, which may have to be made, and by another thread at the same time. NULL: no memory. */
static struct number_line *block_at(struct number_set *s, size_t b)
{
    struct number_line *block = __atomic_load_n(&s->blocks[b], __ATOMIC_ACQUIRE);
    if (block)
        return block;
    struct number_line *made = aligned_alloc(PAGE, PAGE), *none = NULL;
    if (!made)
        return NULL;
    memset(made, 0, PAGE);
    if (__atomic_compare_exchange_n(&s->blocks[b], &none, made, false, __ATOMIC_ACQ_REL,
                                    __ATOMIC_ACQUIRE))
        return made;
    free(made);
    return none; /* the other thread's */
}

int number_set_put(struct number_set *s, uint32_t number, struct err *err)
{
    if (number == NUMBER_NONE || number == NUMBER_NO_PARENT)
        return 0;
    struct number_line *block = block_at(s, number / NUMBER_BLOCK);
    if (!block)
        return err_memory(err);
    unsigned at = number % NUMBER_LINE;
    uint64_t *word = &block[number % NUMBER_BLOCK / NUMBER_LINE].bits[at / 64];
    uint64_t bit = UINT64_C(1) << at % 64;
    /* Most numbers come several times. */
    return (__atomic_load_n(word, __ATOMIC_RELAXED) & bit) ||
           (__atomic_fetch_or(word, bit, __ATOMIC_RELAXED) & bit);
}

struct adding {
    struct number_set *set;
    const uint32_t *numbers;
};

static int add_range(void *context, unsigned range, size_t begin, size_t end, struct err *err)
{
    const struct adding *a = context;
    (void)range;
    for (size_t i = begin; i < end; i++) {
        if (i + NUMBER_SET_AHEAD < end)
            number_set_prefetch(a->set, a->numbers[i + NUMBER_SET_AHEAD]);
        if (number_set_put(a->set, a->numbers[i], err) < 0)
            return -1;
    }
    return 0;
}

int number_set_add(struct number_set *s, const uint32_t *numbers, size_t count, unsigned threads,
                   struct err *err)
{
    struct adding a = {s, numbers};
    return number_set_open(s, err) != 0 ? -1 : parallel_ranges(threads, count, add_range, &a, err);
}

int number_set_join(struct number_set *s, const struct number_set *more, struct err *err)
{
    if (!more->blocks)
        return 0;
    if (number_set_open(s, err) != 0)
        return -1;
    for (size_t b = 0; b < NUMBER_BLOCKS; b++) {
        struct number_line *to = more->blocks[b] ? block_at(s, b) : NULL;
        if (more->blocks[b] && !to)
            return err_memory(err);
        for (size_t line = 0; to && line < NUMBER_BLOCK_LINES; line++)
            for (size_t word = 0; word < NUMBER_LINE_WORDS; word++)
                to[line].bits[word] |= more->blocks[b][line].bits[word];
    }
    return 0;
}

static void rank_line(struct number_line *line, size_t *count)
{
    unsigned within = 0;
    line->before = (uint32_t)*count;
    for (size_t word = 0; word < NUMBER_LINE_WORDS; word++) {
        line->within[word] = (uint16_t)within;
        within += number_bits(line->bits[word]);
    }
    *count += within;
}

int number_set_rank(struct number_set *s, struct err *err)
{
    if (number_set_open(s, err) != 0)
        return -1;
    if (!s->first)
        s->first = malloc((NUMBER_BLOCKS + 1) * sizeof *s->first);
    if (!s->first)
        return err_memory(err);
    s->count = 0;
    for (size_t b = 0; b < NUMBER_BLOCKS; b++) {
        s->first[b] = (uint32_t)s->count;
        for (size_t line = 0; s->blocks[b] && line < NUMBER_BLOCK_LINES; line++)
            rank_line(&s->blocks[b][line], &s->count);
    }
    s->first[NUMBER_BLOCKS] = (uint32_t)s->count;
    return 0;
}

void number_set_from(const struct number_set *s, size_t place, struct number_cursor *c)
{
    size_t low = 0, high = NUMBER_BLOCKS; /* first[low] <= place < first[high] */
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (s->first[middle] <= place)
            low = middle;
        else
            high = middle;
    }
    *c = (struct number_cursor){.block = low, .bits = s->blocks[low][0].bits[0]};
    for (size_t before = s->first[low]; before < place; before++)
        (void)number_set_next(s, c);
}

uint32_t number_set_next(const struct number_set *s, struct number_cursor *c)
{
    while (c->bits == 0) {
        if (++c->word == NUMBER_LINE_WORDS) {
            c->word = 0;
            c->line++;
        }
        if (c->line == NUMBER_BLOCK_LINES) {
            c->line = 0;
            while (!s->blocks[++c->block])
                ;
        }
        c->bits = s->blocks[c->block][c->line].bits[c->word];
    }
    unsigned bit = (unsigned)__builtin_ctzll(c->bits);
    c->bits &= c->bits - 1;
    return (uint32_t)(c->block * NUMBER_BLOCK + c->line * NUMBER_LINE + c->word * 64 + bit);
}

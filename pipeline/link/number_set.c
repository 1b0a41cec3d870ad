/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/link/number_set.h. */
#include "link/number_set.h"

#include "base/parallel.h"
#include "link/intake_table.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

enum { CACHE_LINE = 64, BLOCK_BYTES = NUMBER_BLOCK_LINES * CACHE_LINE };
_Static_assert(2000000000 >> NUMBER_PART_SHIFT < NUMBER_INLET_PARTS, "every number has a part");
_Static_assert(NUMBER_INLET_ROOM <= UINT16_MAX, "a part's room can be counted");
_Static_assert(sizeof(struct number_line) == CACHE_LINE, "a line is a cache line");

void number_set_init(struct number_set *s)
{
    memset(s, 0, sizeof *s);
}

static void block_free(struct number_line *block)
{
    sodium_memzero(block, BLOCK_BYTES);
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

static int open_set(struct number_set *s, struct err *err)
{
    if (!s->blocks)
        s->blocks = calloc(NUMBER_BLOCKS, sizeof(struct number_line *));
    return s->blocks ? 0 : err_memory(err);
}

/* The block, which may have to be made; NULL: no memory. */
static inline struct number_line *block_at(struct number_set *s, size_t b, struct err *err)
{
    if (s->blocks && s->blocks[b])
        return s->blocks[b];
    if (open_set(s, err) != 0)
        return NULL;
    s->blocks[b] = aligned_alloc(CACHE_LINE, BLOCK_BYTES);
    if (!s->blocks[b]) {
        (void)err_memory(err);
        return NULL;
    }
    return memset(s->blocks[b], 0, BLOCK_BYTES);
}

/* The word of a number's bit; NULL: no memory. */
static inline uint64_t *word_of(struct number_set *s, uint32_t number, uint64_t *bit,
                                struct err *err)
{
    const struct number_seat at = number_seat_of(number);
    struct number_line *block = block_at(s, at.block, err);
    *bit = UINT64_C(1) << at.bit % 64;
    return block ? &block[at.line].bits[at.bit / 64] : NULL;
}

int number_set_put(struct number_set *s, uint32_t number, struct err *err)
{
    uint64_t bit;
    if (number == NUMBER_NONE || number == NUMBER_NO_PARENT)
        return 0;
    uint64_t *word = word_of(s, number, &bit, err);
    if (!word)
        return -1;
    bool known = *word & bit;
    *word |= bit;
    return known;
}

struct adding {
    const uint32_t *numbers;
    struct parallel_queue queue;
    struct number_set own[NUMBER_SET_THREADS]; /* of each thread */
};

int number_inlet_open(struct number_inlet *in, struct number_set *to, struct number_set *again,
                      struct err *err)
{
    size_t room = (size_t)NUMBER_INLET_PARTS * NUMBER_INLET_ROOM;
    *in = (struct number_inlet){.to = to, .again = again};
    in->room = malloc(room * sizeof *in->room);
    return in->room ? 0 : err_memory(err);
}

static int put_all(struct number_inlet *in, const uint32_t *numbers, size_t count, struct err *err)
{
    for (size_t i = 0; i < count; i++) {
        uint64_t bit;
        if (i + NUMBER_SET_AHEAD < count)
            number_set_prefetch(in->to, numbers[i + NUMBER_SET_AHEAD]);
        uint64_t *word = word_of(in->to, numbers[i], &bit, err);
        /* Asked in this order: who is a member already nobody can foretell, a processor neither. */
        if (!word || (in->again && *word & bit && number_set_put(in->again, numbers[i], err) < 0))
            return -1;
        *word |= bit;
    }
    return 0;
}

/* Wiped at once: of most parts little of the room is ever used, and what is lies in the cache. */
int number_inlet_flush(struct number_inlet *in, size_t part, struct err *err)
{
    uint32_t *numbers = in->room + part * NUMBER_INLET_ROOM;
    size_t count = in->counts[part];
    int rc = put_all(in, numbers, count, err);
    sodium_memzero(numbers, count * sizeof *numbers);
    in->counts[part] = 0;
    return rc;
}

int number_inlet_close(struct number_inlet *in, struct err *err)
{
    int rc = 0;
    for (size_t part = 0; in->room && part < NUMBER_INLET_PARTS; part++)
        if (number_inlet_flush(in, part, rc == 0 ? err : NULL) != 0)
            rc = -1;
    free(in->room);
    in->room = NULL;
    return rc;
}

static int add_stretches(void *context, unsigned thread, size_t begin, size_t end, struct err *err)
{
    struct adding *a = context;
    struct number_inlet in;
    int rc = number_inlet_open(&in, &a->own[thread], NULL, err);
    while (rc == 0 && parallel_take(&a->queue, &begin, &end))
        for (size_t i = begin; rc == 0 && i < end; i++)
            rc = number_inlet_put(&in, a->numbers[i], err);
    return number_inlet_close(&in, rc == 0 ? err : NULL) == 0 ? rc : -1;
}

int number_set_add(struct number_set *s, const uint32_t *numbers, size_t count, unsigned threads,
                   struct err *err)
{
    struct adding *a = calloc(1, sizeof *a);
    if (!a)
        return err_memory(err);
    a->numbers = numbers;
    int rc = parallel_takers(number_set_threads(threads), count, &a->queue, add_stretches, a, err);
    for (size_t i = 0; i < NUMBER_SET_THREADS; i++) {
        if (rc == 0)
            rc = number_set_take(s, &a->own[i], NULL, err);
        number_set_release(&a->own[i]);
    }
    free(a);
    return rc;
}

/* The members of both blocks. Nothing is made where there are none. */
static int note_both(struct number_set *both, size_t b, const struct number_line *one,
                     const struct number_line *other, struct err *err)
{
    for (size_t line = 0; line < NUMBER_BLOCK_LINES; line++)
        for (size_t word = 0; word < NUMBER_LINE_WORDS; word++) {
            uint64_t twice = one[line].bits[word] & other[line].bits[word];
            struct number_line *to = twice ? block_at(both, b, err) : NULL;
            if (twice && !to)
                return -1;
            if (to)
                to[line].bits[word] |= twice;
        }
    return 0;
}

static void join_block(struct number_line *to, const struct number_line *more)
{
    for (size_t line = 0; line < NUMBER_BLOCK_LINES; line++)
        for (size_t word = 0; word < NUMBER_LINE_WORDS; word++)
            to[line].bits[word] |= more[line].bits[word];
}

int number_set_join(struct number_set *s, const struct number_set *more, struct err *err)
{
    for (size_t b = 0; more->blocks && b < NUMBER_BLOCKS; b++) {
        if (!more->blocks[b])
            continue;
        struct number_line *to = block_at(s, b, err);
        if (!to)
            return -1;
        join_block(to, more->blocks[b]);
    }
    return 0;
}

int number_set_take(struct number_set *s, struct number_set *more, struct number_set *both,
                    struct err *err)
{
    if (!more->blocks)
        return 0;
    if (open_set(s, err) != 0)
        return -1;
    for (size_t b = 0; b < NUMBER_BLOCKS; b++) {
        struct number_line *own = s->blocks[b], *theirs = more->blocks[b];
        if (!theirs)
            continue;
        if (own && both && note_both(both, b, own, theirs, err) != 0)
            return -1;
        if (own) {
            join_block(own, theirs);
            block_free(theirs);
        } else {
            s->blocks[b] = theirs;
        }
        more->blocks[b] = NULL;
    }
    return 0;
}

size_t number_set_count_either(const struct number_set *a, const struct number_set *b)
{
    static const struct number_line none[NUMBER_BLOCK_LINES];
    size_t count = 0;
    for (size_t block = 0; block < NUMBER_BLOCKS; block++) {
        const struct number_line *one = a->blocks ? a->blocks[block] : NULL;
        const struct number_line *other = b->blocks ? b->blocks[block] : NULL;
        if (!one && !other)
            continue;
        one = one ? one : none;
        other = other ? other : none;
        for (size_t line = 0; line < NUMBER_BLOCK_LINES; line++)
            for (size_t word = 0; word < NUMBER_LINE_WORDS; word++)
                count += number_bits(one[line].bits[word] | other[line].bits[word]);
    }
    return count;
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
    if (open_set(s, err) != 0)
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

uint32_t number_set_at(const struct number_set *s, size_t place)
{
    struct number_cursor cursor;
    number_set_from(s, place, &cursor);
    uint32_t number = number_set_next(s, &cursor);
    sodium_memzero(&cursor, sizeof cursor);
    return number;
}

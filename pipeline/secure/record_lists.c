/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/secure/record_lists.h. */
#include "secure/record_lists.h"

#include <sodium.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static const bool LITTLE = __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__;

int record_lists_open(struct record_lists *l, struct spill *spill, size_t count, size_t width,
                      size_t bytes, struct err *err)
{
    memset(l, 0, sizeof *l);
    (void)pthread_mutex_init(&l->lock, NULL);
    l->spill = spill;
    l->width = width;
    l->block_records = bytes / width > 0 ? bytes / width : 1;
    l->lists = calloc(count, sizeof *l->lists);
    l->count = l->lists ? count : 0;
    return l->lists ? 0 : err_memory(err);
}

void record_lists_release(struct record_lists *l)
{
    for (size_t i = 0; i < l->count; i++) {
        for (size_t b = 0; b < l->lists[i].block_count; b++)
            record_block_drop(l, i, b);
        free(l->lists[i].blocks);
    }
    free(l->lists);
    if (l->width)
        (void)pthread_mutex_destroy(&l->lock);
    memset(l, 0, sizeof *l);
}

int record_writer_open(struct record_writer *w, struct record_lists *to, struct err *err)
{
    w->to = to;
    w->rooms = calloc(to->count, sizeof *w->rooms);
    w->filled = calloc(to->count, sizeof *w->filled);
    return w->rooms && w->filled ? 0 : err_memory(err);
}

/* ---- upper bytes that are the same ---- */

enum { WORDS = RECORD_WIDTH / 4 };

/* Behind the records of a block that is packed. Integers are as in memory: no other machine reads
 * the file. */
struct packing {
    uint32_t model[WORDS]; /* a record */
    uint8_t lower[WORDS];  /* bytes of each word that are in the records */
};

/* Returns the bytes of a packed record. */
static size_t find_packing(struct packing *p, const uint32_t *records, size_t words, size_t count)
{
    uint32_t differs[WORDS] = {0};
    size_t width = 0;
    for (size_t i = 1; i < count; i++)
        for (size_t w = 0; w < words; w++)
            differs[w] |= records[i * words + w] ^ records[w];
    for (size_t w = 0; w < words; w++) {
        p->model[w] = records[w];
        p->lower[w] = differs[w] ? (uint8_t)(4 - __builtin_clz(differs[w]) / 8) : 0;
        width += p->lower[w];
    }
    return width;
}

static size_t packing_bytes(size_t words)
{
    return words * sizeof(uint32_t) + words;
}

/* In place; returns how many bytes there are now. Of each word the lower bytes come first in
 * memory, and what is written behind them is overwritten by the next one's. */
static size_t pack(uint32_t *records, size_t words, size_t count)
{
    struct packing p;
    size_t all = count * words * sizeof *records;
    size_t packed = count * find_packing(&p, records, words, count);
    if (!LITTLE || packed + packing_bytes(words) >= all)
        return all;
    uint8_t *to = (uint8_t *)records;
    for (size_t i = 0; i < count; i++)
        for (size_t w = 0; w < words; w++) {
            uint32_t word = records[i * words + w];
            memcpy(to, &word, sizeof word);
            to += p.lower[w];
        }
    memcpy(to, p.model, words * sizeof *p.model);
    memcpy(to + words * sizeof *p.model, p.lower, words);
    sodium_memzero(&p, sizeof p);
    return packed + packing_bytes(words);
}

/* In place, from the last record to the first. */
static void unpack(uint32_t *records, size_t words, size_t count, size_t length)
{
    struct packing p;
    uint32_t mask[WORDS];
    uint8_t *from = (uint8_t *)records + length - packing_bytes(words);
    memcpy(p.model, from, words * sizeof *p.model);
    memcpy(p.lower, from + words * sizeof *p.model, words);
    for (size_t w = 0; w < words; w++) {
        mask[w] = p.lower[w] == 4 ? UINT32_MAX : (UINT32_C(1) << 8 * p.lower[w]) - 1;
        p.model[w] &= ~mask[w];
    }
    for (size_t i = count; i-- > 0;)
        for (size_t w = words; w-- > 0;) {
            uint32_t word;
            from -= p.lower[w];
            memcpy(&word, from, sizeof word);
            records[i * words + w] = (word & mask[w]) | p.model[w];
        }
    sodium_memzero(&p, sizeof p);
}

static int note_block(struct record_lists *l, size_t list, const struct record_block *block)
{
    struct record_list *to = &l->lists[list];
    int rc = 0;
    (void)pthread_mutex_lock(&l->lock);
    if (to->block_count == to->capacity) {
        size_t capacity = to->capacity ? 2 * to->capacity : 8;
        struct record_block *blocks = reallocarray(to->blocks, capacity, sizeof *blocks);
        if (blocks) {
            to->blocks = blocks;
            to->capacity = capacity;
        }
        rc = blocks ? 0 : -1;
    }
    if (rc == 0) {
        to->blocks[to->block_count++] = *block;
        to->records += block->records;
    }
    (void)pthread_mutex_unlock(&l->lock);
    return rc;
}

int record_writer_flush(struct record_writer *w, size_t list, struct err *err)
{
    struct record_lists *l = w->to;
    if (!w->rooms[list]) { /* and there is nothing to write */
        w->rooms[list] = malloc(l->block_records * l->width);
        return w->rooms[list] ? 0 : err_memory(err);
    }
    uint32_t *records = (uint32_t *)(void *)w->rooms[list];
    struct record_block block = {.records = w->filled[list]};
    w->filled[list] = 0;
    if (block.records == 0)
        return 0;
    size_t length = pack(records, l->width / sizeof *records, block.records);
    if (spill_write(l->spill, records, length, &block.at, err) != 0)
        return -1;
    return note_block(l, list, &block) == 0 ? 0 : err_memory(err);
}

int record_writer_close(struct record_writer *w, struct err *err)
{
    int rc = 0;
    for (size_t i = 0; w->rooms && w->filled && i < w->to->count; i++) {
        if (err && rc == 0 && w->filled[i] > 0)
            rc = record_writer_flush(w, i, err);
        if (w->rooms[i])
            sodium_memzero(w->rooms[i], w->filled[i] * w->to->width);
        free(w->rooms[i]);
    }
    free((void *)w->rooms);
    free(w->filled);
    memset(w, 0, sizeof *w);
    return rc;
}

int record_writers_close(struct record_writer *writers, size_t count, struct err *err)
{
    int rc = 0;
    for (size_t i = 0; i < count; i++)
        if (record_writer_close(&writers[i], rc == 0 ? err : NULL) != 0)
            rc = -1;
    return rc;
}

int record_block_read(struct record_lists *l, size_t list, size_t block, void *room, size_t *count,
                      struct err *err)
{
    const struct record_block *b = &l->lists[list].blocks[block];
    *count = b->records;
    if (spill_read(l->spill, &b->at, room, err) != 0)
        return -1;
    if (b->at.length != b->records * l->width)
        unpack(room, l->width / sizeof(uint32_t), b->records, b->at.length);
    return 0;
}

void record_block_drop(struct record_lists *l, size_t list, size_t block)
{
    struct spill_block *b = &l->lists[list].blocks[block].at;
    if (b->length > 0)
        spill_drop(l->spill, b);
    b->length = 0;
}

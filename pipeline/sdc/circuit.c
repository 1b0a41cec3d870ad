/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/sdc/circuit.h. */
#include "sdc/circuit.h"

#include <stdlib.h>
#include <string.h>

/* LINES_MOST: of so many lines, the last ones opened, the one with the fewest ways is set right. */
enum { WAYS_MOST = 64, DEPTH_MOST = 96, LINES_MOST = 8 };

struct circuit_search {
    const struct blocks *b;
    int8_t *change;    /* per class */
    int16_t *residual; /* per line: what its members add up to */
    uint32_t *open;    /* lines out of balance */
    uint32_t *place;   /* per line: its index in open */
    size_t open_count;
    uint32_t chain[DEPTH_MOST]; /* the classes that were moved */
    size_t depth;
    const struct weight *weights;
    int64_t below, closing;
    size_t nodes;
    struct circuit *best;
    bool found;
};

int circuit_open(struct circuit_search **out, const struct blocks *b, struct err *err)
{
    struct circuit_search *s = *out = calloc(1, sizeof *s);
    if (!s)
        return err_memory(err);
    s->b = b;
    s->change = calloc(b->class_count + 1, sizeof *s->change);
    s->residual = calloc(b->line_count + 1, sizeof *s->residual);
    s->open = calloc(b->line_count + 1, sizeof *s->open);
    s->place = calloc(b->line_count + 1, sizeof *s->place);
    if (!s->change || !s->residual || !s->open || !s->place)
        return err_memory(err);
    return 0;
}

void circuit_close(struct circuit_search *s)
{
    if (!s)
        return;
    free(s->change);
    free(s->residual);
    free(s->open);
    free(s->place);
    free(s);
}

static void balance(struct circuit_search *s, uint32_t line, int by)
{
    int before = s->residual[line];
    s->residual[line] = (int16_t)(before + by);
    if (before == 0) {
        s->place[line] = (uint32_t)s->open_count;
        s->open[s->open_count++] = line;
    } else if (before + by == 0) {
        uint32_t last = s->open[--s->open_count];
        s->open[s->place[line]] = last;
        s->place[last] = s->place[line];
    }
}

static void move(struct circuit_search *s, uint32_t class, int by)
{
    const struct blocks *b = s->b;
    s->change[class] = (int8_t)(s->change[class] + by);
    for (uint32_t i = b->class_start[class]; i < b->class_start[class + 1]; i++)
        balance(s, b->class_line[i], by * b->class_sign[i]);
}

static int64_t weight_of(const struct circuit_search *s, uint32_t class, int by)
{
    return by > 0 ? s->weights[class].up : s->weights[class].down;
}

/* How many lines more would be out of balance; 99 if the class cannot move that way. */
static int opened_by(const struct circuit_search *s, uint32_t class, int by)
{
    const struct blocks *b = s->b;
    int more = 0;
    if (s->change[class])
        return 99;
    for (uint32_t i = b->class_start[class]; i < b->class_start[class + 1]; i++) {
        int residual = s->residual[b->class_line[i]], step = by * b->class_sign[i];
        if (residual == 0)
            more++;
        else if (residual == -step)
            more--;
        else
            return 99;
    }
    return more;
}

struct way {
    int64_t key;
    uint32_t class;
    int8_t by;
};

/* The ways to set a line right; returns how many, and the least weight among them. */
static size_t list_ways(const struct circuit_search *s, uint32_t line, int64_t cost, size_t most,
                        struct way *ways, int64_t *least)
{
    const struct blocks *b = s->b;
    size_t count = 0;
    *least = CIRCUIT_NEVER;
    for (uint32_t i = b->line_start[line]; i < b->line_start[line + 1]; i++) {
        uint32_t class = b->line_class[i];
        int by = i == b->line_start[line] ? s->residual[line] : -s->residual[line];
        int64_t weight = weight_of(s, class, by);
        if (cost + weight >= s->below)
            continue;
        int more = opened_by(s, class, by);
        if (more == 99)
            continue;
        if (count >= most)
            return most + 1;
        *least = weight < *least ? weight : *least;
        ways[count++] = (struct way){weight + s->closing * more, class, (int8_t)by};
    }
    return count;
}

static void keep(struct circuit_search *s, int64_t cost)
{
    struct circuit *best = s->best;
    best->count = s->depth;
    best->cost = cost;
    for (size_t i = 0; i < s->depth; i++) {
        best->classes[i] = s->chain[i];
        best->by[i] = s->change[s->chain[i]];
    }
    s->below = cost;
    s->found = true;
}

static void sort_ways(struct way *ways, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        struct way w = ways[i];
        size_t k = i;
        for (; k > 0 && ways[k - 1].key > w.key; k--)
            ways[k] = ways[k - 1];
        ways[k] = w;
    }
}

/* The open line with the fewest ways; 0 ways: this cannot be completed. */
static size_t fewest_ways(const struct circuit_search *s, int64_t cost, struct way *ways)
{
    struct way others[WAYS_MOST];
    size_t fewest = WAYS_MOST;
    size_t last = s->open_count > LINES_MOST ? s->open_count - LINES_MOST : 0;
    for (size_t i = s->open_count; i-- > last && fewest > 1;) {
        int64_t least;
        size_t count =
            list_ways(s, s->open[i], cost, fewest - (fewest < WAYS_MOST), others, &least);
        if (count >= fewest)
            continue;
        fewest = count;
        memcpy(ways, others, count * sizeof *ways);
    }
    return fewest == WAYS_MOST ? 0 : fewest;
}

static void search(struct circuit_search *s, int64_t cost)
{
    struct way ways[WAYS_MOST];
    if (s->open_count == 0) {
        keep(s, cost);
        return;
    }
    if (s->nodes == 0 || s->depth >= DEPTH_MOST)
        return;
    s->nodes--;
    size_t count = fewest_ways(s, cost, ways);
    sort_ways(ways, count);
    for (size_t i = 0; i < count; i++) {
        int64_t sum = cost + weight_of(s, ways[i].class, ways[i].by);
        if (sum >= s->below)
            continue;
        s->chain[s->depth++] = ways[i].class;
        move(s, ways[i].class, ways[i].by);
        search(s, sum);
        move(s, ways[i].class, -ways[i].by);
        s->depth--;
        if (s->nodes == 0)
            return;
    }
}

bool circuit_find(struct circuit_search *s, uint32_t class, int by, const struct weight *weights,
                  int64_t below, int64_t closing, size_t nodes, struct circuit *best)
{
    s->weights = weights;
    s->below = below;
    s->closing = closing;
    s->nodes = nodes;
    s->best = best;
    s->found = false;
    int64_t cost = weight_of(s, class, by);
    if (cost >= below)
        return false;
    s->chain[s->depth++] = class;
    move(s, class, by);
    search(s, cost);
    move(s, class, -by);
    s->depth = 0;
    return s->found;
}

/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/sdc/evidence.h. */
#include "sdc/evidence.h"

#include <stdlib.h>
#include <string.h>

struct entries { /* of one cell: the changes that move it, and by how much */
    uint32_t *ids;
    int64_t *by;
    uint32_t count, capacity;
};

struct evidence {
    size_t cell_count;
    const int64_t *counts;
    struct move *moves;
    uint8_t *holds; /* per move */
    size_t count, capacity;
    struct entries *of; /* per cell */
};

int evidence_open(struct evidence **out, size_t cell_count, const int64_t *counts, struct err *err)
{
    struct evidence *e = *out = calloc(1, sizeof *e);
    if (!e)
        return err_memory(err);
    e->cell_count = cell_count;
    e->counts = counts;
    e->of = calloc(cell_count + 1, sizeof *e->of);
    return e->of ? 0 : err_memory(err);
}

void evidence_close(struct evidence *e)
{
    if (!e)
        return;
    for (size_t i = 0; i < e->count; i++)
        move_release(&e->moves[i]);
    for (size_t c = 0; e->of && c < e->cell_count; c++) {
        free(e->of[c].ids);
        free(e->of[c].by);
    }
    free(e->moves);
    free(e->holds);
    free(e->of);
    free(e);
}

static int reserve(struct evidence *e, struct err *err)
{
    if (e->count < e->capacity)
        return 0;
    size_t capacity = e->capacity ? e->capacity * 2 : 256;
    struct move *moves = realloc(e->moves, capacity * sizeof *moves);
    if (moves)
        e->moves = moves;
    uint8_t *holds = realloc(e->holds, capacity);
    if (holds)
        e->holds = holds;
    if (!moves || !holds)
        return err_memory(err);
    e->capacity = capacity;
    return 0;
}

static int enter(struct entries *of, uint32_t id, int64_t by, struct err *err)
{
    if (of->count == of->capacity) {
        uint32_t capacity = of->capacity ? of->capacity * 2 : 4;
        uint32_t *ids = realloc(of->ids, capacity * sizeof *ids);
        if (ids)
            of->ids = ids;
        int64_t *amounts = realloc(of->by, capacity * sizeof *amounts);
        if (amounts)
            of->by = amounts;
        if (!ids || !amounts)
            return err_memory(err);
        of->capacity = capacity;
    }
    of->ids[of->count] = id;
    of->by[of->count++] = by;
    return 0;
}

int evidence_add(struct evidence *e, struct move *m, uint32_t *id, struct err *err)
{
    if (reserve(e, err) != 0)
        return -1;
    *id = (uint32_t)e->count;
    for (size_t i = 0; i < m->count; i++)
        if (enter(&e->of[m->cells[i]], *id, m->by[i], err) != 0)
            return -1;
    e->holds[e->count] = 1;
    e->moves[e->count++] = *m;
    memset(m, 0, sizeof *m);
    return 0;
}

int evidence_hand_over(struct evidence *e, uint32_t id, struct evidence *to, struct err *err)
{
    uint32_t there;
    e->holds[id] = 0;
    return evidence_add(to, &e->moves[id], &there, err);
}

void evidence_take_last(struct evidence *e, struct move *m)
{
    *m = e->moves[--e->count];
    for (size_t i = 0; i < m->count; i++)
        e->of[m->cells[i]].count--;
}

int evidence_copy(const struct evidence *e, struct evidence *to, struct err *err)
{
    for (size_t id = 0; id < e->count; id++) {
        struct move copy;
        uint32_t there;
        if (!e->holds[id])
            continue;
        if (move_copy(&copy, &e->moves[id], err) != 0)
            return -1;
        if (evidence_add(to, &copy, &there, err) != 0) {
            move_release(&copy);
            return -1;
        }
    }
    return 0;
}

size_t evidence_count(const struct evidence *e)
{
    return e->count;
}

const struct move *evidence_move(const struct evidence *e, uint32_t id)
{
    return &e->moves[id];
}

void evidence_drop(struct evidence *e, uint32_t id)
{
    e->holds[id] = 0;
}

void evidence_restore(struct evidence *e, uint32_t id)
{
    e->holds[id] = 1;
}

bool evidence_holds(const struct evidence *e, uint32_t id)
{
    return e->holds[id];
}

const uint32_t *evidence_of(const struct evidence *e, uint32_t cell, size_t *count)
{
    *count = e->of[cell].count;
    return e->of[cell].ids;
}

/* The entry's value, if it lies outside. */
static void widen(const struct evidence *e, uint32_t cell, uint32_t entry, int64_t *low,
                  int64_t *high)
{
    const struct entries *of = &e->of[cell];
    int64_t value = e->counts[cell] + of->by[entry];
    if ((value >= *low && value <= *high) || !e->holds[of->ids[entry]])
        return;
    *low = value < *low ? value : *low;
    *high = value > *high ? value : *high;
}

void evidence_widen(const struct evidence *e, uint32_t cell, int64_t *low, int64_t *high)
{
    for (uint32_t i = 0; i < e->of[cell].count; i++)
        widen(e, cell, i, low, high);
}

bool evidence_meets(const struct evidence *e, uint32_t cell, const struct needs *needs, int64_t low,
                    int64_t high)
{
    for (uint32_t i = 0; i < e->of[cell].count && !needs_met(needs, low, high); i++)
        widen(e, cell, i, &low, &high);
    return needs_met(needs, low, high);
}

/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/sdc/secondary.h. What hiding costs, what may be hidden, and in which order cells are
 * protected; how one cell is, is secondary_protect.c. */
#include "sdc/secondary.h"

#include "sdc/cell_past.h"
#include "sdc/secondary_state.h"

#include <stdlib.h>
#include <string.h>

/* In the programmes a hidden cell's price is next to nothing, others' are from 1 to this. */
static const double PRICE_MOST = 1000, PRICE_HIDDEN = 1e-4;

static bool unit_is_leaf(const struct secondary *s, size_t unit)
{
    return s->blocks.child_start[unit] == s->blocks.child_start[unit + 1];
}

size_t secondary_region(const struct secondary *s, uint32_t cell)
{
    size_t unit = s->cells->unit[cell];
    int parent = s->cells->structure->units[unit].parent;
    return parent > 0 && unit_is_leaf(s, unit) ? (size_t)parent : 0;
}

static void price_cell(const struct secondary *s, struct deviations *d, uint32_t cell)
{
    double up = PRICE_HIDDEN, down = PRICE_HIDDEN;
    if (!s->hidden[cell]) {
        double cost = (double)s->costs[cell] * (PRICE_MOST - 1) / (double)s->dearest + 1;
        int64_t n = s->counts[cell], width = s->rules->protection_width;
        up = cost;
        down = n > 0 && n < width ? cost * (double)width / (double)n : cost;
    }
    deviations_price(d, cell, up, down);
}

int secondary_open_region(struct secondary *s, size_t region, struct err *err)
{
    if (s->regions[region])
        return 0;
    uint8_t *movable = calloc(s->cells->count + 1, 1);
    if (!movable)
        return err_memory(err);
    for (uint32_t i = 0; i < s->cells->count; i++)
        movable[i] = s->may[i] && (region == 0 || secondary_region(s, i) == region);
    int rc = deviations_open(&s->regions[region], s->cells, s->counts, movable, NULL, err);
    for (uint32_t i = 0; rc == 0 && i < s->cells->count; i++)
        if (movable[i])
            price_cell(s, s->regions[region], i);
    free(movable);
    return rc;
}

static int64_t transfer_cost(const struct secondary *s, uint32_t cell)
{
    if (s->hidden[cell])
        return 0;
    return s->may[cell] ? s->costs[cell] : CIRCUIT_NEVER;
}

void secondary_set_hidden(struct secondary *s, uint32_t cell, uint8_t hidden)
{
    if (hidden && !s->hidden[cell])
        s->opened[s->opened_count++] = cell;
    s->hidden[cell] = hidden;
    size_t region = secondary_region(s, cell);
    transfer_set(s->transfer, cell, s->counts[cell], transfer_cost(s, cell));
    if (s->regions[0])
        price_cell(s, s->regions[0], cell);
    if (region && s->regions[region])
        price_cell(s, s->regions[region], cell);
}

void secondary_take_back(struct secondary *s, size_t mark)
{
    while (s->opened_count > mark)
        secondary_set_hidden(s, s->opened[--s->opened_count], 0);
}

void secondary_forget_proofs(struct secondary *s)
{
    for (size_t i = 0; i < s->cells->count; i++) {
        s->low[i] = 0;
        s->high[i] = -1;
    }
}

/* A change that moves what is published now shows nothing any more. */
void secondary_look_again(struct secondary *s)
{
    s->opened_count = 0;
    secondary_forget_proofs(s);
    for (uint32_t i = 0; i < s->cells->count; i++)
        secondary_set_hidden(s, i, s->hidden[i]);
    for (uint32_t id = 0; id < evidence_count(s->evidence); id++) {
        const struct move *m = evidence_move(s->evidence, id);
        for (size_t k = 0; k < m->count; k++)
            if (!s->hidden[m->cells[k]])
                evidence_drop(s->evidence, id);
    }
}

struct rank {
    enum level level;
    int64_t count;
    uint32_t cell;
};

static int by_hardness(const void *a, const void *b)
{
    const struct rank *x = a, *y = b;
    if (x->level != y->level)
        return x->level < y->level ? -1 : 1;
    if (x->count != y->count)
        return x->count < y->count ? -1 : 1;
    return (x->cell > y->cell) - (x->cell < y->cell);
}

static struct rank rank_of(const struct secondary *s, uint32_t cell)
{
    return (struct rank){s->cells->structure->units[s->cells->unit[cell]].level, s->counts[cell],
                         cell};
}

static int protect_ranked(struct secondary *s, struct rank *ranks, size_t count, int64_t below,
                          struct err *err)
{
    int rc = 0;
    if (count)
        qsort(ranks, count, sizeof *ranks, by_hardness);
    for (size_t i = 0; i < count && rc == 0; i++) {
        bool enough;
        int64_t cost;
        s->opened_count = 0;
        rc =
            secondary_protect(s, ranks[i].cell, below, below == CIRCUIT_NEVER, &enough, &cost, err);
    }
    return rc;
}

/* What hides sensitive cells may leave these open in their turn. Most are protected by what is
 * hidden then, in ways that a proof finds; so nothing is paid for them before a proof asks. */
int secondary_protect_all(struct secondary *s, struct err *err)
{
    struct rank *ranks = malloc((s->cells->count + 1) * sizeof *ranks);
    if (!ranks)
        return err_memory(err);
    int rc = 0;
    for (int pass = 0; pass < 2 && rc == 0; pass++) {
        size_t count = 0;
        for (uint32_t i = 0; i < s->cells->count; i++)
            if (needs_any(s->cells, s->hidden, i) && !secondary_is_met(s, i))
                ranks[count++] = rank_of(s, i);
        rc = protect_ranked(s, ranks, count, pass == 0 ? CIRCUIT_NEVER : 1, err);
    }
    free(ranks);
    return rc;
}

int secondary_protect_open(struct secondary *s, const struct proof *proof, struct err *err)
{
    struct rank *ranks = malloc((proof->cell_count + 1) * sizeof *ranks);
    if (!ranks)
        return err_memory(err);
    size_t count = 0;
    for (size_t i = 0; i < proof->cell_count; i++) {
        const struct cell_proof *p = &proof->cells[i];
        if (p->kind != PROOF_NONE)
            continue;
        if (p->seen_low >= 0) { /* what a proof saw is true */
            s->low[p->cell] = p->seen_low;
            s->high[p->cell] = p->seen_high;
        }
        ranks[count++] = rank_of(s, p->cell);
    }
    int rc = protect_ranked(s, ranks, count, CIRCUIT_NEVER, err);
    free(ranks);
    return rc;
}

int64_t secondary_cost(const struct disclosure *rules, int64_t count)
{
    int64_t n = count > 1 ? count : 1, log = 0;
    switch (rules->cost) {
    case COST_CELLS:
        return 16;
    case COST_LOG: /* sixteenths of 1 + log2(n), straight lines between the powers of two */
        while (n >> (log + 1))
            log++;
        return 16 * (1 + log) + ((n - ((int64_t)1 << log)) * 16 >> log);
    case COST_COUNT:
        break;
    }
    return 16 * n;
}

/* What hiding each cell costs, in sixteenths, a little dearer at higher levels; which may be
 * hidden. */
/* What earlier releases make of hiding a cell. */
static void heed_past(struct secondary *s, size_t cell)
{
    switch (s->past ? s->past[cell] : PAST_NONE) {
    case PAST_HIDDEN:
        s->costs[cell] = s->costs[cell] * PAST_HIDDEN_PERCENT / 100 + 1;
        break;
    case PAST_SHOWN:
        s->costs[cell] = s->costs[cell] * PAST_SHOWN_PERCENT / 100;
        break;
    case PAST_KNOWN:
        s->may[cell] = 0;
        break;
    default:
        break;
    }
}

static void set_costs(struct secondary *s)
{
    static const int64_t LEVEL_PERCENT[] = {110, 105, 100};
    const struct structure *structure = s->cells->structure;
    for (size_t i = 0; i < s->cells->count; i++) {
        uint8_t flags = s->cells->flags[i];
        enum level level = structure->units[s->cells->unit[i]].level;
        s->may[i] =
            flags & CELL_UNPUBLISHED || s->hidden[i] || !(flags & (CELL_PUBLIC | CELL_EARLIER));
        s->costs[i] = secondary_cost(s->rules, s->counts[i]) * LEVEL_PERCENT[level] / 100 + 1;
        heed_past(s, i);
        s->dearest = s->costs[i] > s->dearest ? s->costs[i] : s->dearest;
    }
}

static int prepare(struct secondary *s, struct err *err)
{
    size_t n = s->cells->count + 1;
    int64_t width = s->rules->interval ? s->rules->protection_width : 1;
    s->costs = calloc(n, sizeof *s->costs);
    s->may = calloc(n, 1);
    s->low = malloc(n * sizeof *s->low);
    s->high = malloc(n * sizeof *s->high);
    s->list = malloc(n * sizeof *s->list);
    s->opened = malloc(n * sizeof *s->opened);
    s->regions = calloc(s->cells->structure->unit_count + 1, sizeof(struct deviations *));
    if (!s->costs || !s->may || !s->low || !s->high || !s->list || !s->opened || !s->regions)
        return err_memory(err);
    if (blocks_build(&s->blocks, s->cells, err) != 0 ||
        transfer_open(&s->transfer, &s->blocks, width, err) != 0 ||
        evidence_open(&s->evidence, s->cells->count, s->counts, err) != 0)
        return -1;
    set_costs(s);
    secondary_forget_proofs(s);
    for (uint32_t i = 0; i < s->cells->count; i++)
        transfer_set(s->transfer, i, s->counts[i], transfer_cost(s, i));
    return 0;
}

int secondary_open(struct secondary **out, const struct cells *cells, const int64_t *counts,
                   const struct disclosure *rules, const uint8_t *past, uint8_t *hidden,
                   struct err *err)
{
    *out = NULL;
    struct secondary *s = calloc(1, sizeof *s);
    if (!s)
        return err_memory(err);
    s->cells = cells;
    s->counts = counts;
    s->rules = rules;
    s->past = past;
    s->hidden = hidden;
    s->view = (struct view){cells, hidden, counts};
    if (prepare(s, err) != 0) {
        secondary_close(s);
        return -1;
    }
    *out = s;
    return 0;
}

void secondary_close(struct secondary *s)
{
    if (!s)
        return;
    for (size_t u = 0; s->regions && u < s->cells->structure->unit_count; u++)
        deviations_close(s->regions[u]);
    free((void *)s->regions);
    transfer_close(s->transfer);
    evidence_close(s->evidence);
    blocks_release(&s->blocks);
    free(s->costs);
    free(s->may);
    free(s->low);
    free(s->high);
    free(s->list);
    free(s->opened);
    free(s);
}

/* Is `unit` the unit `top`, or below it? */
static bool unit_below(const struct structure *s, int unit, int top)
{
    while (unit >= 0 && unit != top)
        unit = s->units[unit].parent;
    return unit == top;
}

size_t secondary_widen(struct secondary *s, uint32_t cell, int reach)
{
    const struct structure *structure = s->cells->structure;
    int top = (int)s->cells->unit[cell];
    for (int i = 0; i < reach && structure->units[top].parent >= 0; i++)
        top = structure->units[top].parent;
    size_t count = 0;
    s->opened_count = 0;
    for (uint32_t i = 0; i < s->cells->count; i++) {
        uint32_t group = s->cells->group[i];
        bool empty = !s->hidden[group] && s->counts[group] == 0;
        if (s->may[i] && !s->hidden[i] && !empty &&
            unit_below(structure, (int)s->cells->unit[i], top)) {
            secondary_set_hidden(s, i, 1);
            count++;
        }
    }
    return count;
}

/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/sdc/secondary.h. What hiding costs, what may be hidden, and in which order cells are
 * protected; how one cell is, is secondary_protect.c. */
#include "sdc/secondary.h"

#include "sdc/bounds.h"
#include "sdc/cell_past.h"
#include "sdc/secondary_state.h"
#include "sdc/weights.h"

#include <stdlib.h>
#include <string.h>

/* In the programmes a hidden cell's price is next to nothing, others' are from 1 to this. */
static const double PRICE_MOST = 1000, PRICE_HIDDEN = 1e-4;

void secondary_price(const struct secondary *s, struct deviations *d, uint32_t cell)
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

int64_t secondary_transfer_cost(const struct secondary *s, uint32_t cell)
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
    transfer_set(s->transfer, cell, s->counts[cell], secondary_transfer_cost(s, cell));
    for (size_t i = 0; i < REGIONS_MOST; i++)
        if (s->regions[i].deviations)
            secondary_price(s, s->regions[i].deviations, cell);
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

static int by_hardness(const void *a, const void *b)
{
    const struct rank *x = a, *y = b;
    if (x->level != y->level)
        return x->level < y->level ? -1 : 1;
    bool inside = x->domain != x->unit, other = y->domain != y->unit;
    if (inside != other)
        return inside ? 1 : -1;
    if (x->domain != y->domain)
        return x->domain < y->domain ? -1 : 1;
    if (x->unit != y->unit)
        return x->unit < y->unit ? -1 : 1;
    if (x->count != y->count)
        return x->count < y->count ? -1 : 1;
    return (x->cell > y->cell) - (x->cell < y->cell);
}

static struct rank rank_of(const struct secondary *s, uint32_t cell)
{
    uint32_t unit = s->cells->unit[cell];
    return (struct rank){.level = s->cells->structure->units[unit].level,
                         .domain = secondary_domain(s, unit),
                         .unit = unit,
                         .count = s->counts[cell],
                         .cell = cell};
}

static void sort_ranks(struct rank *ranks, size_t count)
{
    if (count)
        qsort(ranks, count, sizeof *ranks, by_hardness);
}

int secondary_protect_ranked(struct secondary *s, const struct rank *ranks, size_t count,
                             enum reach reach, int64_t below, struct err *err)
{
    int rc = 0;
    for (size_t i = 0; i < count && rc == 0; i++) {
        bool enough;
        int64_t cost;
        s->opened_count = 0;
        rc = secondary_protect(s, ranks[i].cell, below, reach, &enough, &cost, err);
    }
    return rc;
}

/* Lists the cells that are open. What has a floor needs nothing. */
static int list_open(const struct secondary *s, struct rank *ranks, size_t *count, struct err *err)
{
    struct bounds bounds = {NULL, NULL};
    int rc = bounds_find(&bounds, &s->view, err);
    *count = 0;
    for (uint32_t i = 0; rc == 0 && i < s->cells->count; i++) {
        struct needs needs = needs_of(&s->view, s->rules, i);
        if (needs_any(s->cells, s->hidden, i) && bounds.low[i] < needs.floor &&
            !secondary_is_met(s, i))
            ranks[(*count)++] = rank_of(s, i);
    }
    bounds_release(&bounds);
    sort_ranks(ranks, *count);
    return rc;
}

/* Single equations keep the cell's ends too near to each other, or it too low. */
static bool is_bounded(const struct secondary *s, const struct bounds *b, uint32_t cell)
{
    struct needs needs = needs_of(&s->view, s->rules, cell);
    return needs_any(s->cells, s->hidden, cell) && b->low[cell] < needs.floor &&
           !needs_met(&needs, b->low[cell], b->high[cell]);
}

static bool list_bounded(const struct secondary *s, const struct bounds *b, struct rank *ranks,
                         size_t *count)
{
    *count = 0;
    for (uint32_t i = 0; i < s->cells->count; i++)
        if (is_bounded(s, b, i))
            ranks[(*count)++] = rank_of(s, i);
    sort_ranks(ranks, *count);
    return *count > 0;
}

/* Those of the cells that are still bounded when their turn comes. *more: something was hidden. */
static int protect_bounded(struct secondary *s, const struct rank *ranks, size_t count,
                           struct bounds *b, bool *more, struct err *err)
{
    int rc = 0;
    *more = false;
    for (size_t i = 0; i < count && rc == 0; i++) {
        if (!is_bounded(s, b, ranks[i].cell))
            continue;
        rc = secondary_protect_ranked(s, &ranks[i], 1, REACH_WIDE, CIRCUIT_NEVER, err);
        if (rc == 0 && s->opened_count) {
            *more = true;
            bounds_release(b);
            rc = bounds_find(b, &s->view, err);
        }
    }
    return rc;
}

int secondary_protect_bounded(struct secondary *s, struct err *err)
{
    struct rank *ranks = malloc((s->cells->count + 1) * sizeof *ranks);
    struct bounds bounds = {NULL, NULL};
    size_t count;
    bool more = true; /* what was hidden may be bounded itself */
    int rc = ranks ? bounds_find(&bounds, &s->view, err) : err_memory(err);
    s->strict = true;
    while (rc == 0 && more && list_bounded(s, &bounds, ranks, &count))
        rc = protect_bounded(s, ranks, count, &bounds, &more, err);
    bounds_release(&bounds);
    free(ranks);
    return rc;
}

/* Near by: units that are in no domain first. */
static int protect_near(struct secondary *s, const struct rank *ranks, size_t count, int64_t below,
                        unsigned threads, struct err *err)
{
    size_t above = 0;
    while (above < count && ranks[above].domain == ranks[above].unit)
        above++;
    if (secondary_protect_ranked(s, ranks, above, REACH_NEAR, below, err) != 0)
        return -1;
    return secondary_protect_domains(s, ranks + above, count - above, below, threads, err);
}

/* What is dear near by is often free in the end, when the rest is hidden: so what is wide comes
 * after that. What hides sensitive cells may leave these open in their turn: the second time round.
 */
int secondary_protect_all(struct secondary *s, unsigned threads, struct err *err)
{
    struct rank *ranks = malloc((s->cells->count + 1) * sizeof *ranks);
    size_t count;
    int rc = ranks ? 0 : err_memory(err);
    for (int pass = 0; pass < 2 && rc == 0; pass++) {
        rc = list_open(s, ranks, &count, err);
        if (rc == 0)
            rc = protect_near(s, ranks, count, CIRCUIT_NEVER, threads, err);
        if (rc == 0)
            rc = list_open(s, ranks, &count, err);
        if (rc == 0)
            rc = secondary_protect_ranked(s, ranks, count, REACH_WIDE, CIRCUIT_NEVER, err);
    }
    free(ranks);
    return rc;
}

int secondary_protect_open(struct secondary *s, const struct proof *proof, unsigned threads,
                           struct err *err)
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
    s->strict = true;
    sort_ranks(ranks, count);
    int rc = protect_near(s, ranks, count, 1, threads, err); /* what is free */
    if (rc == 0)
        rc = secondary_protect_ranked(s, ranks, count, REACH_WIDE, CIRCUIT_NEVER, err);
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

/* Of two ways to hide the same people, the one with fewer cells; and where a cell more saves less
 * than this, it is not worth it. In sixteenths. */
enum { CELL_COST = 16 };

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

/* What hiding each cell costs, in sixteenths, by the weights; which may be hidden. */
static void set_costs(struct secondary *s)
{
    for (size_t i = 0; i < s->cells->count; i++) {
        uint8_t flags = s->cells->flags[i];
        s->may[i] =
            flags & CELL_UNPUBLISHED || s->hidden[i] || !(flags & (CELL_PUBLIC | CELL_EARLIER));
        s->costs[i] =
            weights_apply(&s->rules->weights, s->cells, i, secondary_cost(s->rules, s->counts[i])) +
            CELL_COST;
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
    if (!s->costs || !s->may || !s->low || !s->high || !s->list || !s->opened)
        return err_memory(err);
    if (blocks_build(&s->blocks, s->cells, err) != 0 ||
        transfer_open(&s->transfer, &s->blocks, width, err) != 0 ||
        evidence_open(&s->evidence, s->cells->count, s->counts, err) != 0)
        return -1;
    set_costs(s);
    secondary_forget_proofs(s);
    for (uint32_t i = 0; i < s->cells->count; i++)
        transfer_set(s->transfer, i, s->counts[i], secondary_transfer_cost(s, i));
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
    s->iterations_most = rules->suppress_effort > 0 ? (size_t)rules->suppress_effort : SIZE_MAX;
    s->view = (struct view){.cells = cells, .hidden = hidden, .counts = counts};
    if (prepare(s, err) != 0) {
        secondary_close(s);
        return -1;
    }
    *out = s;
    return 0;
}

size_t secondary_iterations(const struct secondary *s, bool *all)
{
    *all = s->iterations >= s->iterations_most;
    return s->iterations;
}

void secondary_close(struct secondary *s)
{
    if (!s)
        return;
    secondary_close_regions(s);
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

/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/sdc/secondary.h. */
#include "sdc/secondary.h"

#include "sdc/deviations.h"

#include <stdlib.h>
#include <string.h>

/* A hidden cell's price is next to nothing, others' are from 1 to this. */
static const double PRICE_MOST = 1000, PRICE_HIDDEN = 1e-4;

struct secondary {
    const struct cells *cells;
    const int64_t *counts;
    const struct disclosure *rules;
    uint8_t *hidden;
    struct view view; /* for the criterion: groups' counts where they are published */
    int64_t *costs;   /* of hiding, per cell */
    int64_t dearest;
    uint8_t *may;                /* per cell: it may be hidden */
    int64_t *low, *high;         /* per cell: values that it is known to be able to have */
    struct deviations **regions; /* per unit with children; made at first use */
    uint32_t *list;              /* room for as many cells as there are */
};

static bool unit_is_leaf(const struct structure *s, size_t unit)
{
    for (size_t u = unit + 1; u < s->unit_count; u++)
        if (s->units[u].parent == (int)unit)
            return false;
    return true;
}

/* The unit whose children make the region in which a cell is tried first; 0 = everything. */
static size_t region_of(const struct secondary *s, uint32_t cell)
{
    const struct structure *structure = s->cells->structure;
    size_t unit = s->cells->unit[cell];
    int parent = structure->units[unit].parent;
    return parent > 0 && unit_is_leaf(structure, unit) ? (size_t)parent : 0;
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

static int region_open(struct secondary *s, size_t region, struct err *err)
{
    if (s->regions[region])
        return 0;
    uint8_t *movable = calloc(s->cells->count + 1, 1);
    if (!movable)
        return err_memory(err);
    for (uint32_t i = 0; i < s->cells->count; i++)
        movable[i] = s->may[i] && (region == 0 || region_of(s, i) == region);
    int rc = deviations_open(&s->regions[region], s->cells, s->counts, movable, NULL, err);
    for (uint32_t i = 0; rc == 0 && i < s->cells->count; i++)
        if (movable[i])
            price_cell(s, s->regions[region], i);
    free(movable);
    return rc;
}

/* Whatever hides or shows a cell comes through here. */
static void set_hidden(struct secondary *s, uint32_t cell, uint8_t hidden)
{
    s->hidden[cell] = hidden;
    size_t region = region_of(s, cell);
    if (s->regions[0])
        price_cell(s, s->regions[0], cell);
    if (region && s->regions[region])
        price_cell(s, s->regions[region], cell);
}

static bool is_met(const struct secondary *s, uint32_t cell)
{
    struct needs needs = needs_of(&s->view, s->rules, cell);
    return needs_met(&needs, s->low[cell], s->high[cell]);
}

static void widen_range(struct secondary *s, uint32_t cell, int64_t value)
{
    if (value < s->low[cell])
        s->low[cell] = value;
    if (value > s->high[cell])
        s->high[cell] = value;
}

/* Hides what a move moves, and notes what it tells about ranges. */
static void adopt(struct secondary *s, const struct move *m)
{
    for (size_t i = 0; i < m->count; i++) {
        if (!s->hidden[m->cells[i]])
            set_hidden(s, m->cells[i], 1);
        if (m->whole)
            widen_range(s, m->cells[i], s->counts[m->cells[i]] + m->by[i]);
    }
}

static int64_t move_cost(const struct secondary *s, const struct move *m)
{
    int64_t cost = 0;
    for (size_t i = 0; i < m->count; i++)
        if (!s->hidden[m->cells[i]])
            cost += s->costs[m->cells[i]];
    return cost;
}

static int64_t wanted_high(const struct secondary *s, uint32_t cell)
{
    struct needs needs = needs_of(&s->view, s->rules, cell);
    int64_t wide = s->low[cell] + needs.width;
    return wide > needs.high ? wide : needs.high;
}

struct plan {
    struct move moves[2];
    size_t count;
    int64_t cost;
    bool enough; /* the programmes say that it protects the cell */
};

static void plan_release(struct plan *p)
{
    for (size_t i = 0; i < p->count; i++)
        move_release(&p->moves[i]);
    p->count = 0;
}

static int plan_step(struct secondary *s, size_t region, uint32_t cell, int64_t to, struct plan *p,
                     struct err *err)
{
    int64_t by = to - s->counts[cell];
    struct move *m = &p->moves[p->count];
    if (deviations_solve(s->regions[region], cell, by, m, err) != 0)
        return -1;
    p->count++;
    p->cost += move_cost(s, m);
    p->enough = p->enough && m->possible;
    return 0;
}

/* Up as far as the cell must be seen, then down for the rest of the width. The second programme
 * gets the cells of the first for nothing. */
static int plan_both_ways(struct secondary *s, size_t region, uint32_t cell, int64_t high,
                          struct plan *p, struct err *err)
{
    struct needs needs = needs_of(&s->view, s->rules, cell);
    int64_t low = (high > s->high[cell] ? high : s->high[cell]) - needs.width;
    *p = (struct plan){.enough = low >= 0};
    if (!p->enough)
        return 0;
    if (high > s->high[cell] && plan_step(s, region, cell, high, p, err) != 0)
        return -1;
    if (!p->enough || low >= s->low[cell])
        return 0;
    size_t opened = 0;
    for (size_t i = 0; p->count && i < p->moves[0].count; i++) {
        uint32_t other = p->moves[0].cells[i];
        if (!s->hidden[other])
            s->list[opened++] = other;
    }
    for (size_t i = 0; i < opened; i++)
        set_hidden(s, s->list[i], 1);
    int rc = plan_step(s, region, cell, low, p, err);
    for (size_t i = 0; i < opened; i++)
        set_hidden(s, s->list[i], 0);
    return rc;
}

static int plan_up(struct secondary *s, size_t region, uint32_t cell, int64_t high, int64_t most,
                   struct plan *p, struct err *err)
{
    *p = (struct plan){.enough = high <= most};
    return p->enough && high > s->high[cell] ? plan_step(s, region, cell, high, p, err) : 0;
}

/* The cheaper of the plans that do; *enough = false if none does. */
static int protect_paid(struct secondary *s, size_t region, uint32_t cell, bool *enough,
                        struct err *err)
{
    int rc = -1;
    uint32_t group = s->cells->group[cell];
    int64_t most = s->hidden[group] ? INT64_MAX : s->counts[group];
    struct needs needs = needs_of(&s->view, s->rules, cell);
    int64_t least_high = needs.high > s->counts[cell] ? needs.high : s->counts[cell];
    struct plan plans[3] = {{.count = 0}};
    if (region_open(s, region, err) != 0 ||
        plan_up(s, region, cell, wanted_high(s, cell), most, &plans[0], err) != 0)
        goto out;
    bool free_of_cost = plans[0].enough && plans[0].cost == 0;
    if (!free_of_cost && plan_both_ways(s, region, cell, least_high, &plans[1], err) != 0)
        goto out;
    /* When neither does: to the width and to zero, whichever ends lie in reach. */
    if (!plans[0].enough && !plans[1].enough && needs.width <= most &&
        plan_both_ways(s, region, cell, least_high > needs.width ? least_high : needs.width,
                       &plans[2], err) != 0)
        goto out;
    struct plan *best = NULL;
    for (size_t i = 0; i < 3; i++)
        if (plans[i].enough && plans[i].count && (!best || plans[i].cost < best->cost))
            best = &plans[i];
    *enough = best != NULL;
    rc = 0;
    for (size_t i = 0; best && i < best->count; i++)
        adopt(s, &best->moves[i]);
out:
    for (size_t i = 0; i < 3; i++)
        plan_release(&plans[i]);
    return rc;
}

static int protect(struct secondary *s, uint32_t cell, struct err *err)
{
    bool enough = is_met(s, cell);
    size_t home = region_of(s, cell);
    if (!enough && home && protect_paid(s, home, cell, &enough, err) != 0)
        return -1;
    return enough ? 0 : protect_paid(s, 0, cell, &enough, err);
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

/* The cells that the proof leaves unprotected, hardest first; what it saw of them is true. */
static size_t list_unprotected(struct secondary *s, const struct proof *proof, struct rank *ranks)
{
    size_t count = 0;
    for (size_t i = 0; i < proof->cell_count; i++) {
        const struct cell_proof *p = &proof->cells[i];
        if (p->kind != PROOF_NONE)
            continue;
        if (p->seen_low >= 0) {
            widen_range(s, p->cell, p->seen_low);
            widen_range(s, p->cell, p->seen_high);
        }
        ranks[count++] = (struct rank){s->cells->structure->units[s->cells->unit[p->cell]].level,
                                       s->counts[p->cell], p->cell};
    }
    if (count)
        qsort(ranks, count, sizeof *ranks, by_hardness);
    return count;
}

int secondary_protect(struct secondary *s, const struct proof *proof, struct err *err)
{
    int rc = 0;
    struct rank *ranks = malloc((proof->cell_count + 1) * sizeof *ranks);
    if (!ranks)
        return err_memory(err);
    size_t count = list_unprotected(s, proof, ranks);
    for (size_t i = 0; i < count && rc == 0; i++)
        rc = protect(s, ranks[i].cell, err);
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
static void set_costs(struct secondary *s)
{
    static const int64_t LEVEL_PERCENT[] = {110, 105, 100};
    const struct structure *structure = s->cells->structure;
    for (size_t i = 0; i < s->cells->count; i++) {
        uint8_t flags = s->cells->flags[i];
        enum level level = structure->units[s->cells->unit[i]].level;
        s->may[i] = flags & CELL_UNPUBLISHED || !(flags & CELL_PUBLIC);
        s->costs[i] = secondary_cost(s->rules, s->counts[i]) * LEVEL_PERCENT[level] / 100 + 1;
        s->dearest = s->costs[i] > s->dearest ? s->costs[i] : s->dearest;
    }
}

int secondary_open(struct secondary **out, const struct cells *cells, const int64_t *counts,
                   const struct disclosure *rules, uint8_t *hidden, struct err *err)
{
    *out = NULL;
    struct secondary *s = calloc(1, sizeof *s);
    if (!s)
        return err_memory(err);
    s->cells = cells;
    s->counts = counts;
    s->rules = rules;
    s->hidden = hidden;
    s->view = (struct view){cells, hidden, counts};
    s->costs = calloc(cells->count + 1, sizeof *s->costs);
    s->may = calloc(cells->count + 1, 1);
    s->low = malloc((cells->count + 1) * sizeof *s->low);
    s->high = malloc((cells->count + 1) * sizeof *s->high);
    s->list = malloc((cells->count + 1) * sizeof *s->list);
    s->regions = calloc(cells->structure->unit_count + 1, sizeof(struct deviations *));
    if (!s->costs || !s->may || !s->low || !s->high || !s->list || !s->regions) {
        secondary_close(s);
        return err_memory(err);
    }
    memcpy(s->low, counts, cells->count * sizeof *counts);
    memcpy(s->high, counts, cells->count * sizeof *counts);
    set_costs(s);
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
    free(s->costs);
    free(s->may);
    free(s->low);
    free(s->high);
    free(s->list);
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
    for (uint32_t i = 0; i < s->cells->count; i++) {
        uint32_t group = s->cells->group[i];
        bool empty = !s->hidden[group] && s->counts[group] == 0;
        if (s->may[i] && !s->hidden[i] && !empty &&
            unit_below(structure, (int)s->cells->unit[i], top)) {
            set_hidden(s, i, 1);
            count++;
        }
    }
    return count;
}

/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/sdc/secondary.h. What hiding costs, and what may be hidden. In which order cells are
 * protected is secondary_order.c; how one is, secondary_protect.c. */
#include "sdc/secondary.h"

#include "sdc/cell_past.h"
#include "sdc/fine_tables.h"
#include "sdc/secondary_state.h"
#include "sdc/weights.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* In the programmes a hidden cell's price is next to nothing. Others' are what they cost, in
 * people, where units have many cells; where they have few, these are from 1 to PRICE_FEW, and the
 * 1 counts for more than most cells' people: changes of few cells leave more to choose for what
 * comes after. Measured on the bench's instances. So are those of releases that others come before
 * or after: where many small cells were hidden and the large ones shown, the sample's second
 * release could not be protected whatever it hid. */
enum { CELLS_FEW = 50, PEOPLE = 16 /* for a price of 1 */ };
static const double PRICE_HIDDEN = 1e-4, PRICE_FEW = 1000, PRICE_MOST = 1e5;

static void set_prices(struct secondary *s)
{
    double dearest = (double)s->dearest;
    s->price_cell = s->few ? 1 : 0;
    s->price_most = s->few ? PRICE_FEW - 1 : fmin(dearest / PEOPLE, PRICE_MOST);
}

void secondary_price(const struct secondary *s, struct deviations *d, uint32_t cell)
{
    double up = PRICE_HIDDEN, down = PRICE_HIDDEN;
    if (!s->hidden[cell]) {
        double cost = (double)s->costs[cell] * s->price_most / (double)s->dearest + s->price_cell;
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
    return s->may[cell] && cell != s->barred ? s->costs[cell] : CIRCUIT_NEVER;
}

void secondary_set_hidden(struct secondary *s, uint32_t cell, uint8_t hidden)
{
    if (hidden && !s->hidden[cell])
        s->opened[s->opened_count++] = cell;
    s->hidden[cell] = hidden;
    transfer_set(s->transfer, cell, s->counts[cell], secondary_transfer_cost(s, cell));
    secondary_price_again(s, cell);
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

bool secondary_has_few(const struct secondary *s)
{
    return s->few;
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
    case PAST_BOUNDED:
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
    s->held = calloc(n, 1);
    s->held_for = calloc(s->cells->structure->unit_count + 1, sizeof *s->held_for);
    s->costs = calloc(n, sizeof *s->costs);
    s->may = calloc(n, 1);
    s->low = malloc(n * sizeof *s->low);
    s->high = malloc(n * sizeof *s->high);
    s->list = malloc(n * sizeof *s->list);
    s->opened = malloc(n * sizeof *s->opened);
    s->regions = (struct deviations **)calloc(s->cells->structure->unit_count + 1,
                                              sizeof(struct deviations *));
    if (!s->held || !s->held_for || !s->costs || !s->may || !s->low || !s->high || !s->list ||
        !s->opened || !s->regions)
        return err_memory(err);
    if (blocks_build(&s->blocks, s->cells, err) != 0 ||
        transfer_open(&s->transfer, &s->blocks, width, err) != 0 ||
        evidence_open(&s->evidence, s->cells->count, s->counts, err) != 0)
        return -1;
    s->barred = SLOT_NONE;
    s->series = s->cells->joint || s->rules->turnover_threshold > 0;
    s->fine = tables_are_fine(s->cells, s->hidden);
    if (s->fine)
        s->iterations_most = 0;
    s->few = s->blocks.class_count <= CELLS_FEW || s->series;
    set_costs(s);
    set_prices(s);
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
    free(s->held);
    free(s->held_for);
    free(s->costs);
    free(s->may);
    free(s->low);
    free(s->high);
    free(s->list);
    free(s->opened);
    free(s);
}

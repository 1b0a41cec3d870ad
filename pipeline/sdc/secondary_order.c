/* SPDX-License-Identifier: EUPL-1.2 */
/* The order in which cells are protected, of include/sdc/secondary.h: what is open, near by and
 * then over everything; what single equations show to be open; what a proof leaves open. */
#include "sdc/secondary_state.h"

#include "sdc/bounds.h"

#include <stdlib.h>
#include <string.h>

/* Open cells times cells: from here on they are looked at together first; sooner where units have
 * many cells, of which a programme takes longer. */
enum { TOGETHER_LEAST = 20000000, TOGETHER_MANY_LEAST = 3300000 };

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

/* Near by: units that are in no domain first, so that entities find what these hide; but where
 * zeros are unsafe, entities hide most of what they have for themselves, and what stands above them
 * then moves for less (not of a series of releases: see set_prices). */
static int protect_near(struct secondary *s, const struct rank *ranks, size_t count, int64_t below,
                        unsigned threads, struct err *err)
{
    size_t above = 0;
    while (above < count && ranks[above].domain == ranks[above].unit)
        above++;
    bool last = s->rules->protect_zeros && !s->series;
    if (!last && secondary_protect_ranked(s, ranks, above, REACH_NEAR, below, err) != 0)
        return -1;
    if (secondary_protect_domains(s, ranks + above, count - above, below, threads, err) != 0)
        return -1;
    return last ? secondary_protect_ranked(s, ranks, above, REACH_NEAR, below, err) : 0;
}

/* What a proof saw is true. */
static void take_seen(struct secondary *s, const struct proof *proof)
{
    for (size_t i = 0; i < proof->cell_count; i++) {
        const struct cell_proof *p = &proof->cells[i];
        if (p->seen_low >= 0) {
            s->low[p->cell] = p->seen_low;
            s->high[p->cell] = p->seen_high;
        }
    }
}

/* Looks for tables that show many of the cells at once, from the true one on. */
static int see_together(struct secondary *s, const struct rank *ranks, size_t count,
                        unsigned threads, struct err *err)
{
    size_t n = s->cells->count;
    int64_t *public_counts = malloc((n + 1) * sizeof *public_counts);
    uint8_t *shown = malloc(n + 1);
    struct view view;
    struct proof proof;
    int rc = public_counts && shown ? 0 : err_memory(err);
    if (rc == 0) {
        memset(shown, 1, n);
        for (size_t i = 0; i < count; i++)
            shown[ranks[i].cell] = 0;
        view_make(&view, s->cells, s->hidden, s->counts, public_counts);
        view.shown = shown;
        view.table = s->counts;
        rc = prove(&proof, &view, s->rules, threads, err);
    }
    if (rc == 0) {
        take_seen(s, &proof);
        proof_release(&proof);
    }
    free(public_counts);
    free(shown);
    return rc;
}

/* Where many are open, most of them need nothing more hidden: tables for all together show that in
 * a fraction of the time of a programme for each. */
static int protect_wide(struct secondary *s, struct rank *ranks, unsigned threads, struct err *err)
{
    size_t count;
    if (list_open(s, ranks, &count, err) != 0)
        return -1;
    size_t least = s->few ? TOGETHER_LEAST : TOGETHER_MANY_LEAST;
    if (!s->fine && count > least / (s->cells->count + 1) &&
        (see_together(s, ranks, count, threads, err) != 0 || list_open(s, ranks, &count, err) != 0))
        return -1;
    return secondary_protect_batches(s, ranks, count, threads, err);
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
        secondary_coarsen(s); /* what stands above then moves for nothing */
        rc = list_open(s, ranks, &count, err);
        if (rc == 0)
            rc = protect_near(s, ranks, count, CIRCUIT_NEVER, threads, err);
        if (rc == 0)
            rc = protect_wide(s, ranks, threads, err);
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
    take_seen(s, proof);
    for (size_t i = 0; i < proof->cell_count; i++)
        if (proof->cells[i].kind == PROOF_NONE)
            ranks[count++] = rank_of(s, proof->cells[i].cell);
    s->strict = true;
    sort_ranks(ranks, count);
    int rc = protect_near(s, ranks, count, 1, threads, err); /* what is free */
    if (rc == 0)
        rc = secondary_protect_batches(s, ranks, count, threads, err);
    free(ranks);
    return rc;
}

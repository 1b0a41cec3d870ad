/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/sdc/primary.h. The rules are design sections 6 and 8. */
#include "sdc/primary.h"

#include <stdlib.h>
#include <string.h>

/* In a published table of this release; a joint system has cells of earlier ones too. */
static bool is_published(const struct cells *c, size_t cell)
{
    return (c->flags[cell] & (CELL_UNPUBLISHED | CELL_EARLIER)) == 0;
}

static bool is_whole_unit(const struct cells *c, size_t cell)
{
    for (size_t v = 0; v < c->stride; v++)
        if (c->categories[cell * c->stride + v] != 0)
            return false;
    return is_published(c, cell);
}

/* People by population and unit; -1 where no table counts them. NULL if memory ran out. */
static int64_t *unit_sizes(const struct cells *c, const int64_t *counts)
{
    size_t units = c->structure->unit_count, n = units * c->structure->population_count;
    int64_t *sizes = malloc((n + 1) * sizeof *sizes);
    if (!sizes)
        return NULL;
    for (size_t i = 0; i < n; i++)
        sizes[i] = -1;
    for (size_t i = 0; i < c->count; i++)
        if (is_whole_unit(c, i))
            sizes[c->population[i] * units + c->unit[i]] = counts[i];
    return sizes;
}

static bool can_be_unsafe(const struct cells *c, size_t cell)
{
    return (c->flags[cell] & CELL_SENSITIVE) && is_published(c, cell);
}

/* Why the cell is unsafe; HIDDEN_SECONDARY: it is not. sizes: of unit_sizes. */
static enum hidden_reason reason_of(const struct cells *c, const int64_t *counts,
                                    const struct disclosure *rules, const uint8_t *turnover,
                                    const int64_t *sizes, size_t cell)
{
    if (!can_be_unsafe(c, cell))
        return HIDDEN_SECONDARY;
    int64_t n = counts[cell];
    int64_t size = sizes[c->population[cell] * c->structure->unit_count + c->unit[cell]];
    bool few = n > 0 && n < rules->threshold;
    bool telling_zero = rules->protect_zeros && n == 0 && counts[c->group[cell]] > 0;
    if (few || telling_zero)
        return HIDDEN_COUNT;
    if (size >= 0 && size < rules->minimum_population)
        return HIDDEN_MINIMUM_POPULATION;
    return turnover && turnover[cell] ? HIDDEN_TURNOVER : HIDDEN_SECONDARY;
}

int primary_find(uint8_t *unsafe, const struct cells *cells, const int64_t *counts,
                 const struct disclosure *rules, const uint8_t *turnover, struct err *err)
{
    int64_t *sizes = unit_sizes(cells, counts);
    if (!sizes)
        return err_memory(err);
    for (size_t i = 0; i < cells->count; i++)
        unsafe[i] = reason_of(cells, counts, rules, turnover, sizes, i) != HIDDEN_SECONDARY;
    free(sizes);
    return 0;
}

int primary_figures(struct hidden_figures *out, const struct cells *cells, const int64_t *counts,
                    const struct disclosure *rules, const uint8_t *turnover,
                    const uint8_t *cumulative, const uint8_t *hidden, struct err *err)
{
    int64_t *sizes = unit_sizes(cells, counts);
    memset(out, 0, sizeof *out);
    if (!sizes)
        return err_memory(err);
    for (size_t i = 0; i < cells->count; i++) {
        if (!hidden[i] || !is_published(cells, i))
            continue;
        enum hidden_reason reason = reason_of(cells, counts, rules, turnover, sizes, i);
        if (reason == HIDDEN_SECONDARY && cumulative && cumulative[i])
            reason = HIDDEN_CUMULATIVE;
        out->cells[reason]++;
        out->sum[reason] += counts[i];
    }
    free(sizes);
    return 0;
}

/* ---- the turnover rule ---- */

struct naming {
    const struct cells *cells;
    const struct turnover *turnover;
    int64_t threshold;
    uint8_t *named;
    uint8_t *settled; /* per cell: the release that counts was met */
    int64_t *then;    /* of one release: past_counts */
};

/* People who came or went in the cell's group since the d-th date are too few. */
static bool is_named(const struct naming *n, size_t d, size_t cell)
{
    const struct turnover *t = n->turnover;
    size_t at = d * t->cells + n->cells->group[cell];
    int64_t moved = t->joined[at] + t->left[at];
    return moved > 0 && moved < n->threshold;
}

/* One release: the cells that it published are settled by it. */
static int name_since(struct naming *n, const struct past_release *r, struct err *err)
{
    date then = r->rules.reference_date;
    size_t d = turnover_find(n->turnover, then);
    bool same_date = then == n->turnover->reference;
    if (d == SIZE_MAX && !same_date)
        return err_set(err, ERR_DATA, "no turnover since the reference date of release %s",
                       r->rules.release);
    if (past_counts(r, n->cells, n->then, err) != 0)
        return -1;
    for (size_t i = 0; i < n->cells->count; i++) {
        if (n->settled[i] || n->then[i] < 0 || !can_be_unsafe(n->cells, i))
            continue;
        n->settled[i] = 1;
        if (!same_date && is_named(n, d, i))
            n->named[i] = 1;
    }
    return 0;
}

int primary_named(uint8_t *named, const struct cells *cells, const struct disclosure *rules,
                  const struct turnover *t, const struct past *past, struct err *err)
{
    struct naming n = {cells, t, rules->turnover_threshold, named, NULL, NULL};
    size_t later = 0; /* the first release of a later date */
    int rc = 0;
    memset(named, 0, cells->count);
    n.settled = calloc(cells->count + 1, 1);
    n.then = malloc((cells->count + 1) * sizeof *n.then);
    if (!n.settled || !n.then) {
        rc = err_memory(err);
        goto out;
    }
    while (later < past->count && past->releases[later].rules.reference_date <= t->reference)
        later++;
    for (size_t i = later; rc == 0 && i > 0; i--)
        rc = name_since(&n, &past->releases[i - 1], err);
    memset(n.settled, 0, cells->count);
    for (size_t i = later; rc == 0 && i < past->count; i++)
        rc = name_since(&n, &past->releases[i], err);
out:
    free(n.settled);
    free(n.then);
    return rc;
}

/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * A whole-number table near an answer that is none, by rounding: audit_range_dive of
 * include/audit/range.h. Branch and bound takes one cell at a time, and in the system of several
 * releases a thousand are not whole; here a quarter of them is rounded before the programme is
 * solved again.
 */
#include "audit/range.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { PORTION = 4 };
static const double WHOLE = 1e-6;

struct rounded {
    double away; /* from the next whole number, */
    double to;   /* which is this */
    uint32_t free_cell;
};

struct dive {
    struct audit_range *r;
    double *least, *most; /* per free cell: its limits before */
    size_t count;         /* free cells that are not whole, those nearest to it first */
    struct rounded *list;
};

static int by_distance(const void *a, const void *b)
{
    const struct rounded *x = a, *y = b;
    if (x->away != y->away)
        return x->away < y->away ? -1 : 1;
    return x->free_cell < y->free_cell ? -1 : x->free_cell > y->free_cell;
}

static void list_fractional(struct dive *d)
{
    d->count = 0;
    for (size_t j = 0; j < d->r->part.free_count; j++) {
        double x = audit_range_value(d->r, j), whole = nearbyint(x), away = fabs(x - whole);
        if (away > WHOLE)
            d->list[d->count++] = (struct rounded){away, whole, (uint32_t)j};
    }
    qsort(d->list, d->count, sizeof *d->list, by_distance);
}

static size_t portion(size_t count)
{
    return (count + PORTION - 1) / PORTION;
}

static void put_back(struct dive *d, size_t free_cell)
{
    audit_range_limit(d->r, free_cell, d->least[free_cell], d->most[free_cell]);
}

/* Rounds some, solves again, and so on until all are whole; where no table has those all, half as
 * many. */
static bool go_down(struct dive *d, size_t nodes)
{
    list_fractional(d);
    for (size_t batch = portion(d->count); batch > 0 && nodes > 0; nodes--) {
        for (size_t i = 0; i < batch; i++)
            audit_range_limit(d->r, d->list[i].free_cell, d->list[i].to, d->list[i].to);
        if (audit_range_resolve(d->r) == RANGE_SOLVED) {
            list_fractional(d);
            if (d->count == 0)
                return audit_range_table(d->r);
            batch = portion(d->count);
        } else {
            for (size_t i = 0; i < batch; i++)
                put_back(d, d->list[i].free_cell);
            batch /= 2;
        }
    }
    return false;
}

bool audit_range_dive(struct audit_range *r, size_t nodes)
{
    size_t n = r->part.free_count;
    struct dive d = {.r = r,
                     .least = malloc((n + 1) * sizeof *d.least),
                     .most = malloc((n + 1) * sizeof *d.most),
                     .list = malloc((n + 1) * sizeof *d.list)};
    bool found = false;
    if (d.least && d.most && d.list) {
        memcpy(d.least, r->least, n * sizeof *d.least);
        memcpy(d.most, r->most, n * sizeof *d.most);
        found = go_down(&d, nodes);
        for (size_t j = 0; j < n; j++)
            put_back(&d, j);
    }
    free(d.least);
    free(d.most);
    free(d.list);
    return found;
}

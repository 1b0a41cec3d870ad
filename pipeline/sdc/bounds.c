/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/sdc/bounds.h. */
#include "sdc/bounds.h"

#include <stdlib.h>

/* Bounds pass from equation to equation; systems of tables settle after a few rounds. */
enum { ROUNDS_MOST = 30 };

static void raise_low(const struct bounds *b, uint32_t cell, int64_t low, bool *news)
{
    if (low > b->low[cell]) {
        b->low[cell] = low;
        *news = true;
    }
}

static void lower_high(const struct bounds *b, uint32_t cell, int64_t high, bool *news)
{
    if (high < b->high[cell]) {
        b->high[cell] = high;
        *news = true;
    }
}

/* One equation: member[0] is the sum of the others. */
static void narrow(const struct bounds *b, const uint32_t *member, size_t count, bool *news)
{
    int64_t low = 0, high = 0;
    size_t endless = 0; /* members without an upper bound: two of them bound nothing */
    for (size_t i = 1; i < count; i++) {
        low += b->low[member[i]];
        if (b->high[member[i]] < BOUND_NONE)
            high += b->high[member[i]];
        else
            endless++;
    }
    raise_low(b, member[0], low, news);
    if (endless == 0)
        lower_high(b, member[0], high, news);
    for (size_t i = 1; i < count; i++) {
        bool own = b->high[member[i]] >= BOUND_NONE;
        int64_t before = b->low[member[i]], others = high - (own ? 0 : b->high[member[i]]);
        if (endless == (own ? 1U : 0U)) {
            raise_low(b, member[i], b->low[member[0]] - others, news);
            low += b->low[member[i]] - before;
        }
        if (b->high[member[0]] < BOUND_NONE) {
            int64_t high_before = b->high[member[i]];
            lower_high(b, member[i], b->high[member[0]] - (low - b->low[member[i]]), news);
            if (own && b->high[member[i]] < BOUND_NONE)
                endless--;
            high +=
                b->high[member[i]] < BOUND_NONE ? b->high[member[i]] - (own ? 0 : high_before) : 0;
        }
    }
}

int bounds_find(struct bounds *b, const struct view *view, struct err *err)
{
    const struct cells *c = view->cells;
    b->low = malloc((c->count + 1) * sizeof *b->low);
    b->high = malloc((c->count + 1) * sizeof *b->high);
    if (!b->low || !b->high)
        return err_memory(err);
    for (size_t i = 0; i < c->count; i++) {
        b->low[i] = view->hidden[i] ? 0 : view->counts[i];
        b->high[i] = view->hidden[i] ? BOUND_NONE : view->counts[i];
    }
    bool news = true;
    for (int round = 0; round < ROUNDS_MOST && news; round++) {
        news = false;
        for (size_t e = 0; e < c->equation_count; e++)
            narrow(b, c->equation_cell + c->equation_start[e],
                   c->equation_start[e + 1] - c->equation_start[e], &news);
    }
    return 0;
}

void bounds_release(struct bounds *b)
{
    free(b->low);
    free(b->high);
    *b = (struct bounds){NULL, NULL};
}

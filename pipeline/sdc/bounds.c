/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/sdc/bounds.h. */
#include "sdc/bounds.h"

#include <stdlib.h>

/* Bounds pass from equation to equation; systems of tables settle after a few rounds. */
enum { ROUNDS_MOST = 30 };

struct outcome {
    bool news;
    bool contradicts; /* a lower bound above an upper one: no table agrees with the view */
};

static void raise_low(const struct bounds *b, uint32_t cell, int64_t low, struct outcome *o)
{
    if (low > b->low[cell]) {
        b->low[cell] = low;
        o->news = true;
        o->contradicts = o->contradicts || low > b->high[cell];
    }
}

static void lower_high(const struct bounds *b, uint32_t cell, int64_t high, struct outcome *o)
{
    if (high < b->high[cell]) {
        b->high[cell] = high;
        o->news = true;
        o->contradicts = o->contradicts || high < b->low[cell];
    }
}

/* One equation: member[0] is the sum of the others. */
static void narrow(const struct bounds *b, const uint32_t *member, size_t count, struct outcome *o)
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
    raise_low(b, member[0], low, o);
    if (endless == 0)
        lower_high(b, member[0], high, o);
    for (size_t i = 1; i < count; i++) {
        bool own = b->high[member[i]] >= BOUND_NONE;
        int64_t before = b->low[member[i]], others = high - (own ? 0 : b->high[member[i]]);
        if (endless == (own ? 1U : 0U)) {
            raise_low(b, member[i], b->low[member[0]] - others, o);
            low += b->low[member[i]] - before;
        }
        if (b->high[member[0]] < BOUND_NONE) {
            int64_t high_before = b->high[member[i]];
            lower_high(b, member[i], b->high[member[0]] - (low - b->low[member[i]]), o);
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
    struct outcome o = {.news = true};
    for (int round = 0; round < ROUNDS_MOST && o.news; round++) {
        o.news = false;
        for (size_t e = 0; e < c->equation_count && !o.contradicts; e++)
            narrow(b, c->equation_cell + c->equation_start[e],
                   c->equation_start[e + 1] - c->equation_start[e], &o);
    }
    return 0;
}

void bounds_release(struct bounds *b)
{
    free(b->low);
    free(b->high);
    *b = (struct bounds){NULL, NULL};
}

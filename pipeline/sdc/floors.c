/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/sdc/floors.h. */
#include "sdc/floors.h"

#include <stdlib.h>

/* Bounds pass from equation to equation; systems of tables settle after a few rounds. */
enum { ROUNDS_MOST = 30 };

static const int64_t ENDLESS = INT64_MAX / 4;

struct bounds {
    int64_t *low, *high; /* per cell; high = ENDLESS: none */
    bool news;
};

static void raise_low(struct bounds *b, uint32_t cell, int64_t low)
{
    if (low > b->low[cell]) {
        b->low[cell] = low;
        b->news = true;
    }
}

static void lower_high(struct bounds *b, uint32_t cell, int64_t high)
{
    if (high < b->high[cell]) {
        b->high[cell] = high;
        b->news = true;
    }
}

/* One equation: member[0] is the sum of the others. */
static void narrow(struct bounds *b, const uint32_t *member, size_t count)
{
    int64_t low = 0, high = 0;
    size_t endless = 0; /* members without an upper bound: two of them bound nothing */
    for (size_t i = 1; i < count; i++) {
        low += b->low[member[i]];
        if (b->high[member[i]] < ENDLESS)
            high += b->high[member[i]];
        else
            endless++;
    }
    raise_low(b, member[0], low);
    if (endless == 0)
        lower_high(b, member[0], high);
    for (size_t i = 1; i < count; i++) {
        bool own = b->high[member[i]] >= ENDLESS;
        int64_t before = b->low[member[i]], others = high - (own ? 0 : b->high[member[i]]);
        if (endless == (own ? 1U : 0U)) {
            raise_low(b, member[i], b->low[member[0]] - others);
            low += b->low[member[i]] - before;
        }
        if (b->high[member[0]] < ENDLESS) {
            int64_t high_before = b->high[member[i]];
            lower_high(b, member[i], b->high[member[0]] - (low - b->low[member[i]]));
            if (own && b->high[member[i]] < ENDLESS)
                endless--;
            high += b->high[member[i]] < ENDLESS ? b->high[member[i]] - (own ? 0 : high_before) : 0;
        }
    }
}

int floors_find(int64_t *floors, const struct view *view, struct err *err)
{
    const struct cells *c = view->cells;
    struct bounds b = {floors, malloc((c->count + 1) * sizeof *b.high), true};
    if (!b.high)
        return err_memory(err);
    for (size_t i = 0; i < c->count; i++) {
        b.low[i] = view->hidden[i] ? 0 : view->counts[i];
        b.high[i] = view->hidden[i] ? ENDLESS : view->counts[i];
    }
    for (int round = 0; round < ROUNDS_MOST && b.news; round++) {
        b.news = false;
        for (size_t e = 0; e < c->equation_count; e++)
            narrow(&b, c->equation_cell + c->equation_start[e],
                   c->equation_start[e + 1] - c->equation_start[e]);
    }
    free(b.high);
    return 0;
}

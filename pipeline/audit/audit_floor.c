/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Bounds that follow from single equations. With total = sum of members and all of them between a
 * lower and an upper bound:
 *     total  >= sum of lower bounds              total  <= sum of upper bounds
 *     member >= total's lower - others' upper    member <= total's upper - others' lower
 * Each is a consequence of what is published, so bounds can only come out too wide, never wrong,
 * however few rounds are made.
 */
#include "audit/case.h"

#include <stdlib.h>

#define UNBOUNDED INT64_C(1000000000000000000)

enum { ROUNDS = 30 };

struct bounds {
    int64_t *low, *high; /* per cell */
    bool changed;
};

static void bound_raise(struct bounds *b, uint32_t cell, int64_t low)
{
    if (low > b->low[cell]) {
        b->low[cell] = low;
        b->changed = true;
    }
}

static void bound_lower(struct bounds *b, uint32_t cell, int64_t high)
{
    if (high < b->high[cell] && high >= 0) {
        b->high[cell] = high;
        b->changed = true;
    }
}

/* Narrows the members of one equation. Sums of upper bounds leave out unbounded members, which are
 * counted: two of them bound nothing, one only itself. Counts are below 10^15 and members fewer
 * than 2^23, but bounds derived from bounds are capped all the same. */
static void narrow(struct bounds *b, const uint32_t *member, size_t count)
{
    int64_t low = 0, high = 0;
    size_t open = 0;
    for (size_t i = 1; i < count; i++) {
        if (low < UNBOUNDED)
            low += b->low[member[i]];
        if (b->high[member[i]] >= UNBOUNDED)
            open++;
        else if (__builtin_add_overflow(high, b->high[member[i]], &high))
            return;
    }
    if (low >= UNBOUNDED)
        return;
    bound_raise(b, member[0], low);
    if (open == 0)
        bound_lower(b, member[0], high);
    for (size_t i = 1; i < count; i++) {
        bool itself_open = b->high[member[i]] >= UNBOUNDED;
        if (b->high[member[0]] < UNBOUNDED)
            bound_lower(b, member[i], b->high[member[0]] - (low - b->low[member[i]]));
        if (open == (itself_open ? 1U : 0U))
            bound_raise(b, member[i],
                        b->low[member[0]] - (high - (itself_open ? 0 : b->high[member[i]])));
    }
}

int audit_floors(const struct audit_case *c, int64_t *floors, struct err *err)
{
    struct bounds b = {.low = floors};
    b.high = malloc((c->cells.count + 1) * sizeof *b.high);
    if (!b.high)
        return err_memory(err);
    for (size_t i = 0; i < c->cells.count; i++) {
        b.low[i] = c->hidden[i] ? 0 : c->counts[i];
        b.high[i] = c->hidden[i] ? UNBOUNDED : c->counts[i];
    }
    b.changed = true;
    for (size_t round = 0; round < ROUNDS && b.changed; round++) {
        b.changed = false;
        for (size_t e = 0; e < c->cells.equation_count; e++)
            narrow(&b, c->cells.equation_cell + c->cells.equation_start[e],
                   c->cells.equation_start[e + 1] - c->cells.equation_start[e]);
    }
    free(b.high);
    return 0;
}

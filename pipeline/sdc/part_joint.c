/* SPDX-License-Identifier: EUPL-1.2 */
/* Steps of a search that a part of a joint system has of its own. See include/sdc/part_search.h. */
#include "sdc/part_search.h"

#include "sdc/joint_programme.h"

#include <stdlib.h>

#define UNBOUNDED (INT64_MAX / 4)

enum { ROUNDS = 30 };

/* ---- a table to start from ---- */

int search_first_joint(struct search *s, bool *found, struct err *err)
{
    struct joint_table t;
    *found = false;
    int rc = joint_table_init(&t, s->system->joint, s->view->counts, err);
    for (size_t u = 0; rc == 0 && u < s->equations.unknowns; u++)
        t.active[s->cells[u]] = t.unknown[s->cells[u]];
    if (rc == 0)
        rc = joint_programme(&t, s->parts, s->part, true, false, found, err);
    if (rc == 0 && *found) {
        transfer_complete(s->transfer, t.counts);
        for (size_t u = 0; u < s->equations.unknowns; u++)
            s->scratch[u] = t.counts[s->cells[u]];
        *found = part_equations_hold(&s->equations, s->scratch);
    }
    joint_table_release(&t);
    return rc;
}

/* ---- bounds ---- */

struct bounds {
    int64_t *low, *high; /* per unknown */
    bool changed;
};

/* What the other terms of an equation leave a term: right - their greatest and least sums. Two
 * unbounded terms bound nothing, one only itself. */
static void narrow(struct bounds *b, const struct part_equations *q, size_t e)
{
    int64_t least = 0, most = 0;
    size_t open_low = 0, open_high = 0; /* terms without a bound on that side */
    for (uint32_t i = q->start[e]; i < q->start[e + 1]; i++) {
        uint32_t u = q->member[i];
        bool plus = q->sign[i] > 0, open = b->high[u] >= UNBOUNDED;
        open_low += !plus && open;
        open_high += plus && open;
        least += plus ? b->low[u] : open ? 0 : -b->high[u];
        most += plus ? (open ? 0 : b->high[u]) : -b->low[u];
    }
    for (uint32_t i = q->start[e]; i < q->start[e + 1]; i++) {
        uint32_t u = q->member[i];
        bool plus = q->sign[i] > 0, open = b->high[u] >= UNBOUNDED;
        int64_t own_least = plus ? b->low[u] : open ? 0 : -b->high[u];
        int64_t own_most = plus ? (open ? 0 : b->high[u]) : -b->low[u];
        int64_t low = b->low[u], high = b->high[u];
        bool from_low = open_low == (size_t)(!plus && open);  /* the others have a least sum */
        bool from_high = open_high == (size_t)(plus && open); /* and a greatest one */
        int64_t above = q->right[e] - (least - own_least), below = q->right[e] - (most - own_most);
        if (from_low && plus && above < high)
            high = above;
        if (from_low && !plus && -above > low)
            low = -above;
        if (from_high && plus && below > low)
            low = below;
        if (from_high && !plus && -below < high)
            high = -below;
        b->changed = b->changed || low != b->low[u] || high != b->high[u];
        b->low[u] = low;
        b->high[u] = high;
    }
}

static void close_by_bounds(struct search *s, const struct bounds *b)
{
    for (size_t i = 0; i < s->target_count; i++) {
        struct target *t = &s->targets[i];
        int64_t low = b->low[t->unknown], high = b->high[t->unknown];
        bool safe = low >= t->needs.floor, lost = !safe && !needs_met(&t->needs, low, high);
        if (t->closed || (!safe && !lost))
            continue;
        t->floor = safe ? low : 0;
        t->closed = true;
        s->open--;
    }
}

/* Sums that wrap around could only come from bounds that are no counts. */
int search_bounds(struct search *s, struct err *err)
{
    const struct part_equations *q = &s->equations;
    struct bounds b = {malloc((q->unknowns + 1) * sizeof *b.low),
                       malloc((q->unknowns + 1) * sizeof *b.high), true};
    if (!b.low || !b.high) {
        free(b.low);
        free(b.high);
        return err_memory(err);
    }
    for (size_t u = 0; u < q->unknowns; u++) {
        b.low[u] = q->known[u] < 0 ? 0 : q->known[u];
        b.high[u] = q->known[u] < 0 ? UNBOUNDED : q->known[u];
    }
    for (int round = 0; round < ROUNDS && b.changed; round++) {
        b.changed = false;
        for (size_t e = 0; e < q->count; e++)
            narrow(&b, q, e);
    }
    close_by_bounds(s, &b);
    free(b.low);
    free(b.high);
    return 0;
}

/* SPDX-License-Identifier: EUPL-1.2 */
/* search_grow of include/sdc/part_search.h.
 *
 * GROWTH. Exchanges from the last table of the pool, each from where the one before left it: one
 * open cell after the other goes up as far as it must be seen, and cells that stand there are not
 * lowered below that any more. So a single table shows many cells, as a vertex does, without a
 * programme. The next growth starts from it, where other cells have somebody to give. */
#include "sdc/part_search.h"

#include <stdlib.h>
#include <string.h>

/* An exchange is found soon or not at all, and those that are not take nearly all of the time. */
static const struct effort EFFORT = {
    .partners = 1, .nodes = 20, .legs = 3, .rounds = 1, .least = 1};

enum { GOOD_PART = 32 }; /* a growth must close more than one in so many, or it is the last */

struct growth {
    struct search *s;
    int64_t *now;  /* per unknown: the table */
    int64_t *held; /* and below what it must not go; 0 = as low as can be */
};

/* Everything that the exchanges may move, from the last table. */
static void start(struct growth *g)
{
    struct search *s = g->s;
    size_t n = s->equations.unknowns;
    memcpy(g->now, s->tables[s->table_count - 1], n * sizeof *g->now);
    memset(g->held, 0, n * sizeof *g->held);
    for (size_t u = 0; u < n; u++)
        transfer_set(s->transfer, s->cells[u], g->now[u],
                     s->equations.known[u] < 0 ? 0 : CIRCUIT_NEVER);
}

static void end(const struct growth *g)
{
    const struct search *s = g->s;
    for (size_t u = 0; u < s->equations.unknowns; u++)
        transfer_set(s->transfer, s->cells[u], 0, CIRCUIT_NEVER);
}

/* To exchanges, a cell has as many people as it can give. */
static void set_room(const struct growth *g, size_t unknown)
{
    transfer_set(g->s->transfer, g->s->cells[unknown], g->now[unknown] - g->held[unknown], 0);
}

static int raise(struct growth *g, const struct target *t, int64_t wanted, struct err *err)
{
    struct move m;
    int64_t cost;
    if (transfer_solve(g->s->transfer, t->cell, wanted - g->now[t->unknown], 1, &EFFORT, &m, &cost,
                       err) != 0)
        return -1;
    for (size_t i = 0; m.possible && i < m.count; i++) {
        size_t unknown = search_unknown_of(g->s, m.cells[i]);
        g->now[unknown] += m.by[i];
        set_room(g, unknown);
    }
    move_release(&m);
    return 0;
}

static int raise_and_hold(struct growth *g, const struct target *t, struct err *err)
{
    int64_t wanted = search_wanted_high(t);
    if (g->now[t->unknown] < wanted && raise(g, t, wanted, err) != 0)
        return -1;
    if (g->now[t->unknown] >= wanted) {
        g->held[t->unknown] = wanted;
        set_room(g, t->unknown);
    }
    return 0;
}

static int grow(struct growth *g, struct err *err)
{
    struct search *s = g->s;
    int rc = 0;
    start(g);
    for (size_t i = 0; i < s->target_count && rc == 0; i++)
        if (!s->targets[i].closed && s->equations.known[s->targets[i].unknown] < 0)
            rc = raise_and_hold(g, &s->targets[i], err);
    end(g);
    if (rc != 0 || !part_equations_hold(&s->equations, g->now)) /* they do; no witness unchecked */
        return rc;
    memcpy(s->scratch, g->now, s->equations.unknowns * sizeof *g->now);
    return search_pool_offer(s, err);
}

int search_grow(struct search *s, struct err *err)
{
    if (!s->transfer || s->system->joint || !s->table_count)
        return 0;
    size_t n = s->equations.unknowns + 1, before = SIZE_MAX;
    struct growth g = {
        .s = s, .now = malloc(n * sizeof *g.now), .held = malloc(n * sizeof *g.held)};
    int rc = g.now && g.held ? 0 : err_memory(err);
    while (rc == 0 && s->open && (before == SIZE_MAX || (before - s->open) * GOOD_PART > before)) {
        before = s->open;
        rc = grow(&g, err);
    }
    free(g.now);
    free(g.held);
    return rc;
}

/* SPDX-License-Identifier: EUPL-1.2 */
/* search_turns of include/sdc/part_search.h, for parts of several releases, in which cells stand in
 * each other's way: each is pulled now and then without most of the others.
 *
 * Two vertices at a time, whatever the number of threads, in which different cells have their turn.
 */
#include "sdc/part_search.h"

#include "base/parallel.h"

#include <stdlib.h>
#include <string.h>

/* On as long as turns close a few cells each: then these alone. */
enum {
    ABREAST = 2,
    IDLE_MOST = 2,
    CLOSED_LEAST = 3,
    RESTART_LEAST = 128,  /* so many cells pulled anew: the last vertex is no place to start from */
    REPAIRED_MOST = 20000 /* unknowns of a part: in larger ones it takes minutes to make a
                             fractional vertex whole */
};

/* What a cell that does not have its turn weighs; and of those that have, which part must get
 * where it is pulled, or fewer have their turn next time, or more. */
static const double HARDLY = 1.0 / 64, GOT_FEW = 0.12, GOT_MANY = 0.3, FEWER = 0.5, MORE = 1.5,
                    SHARE_MOST = 1.0 / ABREAST;

struct turns {
    struct search *s;
    struct lane { /* one of the programmes that are solved at a time */
        struct linear *linear;
        size_t pulled; /* cells that have their turn in it */
        int64_t *values;
        bool found;
    } lanes[ABREAST];
};

/* Each step of the way to where it must still be seen is the same part of it: so that a sum of many
 * is how many get there. */
void search_turn(uint32_t *random, struct linear *linear, const struct target *t, bool turn)
{
    int64_t low = t->high - t->needs.width, high = search_wanted_high(t);
    bool down = turn && t->low_at != TABLE_NONE && t->low > 0 && low >= 0;
    if (down && search_chance(random) < 0.5)
        linear_weigh(linear, t->unknown, 0, -1 / (double)t->needs.width, low);
    else
        linear_weigh(linear, t->unknown, (turn ? 1 : HARDLY) / (double)(high + 1), 0, high);
}

double search_share(double share, double most, size_t pulled, size_t got)
{
    if ((double)got < GOT_FEW * (double)pulled)
        return share * FEWER;
    return (double)got > GOT_MANY * (double)pulled && share * MORE < most ? share * MORE : share;
}

/* Weighs the open cells, `share` of which have their turn in each lane; returns how many have. */
static size_t pull_all(struct turns *w, double share)
{
    struct search *s = w->s;
    size_t pulled = 0;
    for (size_t k = 0; k < ABREAST; k++) {
        linear_unweigh(w->lanes[k].linear);
        w->lanes[k].pulled = 0;
    }
    for (size_t i = 0; i < s->target_count; i++) {
        const struct target *t = &s->targets[i];
        if (t->closed)
            continue;
        size_t own = (size_t)(search_chance(&s->random) / share); /* ABREAST or more: none */
        for (size_t k = 0; k < ABREAST; k++) {
            search_turn(&s->random, w->lanes[k].linear, t, k == own);
            w->lanes[k].pulled += k == own;
        }
        pulled += own < ABREAST;
    }
    return pulled;
}

static int solve_lane(void *context, unsigned worker, size_t lane, struct err *err)
{
    struct turns *w = context;
    struct lane *l = &w->lanes[lane];
    (void)worker;
    if (l->pulled >= RESTART_LEAST)
        linear_restart(l->linear);
    if (linear_maximise(l->linear, err) != 0)
        return -1;
    if (w->s->equations.unknowns <= REPAIRED_MOST)
        return linear_repair(l->linear, l->values, &l->found, err);
    l->found = linear_whole(l->linear, l->values);
    return 0;
}

/* *whole: one of the vertices is. */
static int solve_all(struct turns *w, bool *whole, struct err *err)
{
    struct search *s = w->s;
    *whole = false;
    s->effort += ABREAST * s->equations.unknowns;
    if (parallel_items(s->threads, ABREAST, solve_lane, w, err) != 0)
        return -1;
    for (size_t k = 0; k < ABREAST; k++) {
        memcpy(s->scratch, w->lanes[k].values, s->equations.unknowns * sizeof *s->scratch);
        if (w->lanes[k].found && search_pool_offer(s, err) != 0)
            return -1;
        *whole = *whole || w->lanes[k].found;
    }
    return 0;
}

static int take_turns(struct turns *w, struct err *err)
{
    struct search *s = w->s;
    double share = SHARE_MOST;
    for (int idle = 0; s->open && idle < IDLE_MOST;) {
        size_t before = s->open, pulled = pull_all(w, share);
        bool whole;
        if (solve_all(w, &whole, err) != 0)
            return -1;
        size_t got = before - s->open;
        share = search_share(share, SHARE_MOST, pulled, got);
        idle = got >= ABREAST * CLOSED_LEAST ? 0 : idle + 1;
        s->fractional = !whole && idle == IDLE_MOST;
    }
    return 0;
}

/* The search's own programme is the first lane's. */
static int open_lanes(struct turns *w, struct err *err)
{
    struct search *s = w->s;
    w->lanes[0].linear = s->linear;
    for (size_t k = 0; k < ABREAST; k++) {
        w->lanes[k].values = malloc((s->equations.unknowns + 1) * sizeof *w->lanes[k].values);
        if (!w->lanes[k].values)
            return err_memory(err);
        if (k > 0 && search_open_linear(s, &w->lanes[k].linear, err) != 0)
            return -1;
    }
    return 0;
}

static void close_lanes(struct turns *w)
{
    for (size_t k = 0; k < ABREAST; k++) {
        free(w->lanes[k].values);
        if (k > 0) {
            w->s->solved += w->lanes[k].linear ? linear_solved(w->lanes[k].linear) : 0;
            linear_close(w->lanes[k].linear);
        }
    }
}

int search_turns(struct search *s, struct err *err)
{
    struct turns w = {.s = s};
    if (s->open == 0 || s->table_count == 0)
        return 0;
    int rc = open_lanes(&w, err);
    if (rc == 0)
        rc = take_turns(&w, err);
    close_lanes(&w);
    return rc;
}

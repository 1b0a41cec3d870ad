/* SPDX-License-Identifier: EUPL-1.2 */
/* search_turns of include/sdc/part_search.h, for parts of several releases, in which cells stand in
 * each other's way: each is pulled now and then without most of the others. */
#include "sdc/part_search.h"

/* On as long as turns close a few cells each: then these alone. */
enum { IDLE_MOST = 3, CLOSED_LEAST = 3, UNKNOWNS_MOST = 20000 };

/* What a cell that does not have its turn weighs; and of those that have, which part must get
 * where it is pulled, or fewer have their turn next time, or more. */
static const double HARDLY = 1.0 / 64, GOT_FEW = 0.12, GOT_MANY = 0.3, FEWER = 0.5, MORE = 1.5;

/* To what must still be seen of it, up or down, each step of the way the same part of it: so that a
 * sum of many is how many get there. */
static void pull(struct search *s, const struct target *t, bool turn)
{
    int64_t low = t->high - t->needs.width, high = search_wanted_high(t);
    bool down = turn && t->low_at != TABLE_NONE && t->low > 0 && low >= 0;
    if (down && search_chance(&s->random) < 0.5)
        linear_weigh(s->linear, t->unknown, 0, -1 / (double)t->needs.width, low);
    else
        linear_weigh(s->linear, t->unknown, (turn ? 1 : HARDLY) / (double)(high + 1), 0, high);
}

/* Weighs the open cells; returns how many have their turn. */
static size_t pull_all(struct search *s, double share)
{
    size_t turns = 0;
    linear_unweigh(s->linear);
    for (size_t i = 0; i < s->target_count; i++) {
        const struct target *t = &s->targets[i];
        if (t->closed)
            continue;
        bool turn = search_chance(&s->random) < share;
        turns += turn;
        pull(s, t, turn);
    }
    return turns;
}

bool search_takes_turns(const struct search *s)
{
    return s->system->joint && s->equations.unknowns <= UNKNOWNS_MOST;
}

int search_turns(struct search *s, struct err *err)
{
    double share = FEWER;
    for (int idle = 0; s->open && s->table_count && idle < IDLE_MOST;) {
        bool found;
        size_t before = s->open, turns = pull_all(s, share);
        s->effort += s->equations.unknowns;
        if (linear_maximise(s->linear, err) != 0 ||
            linear_repair(s->linear, s->scratch, &found, err) != 0 ||
            (found && search_pool_offer(s, err) != 0))
            return -1;
        size_t got = before - s->open;
        if ((double)got < GOT_FEW * (double)turns)
            share *= FEWER;
        else if ((double)got > GOT_MANY * (double)turns && share * MORE < 1)
            share *= MORE;
        idle = got >= CLOSED_LEAST ? 0 : idle + 1;
    }
    return 0;
}

/* SPDX-License-Identifier: EUPL-1.2 */
/* search_turns and search_thin of include/sdc/part_search.h, for parts of several releases, whose
 * tables are large: as few as can be. */
#include "sdc/part_search.h"

#include <stdlib.h>

enum { IDLE_MOST = 3, CLOSED_FEW = 2 };

/* What a cell that does not have its turn weighs; and of those that have, which part must get
 * where it is pulled, or fewer have their turn next time, or more. */
static const double HARDLY = 1.0 / 64, GOT_FEW = 0.12, GOT_MANY = 0.3, FEWER = 0.5, MORE = 1.5;

/* To what must still be seen of it, up or down, each step of the way the same part of it: so that a
 * sum of many is how many get there. */
static void pull(struct search *s, const struct target *t, double weight)
{
    int64_t low = t->high - t->needs.width, high = search_wanted_high(t);
    if (t->low_at != TABLE_NONE && t->low > 0 && low >= 0 && search_chance(&s->random) < 0.5)
        linear_weigh(s->linear, t->unknown, 0, -weight / (double)t->needs.width, low);
    else
        linear_weigh(s->linear, t->unknown, weight / (double)(high + 1), 0, high);
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
        pull(s, t, turn ? 1 : HARDLY * search_chance(&s->random));
    }
    return turns;
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
        idle = got > CLOSED_FEW ? 0 : idle + 1;
    }
    return 0;
}

/* The least and the greatest value of the unknown among the tables that are kept. */
static struct target seen(const struct search *s, const uint8_t *dropped, const struct target *of)
{
    struct target t = *of;
    t.low_at = t.high_at = TABLE_NONE;
    t.closed = false; /* or nothing would be noticed */
    for (size_t k = 0; k < s->table_count; k++)
        if (!dropped[k])
            (void)target_notice(&t, s->tables[k][t.unknown], (int)k);
    return t;
}

/* Does every cell that the table is needed for have two others that show the same? */
static bool can_drop(const struct search *s, const uint8_t *dropped, size_t table)
{
    for (size_t i = 0; i < s->target_count; i++) {
        const struct target *t = &s->targets[i];
        if (!target_paired(t) || (t->low_at != (int)table && t->high_at != (int)table))
            continue;
        struct target other = seen(s, dropped, t);
        if (!target_paired(&other))
            return false;
    }
    return true;
}

static void drop(struct search *s, const uint8_t *dropped, size_t table)
{
    for (size_t i = 0; i < s->target_count; i++) {
        struct target *t = &s->targets[i];
        if (!target_paired(t) || (t->low_at != (int)table && t->high_at != (int)table))
            continue;
        *t = seen(s, dropped, t);
        t->closed = true;
    }
}

int search_thin(struct search *s, struct err *err)
{
    uint8_t *dropped = calloc(s->table_count + 1, 1);
    if (!dropped)
        return err_memory(err);
    for (size_t k = 0; k < s->table_count; k++) {
        dropped[k] = 1;
        if (can_drop(s, dropped, k))
            drop(s, dropped, k);
        else
            dropped[k] = 0;
    }
    free(dropped);
    return 0;
}

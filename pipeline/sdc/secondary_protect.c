/* SPDX-License-Identifier: EUPL-1.2 */
/* How one cell is protected: the cheapest of a few plans. See include/sdc/secondary.h. */
#include "sdc/secondary_state.h"

#include <stdlib.h>
#include <string.h>

/* A region of at most this many cells is worth a programme for each of its cells. So are larger
 * ones of a system that is not too large when intervals must be wide: there programmes, which
 * spread a change over many cells that are hidden already, hide a third less than exchanges do. */
enum { REGION_SMALL = 140, SYSTEM_MEDIUM = 9000 };

/* Where the changes of a plan come from: a region's programme (0 = everything), or exchanges. */
enum { BY_EXCHANGE = -1 };

static void range_of(const struct secondary *s, uint32_t cell, int64_t *low, int64_t *high)
{
    evidence_range(s->evidence, cell, low, high);
    if (s->low[cell] > s->high[cell])
        return;
    *low = s->low[cell] < *low ? s->low[cell] : *low;
    *high = s->high[cell] > *high ? s->high[cell] : *high;
}

bool secondary_is_met(const struct secondary *s, uint32_t cell)
{
    int64_t low, high;
    struct needs needs = needs_of(&s->view, s->rules, cell);
    range_of(s, cell, &low, &high);
    return needs_met(&needs, low, high);
}

struct task {
    uint32_t cell;
    int how;
    int64_t below;
    struct effort effort;
    struct needs needs;
    int64_t low, high; /* seen so far */
    int64_t most;      /* it cannot be more */
};

struct plan {
    struct move moves[2];
    size_t count;
    int64_t cost;
    bool enough; /* it protects the cell */
};

static void plan_release(struct plan *p)
{
    for (size_t i = 0; i < p->count; i++)
        move_release(&p->moves[i]);
    *p = (struct plan){.count = 0};
}

static int64_t move_cost(const struct secondary *s, const struct move *m)
{
    int64_t cost = 0;
    for (size_t i = 0; i < m->count; i++)
        if (!s->hidden[m->cells[i]])
            cost += s->costs[m->cells[i]];
    return cost;
}

static int plan_step(struct secondary *s, const struct task *t, int64_t to, struct plan *p,
                     struct err *err)
{
    int64_t by = to - s->counts[t->cell], paid = 0;
    struct move *m = &p->moves[p->count];
    if (t->how == BY_EXCHANGE) {
        if (transfer_solve(s->transfer, t->cell, by, t->below - p->cost, &t->effort, m, &paid,
                           err) != 0)
            return -1;
    } else if (deviations_solve(s->regions[t->how], t->cell, by, m, err) != 0) {
        return -1;
    }
    p->count++;
    p->cost += m->possible ? move_cost(s, m) : 0;
    p->enough = p->enough && m->possible && p->cost < t->below;
    return 0;
}

/* Up as far as the cell must be seen, then down for the rest of the width. The second change gets
 * the cells of the first for nothing. */
static int plan_both_ways(struct secondary *s, const struct task *t, int64_t high, struct plan *p,
                          struct err *err)
{
    int64_t low = (high > t->high ? high : t->high) - t->needs.width;
    *p = (struct plan){.enough = low >= 0 && high <= t->most};
    if (!p->enough)
        return 0;
    if (high > t->high && plan_step(s, t, high, p, err) != 0)
        return -1;
    if (!p->enough || low >= t->low)
        return 0;
    size_t mark = s->opened_count;
    for (size_t i = 0; p->count && i < p->moves[0].count; i++)
        if (!s->hidden[p->moves[0].cells[i]])
            secondary_set_hidden(s, p->moves[0].cells[i], 1);
    int rc = plan_step(s, t, low, p, err);
    secondary_take_back(s, mark);
    return rc;
}

static int plan_up(struct secondary *s, const struct task *t, int64_t high, struct plan *p,
                   struct err *err)
{
    *p = (struct plan){.enough = high <= t->most};
    return p->enough && high > t->high ? plan_step(s, t, high, p, err) : 0;
}

/* Keeps the cheaper of the two in *best. */
static void choose(struct plan *best, struct plan *other)
{
    bool better = other->enough && other->count && (!best->enough || other->cost < best->cost);
    if (better) {
        plan_release(best);
        *best = *other;
    } else {
        plan_release(other);
    }
}

/* The cheapest plan of one kind, if it is cheaper than *best. */
static int make_plans(struct secondary *s, struct task *t, struct plan *best, struct err *err)
{
    struct plan p;
    int64_t wide = t->low + t->needs.width, count = s->counts[t->cell];
    int64_t up = wide > t->needs.high ? wide : t->needs.high;
    int64_t least = t->needs.high > count ? t->needs.high : count;
    if (t->how != BY_EXCHANGE && secondary_open_region(s, (size_t)t->how, err) != 0)
        return -1;
    if (plan_up(s, t, up, &p, err) != 0)
        return -1;
    choose(best, &p);
    if (best->enough && best->cost == 0)
        return 0;
    t->below = best->enough ? best->cost : t->below;
    if (plan_both_ways(s, t, least, &p, err) != 0)
        return -1;
    choose(best, &p);
    /* When neither does: to the width and to zero, whichever ends lie in reach. */
    if (!best->enough &&
        plan_both_ways(s, t, least > t->needs.width ? least : t->needs.width, &p, err) != 0)
        return -1;
    if (!best->enough)
        choose(best, &p);
    return 0;
}

/* Hides what the plan moves, and keeps what it shows. */
static int adopt(struct secondary *s, struct plan *p, struct err *err)
{
    for (size_t k = 0; k < p->count; k++) {
        struct move *m = &p->moves[k];
        uint32_t id;
        for (size_t i = 0; i < m->count; i++)
            if (!s->hidden[m->cells[i]])
                secondary_set_hidden(s, m->cells[i], 1);
        if (m->whole && evidence_add(s->evidence, m, &id, err) != 0)
            return -1;
    }
    return 0;
}

static size_t region_size(const struct secondary *s, size_t region)
{
    const struct blocks *b = &s->blocks;
    return (b->child_start[region + 1] - b->child_start[region]) * b->class_count;
}

bool secondary_is_medium(const struct secondary *s)
{
    return s->rules->interval && s->cells->count <= SYSTEM_MEDIUM && !s->cells->joint;
}

static bool worth_programmes(const struct secondary *s, size_t region)
{
    if (secondary_is_medium(s))
        return true;
    return region != 0 && !s->cells->joint && region_size(s, region) <= REGION_SMALL;
}

static int find_plan(struct secondary *s, struct task *t, bool programmes, struct plan *best,
                     struct err *err)
{
    size_t home = secondary_region(s, t->cell);
    t->how = programmes && worth_programmes(s, home) ? (int)home : BY_EXCHANGE;
    if (make_plans(s, t, best, err) != 0)
        return -1;
    t->how = 0;
    return best->enough || !programmes ? 0 : make_plans(s, t, best, err);
}

int secondary_protect(struct secondary *s, uint32_t cell, int64_t below, bool programmes,
                      bool *enough, int64_t *cost, struct err *err)
{
    uint32_t group = s->cells->group[cell];
    struct task t = {.cell = cell, .below = below};
    struct plan best = {.count = 0};
    t.effort = effort_for(&s->blocks, programmes);
    t.needs = needs_of(&s->view, s->rules, cell);
    t.most = s->hidden[group] ? INT64_MAX : s->counts[group];
    range_of(s, cell, &t.low, &t.high);
    *cost = 0;
    *enough = needs_met(&t.needs, t.low, t.high);
    if (*enough)
        return 0;
    int rc = find_plan(s, &t, programmes, &best, err);
    *enough = best.enough;
    *cost = best.cost;
    if (rc == 0 && best.enough)
        rc = adopt(s, &best, err);
    plan_release(&best);
    return rc;
}

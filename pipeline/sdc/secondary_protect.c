/* SPDX-License-Identifier: EUPL-1.2 */
/* How one cell is protected: the cheapest of a few plans. See include/sdc/secondary.h. */
#include "sdc/secondary_state.h"

#include <stdlib.h>
#include <string.h>

/* What costs as much near by, in sixteenths (sdc/secondary.h), is looked for everywhere. */
static const int64_t DEAR = 16 * 300;

/* By proofs, or in the true table. */
static void seen(const struct secondary *s, uint32_t cell, int64_t *low, int64_t *high)
{
    *low = *high = s->counts[cell];
    if (s->low[cell] > s->high[cell])
        return;
    *low = s->low[cell] < *low ? s->low[cell] : *low;
    *high = s->high[cell] > *high ? s->high[cell] : *high;
}

void secondary_range(const struct secondary *s, uint32_t cell, int64_t *low, int64_t *high)
{
    seen(s, cell, low, high);
    evidence_widen(s->evidence, cell, low, high);
}

bool secondary_is_met(const struct secondary *s, uint32_t cell)
{
    int64_t low, high;
    struct needs needs = needs_of(&s->view, s->rules, cell);
    seen(s, cell, &low, &high);
    return evidence_meets(s->evidence, cell, &needs, low, high);
}

struct task {
    uint32_t cell;
    struct deviations *region; /* where changes come from; NULL = exchanges */
    int64_t below;
    struct effort effort;
    struct needs needs;
    int64_t low, high; /* seen so far */
    int64_t most;      /* it cannot be more */
};

void plan_release(struct plan *p)
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
    if (!t->region) {
        if (transfer_solve(s->transfer, t->cell, by, t->below - p->cost, &t->effort, m, &paid,
                           err) != 0)
            return -1;
    } else {
        if (deviations_solve(t->region, t->cell, by, m, err) != 0)
            return -1;
        s->iterations += deviations_iterations(t->region);
    }
    p->count++;
    p->cost += m->possible ? move_cost(s, m) : 0;
    p->enough = p->enough && m->possible && (m->whole || !s->strict) && p->cost < t->below;
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
    if (plan_up(s, t, up, &p, err) != 0)
        return -1;
    choose(best, &p);
    if (best->enough && best->cost == 0)
        return 0;
    t->below = best->enough ? best->cost : t->below;
    if (least != up) { /* or else it would be the same */
        if (plan_both_ways(s, t, least, &p, err) != 0)
            return -1;
        choose(best, &p);
    }
    /* When neither does: to the width and to zero, whichever ends lie in reach. */
    if (!best->enough &&
        plan_both_ways(s, t, least > t->needs.width ? least : t->needs.width, &p, err) != 0)
        return -1;
    if (!best->enough)
        choose(best, &p);
    return 0;
}

int secondary_adopt(struct secondary *s, struct plan *p, struct err *err)
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

/* First what moves hidden cells only, by exchanges: most cells need no more. */
static int find_free_plan(struct secondary *s, struct task *t, struct plan *best, struct err *err)
{
    int64_t below = t->below;
    t->below = below < 1 ? below : 1;
    int rc = make_plans(s, t, best, err);
    t->below = below;
    return rc;
}

static int find_in_region(struct secondary *s, struct task *t, enum region region,
                          struct plan *best, struct err *err)
{
    if (secondary_region(s, t->cell, region, &t->region, err) != 0)
        return -1;
    int rc = make_plans(s, t, best, err);
    t->region = NULL;
    return rc;
}

/* Exchanges first, then programmes near by, and over everything where that is dear; when none is,
 * exchanges at any cost. */
static int find_plan(struct secondary *s, struct task *t, enum reach reach, struct plan *best,
                     struct err *err)
{
    if (reach == REACH_EXCHANGES || s->iterations >= s->iterations_most)
        return make_plans(s, t, best, err);
    if (find_free_plan(s, t, best, err) != 0)
        return -1;
    if (!best->enough && find_in_region(s, t, REGION_DOMAIN, best, err) != 0)
        return -1;
    uint32_t unit = s->cells->unit[t->cell];
    bool dear = !best->enough || best->cost > DEAR, inside = secondary_domain(s, unit) != unit;
    if (dear && inside && reach == REACH_WIDE && find_in_region(s, t, REGION_MANY, best, err) != 0)
        return -1;
    if (!best->enough && reach == REACH_WIDE && !secondary_reach_is_all(s) &&
        find_in_region(s, t, REGION_ALL, best, err) != 0)
        return -1;
    if (best->cost > DEAR && reach == REACH_NEAR)
        plan_release(best);
    return best->enough || reach == REACH_NEAR ? 0 : make_plans(s, t, best, err);
}

int secondary_plan(struct secondary *s, uint32_t cell, int64_t below, enum reach reach,
                   struct plan *plan, struct err *err)
{
    uint32_t group = s->cells->group[cell];
    struct task t = {.cell = cell, .below = below};
    *plan = (struct plan){.count = 0};
    t.effort = effort_for(&s->blocks, reach != REACH_EXCHANGES);
    t.needs = needs_of(&s->view, s->rules, cell);
    t.most = s->hidden[group] ? INT64_MAX : s->counts[group];
    secondary_range(s, cell, &t.low, &t.high);
    plan->enough = needs_met(&t.needs, t.low, t.high);
    return plan->enough ? 0 : find_plan(s, &t, reach, plan, err);
}

int secondary_protect(struct secondary *s, uint32_t cell, int64_t below, enum reach reach,
                      bool *enough, int64_t *cost, struct err *err)
{
    struct plan plan;
    int rc = secondary_plan(s, cell, below, reach, &plan, err);
    *enough = plan.enough;
    *cost = plan.cost;
    if (rc == 0 && plan.enough)
        rc = secondary_adopt(s, &plan, err);
    plan_release(&plan);
    return rc;
}

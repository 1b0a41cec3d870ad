/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/report/growth.h. */
#include "report/growth.h"

#include <math.h>

/* Counts of one unit, or of several together, at both dates. */
struct both {
    double part[2], whole[2];
};

enum { THEN, NOW };

static bool counts_of(const struct view *v, const struct share_config *share, size_t unit,
                      struct both *b)
{
    const struct view_point *const points[2] = {v->previous, v->now};
    struct view_share s = view_share_at(v, share, unit);
    for (int t = THEN; t <= NOW; t++) {
        int64_t part = view_count(points[t], s.part), whole = view_count(points[t], s.whole);
        if (part < 0 || whole < 0)
            return false;
        b->part[t] = (double)part;
        b->whole[t] = (double)whole;
    }
    return true;
}

/* Is the unit in scope at both dates? */
static bool stays(const struct view *v, size_t unit)
{
    return v->previous->scope[unit] != 0 && v->now->scope[unit] != 0;
}

static void add(struct both *sum, const struct both *b)
{
    for (int t = THEN; t <= NOW; t++) {
        sum->part[t] += b->part[t];
        sum->whole[t] += b->whole[t];
    }
}

/* A unit of nobody has the share of its other date: it has no weight there. */
static double share_at(const struct both *b, int t)
{
    int with = b->whole[t] > 0 ? t : NOW - t;
    return b->whole[with] > 0 ? b->part[with] / b->whole[with] : 0;
}

static bool same_meaning(const struct view *v, const struct share_config *share, size_t unit)
{
    struct view_point then = *v->previous;
    struct view_share s = view_share_at(v, share, unit);
    then.scope = v->now->scope; /* scope is what is to be explained */
    return s.part != SIZE_MAX && view_comparable(v, &then, v->now, s.part);
}

bool growth_explain(const struct view *v, const struct share_config *share, size_t unit,
                    struct growth *g)
{
    const struct structure *s = &v->rules->structure;
    struct both whole = {{0}, {0}}, staying = {{0}, {0}}, child;
    size_t children = 0;
    if (!v->previous || !same_meaning(v, share, unit) || !counts_of(v, share, unit, &whole) ||
        whole.whole[THEN] <= 0 || whole.whole[NOW] <= 0)
        return false;
    for (size_t u = unit + 1; u < s->unit_count; u++) {
        if (s->units[u].parent != (int)unit || !stays(v, u))
            continue;
        if (v->previous->scope[u] != v->now->scope[u] || !counts_of(v, share, u, &child))
            return false;
        add(&staying, &child);
        children++;
    }
    if (children == 0 || staying.whole[THEN] <= 0 || staying.whole[NOW] <= 0)
        return false;
    *g = (struct growth){0, 0, 0};
    for (size_t u = unit + 1; u < s->unit_count; u++) {
        if (s->units[u].parent != (int)unit || !stays(v, u) || !counts_of(v, share, u, &child))
            continue;
        double weight[2] = {child.whole[THEN] / staying.whole[THEN],
                            child.whole[NOW] / staying.whole[NOW]};
        double shares[2] = {share_at(&child, THEN), share_at(&child, NOW)};
        g->composition += (weight[NOW] - weight[THEN]) * (shares[THEN] + shares[NOW]) / 2;
        g->within += (shares[NOW] - shares[THEN]) * (weight[THEN] + weight[NOW]) / 2;
    }
    g->scope = (share_at(&whole, NOW) - share_at(&staying, NOW)) -
               (share_at(&whole, THEN) - share_at(&staying, THEN));
    return true;
}

int64_t growth_tenths(double effect)
{
    return (int64_t)llround(effect * 1000);
}

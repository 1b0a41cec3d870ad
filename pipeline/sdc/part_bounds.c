/* SPDX-License-Identifier: EUPL-1.2 */
/* search_bounds of include/sdc/part_search.h. */
#include "sdc/part_search.h"

#include <stdlib.h>

/* Bounds pass from equation to equation; systems of tables settle after a few rounds. */
enum { ROUNDS_MOST = 30 };

static const int64_t ENDLESS = INT64_MAX / 4;

struct bounds {
    const struct part_equations *q;
    int64_t *low, *high; /* per unknown; high = ENDLESS: none */
};

struct sum { /* of a side of an equation: finite part, and how many terms have no bound */
    int64_t value;
    size_t endless;
};

static void add(struct sum *s, int64_t bound, int sign)
{
    if (bound >= ENDLESS)
        s->endless++;
    else
        s->value += sign * bound;
}

/* The sum without one of its terms; false: it has no bound. */
static bool without(const struct sum *s, int64_t bound, int sign, int64_t *value)
{
    bool own = bound >= ENDLESS;
    *value = own ? s->value : s->value - sign * bound;
    return s->endless == (own ? 1U : 0U);
}

/* Each member is what the others leave: sign x = right - others. */
static bool narrow(struct bounds *b, size_t e)
{
    const struct part_equations *q = b->q;
    struct sum least = {0}, most = {0}; /* of all members */
    bool news = false;
    for (uint32_t i = q->start[e]; i < q->start[e + 1]; i++) {
        uint32_t u = q->member[i];
        add(&least, q->sign[i] > 0 ? b->low[u] : b->high[u], q->sign[i]);
        add(&most, q->sign[i] > 0 ? b->high[u] : b->low[u], q->sign[i]);
    }
    for (uint32_t i = q->start[e]; i < q->start[e + 1]; i++) {
        uint32_t u = q->member[i];
        bool plus = q->sign[i] > 0;
        int64_t rest, low = b->low[u], high = b->high[u];
        /* The others at least: this one at most, or, with its sign turned, at least. */
        if (without(&least, plus ? low : high, q->sign[i], &rest)) {
            int64_t x = q->sign[i] * (q->right[e] - rest);
            if (plus && x < high)
                b->high[u] = x;
            else if (!plus && x > low)
                b->low[u] = x;
        }
        if (without(&most, plus ? high : low, q->sign[i], &rest)) {
            int64_t x = q->sign[i] * (q->right[e] - rest);
            if (plus && x > low)
                b->low[u] = x;
            else if (!plus && x < high)
                b->high[u] = x;
        }
        news = news || b->low[u] != low || b->high[u] != high;
    }
    return news;
}

static void settle(struct bounds *b)
{
    bool news = true;
    for (int round = 0; round < ROUNDS_MOST && news; round++) {
        news = false;
        for (size_t e = 0; e < b->q->count; e++)
            news = narrow(b, e) || news;
    }
}

int search_bounds(struct search *s, struct err *err)
{
    size_t n = s->equations.unknowns;
    struct bounds b = {&s->equations, malloc((n + 1) * sizeof *b.low),
                       malloc((n + 1) * sizeof *b.high)};
    int rc = b.low && b.high ? 0 : err_memory(err);
    for (size_t u = 0; rc == 0 && u < n; u++) {
        int64_t known = s->equations.known[u];
        b.low[u] = known < 0 ? 0 : known;
        b.high[u] = known < 0 ? ENDLESS : known;
    }
    if (rc == 0)
        settle(&b);
    for (size_t i = 0; rc == 0 && i < s->target_count; i++) {
        struct target *t = &s->targets[i];
        t->floor = b.low[t->unknown];
        if (!t->closed && t->floor >= t->needs.floor) {
            t->closed = true;
            s->open--;
        }
    }
    free(b.low);
    free(b.high);
    return rc;
}

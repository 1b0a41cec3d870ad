/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * engine_oracle: what follows from a published view, by exhaustive search over the people. An
 * unknown is the number of people in a leaf (engine_world.h); what is published says that sums of
 * unknowns have a value, and that a part is at most its whole. The search is depth first, with the
 * bounds of every unknown narrowed by every sum until nothing moves; it ends by having tried all
 * whole-number tables, so that what it does not find does not exist (unless o.gave_up says so).
 *
 *     oracle_open(&o, &w, hidden);    the view in which these cells are hidden
 *     oracle_ranges(&o);              o.least[cell], o.most[cell] of every hidden cell
 *
 * It knows the people's crossing and nothing of equations, parts, closing cells or linear
 * programmes, so that it shares no idea with the engine. Where head counts are hidden there are
 * infinitely many tables: no leaf is then let above the number of people plus ORACLE_ROOM.
 */
#ifndef TESTS_ENGINE_ORACLE_H
#define TESTS_ENGINE_ORACLE_H

#include "engine_world.h"

enum { ORACLE_LINES = 256, ORACLE_WORDS = ORACLE_LINES / 64, ORACLE_ROOM = 20 };
enum { ORACLE_STEPS = 200000 }; /* of one search: one in many thousands is given up */

struct oracle_line { /* low <= sum of plus - sum of minus <= high */
    uint64_t plus, minus;
    int64_t low, high;
};

struct oracle_box { /* bounds of every unknown */
    int64_t low[WORLD_LEAVES], high[WORLD_LEAVES];
};

struct oracle {
    const struct world *world;
    const uint8_t *hidden;
    size_t lines;
    struct oracle_line line[ORACLE_LINES];
    uint64_t lines_of[WORLD_LEAVES][ORACLE_WORDS];
    struct oracle_box root;
    int64_t least[WORLD_CELLS], most[WORLD_CELLS]; /* seen so far; exact after oracle_stretch */
    uint64_t target;                               /* of the search: tried from its far end */
    bool upward;
    size_t steps;
    bool gave_up; /* a range may be wider than it says */
};

static inline void oracle_add(struct oracle *o, uint64_t plus, uint64_t minus, int64_t low,
                              int64_t high)
{
    for (size_t i = 0; i < o->lines; i++)
        if (o->line[i].plus == plus && o->line[i].minus == minus && o->line[i].low == low &&
            o->line[i].high == high)
            return;
    if (o->lines == ORACLE_LINES)
        abort();
    o->line[o->lines] = (struct oracle_line){plus, minus, low, high};
    for (uint64_t m = plus | minus; m; m &= m - 1)
        o->lines_of[__builtin_ctzll(m)][o->lines / 64] |= UINT64_C(1) << (o->lines % 64);
    o->lines++;
}

static inline void oracle_drop_last(struct oracle *o)
{
    o->lines--;
    for (size_t u = 0; u < o->world->leaf_count; u++)
        o->lines_of[u][o->lines / 64] &= ~(UINT64_C(1) << (o->lines % 64));
}

/* Narrows the unknowns of one line; those that moved make their lines dirty. False: no table. */
static inline bool oracle_narrow(const struct oracle *o, const struct oracle_line *l,
                                 struct oracle_box *b, uint64_t *dirty)
{
    int64_t least = 0, most = 0;
    for (uint64_t m = l->plus; m; m &= m - 1) {
        least += b->low[__builtin_ctzll(m)];
        most += b->high[__builtin_ctzll(m)];
    }
    for (uint64_t m = l->minus; m; m &= m - 1) {
        least -= b->high[__builtin_ctzll(m)];
        most -= b->low[__builtin_ctzll(m)];
    }
    if (least > l->high || most < l->low)
        return false;
    for (uint64_t m = l->plus | l->minus; m; m &= m - 1) {
        int u = __builtin_ctzll(m);
        bool minus = l->minus >> u & 1;
        int64_t rise = minus ? most - l->low : l->high - least;
        int64_t fall = minus ? l->high - least : most - l->low;
        int64_t width = b->high[u] - b->low[u];
        if (width <= rise && width <= fall)
            continue;
        int64_t high = width <= rise ? b->high[u] : b->low[u] + rise;
        b->low[u] = width <= fall ? b->low[u] : b->high[u] - fall;
        b->high[u] = high;
        if (b->low[u] > b->high[u])
            return false;
        for (size_t k = 0; k < ORACLE_WORDS; k++)
            dirty[k] |= o->lines_of[u][k];
    }
    return true;
}

static inline bool oracle_settle(const struct oracle *o, struct oracle_box *b, uint64_t *dirty)
{
    for (size_t k = 0; k < ORACLE_WORDS;) {
        if (dirty[k] == 0) {
            k++;
            continue;
        }
        size_t line = k * 64 + (size_t)__builtin_ctzll(dirty[k]);
        dirty[k] &= dirty[k] - 1;
        if (!oracle_narrow(o, &o->line[line], b, dirty))
            return false;
        k = 0;
    }
    return true;
}

/* Every line anew. */
static inline bool oracle_settle_all(const struct oracle *o, struct oracle_box *b)
{
    uint64_t dirty[ORACLE_WORDS] = {0};
    for (size_t i = 0; i < o->lines; i++)
        dirty[i / 64] |= UINT64_C(1) << (i % 64);
    return oracle_settle(o, b, dirty);
}

static inline bool oracle_fix(const struct oracle *o, struct oracle_box *b, size_t unknown,
                              int64_t low, int64_t high)
{
    uint64_t dirty[ORACLE_WORDS];
    b->low[unknown] = low;
    b->high[unknown] = high;
    memcpy(dirty, o->lines_of[unknown], sizeof dirty);
    return oracle_settle(o, b, dirty);
}

/* The unknown to try next: one of the target if there is, with the fewest values. */
static inline size_t oracle_choose(const struct oracle *o, const struct oracle_box *b)
{
    size_t best = SIZE_MAX;
    int64_t best_rank = INT64_MAX;
    for (size_t u = 0; u < o->world->leaf_count; u++) {
        int64_t width = b->high[u] - b->low[u];
        int64_t rank = width + (o->target >> u & 1 ? 0 : 1 << 20);
        if (width > 0 && rank < best_rank) {
            best = u;
            best_rank = rank;
        }
    }
    return best;
}

/* Is there a table within the bounds? It is left in b. */
static inline bool oracle_search(struct oracle *o, struct oracle_box *b)
{
    for (;;) {
        size_t u = oracle_choose(o, b);
        if (u == SIZE_MAX)
            return true;
        if (++o->steps > ORACLE_STEPS) {
            o->gave_up = true;
            return false;
        }
        int64_t low = b->low[u], high = b->high[u], middle = low + (high - low) / 2;
        bool top = o->upward && (o->target >> u & 1);
        struct oracle_box tried = *b;
        if (oracle_fix(o, &tried, u, top ? middle + 1 : low, top ? high : middle) &&
            oracle_search(o, &tried)) {
            *b = tried;
            return true;
        }
        if (!oracle_fix(o, b, u, top ? low : middle + 1, top ? middle : high))
            return false;
    }
}

static inline void oracle_see(struct oracle *o, const int64_t *people)
{
    for (size_t i = 0; i < o->world->cells.count; i++) {
        int64_t sum = 0;
        for (uint64_t m = o->world->leaves[i]; m; m &= m - 1)
            sum += people[__builtin_ctzll(m)];
        o->least[i] = sum < o->least[i] ? sum : o->least[i];
        o->most[i] = sum > o->most[i] ? sum : o->most[i];
    }
}

/* Is there a table in which these leaves sum to low..high? What it shows is noted. */
static inline bool oracle_find(struct oracle *o, uint64_t leaves, int64_t low, int64_t high,
                               bool upward)
{
    struct oracle_box b = o->root;
    uint64_t dirty[ORACLE_WORDS] = {0};
    size_t before = o->lines;
    o->target = leaves;
    o->upward = upward;
    o->steps = 0;
    oracle_add(o, leaves, 0, low, high);
    dirty[before / 64] = UINT64_C(1) << (before % 64);
    bool found = o->lines == before || oracle_settle(o, &b, dirty);
    found = found && oracle_search(o, &b);
    if (found)
        oracle_see(o, b.low);
    if (o->lines > before)
        oracle_drop_last(o);
    return found;
}

/* Makes the range of one cell exact. */
static inline void oracle_stretch(struct oracle *o, size_t cell)
{
    uint64_t leaves = o->world->leaves[cell];
    while (oracle_find(o, leaves, o->most[cell] + 1, INT32_MAX, true))
        ;
    while (o->least[cell] > 0 && oracle_find(o, leaves, 0, o->least[cell] - 1, false))
        ;
}

static inline void oracle_ranges(struct oracle *o)
{
    for (size_t i = 0; i < o->world->cells.count; i++)
        if (o->hidden[i] && !(o->world->cells.flags[i] & CELL_UNPUBLISHED))
            oracle_stretch(o, i);
}

/* Leaves of a population that are like this one in every variable that both populations use. */
static inline uint64_t oracle_alike(const struct world *w, const struct world_leaf *leaf,
                                    int population)
{
    uint64_t alike = 0;
    for (size_t l = 0; l < w->leaf_count; l++) {
        const struct world_leaf *other = &w->leaf[l];
        bool same = other->population == population && other->unit == leaf->unit;
        for (int v = 0; same && v < (int)w->structure.variable_count; v++)
            same = !population_uses(&w->structure, 0, v) || !population_uses(&w->structure, 1, v) ||
                   other->categories[v] == leaf->categories[v];
        if (same)
            alike |= UINT64_C(1) << l;
    }
    return alike;
}

/* The people of the part are people of the whole: of each kind that both can tell apart there are
 * at most as many, and if so there are such people. */
static inline void oracle_inclusions(struct oracle *o)
{
    const struct world *w = o->world;
    for (size_t l = 0; l < w->leaf_count; l++)
        if (w->leaf[l].population == 1)
            oracle_add(o, oracle_alike(w, &w->leaf[l], 0), oracle_alike(w, &w->leaf[l], 1), 0,
                       INT32_MAX);
}

/* hidden must outlive o. */
static inline void oracle_open(struct oracle *o, const struct world *w, const uint8_t *hidden)
{
    int64_t people[WORLD_LEAVES], all = ORACLE_ROOM;
    memset(o, 0, sizeof *o);
    o->world = w;
    o->hidden = hidden;
    for (size_t i = 0; i < w->cells.count; i++) {
        o->least[i] = INT64_MAX;
        o->most[i] = -1;
        if (!hidden[i])
            oracle_add(o, w->leaves[i], 0, w->counts[i], w->counts[i]);
    }
    if (w->cells.inclusion_count > 0)
        oracle_inclusions(o);
    for (size_t u = 0; u < w->leaf_count; u++) {
        people[u] = w->leaf[u].people;
        all += people[u];
    }
    for (size_t u = 0; u < w->leaf_count; u++)
        o->root.high[u] = all;
    if (!oracle_settle_all(o, &o->root))
        abort(); /* the truth agrees with what is published */
    oracle_see(o, people);
}

#endif

/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * How far is suppress() from the best pattern? On small systems the cheapest set of further cells
 * that protects is found by trying sets, cheapest first, each judged by the search through all
 * tables. A cell that stays unprotected however much of a set is hidden teaches a cut: some cell
 * outside that set must be hidden, and sets that have none of these are passed over.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine_judge.h"

#include <math.h>

enum { CHOICES = 16, SETS = 1 << CHOICES, CUTS = 4096 };
enum { WORLDS = 60, DRAWS = 3000 }; /* of one rule set; most have too many cells to choose from */

struct cut { /* a set that has all of `given` must have some of `any` */
    uint32_t given, any;
};

struct choice {
    double cost;
    uint32_t set;
};

struct best {
    struct judge judge;
    size_t choices;
    uint32_t cell[CHOICES]; /* what may be hidden besides the unsafe cells */
    size_t sets, cuts;
    struct choice set[SETS];
    struct cut cut[CUTS];
    struct oracle oracle;
    uint8_t hidden[WORLD_CELLS];
    bool gave_up;
};

static double cost_of(const struct disclosure *rules, int64_t count)
{
    double n = count > 1 ? (double)count : 1;
    switch (rules->cost) {
    case COST_CELLS:
        return 1;
    case COST_LOG:
        return 1 + log2(n);
    case COST_COUNT:
        break;
    }
    return n;
}

/* False: more than CHOICES cells. */
static bool list_choices(struct best *b)
{
    b->choices = 0;
    for (uint32_t i = 0; i < b->judge.world->cells.count; i++) {
        if (!judge_published(&b->judge.world->cells, i) || judge_public(&b->judge, i) ||
            judge_unsafe(&b->judge, i))
            continue;
        if (b->choices == CHOICES)
            return false;
        b->cell[b->choices++] = i;
    }
    return true;
}

static int by_cost(const void *a, const void *b)
{
    const struct choice *x = a, *y = b;
    int cells_x = __builtin_popcount(x->set), cells_y = __builtin_popcount(y->set);
    if (x->cost != y->cost)
        return x->cost < y->cost ? -1 : 1;
    if (cells_x != cells_y)
        return cells_x < cells_y ? -1 : 1;
    return (x->set > y->set) - (x->set < y->set);
}

static void list_sets(struct best *b)
{
    b->sets = (size_t)1 << b->choices;
    for (uint32_t set = 0; set < b->sets; set++) {
        b->set[set] = (struct choice){0, set};
        for (size_t i = 0; i < b->choices; i++)
            if (set >> i & 1)
                b->set[set].cost += cost_of(b->judge.rules, b->judge.world->counts[b->cell[i]]);
    }
    qsort(b->set, b->sets, sizeof *b->set, by_cost);
}

static void hide_set(struct best *b, uint32_t set)
{
    const struct world *w = b->judge.world;
    for (size_t i = 0; i < w->cells.count; i++)
        b->hidden[i] = !judge_published(&w->cells, i) || judge_unsafe(&b->judge, i);
    for (size_t i = 0; i < b->choices; i++)
        if (set >> i & 1)
            b->hidden[b->cell[i]] = 1;
}

/* Is this hidden cell protected? Searches no further than it must. */
static bool cell_protected(struct best *b, size_t cell)
{
    struct oracle *o = &b->oracle;
    if (!judge_asks(&b->judge, b->hidden, cell))
        return true;
    if (!judge_protected(&b->judge, b->hidden, cell, o->least[cell], o->most[cell]) ||
        o->least[cell] >= b->judge.rules->threshold)
        oracle_stretch(o, cell);
    b->gave_up = b->gave_up || o->gave_up;
    return judge_protected(&b->judge, b->hidden, cell, o->least[cell], o->most[cell]);
}

static size_t first_unprotected(struct best *b, uint32_t set)
{
    hide_set(b, set);
    oracle_open(&b->oracle, b->judge.world, b->hidden);
    for (size_t i = 0; i < b->judge.world->cells.count; i++)
        if (!cell_protected(b, i))
            return i;
    return SIZE_MAX;
}

/* The cell is unprotected in this set: grows the set as long as it is, and notes the cut. Hiding
 * less only makes ranges narrower; but a large count may be safe by its floor then, so that there
 * is no cut for these. */
static void learn(struct best *b, uint32_t set, size_t cell)
{
    const struct disclosure *rules = b->judge.rules;
    uint32_t given = 0;
    if ((rules->interval && b->judge.world->counts[cell] >= rules->threshold) || b->cuts == CUTS)
        return;
    for (size_t i = 0; i < b->choices; i++) {
        given |= b->cell[i] == cell ? 1U << i : 0;
        hide_set(b, set | 1U << i);
        oracle_open(&b->oracle, b->judge.world, b->hidden);
        if (!(set >> i & 1) && !cell_protected(b, cell))
            set |= 1U << i;
    }
    b->cut[b->cuts++] = (struct cut){given, (uint32_t)(b->sets - 1) & ~set};
}

static bool passes_cuts(const struct best *b, uint32_t set)
{
    for (size_t i = b->cuts; i-- > 0;)
        if ((set & b->cut[i].given) == b->cut[i].given && (set & b->cut[i].any) == 0)
            return false;
    return true;
}

/* The least cost of what must be hidden besides the unsafe cells; -1: it was not found. */
static double least_cost(struct best *b)
{
    b->cuts = 0;
    b->gave_up = false;
    list_sets(b);
    for (size_t i = 0; i < b->sets && !b->gave_up; i++) {
        if (!passes_cuts(b, b->set[i].set))
            continue;
        size_t open = first_unprotected(b, b->set[i].set);
        if (open == SIZE_MAX)
            return b->gave_up ? -1 : b->set[i].cost;
        learn(b, b->set[i].set, open);
    }
    return -1;
}

struct tally {
    size_t worlds, best;
    double engine, least; /* cost of what is hidden besides the unsafe cells */
};

static double engine_cost(const struct best *b)
{
    const struct world *w = b->judge.world;
    struct suppression s;
    struct err err = {0};
    double cost = 0;
    if (suppress(&s, &w->cells, w->counts, b->judge.rules, NULL, NULL, 1, &err) != 0)
        judge_fail(&b->judge, 0, err.text);
    for (size_t i = 0; i < b->choices; i++)
        if (s.hidden[b->cell[i]])
            cost += cost_of(b->judge.rules, w->counts[b->cell[i]]);
    suppression_release(&s);
    return cost;
}

/* Counts the world if something must be hidden besides the unsafe cells. */
static void compare(struct best *b, struct tally *t)
{
    if (!list_choices(b))
        return;
    double least = least_cost(b);
    if (least <= 0)
        return;
    double engine = engine_cost(b);
    if (engine < least - 1e-6)
        judge_fail(&b->judge, 0, "cheaper than the best");
    t->worlds++;
    t->best += engine < least + 1e-6;
    t->engine += engine;
    t->least += least;
}

/* One rule set. */
static struct tally run_rules(struct best *b, struct disclosure rules, uint32_t *random)
{
    struct tally t = {0};
    for (size_t round = 0; t.worlds < WORLDS && round < DRAWS; round++) {
        struct world w;
        rules.threshold = 2 + (int64_t)world_random(random, 3);
        rules.protection_width = rules.threshold;
        b->judge = (struct judge){&w, &rules, NULL, round};
        world_draw(&w, random, true);
        world_settle(&w, random, 10 + world_random(random, 50), 2 + world_random(random, 8));
        compare(b, &t);
        world_release(&w);
    }
    return t;
}

static void test_distance_from_the_best(void **state)
{
    (void)state;
    static const char *const costs[] = {"count", "cells", "log"};
    uint32_t random = 8899;
    struct tally all = {0};
    struct best *b = calloc(1, sizeof *b);
    assert_non_null(b);
    for (unsigned set = 0; set < 12; set++) {
        struct disclosure rules = {.protect_zeros = set & 1,
                                   .interval = set & 2,
                                   .public_head_counts = true,
                                   .cost = (enum suppression_cost)(set / 4)};
        struct tally t = run_rules(b, rules, &random);
        print_message("# protection %s, zeros %s, cost %s: %zu of %zu patterns are the best; cost "
                      "%.3f of the best\n",
                      rules.interval ? "interval" : "exact",
                      rules.protect_zeros ? "protect" : "publish", costs[set / 4], t.best, t.worlds,
                      t.engine / t.least);
        assert_int_equal(t.worlds, WORLDS);
        all.worlds += t.worlds;
        all.best += t.best;
        all.engine += t.engine / t.least; /* every rule set weighs the same */
        all.least += 1;
    }
    print_message("# all: %zu of %zu, %.3f\n", all.best, all.worlds, all.engine / all.least);
    assert_true(all.engine / all.least <= 1.15);
    free(b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_distance_from_the_best),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

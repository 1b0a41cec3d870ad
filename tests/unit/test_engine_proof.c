/* SPDX-License-Identifier: EUPL-1.2 */
/* prove() by itself, on patterns that nobody made to be safe: what it proves is true, what it does
 * not prove is seldom true, and publishing more never tells less. Judged by the search through all
 * tables (engine_oracle.h). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine_judge.h"

struct trial {
    struct world world;
    struct disclosure rules;
    struct judge judge;
    uint8_t hidden[WORLD_CELLS];
};

static void trial_open(struct trial *t, uint32_t *random, size_t round)
{
    bool public_head_counts = round % 8 != 7;
    t->rules = judge_rules(random, public_head_counts);
    t->judge = (struct judge){&t->world, &t->rules, NULL, round};
    world_draw(&t->world, random, public_head_counts);
    world_settle(&t->world, random, 10 + world_random(random, 70), 1 + world_random(random, 6));
    uint32_t percent = 25 + world_random(random, 70);
    for (size_t i = 0; i < t->world.cells.count; i++) {

        bool may_hide = !judge_public(&t->judge, i) && world_random(random, 100) < percent;
        t->hidden[i] = may_hide || !judge_published(&t->world.cells, i);
    }
}

static void trial_prove(const struct trial *t, unsigned threads, struct proof *p)
{
    int64_t public_counts[WORLD_CELLS];
    struct view view;
    struct err err = {0};
    view_make(&view, &t->world.cells, t->hidden, t->world.counts, public_counts);
    if (prove(p, &view, &t->rules, threads, &err) != 0)
        judge_fail(&t->judge, 0, err.text);
}

static void test_patterns_at_random(void **state)
{
    (void)state;
    uint32_t random = 18021;
    size_t asked = 0, open = 0, missed = 0, gave_up = 0;
    for (size_t round = 0; round < 1000; round++) {
        struct trial t;
        struct proof p;
        struct oracle o;
        trial_open(&t, &random, round);
        trial_prove(&t, 1, &p);
        oracle_open(&o, &t.world, t.hidden);
        oracle_ranges(&o);
        missed += judge_proof(&t.judge, t.hidden, &p, &o);
        asked += p.cell_count;
        open += p.unprotected;
        gave_up += o.gave_up;
        proof_release(&p);
        world_release(&t.world);
    }
    print_message("# %zu hidden sensitive cells, %zu not protected; %zu protected ones not proved "
                  "(%.3f %%), %zu patterns not decided\n",
                  asked, open - missed, missed, 100.0 * (double)missed / (double)(asked - open),
                  gave_up);
    assert_true(open > missed + 1000 && asked - open > 1000);
    assert_true(missed * 100 < asked - open);
    assert_true(gave_up <= 10);
}

/* A hidden cell that is in a published table, at random; SIZE_MAX if there is none. */
static size_t pick_hidden(const struct trial *t, uint32_t *random)
{
    size_t picked = SIZE_MAX;
    uint32_t met = 0;
    for (size_t i = 0; i < t->world.cells.count; i++)
        if (t->hidden[i] && judge_published(&t->world.cells, i) && world_random(random, ++met) == 0)
            picked = i;
    return picked;
}

/* Hiding one cell more never makes a cell known that was not: two tables that prove one in the
 * smaller pattern do so in the larger one, and ranges of the smaller one lie within those of the
 * larger one. A floor may be lost, and with it the protection: hide_and_prove.c counts on no more.
 */
static void check_one_more_published(struct trial *t, uint32_t *random, size_t *narrower,
                                     size_t *lost)
{
    struct oracle more, less;
    struct proof p;
    uint8_t larger[WORLD_CELLS];
    size_t shown = pick_hidden(t, random);
    if (shown == SIZE_MAX)
        return;
    memcpy(larger, t->hidden, sizeof larger);
    t->hidden[shown] = 0;
    trial_prove(t, 1, &p);
    oracle_open(&more, &t->world, larger);
    oracle_open(&less, &t->world, t->hidden);
    oracle_ranges(&more);
    oracle_ranges(&less);
    for (size_t i = 0; i < p.cell_count && !more.gave_up && !less.gave_up; i++) {
        const struct cell_proof *c = &p.cells[i];
        if (less.least[c->cell] < more.least[c->cell] || less.most[c->cell] > more.most[c->cell])
            judge_fail(&t->judge, c->cell, "publishing more widens a range");
        *narrower +=
            less.least[c->cell] > more.least[c->cell] || less.most[c->cell] < more.most[c->cell];
        bool still =
            judge_protected(&t->judge, larger, c->cell, more.least[c->cell], more.most[c->cell]);
        if (c->kind == PROOF_PAIR && !still)
            judge_fail(&t->judge, c->cell, "proved where less is hidden, and here not protected");
        *lost += c->kind == PROOF_FLOOR && !still;
    }
    proof_release(&p);
}

static void test_publishing_more_tells_more(void **state)
{
    (void)state;
    uint32_t random = 4711;
    size_t narrower = 0, lost = 0;
    for (size_t round = 0; round < 300; round++) {
        struct trial t;
        trial_open(&t, &random, round);
        check_one_more_published(&t, &random, &narrower, &lost);
        world_release(&t.world);
    }
    assert_true(narrower > 100 && lost > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_patterns_at_random),
        cmocka_unit_test(test_publishing_more_tells_more),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: EUPL-1.2 */
/* A part of a population whose tables tell origin and sex apart, within a whole that crosses them:
 * the part's own crossing, which nobody publishes, is bounded by the whole's. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine_judge.h"

static const struct world_shape SHAPES[] = {
    {{{"origin", "foreign* belgian*"}, {"sex", "f m"}}, "origin sex", "origin; sex", 2},
    {{{"origin", "foreign* belgian*"}, {"sex", "f m"}, {"age", "y o"}},
     "origin sex; origin age",
     "sex age; origin",
     2},
};
static const struct world_estate ONE = {1, {1, 0}, false}, TWO = {1, {2, 0}, false};

static void judge_world(const struct judge *j)
{
    struct suppression s;
    struct oracle o;
    struct err err = {0};
    if (suppress(&s, &j->world->cells, j->world->counts, j->rules, NULL, NULL, 1, &err) != 0)
        judge_fail(j, 0, err.text);
    judge_pattern(j, &s, &o);
    (void)judge_proof(j, s.hidden, &s.proof, &o);
    suppression_release(&s);
}

/* 8 staff, 4 of them foreign; 4 managers, all foreign, 1 woman. So the foreign staff are the
 * managers, and the one foreign woman is known. The engine takes 0..4 to be possible. */
static void test_all_managers_are_foreign(void **state)
{
    (void)state;
    static const int64_t people[8] = {1, 3, 3, 1, /* managers */ 1, 3, 0, 0};
    struct disclosure rules = {
        .threshold = 3, .interval = true, .protection_width = 4, .public_head_counts = true};
    struct world w;
    struct judge j = {&w, &rules, NULL, 0};
    world_shaped(&w, &SHAPES[0], &ONE, true);
    for (size_t l = 0; l < w.leaf_count; l++)
        w.leaf[l].people = people[l];
    world_count(&w);
    judge_world(&j);
    world_release(&w);
}

static void random_worlds(size_t shape)
{
    uint32_t random = 99;
    for (size_t round = 0; round < 400; round++) {
        struct world w;
        struct disclosure rules = judge_rules(&random, true);
        struct judge j = {&w, &rules, NULL, round};
        world_shaped(&w, &SHAPES[shape], round % 2 ? &TWO : &ONE, true);
        world_settle(&w, &random, 20 + world_random(&random, 50), 1 + world_random(&random, 6));
        judge_world(&j);
        world_release(&w);
    }
}

static void test_crossing_of_the_whole(void **state)
{
    (void)state;
    random_worlds(0);
}

static void test_cycle_through_part_and_whole(void **state)
{
    (void)state;
    random_worlds(1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_all_managers_are_foreign),
        cmocka_unit_test(test_crossing_of_the_whole),
        cmocka_unit_test(test_cycle_through_part_and_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

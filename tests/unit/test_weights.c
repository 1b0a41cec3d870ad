/* SPDX-License-Identifier: EUPL-1.2 */
/* What hiding costs by level and for totals, and that the pattern follows it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine_judge.h"
#include "sdc/weights.h"

static size_t cell_of(const struct cells *c, const char *key)
{
    size_t cell = cell_by_key(c, key);
    assert_true(cell != SIZE_MAX);
    return cell;
}

static void test_levels_and_totals(void **state)
{
    (void)state;
    static const struct world_shape SHAPE = {
        {{"origin", "foreign* belgian*"}, {"sex", "f m"}, {"card", "yes* no"}},
        "origin sex; sex; card",
        "origin",
        2};
    static const struct world_estate ONE = {1, {1, 0}, false};
    static const struct {
        const char *key;
        int64_t cost;
    } CASES[] = {
        {"staff|entity:E1|origin=foreign|sex=f", 500},
        {"staff|domain:D1|origin=foreign|sex=f", 1050},
        {"staff|government:VO|origin=foreign|sex=f", 2000},
        {"staff|entity:E1|origin=foreign", 1500}, /* of origin by sex */
        {"staff|entity:E1|sex=f", 1500},
        {"staff|government:VO|origin=foreign", 6000},
        {"staff|government:VO|card=yes", 2000}, /* of no other table */
        {"managers|entity:E1|origin=foreign", 500},
        {"managers|entity:E1", 1500},
    };
    const struct suppression_weights weights = {100, 5, -50, 200}, none = {0, 0, 0, 0};
    struct world w;
    world_shaped(&w, &SHAPE, &ONE, true);
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        size_t cell = cell_of(&w.cells, CASES[i].key);
        assert_int_equal(weights_apply(&weights, &w.cells, cell, 1000), CASES[i].cost);
        assert_int_equal(weights_apply(&none, &w.cells, cell, 1000), 1000);
    }
    world_release(&w);
}

/* Two entities of a domain of their own each; in E1 one is foreign, and everybody else is plenty.
 */
static void settle(struct world *w)
{
    static const int64_t people[2][3] = {{1, 20, 20}, {20, 20, 20}};
    static const struct world_shape SHAPE = {
        {{"origin", "foreign* belgian* unknown"}}, "origin", NULL, 2};
    static const struct world_estate TWO = {1, {2, 0}, false};
    world_shaped(w, &SHAPE, &TWO, true);
    assert_int_equal(w->leaf_count, 6);
    for (size_t l = 0; l < 6; l++)
        w->leaf[l].people = people[l / 3][l % 3];
    world_count(w);
}

/* How many cells of the second entity, and of what is above both, are hidden. */
static void hide(const struct suppression_weights *weights, size_t *beside, size_t *above)
{
    struct disclosure rules;
    struct world w;
    struct suppression s;
    struct oracle o;
    struct err err = {0};
    disclosure_defaults(&rules);
    rules.weights = *weights;
    settle(&w);
    struct judge j = {&w, &rules, NULL, 0};
    if (suppress(&s, &w.cells, w.counts, &rules, NULL, NULL, 1, &err) != 0)
        judge_fail(&j, 0, err.text);
    judge_pattern(&j, &s, &o);
    *beside = *above = 0;
    for (size_t i = 0; i < w.cells.count; i++) {
        const struct unit *unit = &w.structure.units[w.cells.unit[i]];
        *beside += s.hidden[i] && strcmp(unit->code, "E2") == 0;
        *above += s.hidden[i] && unit->level != LEVEL_ENTITY;
    }
    suppression_release(&s);
    world_release(&w);
}

static void test_pattern_follows_the_weights(void **state)
{
    (void)state;
    struct disclosure rules;
    size_t beside, above;
    disclosure_defaults(&rules);
    hide(&rules.weights, &beside, &above);
    assert_true(beside > 0 && above == 0);
    const struct suppression_weights spare_entities = {-90, -90, 900, 0};
    hide(&spare_entities, &beside, &above);
    assert_true(beside == 0 && above > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_levels_and_totals),
        cmocka_unit_test(test_pattern_follows_the_weights),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: EUPL-1.2 */
/* suppress() on systems that are too large to search: what must not matter does not. The number of
 * threads changes no byte; another order of the entities gives a pattern that protects as well. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine_judge.h"

static const struct world_shape SHAPES[] = {
    {{{"origin", "foreign* eu<foreign* non_eu<foreign* belgian* unknown"},
      {"age", "-24 25-34 35-44 45+"}},
     "origin; origin age",
     NULL,
     4},
    {{{"origin", "foreign* belgian* unknown"}, {"sex", "f m"}, {"age", "young old"}},
     "origin sex; origin age; sex age",
     NULL,
     4},
    {{{"origin", "foreign* eu<foreign* non_eu<foreign* belgian*"}, {"card", "yes* no unknown"}},
     "origin card",
     NULL,
     4},
    {{{"origin", "foreign* belgian* unknown"}, {"sex", "f m x"}}, "origin sex", "origin sex", 3},
};
enum { SHAPES_COUNT = sizeof SHAPES / sizeof *SHAPES, FOUR_ENTITIES = SHAPES_COUNT - 1 };
static const struct world_estate ESTATE = {2, {2, 2}, false};

struct run {
    struct world world;
    struct disclosure rules;
    struct judge judge;
    struct suppression result;
};

static void run_open(struct run *r, uint32_t *random, size_t shape, size_t round)
{
    r->rules = judge_rules(random, round % 5 != 4);
    r->judge = (struct judge){&r->world, &r->rules, NULL, round};
    world_shaped(&r->world, &SHAPES[shape], &ESTATE, r->rules.public_head_counts);
    world_settle(&r->world, random, 10 + world_random(random, 50), 4 + world_random(random, 20));
}

static void suppress_run(struct run *r, unsigned threads)
{
    struct err err = {0};
    if (suppress(&r->result, &r->world.cells, r->world.counts, &r->rules, NULL, NULL, threads,
                 &err) != 0)
        judge_fail(&r->judge, 0, err.text);
}

static void prove_run(const struct run *r, const uint8_t *hidden, unsigned threads, struct proof *p)
{
    int64_t public_counts[WORLD_CELLS];
    struct view view;
    struct err err = {0};
    view_make(&view, &r->world.cells, hidden, r->world.counts, public_counts);
    if (prove(p, &view, &r->rules, threads, &err) != 0)
        judge_fail(&r->judge, 0, err.text);
}

static void write_result(const struct run *r, struct text *out)
{
    int64_t public_counts[WORLD_CELLS];
    struct view view;
    struct err err = {0};
    view_make(&view, &r->world.cells, r->result.hidden, r->world.counts, public_counts);
    assert_int_equal(proof_write_json(&r->result.proof, &view, "r1", out, &err), 0);
}

static void test_threads_change_no_byte(void **state)
{
    (void)state;
    uint32_t random = 31;
    for (size_t round = 0; round < 24; round++) {
        struct run r;
        struct text one, two;
        uint8_t hidden[WORLD_CELLS];
        text_init(&one);
        text_init(&two);
        run_open(&r, &random, round % SHAPES_COUNT, round);
        suppress_run(&r, 1);
        memcpy(hidden, r.result.hidden, r.world.cells.count);
        write_result(&r, &one);
        suppression_release(&r.result);
        suppress_run(&r, 2);
        write_result(&r, &two);
        assert_memory_equal(hidden, r.result.hidden, r.world.cells.count);
        assert_string_equal(one.bytes, two.bytes);
        suppression_release(&r.result);
        text_release(&one);
        text_release(&two);
        world_release(&r.world);
    }
}

/* Every order of the four entities that keeps domains together: entity 3 + i stands where
 * 3 + ORDERS[.][i] stood. Units: 0 the government, 1 and 2 the domains. */
static const size_t ORDERS[][4] = {{1, 0, 2, 3}, {0, 1, 3, 2}, {2, 3, 0, 1}, {3, 2, 1, 0}};
enum { ORDERS_COUNT = sizeof ORDERS / sizeof *ORDERS };

static size_t unit_before(const size_t *order, size_t unit)
{
    if (unit == 0)
        return 0;
    if (unit < 3)
        return order[0] < 2 ? unit : 3 - unit;
    return 3 + order[unit - 3];
}

static size_t cell_before(const struct world *w, const size_t *order, size_t cell)
{
    const struct cells *c = &w->cells;
    return cells_find(c, (int)c->population[cell], (int)unit_before(order, c->unit[cell]),
                      c->categories + cell * c->stride);
}

static void move_people(struct run *r, const struct run *from, const size_t *order)
{
    for (size_t l = 0; l < r->world.leaf_count; l++)
        for (size_t k = 0; k < r->world.leaf_count; k++) {
            const struct world_leaf *a = &r->world.leaf[l], *b = &from->world.leaf[k];
            if (a->population == b->population &&
                unit_before(order, (size_t)a->unit) == (size_t)b->unit &&
                memcmp(a->categories, b->categories, sizeof a->categories) == 0)
                r->world.leaf[l].people = b->people;
        }
    world_count(&r->world);
}

static int64_t hidden_sum(const struct run *r, const uint8_t *hidden)
{
    int64_t sum = 0;
    for (size_t i = 0; i < r->world.cells.count; i++)
        if (hidden[i] && judge_published(&r->world.cells, i))
            sum += r->world.counts[i];
    return sum;
}

/* The pattern of the moved world, put back, protects the first one. Adds up what each hides. */
static void check_order(struct run *r, const size_t *order, int64_t sums[2])
{
    struct run moved = *r;
    struct proof p;
    uint8_t hidden[WORLD_CELLS] = {0};
    move_people(&moved, r, order);
    moved.judge.world = &moved.world;
    moved.judge.rules = &moved.rules;
    suppress_run(&moved, 1);
    for (size_t i = 0; i < r->world.cells.count; i++) {
        size_t before = cell_before(&r->world, order, i);
        assert_int_equal(moved.world.counts[i], r->world.counts[before]);
        hidden[before] = moved.result.hidden[i];
    }
    for (size_t i = 0; i < r->world.cells.count; i++)
        if (judge_unsafe(&r->judge, i) && !hidden[i])
            judge_fail(&r->judge, i, "an unsafe cell is shown in another order");
    prove_run(r, hidden, 1, &p);
    assert_int_equal(p.unprotected, 0);
    for (size_t w = 0; w < p.witness_count; w++)
        judge_witness_adds_up(&r->judge, hidden, &p.witnesses[w]);
    sums[0] += hidden_sum(r, r->result.hidden);
    sums[1] += hidden_sum(r, hidden);
    proof_release(&p);
    suppression_release(&moved.result);
}

static void test_order_of_entities(void **state)
{
    (void)state;
    uint32_t random = 77;
    int64_t sums[2] = {0};
    for (size_t round = 0; round < 36; round++) {
        struct run r;
        run_open(&r, &random, round % FOUR_ENTITIES, round);
        suppress_run(&r, 1);
        check_order(&r, ORDERS[round / FOUR_ENTITIES % ORDERS_COUNT], sums);
        suppression_release(&r.result);
        world_release(&r.world);
    }
    print_message("# people in hidden cells: %lld, and %lld with the entities in another order\n",
                  (long long)sums[0], (long long)sums[1]);
    assert_true(sums[0] > 0 && sums[1] > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_threads_change_no_byte),
        cmocka_unit_test(test_order_of_entities),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

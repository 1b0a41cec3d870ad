/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Three tables in a cycle (origin by sex, origin by age, sex by age): tables that agree with each
 * other need not be tables of any people. Patterns are sought that protect every cell as far as the
 * three tables go, and that the people's crossing, which nobody publishes, lets somebody undo. The
 * engine must see through them and hide more.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine_judge.h"

static const struct world_shape CYCLE = {
    {{"origin", "foreign* belgian*"}, {"sex", "f m"}, {"age", "young old"}},
    "origin sex; origin age; sex age",
    NULL,
    2};
static const struct world_estate ONE = {1, {1, 0}, false}, TWO = {1, {2, 0}, false};

struct cycle {
    struct world people; /* the crossing */
    struct world apart;  /* the same tables, each counting people of its own */
    struct disclosure rules;
    struct judge judge;
    uint8_t hidden[WORLD_CELLS], hidden_apart[WORLD_CELLS];
};

static void build_apart(struct world *w, const struct world_estate *estate)
{
    memset(w, 0, sizeof *w);
    structure_init(&w->structure);
    add_units(&w->structure, estate, 2);
    for (size_t v = 0; CYCLE.variable[v][0]; v++)
        fixture_variable(&w->structure, CYCLE.variable[v][0], CYCLE.variable[v][1]);
    fixture_table(&w->structure, "first", "p1", "origin sex", -1);
    fixture_table(&w->structure, "second", "p2", "origin age", -1);
    fixture_table(&w->structure, "third", "p3", "sex age", -1);
    world_cells(w, true);
}

/* The cell of the crossing's tables that this one is a copy of. */
static size_t original(const struct cycle *c, size_t cell)
{
    const struct cells *a = &c->apart.cells;
    return cells_find(&c->people.cells, 0, (int)a->unit[cell], a->categories + cell * a->stride);
}

/* Leaves of the tables apart: cells of the crossing. */
static void count_apart(struct cycle *c)
{
    struct world *w = &c->apart;
    for (size_t l = 0; l < w->leaf_count; l++) {
        const struct world_leaf *leaf = &w->leaf[l];
        w->leaf[l].people =
            c->people.counts[cells_find(&c->people.cells, 0, leaf->unit, leaf->categories)];
    }
    world_count(w);
}

static void cycle_open(struct cycle *c, uint32_t *random, size_t round)
{
    const struct world_estate *estate = round % 2 ? &TWO : &ONE;
    c->rules = judge_rules(random, true);
    c->rules.minimum_population = 0;
    c->judge = (struct judge){&c->people, &c->rules, NULL, round};
    world_shaped(&c->people, &CYCLE, estate, true);
    build_apart(&c->apart, estate);
    world_settle(&c->people, random, 20 + world_random(random, 40), 3 + world_random(random, 6));
    count_apart(c);
}

static void cycle_close(struct cycle *c)
{
    world_release(&c->people);
    world_release(&c->apart);
}

static void hide_at_random(struct cycle *c, uint32_t *random)
{
    uint32_t percent = 30 + world_random(random, 60);
    for (size_t i = 0; i < c->people.cells.count; i++)
        c->hidden[i] = !judge_published(&c->people.cells, i) ||
                       (!judge_public(&c->judge, i) && world_random(random, 100) < percent);
    for (size_t i = 0; i < c->apart.cells.count; i++)
        c->hidden_apart[i] = c->hidden[original(c, i)];
}

/* Tables that agree: copies of one cell have one value, hidden or not. */
static void open_apart(struct oracle *o, const struct cycle *c)
{
    const struct cells *a = &c->apart.cells;
    oracle_open(o, &c->apart, c->hidden_apart);
    for (size_t i = 0; i < a->count; i++)
        for (size_t k = 0; k < i; k++)
            if (original(c, i) == original(c, k))
                oracle_add(o, c->apart.leaves[i], c->apart.leaves[k], 0, 0);
    if (!oracle_settle_all(o, &o->root))
        abort();
    oracle_ranges(o);
}

/* Is every hidden cell protected as far as the three tables go? */
static bool safe_apart(const struct cycle *c)
{
    struct oracle o;
    open_apart(&o, c);
    for (size_t i = 0; i < c->apart.cells.count; i++) {
        size_t cell = original(c, i);
        if (judge_asks(&c->judge, c->hidden, cell) &&
            !judge_protected(&c->judge, c->hidden, cell, o.least[i], o.most[i]))
            return false;
    }
    return !o.gave_up;
}

static size_t count_undone(const struct cycle *c)
{
    struct oracle o;
    size_t undone = 0;
    oracle_open(&o, &c->people, c->hidden);
    oracle_ranges(&o);
    for (size_t i = 0; i < c->people.cells.count; i++)
        undone += judge_asks(&c->judge, c->hidden, i) &&
                  !judge_protected(&c->judge, c->hidden, i, o.least[i], o.most[i]);
    assert_false(o.gave_up);
    return undone;
}

/* prove() leaves these open; suppress(), told that just these cells are unsafe, protects
 * them all the same. */
static void check_engine(struct cycle *c, size_t undone)
{
    int64_t public_counts[WORLD_CELLS];
    struct view view;
    struct proof p;
    struct suppression s;
    struct oracle o;
    struct err err = {0};
    view_make(&view, &c->people.cells, c->hidden, c->people.counts, public_counts);
    assert_int_equal(prove(&p, &view, &c->rules, 1, &err), 0);
    assert_true(p.unprotected >= undone);
    proof_release(&p);
    c->judge.named = c->hidden;
    if (suppress(&s, &c->people.cells, c->people.counts, &c->rules, c->hidden, NULL, 1, &err) != 0)
        judge_fail(&c->judge, 0, err.text);
    judge_pattern(&c->judge, &s, &o);
    (void)judge_proof(&c->judge, s.hidden, &s.proof, &o);
    assert_false(o.gave_up);
    suppression_release(&s);
    c->judge.named = NULL;
}

static void test_only_the_unpublished_crossing_tells(void **state)
{
    (void)state;
    uint32_t random = 1962;
    size_t safe = 0, found = 0, cells = 0;
    for (size_t round = 0; round < 9000; round++) {
        struct cycle c;
        cycle_open(&c, &random, round);
        hide_at_random(&c, &random);
        if (safe_apart(&c)) {
            size_t undone = count_undone(&c);
            safe++;
            found += undone > 0;
            cells += undone;
            if (undone)
                check_engine(&c, undone);
        }
        cycle_close(&c);
    }
    print_message(
        "# %zu patterns are safe as far as the three tables go; %zu of them are not, with "
        "%zu cells that the crossing gives away\n",
        safe, found, cells);
    assert_true(found >= 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_only_the_unpublished_crossing_tells),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: EUPL-1.2 */
/* suppress() and prove() on small governments made by hand, each for one thing that can go wrong.
 * Every pattern is judged by the search through all tables as well (engine_oracle.h). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine_judge.h"

static const struct world_estate ONE = {1, {1, 0}, false}, FOUR = {1, {4, 0}, false},
                                 UNEVEN = {2, {1, 2}, false}, MISSING = {2, {2, 2}, true};
static const struct world_shape ORIGIN = {
    {{"origin", "foreign* belgian* unknown"}}, "origin", NULL, 4};
static const struct world_shape ORIGIN_SEX = {
    {{"origin", "foreign* belgian* unknown"}, {"sex", "f m"}}, "origin sex", NULL, 4};
static const struct world_shape NESTED = {
    {{"origin", "foreign* eu<foreign* non_eu<foreign* belgian* unknown"}}, "origin", NULL, 4};
static const struct world_shape ONLY_CHILD = {
    {{"origin", "foreign* eu<foreign* belgian* unknown"}}, "origin", NULL, 4};
static const struct world_shape SENSITIVE = {
    {{"origin", "foreign* eu<foreign* non_eu<foreign* belgian*"}}, "origin", NULL, 4};

static const struct disclosure RULES = {.threshold = 3,
                                        .protect_zeros = true,
                                        .interval = true,
                                        .protection_width = 3,
                                        .public_head_counts = true};

struct made {
    struct world world;
    struct disclosure rules;
    struct judge judge;
    struct suppression result;
};

/* people: of each leaf, entity by entity, the last variable's categories fastest. */
static void make(struct made *m, const struct world_shape *shape, const struct world_estate *estate,
                 const struct disclosure *rules, const int64_t *people)
{
    memset(m, 0, sizeof *m);
    m->rules = *rules;
    m->judge = (struct judge){&m->world, &m->rules, NULL, 0};
    world_shaped(&m->world, shape, estate, rules->public_head_counts);
    for (size_t l = 0; people && l < m->world.leaf_count; l++)
        m->world.leaf[l].people = people[l];
    world_count(&m->world);
}

static void suppress_made(struct made *m, const uint8_t *named)
{
    struct oracle o;
    struct err err = {0};
    m->judge.named = named;
    judge_cells(&m->judge);
    if (suppress(&m->result, &m->world.cells, m->world.counts, &m->rules, named, NULL, 1, &err) !=
        0)
        judge_fail(&m->judge, 0, err.text);
    judge_pattern(&m->judge, &m->result, &o);
    (void)judge_proof(&m->judge, m->result.hidden, &m->result.proof, &o);
    assert_false(o.gave_up);
}

static void close_made(struct made *m)
{
    suppression_release(&m->result);
    world_release(&m->world);
}

static size_t cell_of(const struct made *m, const char *key)
{
    size_t cell = cell_by_key(&m->world.cells, key);
    if (cell == SIZE_MAX)
        fail_msg("no cell %s", key);
    return cell;
}

static bool hides(const struct made *m, const char *key)
{
    return m->result.hidden[cell_of(m, key)];
}

static size_t hidden_count(const struct made *m)
{
    size_t count = 0;
    for (size_t i = 0; i < m->world.cells.count; i++)
        count += m->result.hidden[i];
    return count;
}

/* Two hidden cells in every row and column, on one ring of eight: what one gains the next must
 * lose. One of those that gain is 0, and one of those that lose: all eight can be computed. */
static void test_ring_of_eight_that_cannot_turn(void **state)
{
    (void)state;
    static const struct world_shape four = {{{"origin", "a* b* c* d*"}}, "origin", NULL, 4};
    static const int64_t people[16] = {0,      6, 9, 8, /**/ 7, 5, 8, 9,
                                       /**/ 9, 7, 6, 0, /**/ 7, 9, 8, 5};
    struct disclosure rules = {
        .threshold = 1, .protection_width = 1, .public_head_counts = true, .cost = COST_CELLS};
    struct made m;
    struct proof p;
    struct view view;
    struct err err = {0};
    int64_t public_counts[WORLD_CELLS];
    uint8_t ring[WORLD_CELLS] = {0};
    make(&m, &four, &FOUR, &rules, people);
    for (size_t i = 0; i < m.world.cells.count; i++) {
        size_t row = m.world.cells.unit[i] - 2U, column = m.world.cells.categories[i] - 1U;
        ring[i] = row < 4 && column < 4 && (column == row || column == (row + 1) % 4);
    }
    view_make(&view, &m.world.cells, ring, m.world.counts, public_counts);
    assert_int_equal(prove(&p, &view, &rules, 1, &err), 0);
    assert_int_equal(p.cell_count, 8);
    assert_int_equal(p.unprotected, 8);
    proof_release(&p);
    suppress_made(&m, ring);
    assert_true(m.result.secondary > 0);
    close_made(&m);
}

static void test_domain_of_one_entity(void **state)
{
    (void)state;
    static const int64_t people[9] = {2, 30, 11, /**/ 9, 40, 12, /**/ 8, 35, 10};
    struct made m;
    make(&m, &ORIGIN, &UNEVEN, &RULES, people);
    suppress_made(&m, NULL);
    assert_true(hides(&m, "staff|entity:E1|origin=foreign"));
    assert_true(hides(&m, "staff|domain:D1|origin=foreign"));
    assert_int_equal(hides(&m, "staff|domain:D1|origin=belgian"),
                     hides(&m, "staff|entity:E1|origin=belgian"));
    assert_int_equal(hides(&m, "staff|domain:D1|origin=unknown"),
                     hides(&m, "staff|entity:E1|origin=unknown"));
    close_made(&m);
}

/* The entity has no cells, and its neighbour is all that its domain is. */
static void test_entity_that_did_not_deliver(void **state)
{
    (void)state;
    static const int64_t people[9] = {9, 30, 11, /**/ 10, 40, 12, /**/ 1, 35, 10};
    struct made m;
    make(&m, &ORIGIN, &MISSING, &RULES, people);
    assert_true(cell_by_key(&m.world.cells, "staff|entity:E4|origin=foreign") == SIZE_MAX);
    suppress_made(&m, NULL);
    assert_true(hides(&m, "staff|entity:E3|origin=foreign"));
    assert_true(hides(&m, "staff|domain:D2|origin=foreign"));
    close_made(&m);
}

/* A category with one below it: what is hidden of one is hidden of the other. */
static void test_only_child_category(void **state)
{
    (void)state;
    static const int64_t people[9] = {2, 30, 11, /**/ 9, 40, 12, /**/ 8, 35, 10};
    struct made m;
    make(&m, &ONLY_CHILD, &UNEVEN, &RULES, people);
    suppress_made(&m, NULL);
    for (size_t i = 0; i < m.world.cells.count; i++)
        if (m.world.cells.categories[i] == 1)
            assert_int_equal(m.result.hidden[i], m.result.hidden[i + 1]);
    assert_true(hides(&m, "staff|entity:E1|origin=eu"));
    close_made(&m);
}

/* A small eu is protected by its sister, and nothing else has to go. */
static void test_nested_origin(void **state)
{
    (void)state;
    static const int64_t people[4] = {2, 30, 100, 60};
    struct made m;
    make(&m, &NESTED, &ONE, &RULES, people);
    suppress_made(&m, NULL);
    assert_true(hides(&m, "staff|entity:E1|origin=eu"));
    assert_true(hides(&m, "staff|entity:E1|origin=non_eu"));
    assert_int_equal(hidden_count(&m), 2 * 3); /* at all three levels */
    close_made(&m);
}

/* The unknown is hidden rather than the larger belgian, and nothing is asked of it. */
static void test_hidden_unknown(void **state)
{
    (void)state;
    static const int64_t people[3] = {2, 60, 7};
    struct made m;
    make(&m, &ORIGIN, &ONE, &RULES, people);
    suppress_made(&m, NULL);
    assert_true(hides(&m, "staff|entity:E1|origin=unknown"));
    assert_false(hides(&m, "staff|entity:E1|origin=belgian"));
    for (size_t i = 0; i < m.result.proof.cell_count; i++)
        assert_int_equal(m.world.cells.categories[m.result.proof.cells[i].cell], 1);
    close_made(&m);
}

static void test_all_zeros(void **state)
{
    (void)state;
    struct made m;
    make(&m, &ORIGIN_SEX, &UNEVEN, &RULES, NULL);
    suppress_made(&m, NULL);
    assert_int_equal(hidden_count(&m), 0);
    close_made(&m);
}

/* No women in E1: their zeros are everybody's knowledge and are not hidden, whatever else is. */
static void test_group_of_nobody(void **state)
{
    (void)state;
    static const int64_t people[6] = {0, 1, 0, 40, 0, 12};
    struct made m;
    make(&m, &ORIGIN_SEX, &ONE, &RULES, people);
    suppress_made(&m, NULL);
    assert_true(hides(&m, "staff|entity:E1|origin=foreign|sex=m"));
    assert_false(hides(&m, "staff|entity:E1|origin=foreign|sex=f"));
    assert_false(hides(&m, "staff|entity:E1|origin=belgian|sex=f"));
    close_made(&m);
}

/* The rule sets that a case below runs through. */
static struct disclosure rule_set(unsigned number)
{
    struct disclosure r = RULES;
    r.protect_zeros = number & 1;
    r.interval = number & 2;
    r.public_head_counts = number & 4;
    return r;
}

static void test_group_of_one(void **state)
{
    (void)state;
    static const int64_t people[6] = {1, 12, 0, 30, 0, 11};
    for (unsigned set = 0; set < 8; set++) {
        struct made m;
        struct disclosure rules = rule_set(set);
        make(&m, &ORIGIN_SEX, &ONE, &rules, people);
        suppress_made(&m, NULL);
        assert_true(hides(&m, "staff|entity:E1|origin=foreign|sex=f"));
        close_made(&m);
    }
}

/* One person in the whole government: all that is not a head count is hidden, and it ends well. */
static void test_one_person_in_all(void **state)
{
    (void)state;
    static const int64_t people[3] = {0, 1, 0};
    for (unsigned set = 0; set < 8; set++) {
        struct made m;
        struct disclosure rules = rule_set(set);
        make(&m, &SENSITIVE, &ONE, &rules, people);
        suppress_made(&m, NULL);
        assert_true(hides(&m, "staff|entity:E1|origin=non_eu"));
        assert_int_equal(hides(&m, "staff|government:VO"), !rules.public_head_counts);
        for (size_t i = 0; rules.protect_zeros && i < m.world.cells.count; i++)
            assert_true(m.result.hidden[i] || judge_public(&m.judge, i));
        close_made(&m);
    }
}

/* The same number in every leaf. From the threshold on, nothing is hidden; below, all leaves are.
 */
static void test_equal_counts_everywhere(void **state)
{
    (void)state;
    for (int64_t n = 1; n <= 4; n++)
        for (unsigned set = 0; set < 8; set++) {
            struct made m;
            int64_t people[WORLD_LEAVES];
            struct disclosure rules = rule_set(set);
            for (size_t l = 0; l < WORLD_LEAVES; l++)
                people[l] = n;
            make(&m, &ORIGIN, &UNEVEN, &rules, people);
            suppress_made(&m, NULL);
            if (n >= rules.threshold)
                assert_int_equal(hidden_count(&m), 0);
            else
                assert_true(hides(&m, "staff|entity:E2|origin=foreign"));
            close_made(&m);
        }
}

/* One count changed, whichever: an equation that it stands in is named by its total. */
static void test_contradiction_names_its_equation(void **state)
{
    (void)state;
    static const int64_t people[18] = {4, 5, 6, 7, 8, 9, 4, 5, 6, 7, 8, 9, 4, 5, 6, 7, 8, 9};
    struct made m;
    struct text key;
    make(&m, &ORIGIN_SEX, &UNEVEN, &RULES, people);
    const struct cells *c = &m.world.cells;
    text_init(&key);
    for (size_t i = 0; i < c->count; i++) {
        struct err err = {0};
        bool named = false;
        m.world.counts[i]++;
        assert_int_equal(cells_additive(c, m.world.counts, &err), -1);
        assert_int_equal(err.kind, ERR_INTERNAL);
        for (size_t e = 0; e < c->equation_count && !named; e++)
            for (uint32_t k = c->equation_start[e]; k < c->equation_start[e + 1]; k++) {
                text_clear(&key);
                cell_key(&key, c, c->equation_cell[c->equation_start[e]]);
                named = named || (c->equation_cell[k] == i && strstr(err.text, key.bytes));
            }
        assert_true(named);
        m.world.counts[i]--;
    }
    assert_int_equal(cells_additive(c, m.world.counts, NULL), 0);
    text_release(&key);
    close_made(&m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ring_of_eight_that_cannot_turn),
        cmocka_unit_test(test_domain_of_one_entity),
        cmocka_unit_test(test_entity_that_did_not_deliver),
        cmocka_unit_test(test_only_child_category),
        cmocka_unit_test(test_nested_origin),
        cmocka_unit_test(test_hidden_unknown),
        cmocka_unit_test(test_all_zeros),
        cmocka_unit_test(test_group_of_nobody),
        cmocka_unit_test(test_group_of_one),
        cmocka_unit_test(test_one_person_in_all),
        cmocka_unit_test(test_equal_counts_everywhere),
        cmocka_unit_test(test_contradiction_names_its_equation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

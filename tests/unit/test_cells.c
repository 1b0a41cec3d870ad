/* SPDX-License-Identifier: EUPL-1.2 */
/* The system of cells and equations: how many, in which order, what they are, how they add up. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "structure_fixture.h"

static const char *key_of(struct text *key, const struct cells *c, size_t cell)
{
    text_clear(key);
    cell_key(key, c, cell);
    assert_false(key->failed);
    return key->bytes;
}

static uint8_t flags_of(const struct cells *c, const char *key)
{
    size_t cell = cell_by_key(c, key);
    assert_true(cell != SIZE_MAX);
    return c->flags[cell];
}

static void make(struct structure *s, struct cells *c, bool public_head_counts)
{
    struct err err;
    assert_int_equal(structure_check(s, &err), 0);
    assert_int_equal(cells_build(c, s, public_head_counts, &err), 0);
}

static void two_tables(struct structure *s)
{
    structure_init(s);
    fixture_units(s, false);
    fixture_variable(s, "origin", "foreign* eu<foreign non_eu<foreign belgian* unknown");
    fixture_variable(s, "sex", "f m");
    fixture_table(s, "origin", "staff", "origin", -1);
    fixture_table(s, "origin-sex", "staff", "origin sex", -1);
}

static void test_cells_of_two_tables_are_shared(void **state)
{
    (void)state;
    struct structure s;
    struct cells c;
    two_tables(&s);
    make(&s, &c, true);
    /* 6 delivered units; 6 categories of origin with the total, 3 of sex. */
    assert_int_equal(c.count, 6 * 6 * 3);
    assert_int_equal(c.table_start[1], 6 * 6);
    assert_int_equal(c.table_start[2], 6 * 6 + 6 * 18);
    assert_int_equal(c.leaf_table_count, 2);
    /* Both tables start with the same cell: the government's total. */
    assert_int_equal(c.table_cell[0], c.table_cell[c.table_start[1]]);
    /* Units: VO, D1 and D2 are sums, for 18 cells each. Origin: total and foreign are sums, in 6
     * units and 3 categories of sex. Sex: its total is one, in 6 units and 6 categories of origin.
     */
    assert_int_equal(c.equation_count, 3 * 18 + 2 * 6 * 3 + 6 * 6);
    cells_release(&c);
    structure_release(&s);
}

static void test_order_is_units_then_last_variable_fastest(void **state)
{
    (void)state;
    struct structure s;
    struct cells c;
    struct text key;
    text_init(&key);
    two_tables(&s);
    make(&s, &c, true);
    const uint32_t *table = c.table_cell + c.table_start[1];
    assert_string_equal(key_of(&key, &c, table[0]), "staff|government:VO");
    assert_string_equal(key_of(&key, &c, table[1]), "staff|government:VO|sex=f");
    assert_string_equal(key_of(&key, &c, table[3]), "staff|government:VO|origin=foreign");
    assert_string_equal(key_of(&key, &c, table[18 + 4]), "staff|domain:D1|origin=foreign|sex=f");
    assert_string_equal(key_of(&key, &c, table[5 * 18 + 17]),
                        "staff|entity:E3|origin=unknown|sex=m");
    for (size_t i = 0; i < 36; i++) /* the first table's cells come first, in its order */
        assert_int_equal(c.table_cell[i], i);
    text_release(&key);
    cells_release(&c);
    structure_release(&s);
}

static void test_sensitive_public_and_group(void **state)
{
    (void)state;
    struct structure s;
    struct cells c;
    two_tables(&s);
    make(&s, &c, true);
    assert_int_equal(flags_of(&c, "staff|entity:E1"), CELL_PUBLIC);
    assert_int_equal(flags_of(&c, "staff|entity:E1|sex=f"), CELL_PUBLIC);
    assert_int_equal(flags_of(&c, "staff|entity:E1|origin=foreign"), CELL_SENSITIVE);
    assert_int_equal(flags_of(&c, "staff|entity:E1|origin=unknown|sex=f"), 0);
    assert_int_equal(flags_of(&c, "staff|entity:E1|origin=eu"), 0);
    size_t cell = cell_by_key(&c, "staff|entity:E1|origin=belgian|sex=m");
    assert_int_equal(c.group[cell], cell_by_key(&c, "staff|entity:E1|sex=m"));
    cell = cell_by_key(&c, "staff|entity:E1|sex=m");
    assert_int_equal(c.group[cell], cell);
    cells_release(&c);

    make(&s, &c, false);
    for (size_t i = 0; i < c.count; i++) {
        assert_int_equal(c.flags[i], CELL_SENSITIVE);
        assert_int_equal(c.group[i], cell_by_key(&c, "staff|government:VO"));
    }
    cells_release(&c);
    structure_release(&s);
}

static void test_keys_and_coordinates_lead_back(void **state)
{
    (void)state;
    struct structure s;
    struct cells c;
    struct text key;
    text_init(&key);
    two_tables(&s);
    fixture_table(&s, "managers", "managers", "origin", 0);
    make(&s, &c, true);
    for (size_t i = 0; i < c.count; i++) {
        assert_int_equal(cell_by_key(&c, key_of(&key, &c, i)), i);
        if (!(c.flags[i] & CELL_SLACK))
            assert_int_equal(
                cells_find(&c, (int)c.population[i], (int)c.unit[i], c.categories + i * c.stride),
                i);
    }
    static const char *const wrong[] = {
        "",
        "staff",
        "staff|",
        "staff|entity",
        "staff|entity:E9",
        "staff|entity:E4", /* not delivered: has no cells */
        "staff|domain:E1",
        "staff|entity:E1|",
        "staff|entity:E1|origin",
        "staff|entity:E1|origin=",
        "staff|entity:E1|origin=total",
        "staff|entity:E1|sex=f|origin=foreign",
        "staff|entity:E1|sex=f|sex=f",
        "staff|entity:E1|sex=f ",
        "staff|entity:E1|age=f",
        "others|entity:E1",
        "staff<managers|entity:E1",
        "managers<staff|entity:E1|sex=f",
        "managers<|entity:E1",
        "<staff|entity:E1",
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_true(cell_by_key(&c, wrong[i]) == SIZE_MAX);
    text_release(&key);
    cells_release(&c);
    structure_release(&s);
}

/* Everybody counts once per leaf of (unit, origin, sex): 1 + unit * 100 + origin * 10 + sex people.
 */
static int64_t formula(void *context, size_t table, int unit, const uint16_t *categories)
{
    const struct cells *c = context;
    struct leaf_table tables[8];
    assert_true(cells_leaf_tables(c, tables, 8) <= 8);
    int64_t sum = 0;
    for (int o = 2; o <= 5; o++) /* leaves of origin: eu non_eu belgian unknown */
        for (int x = 1; x <= 2; x++)
            for (int a = 1; a <= 2; a++) {
                int point[3] = {o, x, a};
                bool inside = true;
                for (size_t v = 0; v < tables[table].variable_count; v++) {
                    int variable = tables[table].variables[v];
                    inside = inside && categories[variable] == point[variable];
                }
                if (inside)
                    sum += (tables[table].population ? 1 : 2) * (unit * 100 + o * 10 + x * a);
            }
    return sum;
}

static void test_counts_sum_up(void **state)
{
    (void)state;
    struct structure s;
    struct cells c;
    struct err err;
    two_tables(&s);
    make(&s, &c, true);
    int64_t *counts = calloc(c.count, sizeof *counts);
    assert_non_null(counts);
    assert_int_equal(cells_sum_up(&c, counts, formula, &c, &err), 0);
    assert_int_equal(cells_additive(&c, counts, &err), 0);
    /* E1 is unit 3: eu f = 2 ages * 2 * (300 + 20) + 2 * (1 + 2). */
    assert_int_equal(counts[cell_by_key(&c, "staff|entity:E1|origin=eu|sex=f")], 2 * (640 + 3));
    int64_t foreign = counts[cell_by_key(&c, "staff|domain:D1|origin=foreign")];
    assert_int_equal(foreign, counts[cell_by_key(&c, "staff|entity:E1|origin=eu")] +
                                  counts[cell_by_key(&c, "staff|entity:E1|origin=non_eu")] +
                                  counts[cell_by_key(&c, "staff|entity:E2|origin=foreign")]);
    counts[cell_by_key(&c, "staff|entity:E3|origin=unknown|sex=m")]++;
    assert_int_equal(cells_additive(&c, counts, &err), -1);
    assert_int_equal(err.kind, ERR_INTERNAL);
    assert_non_null(strstr(err.text, "staff|"));
    free(counts);
    cells_release(&c);
    structure_release(&s);
}

static int64_t contradiction(void *context, size_t table, int unit, const uint16_t *categories)
{
    (void)context;
    (void)unit;
    (void)categories;
    return table == 0 ? 5 : 1;
}

static void test_tables_that_disagree_are_a_bug(void **state)
{
    (void)state;
    struct structure s;
    struct cells c;
    struct err err;
    two_tables(&s);
    make(&s, &c, true);
    int64_t *counts = calloc(c.count, sizeof *counts);
    assert_non_null(counts);
    assert_int_equal(cells_sum_up(&c, counts, contradiction, NULL, &err), -1);
    assert_int_equal(err.kind, ERR_INTERNAL);
    free(counts);
    cells_release(&c);
    structure_release(&s);
}

static void test_cycle_is_closed_by_an_unpublished_crossing(void **state)
{
    (void)state;
    struct structure s;
    struct cells c;
    struct err err;
    two_tables(&s);
    fixture_variable(&s, "age", "young old");
    fixture_table(&s, "origin-age", "staff", "origin age", -1);
    fixture_table(&s, "sex-age", "staff", "sex age", -1);
    make(&s, &c, true);
    assert_int_equal(c.leaf_table_count, 5);
    assert_int_equal(c.leaf_tables[4].variable_count, 3);
    assert_int_equal(c.count, 6 * 6 * 3 * 3); /* all of the crossing; its margins are shared */
    size_t unpublished = 0;
    for (size_t i = 0; i < c.count; i++)
        unpublished += c.flags[i] == CELL_UNPUBLISHED;
    assert_int_equal(unpublished, 6 * 5 * 2 * 2);
    assert_int_equal(flags_of(&c, "staff|entity:E1|origin=foreign|sex=f|age=old"),
                     CELL_UNPUBLISHED);
    assert_int_equal(flags_of(&c, "staff|entity:E1|sex=f|age=old"), CELL_PUBLIC);
    int64_t *counts = calloc(c.count + 1, sizeof *counts);
    assert_non_null(counts);
    assert_int_equal(cells_sum_up(&c, counts, formula, &c, &err), 0);
    assert_int_equal(cells_additive(&c, counts, &err), 0);
    free(counts);
    cells_release(&c);
    structure_release(&s);
}

/* The part publishes origin and sex apart, and what it crosses is at most what the whole crosses.
 */
static void test_part_of_a_population_has_slack(void **state)
{
    (void)state;
    struct structure s;
    struct cells c;
    struct err err;
    two_tables(&s);
    fixture_table(&s, "managers", "managers", "origin", 0);
    fixture_table(&s, "managers-sex", "managers", "sex", 1); /* same pair: stated once */
    make(&s, &c, true);
    assert_int_equal(c.leaf_table_count, 5);
    assert_int_equal(c.inclusion_count, 1);
    assert_int_equal(c.inclusions[0].count, 6 * 18);
    assert_int_equal(c.count, 3 * 6 * 18);
    assert_int_equal(flags_of(&c, "managers|entity:E1|origin=foreign|sex=f"), CELL_UNPUBLISHED);
    assert_int_equal(flags_of(&c, "managers|entity:E1|sex=f"), CELL_PUBLIC);
    assert_int_equal(flags_of(&c, "managers<staff|entity:E1|origin=foreign"),
                     CELL_UNPUBLISHED | CELL_SLACK);
    size_t slack = cell_by_key(&c, "managers<staff|entity:E1|origin=foreign|sex=f");
    assert_int_equal(c.flags[slack], CELL_UNPUBLISHED | CELL_SLACK);
    int64_t *counts = calloc(c.count, sizeof *counts);
    assert_non_null(counts);
    assert_int_equal(cells_sum_up(&c, counts, formula, &c, &err), 0);
    assert_int_equal(cells_additive(&c, counts, &err), 0);
    assert_int_equal(counts[slack],
                     counts[cell_by_key(&c, "managers|entity:E1|origin=foreign|sex=f")]);
    const uint32_t *last = c.equation_cell + c.equation_start[c.equation_count - 1];
    assert_int_equal(last[2], c.count - 1);
    free(counts);
    cells_release(&c);
    structure_release(&s);
}

static void test_no_delivery_no_cells(void **state)
{
    (void)state;
    struct structure s;
    struct cells c;
    structure_init(&s);
    fixture_unit(&s, LEVEL_GOVERNMENT, "VO", -1, false);
    fixture_unit(&s, LEVEL_DOMAIN, "D", 0, false);
    fixture_unit(&s, LEVEL_ENTITY, "E", 1, false);
    fixture_table(&s, "head", "staff", "", -1);
    make(&s, &c, true);
    assert_int_equal(c.count, 0);
    assert_int_equal(c.equation_count, 0);
    cells_release(&c);
    structure_release(&s);
}

/* Tables over variables of 36 categories; those from parts_from on are of a part. */
static void refuse_tables(const char *const *tables, size_t parts_from)
{
    struct structure s;
    struct cells c;
    struct err err;
    structure_init(&s);
    fixture_units(&s, true);
    for (char name[] = "v0"; name[1] < '6'; name[1]++)
        fixture_variable(&s, name,
                         "a b c d e f g h i j k l m n o p q r s t u v w x y z 0 1 2 3 4 5 6 7 8 9");
    for (size_t t = 0; tables[t]; t++) {
        char name[] = {'t', (char)('a' + t), '\0'};
        bool part = t >= parts_from;
        fixture_table(&s, name, part ? "managers" : "staff", tables[t], part ? 0 : -1);
    }
    assert_int_equal(structure_check(&s, &err), 0);
    assert_int_equal(cells_build(&c, &s, true, &err), -1);
    assert_int_equal(err.kind, ERR_DATA);
    assert_non_null(strstr(err.text, "cells"));
    cells_release(&c);
    structure_release(&s);
}

static void test_too_many_cells_are_refused(void **state)
{
    (void)state;
    refuse_tables((const char *const[]){"v0 v1 v2 v3 v4 v5", NULL}, 9);
    refuse_tables((const char *const[]){"v0 v1", "v2 v3", "v0 v2", "v1 v3", NULL}, 9);
    /* What closes a part with its whole; each by itself is small. */
    refuse_tables((const char *const[]){"v0 v1", "v2 v3", "v0 v2", "v1 v3", NULL}, 2);
}

static int64_t more_managers(void *context, size_t table, int unit, const uint16_t *categories)
{
    (void)context;
    (void)unit;
    (void)categories;
    static const int64_t COUNTS[] = {8, 4, 9}; /* origin, origin by two sexes, managers */
    return COUNTS[table];
}

/* A manager whose post is a second job, in another entity than where they count as staff. */
static void test_part_that_is_not_within_is_refused(void **state)
{
    (void)state;
    struct structure s;
    struct cells c;
    struct err err;
    two_tables(&s);
    fixture_table(&s, "managers", "managers", "origin", 0);
    make(&s, &c, true);
    int64_t *counts = calloc(c.count, sizeof *counts);
    assert_non_null(counts);
    assert_int_equal(cells_sum_up(&c, counts, more_managers, NULL, &err), -1);
    assert_int_equal(err.kind, ERR_DATA);
    assert_non_null(strstr(err.text, "managers is not within population staff"));
    free(counts);
    cells_release(&c);
    structure_release(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cells_of_two_tables_are_shared),
        cmocka_unit_test(test_order_is_units_then_last_variable_fastest),
        cmocka_unit_test(test_sensitive_public_and_group),
        cmocka_unit_test(test_keys_and_coordinates_lead_back),
        cmocka_unit_test(test_counts_sum_up),
        cmocka_unit_test(test_tables_that_disagree_are_a_bug),
        cmocka_unit_test(test_cycle_is_closed_by_an_unpublished_crossing),
        cmocka_unit_test(test_part_of_a_population_has_slack),
        cmocka_unit_test(test_part_that_is_not_within_is_refused),
        cmocka_unit_test(test_no_delivery_no_cells),
        cmocka_unit_test(test_too_many_cells_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

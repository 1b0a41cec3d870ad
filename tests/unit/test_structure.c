/* SPDX-License-Identifier: EUPL-1.2 */
/* structure_check: one good structure, and one fault at a time. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "structure_fixture.h"

static void make(struct structure *s)
{
    structure_init(s);
    fixture_units(s, false);
    fixture_variable(s, "origin", "foreign* eu<foreign belgian");
    fixture_variable(s, "age", "-24 25+");
    fixture_table(s, "origin-age", "staff", "origin age", -1);
    fixture_table(s, "managers", "managers", "origin", 0);
}

typedef void (*fault)(struct structure *s);

#define FAULT(name, change)               \
    static void name(struct structure *s) \
    {                                     \
        change;                           \
    }
FAULT(two_roots, s->units[1].parent = -1)
FAULT(parent_after, s->units[3].parent = 4)
FAULT(parent_itself, s->units[3].parent = 3)
FAULT(parent_level, s->units[3].parent = 0)
FAULT(parent_beyond, s->units[3].parent = 1000)
FAULT(level_beyond, s->units[3].level = (enum level)3)
FAULT(same_code, s->units[4].code[1] = '1')
FAULT(bad_code, s->units[4].code[0] = '/')
FAULT(no_name, free(s->units[4].name); s->units[4].name = NULL)
FAULT(delivered_below_nothing, s->units[1].delivered = false)
FAULT(complete_without, s->units[2].complete = true)
FAULT(incomplete_without, s->units[1].complete = false)
FAULT(same_variable, memcpy(s->variables[1].name, "origin", 7))
FAULT(reserved_variable, memcpy(s->variables[1].name, "unit", 5))
FAULT(no_total, s->variables[0].categories[0].name[0] = 'T')
FAULT(category_twice, memcpy(s->variables[1].categories[2].name, "-24", 4))
FAULT(category_parent, s->variables[0].categories[1].parent = 2)
FAULT(category_root, s->variables[0].categories[1].parent = -1)
FAULT(category_name, s->variables[0].categories[1].name[0] = '|')
FAULT(category_count, s->variables[0].category_count = CONFIG_CATEGORIES + 3)
FAULT(total_sensitive, s->variables[0].categories[0].sensitive = true)
FAULT(sensitivity, s->variables[0].sensitive = false)
FAULT(same_table, memcpy(s->tables[1].name, "origin-age", 11))
FAULT(population_beyond, s->tables[1].population = 2)
FAULT(population_unused, s->tables[1].population = 0)
FAULT(population_twice, memcpy(s->populations[1].id, "staff", 6))
FAULT(populations_swapped, s->tables[0].population = 1; s->tables[1].population = 0)
FAULT(filter_twice, free(s->populations[1].filter);
      s->populations[1].filter = text_duplicate(s->populations[0].filter,
                                                strlen(s->populations[0].filter)))
FAULT(variables_order, s->tables[0].variables[0] = 1; s->tables[0].variables[1] = 0)
FAULT(variable_twice, s->tables[0].variables[1] = 0)
FAULT(variable_beyond, s->tables[0].variables[1] = 2)
FAULT(within_itself, s->tables[1].within = 1)
FAULT(within_circle, s->tables[0].within = 1)
FAULT(within_beyond, s->tables[1].within = 2)

static void test_faults(void **state)
{
    (void)state;
    static const fault faults[] = {
        two_roots,
        parent_after,
        parent_itself,
        parent_level,
        parent_beyond,
        level_beyond,
        same_code,
        bad_code,
        no_name,
        delivered_below_nothing,
        complete_without,
        incomplete_without,
        same_variable,
        reserved_variable,
        no_total,
        category_twice,
        category_parent,
        category_root,
        category_name,
        category_count,
        total_sensitive,
        sensitivity,
        same_table,
        population_beyond,
        population_unused,
        population_twice,
        populations_swapped,
        filter_twice,
        variables_order,
        variable_twice,
        variable_beyond,
        within_itself,
        within_circle,
        within_beyond,
    };
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
        struct structure s;
        struct err err;
        make(&s);
        assert_int_equal(structure_check(&s, &err), 0);
        faults[i](&s);
        int rc = structure_check(&s, &err);
        if (rc == 0)
            print_error("fault %zu was accepted\n", i);
        assert_int_equal(rc, -1);
        assert_int_equal(err.kind, ERR_DATA);
        structure_release(&s);
    }
}

static void test_empty_is_refused(void **state)
{
    (void)state;
    struct structure s;
    struct err err;
    structure_init(&s);
    assert_int_equal(structure_check(&s, &err), -1);
    structure_release(&s);
}

static void test_level_names(void **state)
{
    (void)state;
    assert_string_equal(level_name(LEVEL_GOVERNMENT), "government");
    assert_string_equal(level_name(LEVEL_DOMAIN), "domain");
    assert_string_equal(level_name(LEVEL_ENTITY), "entity");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_faults),
        cmocka_unit_test(test_empty_is_refused),
        cmocka_unit_test(test_level_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

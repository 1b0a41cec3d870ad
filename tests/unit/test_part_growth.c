/* SPDX-License-Identifier: EUPL-1.2 */
/* Tests of search_grow (sdc/part_search.h): every table that it adds agrees with the view, shows
 * what it is said to show, and few tables show many cells. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sdc/part_search.h"

#include "engine_world.h"
#include "sdc/suppress.h"

static const struct disclosure RULES = {.threshold = 5,
                                        .protect_zeros = true,
                                        .interval = true,
                                        .protection_width = 5,
                                        .public_head_counts = true};

struct bench {
    struct world world;
    struct suppression pattern;
    int64_t public_counts[WORLD_CELLS];
    struct view view;
    struct bounds bounds;
    struct parts parts;
    struct blocks blocks;
    struct transfer *transfer;
    size_t open, closed, tables; /* in all parts: open before; closed by growth; made by it */
};

static void bench_open(struct bench *b, uint32_t *random)
{
    struct err err = {0};
    const struct cells *c = &b->world.cells;
    world_draw(&b->world, random, true);
    world_settle(&b->world, random, 10 + world_random(random, 40), 4 + world_random(random, 12));
    assert_int_equal(suppress(&b->pattern, c, b->world.counts, &RULES, NULL, NULL, 1, &err), 0);
    view_make(&b->view, c, b->pattern.hidden, b->world.counts, b->public_counts);
    assert_int_equal(bounds_find(&b->bounds, &b->view, &err), 0);
    assert_int_equal(parts_build(&b->parts, c, b->pattern.hidden, &err), 0);
    assert_int_equal(blocks_build(&b->blocks, c, &err), 0);
    assert_int_equal(transfer_open(&b->transfer, &b->blocks, RULES.protection_width, &err), 0);
    for (uint32_t i = 0; i < c->count; i++)
        transfer_set(b->transfer, i, 0, CIRCUIT_NEVER);
}

static void bench_close(struct bench *b)
{
    transfer_close(b->transfer);
    blocks_release(&b->blocks);
    parts_release(&b->parts);
    bounds_release(&b->bounds);
    suppression_release(&b->pattern);
    world_release(&b->world);
}

/* The published cells and the part's table, in the cells' own equations: first member = the sum of
 * the others. */
static void table_agrees(const struct bench *b, const struct search *s, const int64_t *table)
{
    const struct cells *c = &b->world.cells;
    int64_t values[WORLD_CELLS];
    memcpy(values, b->public_counts, c->count * sizeof *values);
    for (size_t u = 0; u < s->equations.unknowns; u++) {
        assert_true(table[u] >= 0);
        values[s->cells[u]] = table[u];
    }
    for (uint32_t k = b->parts.equation_start[s->part]; k < b->parts.equation_start[s->part + 1];
         k++) {
        uint32_t e = b->parts.equations[k], first = c->equation_start[e];
        int64_t sum = 0;
        for (uint32_t i = first + 1; i < c->equation_start[e + 1]; i++)
            sum += values[c->equation_cell[i]];
        assert_int_equal(values[c->equation_cell[first]], sum);
    }
}

static void target_is_shown(const struct search *s, const struct target *t)
{
    if (t->low_at == TABLE_NONE)
        return;
    assert_int_equal(s->tables[t->low_at][t->unknown], t->low);
    assert_int_equal(s->tables[t->high_at][t->unknown], t->high);
}

static void grow_part(struct bench *b, size_t part)
{
    struct search s;
    struct err err = {0};
    assert_int_equal(
        search_open(&s, &b->view, &b->bounds, &RULES, &b->parts, part, b->transfer, &err), 0);
    assert_int_equal(search_grow(&s, &err), 0); /* there is no table to grow from */
    assert_int_equal(s.table_count, 0);
    if (s.target_count && search_any_table(&s, &err) == 0 && s.table_count) {
        size_t before = s.open;
        for (size_t i = 0; i < s.target_count; i++)
            (void)search_notice(&s, &s.targets[i], s.tables[0][s.targets[i].unknown], 0);
        b->open += before;
        assert_int_equal(search_grow(&s, &err), 0);
        b->closed += before - s.open;
        b->tables += s.table_count - 1;
        for (size_t k = 0; k < s.table_count; k++)
            table_agrees(b, &s, s.tables[k]);
        for (size_t i = 0; i < s.target_count; i++)
            target_is_shown(&s, &s.targets[i]);
    }
    search_release(&s);
}

static void test_tables_agree_and_show_many(void **state)
{
    (void)state;
    uint32_t random = 23112026;
    size_t open = 0, closed = 0, tables = 0;
    for (int round = 0; round < 100; round++) {
        struct bench b = {0};
        bench_open(&b, &random);
        for (size_t part = 0; part < b.parts.count; part++)
            grow_part(&b, part);
        open += b.open;
        closed += b.closed;
        tables += b.tables;
        bench_close(&b);
    }
    print_message("%zu of %zu cells closed by %zu tables\n", closed, open, tables);
    assert_true(2 * closed > open);
    assert_true(closed > 4 * tables);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tables_agree_and_show_many),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

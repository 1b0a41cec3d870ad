/* SPDX-License-Identifier: EUPL-1.2 */
/* What exchanges rule out at sight, on thousands of cells of small random systems: never one that
 * there is, and always what an equation stands against. */
#include "sdc_system.h"

#include "sdc/exchange_search.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static uint32_t random_state = 521288629U;

static uint32_t pick(uint32_t below)
{
    return system_random(&random_state, below);
}

struct market { /* what a search works on */
    struct sdc_system s;
    struct blocks b;
    int64_t values[SYSTEM_CELLS];
    struct weight prices[SYSTEM_CELLS];
    struct exchange_search *search;
    struct exchange best;
};

static void market_open(struct market *m)
{
    struct err err;
    system_build(&m->s, 2 + pick(3), 2 + pick(3), 1 + pick(2), pick(2));
    system_fill(&m->s, &random_state, 1 + pick(8));
    assert_int_equal(blocks_build(&m->b, &m->s.cells, &err), 0);
    assert_true(m->b.unit_count * m->b.class_count <= SYSTEM_CELLS);
    for (size_t slot = 0; slot < m->b.unit_count * m->b.class_count; slot++) {
        uint32_t c = m->b.cell[slot];
        bool stays = c == SLOT_NONE || m->s.flags[c] & CELL_PUBLIC;
        int64_t price = stays ? CIRCUIT_NEVER : pick(3) ? 0 : 16;
        m->values[slot] = c == SLOT_NONE ? 0 : m->s.counts[c];
        m->prices[slot] = (struct weight){price, price};
    }
    assert_int_equal(exchange_open(&m->search, &m->b, m->values, m->prices, &err), 0);
    assert_int_equal(exchange_init(&m->best, &m->b, &err), 0);
}

static void market_close(struct market *m)
{
    exchange_close(m->search);
    exchange_release(&m->best);
    blocks_release(&m->b);
}

static void set_price(struct market *m, uint32_t slot, struct weight price)
{
    m->prices[slot] = price;
    exchange_touch(m->search, slot);
}

/* Nothing may move but what the exchange moves, as it moves it, for nothing. */
static void leave_exchange(struct market *m)
{
    for (uint32_t slot = 0; slot < m->b.unit_count * m->b.class_count; slot++)
        set_price(m, slot, (struct weight){CIRCUIT_NEVER, CIRCUIT_NEVER});
    for (size_t i = 0; i < m->best.count; i++)
        set_price(m, m->best.slots[i],
                  m->best.by[i] > 0 ? (struct weight){0, CIRCUIT_NEVER}
                                    : (struct weight){CIRCUIT_NEVER, 0});
}

static bool may_be(struct market *m, uint32_t slot, int by)
{
    uint32_t classes = (uint32_t)m->b.class_count;
    return exchange_may_be(m->search, slot / classes, slot % classes, by, 1);
}

static void what_there_is_may_be(void **state)
{
    (void)state;
    size_t found = 0;
    for (int round = 0; round < 2000; round++) {
        struct market m;
        market_open(&m);
        uint32_t slot = pick((uint32_t)(m.b.unit_count * m.b.class_count));
        int by = pick(2) ? 1 : -1;
        struct effort effort = effort_for(&m.b, true);
        if (exchange_find(m.search, slot, by, CIRCUIT_NEVER, &effort, &m.best)) {
            found++;
            leave_exchange(&m);
            assert_true(may_be(&m, slot, by));
        }
        market_close(&m);
    }
    assert_true(found > 500);
}

/* The cell alone for nothing; all else has its price. */
static void an_equation_without_another_rules_out(void **state)
{
    (void)state;
    for (int round = 0; round < 200; round++) {
        struct market m;
        market_open(&m);
        uint32_t slots = (uint32_t)(m.b.unit_count * m.b.class_count), slot = pick(slots);
        struct effort effort = effort_for(&m.b, true);
        for (uint32_t i = 0; i < slots; i++)
            set_price(&m, i, i == slot ? (struct weight){0, 0} : (struct weight){16, 16});
        assert_false(may_be(&m, slot, 1));
        assert_false(exchange_find(m.search, slot, 1, 1, &effort, &m.best));
        assert_int_equal(m.best.cost, CIRCUIT_NEVER);
        market_close(&m);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_there_is_may_be),
        cmocka_unit_test(an_equation_without_another_rules_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The audit's own search on random small governments in which cells are hidden well, badly or at
 * random: what it says of each hidden cell is what the search through all tables says
 * (engine_oracle.h), and a PASS is never given to a cell that is not protected.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "audit/search.h"
#include "engine_judge.h"

struct tally {
    size_t worlds, verdicts[SEARCH_OPEN + 1], gave_up;
};

/* As suppression hides, with some cells shown again; or at random. Head counts stay public. */
static void hide(const struct judge *j, uint8_t *hidden, uint32_t *random)
{
    const struct world *w = j->world;
    struct suppression s;
    struct err err = {0};
    uint32_t way = world_random(random, 4);
    if (suppress(&s, &w->cells, w->counts, j->rules, NULL, NULL, 1, &err) != 0)
        judge_fail(j, 0, err.text);
    for (size_t i = 0; i < w->cells.count; i++) {
        bool may = !judge_public(j, i) && judge_published(&w->cells, i);
        bool shown = (way == 1 && !judge_unsafe(j, i)) || /* primary suppression alone */
                     (way == 2 && world_random(random, 12) == 0);
        hidden[i] = s.hidden[i] && !(may && shown);
        if (way == 0 && may)
            hidden[i] = world_random(random, 3) == 0;
    }
    suppression_release(&s);
}

static void judge_verdict(const struct judge *j, const struct oracle *o, const uint8_t *hidden,
                          size_t cell, enum audit_verdict verdict)
{
    int64_t low = o->least[cell], high = o->most[cell];
    bool good = judge_protected(j, hidden, cell, low, high);
    if (o->gave_up)
        return; /* the range may be wider than it says */
    if (verdict == SEARCH_SHOWN && !good)
        judge_fail(j, cell, "said to be protected, and is not");
    if (verdict != SEARCH_SHOWN && good)
        judge_fail(j, cell, audit_verdict_text(verdict));
    if (!good && verdict != (low == high ? SEARCH_EXACT : SEARCH_NARROW))
        judge_fail(j, cell, audit_verdict_text(verdict));
}

static void one_round(size_t round, uint32_t *random, bool public_head_counts, struct tally *t)
{
    static struct world w;
    static struct oracle o;
    struct err err = {0};
    static uint8_t hidden[WORLD_CELLS];
    uint8_t asked[WORLD_CELLS] = {0};
    int64_t seen[WORLD_CELLS];
    struct disclosure rules = judge_rules(random, public_head_counts);
    struct judge j = {&w, &rules, NULL, round};
    struct audit_index index = {0};
    world_draw(&w, random, public_head_counts);
    world_settle(&w, random, 20 + world_random(random, 60), 1 + world_random(random, 6));
    hide(&j, hidden, random);
    for (size_t i = 0; i < w.cells.count; i++) {
        seen[i] = hidden[i] ? -1 : w.counts[i];
        asked[i] = judge_asks(&j, hidden, i);
    }
    struct audit_case c = {
        .rules.disclosure = rules, .cells = w.cells, .counts = seen, .hidden = hidden};
    struct audit_search s = {.c = &c, .index = &index, .asked = asked};
    assert_int_equal(audit_index_build(&index, &w.cells, &err), 0);
    assert_int_equal(audit_search(&s, &err), 0);
    oracle_open(&o, &w, hidden);
    oracle_ranges(&o);
    for (size_t i = 0; i < w.cells.count; i++) {
        assert_true(asked[i] == (s.verdict[i] != SEARCH_NOT_ASKED));
        if (asked[i])
            judge_verdict(&j, &o, hidden, i, s.verdict[i]);
        t->verdicts[s.verdict[i]]++;
    }
    t->worlds++;
    t->gave_up += o.gave_up;
    audit_search_release(&s);
    audit_index_release(&index);
    world_release(&w);
}

static void run(size_t rounds, uint32_t seed, bool public_head_counts)
{
    struct tally t = {0};
    for (size_t i = 0; i < rounds; i++)
        one_round(i, &seed, public_head_counts, &t);
    print_message(
        "# %zu worlds: %zu cells shown protected, %zu exact, %zu narrow, %zu open; %zu not "
        "decided by the oracle\n",
        t.worlds, t.verdicts[SEARCH_SHOWN], t.verdicts[SEARCH_EXACT], t.verdicts[SEARCH_NARROW],
        t.verdicts[SEARCH_OPEN], t.gave_up);
    assert_int_equal(t.verdicts[SEARCH_OPEN], 0);
    assert_int_equal(t.verdicts[SEARCH_NO_TABLE], 0);
    assert_true(t.gave_up <= t.worlds / 100);
    assert_true(t.verdicts[SEARCH_SHOWN] > t.worlds && t.verdicts[SEARCH_EXACT] > t.worlds &&
                t.verdicts[SEARCH_NARROW] > t.worlds / 8);
}

static void test_public_head_counts(void **state)
{
    (void)state;
    run(160, 20171231, true);
}

static void test_nothing_public(void **state)
{
    (void)state;
    run(50, 20161231, false);
}

/* What is published contradicts itself in a way that no single equation shows. */
static void test_no_table(void **state)
{
    (void)state;
    static struct world w;
    struct err err = {0};
    uint8_t hidden[WORLD_CELLS] = {0}, asked[WORLD_CELLS] = {0};
    int64_t seen[WORLD_CELLS];
    struct audit_index index = {0};
    world_shaped(&w, &WORLD_SHAPES[2], &WORLD_ESTATES[1], true); /* origin sex; E1, E2 */
    for (size_t l = 0; l < w.leaf_count; l++)
        w.leaf[l].people = 6;
    world_count(&w);
    for (size_t i = 0; i < w.cells.count; i++) {
        hidden[i] = w.cells.flags[i] & CELL_PUBLIC ? 0 : w.cells.unit[i] > 1;
        seen[i] = hidden[i] ? -1 : w.counts[i];
        asked[i] = hidden[i] && (w.cells.flags[i] & CELL_SENSITIVE);
    }
    /* More women of foreign origin than there are women: every equation has a hidden member. */
    seen[cell_by_key(&w.cells, "staff|domain:D1|origin=foreign|sex=f")] = 30;
    struct audit_case c = {.cells = w.cells, .counts = seen, .hidden = hidden};
    disclosure_defaults(&c.rules.disclosure);
    struct audit_search s = {.c = &c, .index = &index, .asked = asked};
    assert_int_equal(audit_index_build(&index, &w.cells, &err), 0);
    assert_int_equal(audit_search(&s, &err), 0);
    size_t cell = cell_by_key(&w.cells, "staff|entity:E1|origin=foreign|sex=f");
    assert_int_equal(s.verdict[cell], SEARCH_NO_TABLE);
    audit_search_release(&s);
    audit_index_release(&index);
    world_release(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_public_head_counts),
        cmocka_unit_test(test_nothing_public),
        cmocka_unit_test(test_no_table),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

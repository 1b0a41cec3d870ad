/* SPDX-License-Identifier: EUPL-1.2 */
/* suppress() on thousands of random small governments, under every kind of rule: each pattern and
 * each proof is judged by the search through all tables (engine_oracle.h). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine_judge.h"

struct tally {
    size_t worlds, cells, hidden, unsafe, floors, pairs, gave_up;
};

static void count_up(struct tally *t, const struct world *w, const struct suppression *s,
                     const struct oracle *o)
{
    t->worlds++;
    t->cells += w->cells.count;
    t->hidden += s->secondary;
    t->unsafe += s->primary;
    t->gave_up += o->gave_up;
    for (size_t i = 0; i < s->proof.cell_count; i++) {
        t->floors += s->proof.cells[i].kind == PROOF_FLOOR;
        t->pairs += s->proof.cells[i].kind == PROOF_PAIR;
    }
}

/* Some sensitive cells, as the turnover rule would name them. */
static void name_some(const struct judge *j, uint8_t *named, uint32_t *random)
{
    for (size_t i = 0; i < j->world->cells.count; i++)
        named[i] = judge_sensitive(j, i) && world_random(random, 100) < 8;
}

static void one_round(size_t round, uint32_t *random, bool public_head_counts, struct tally *t)
{
    struct world w;
    struct suppression s;
    struct oracle o;
    struct err err = {0};
    uint8_t named[WORLD_CELLS] = {0};
    struct disclosure rules = judge_rules(random, public_head_counts);
    struct judge j = {&w, &rules, named, round};
    world_draw(&w, random, public_head_counts);
    world_settle(&w, random, 20 + world_random(random, 60), 1 + world_random(random, 6));
    judge_cells(&j);
    assert_int_equal(cells_additive(&w.cells, w.counts, &err), 0);
    if (world_random(random, 5) == 0)
        name_some(&j, named, random);
    if (suppress(&s, &w.cells, w.counts, &rules, named, NULL, 1, &err) != 0)
        judge_fail(&j, 0, err.text);
    judge_pattern(&j, &s, &o);
    (void)judge_proof(&j, s.hidden, &s.proof, &o);
    count_up(t, &w, &s, &o);
    suppression_release(&s);
    world_release(&w);
}

static void run(size_t rounds, uint32_t seed, bool public_head_counts)
{
    struct tally t = {0};
    for (size_t i = 0; i < rounds; i++)
        one_round(i, &seed, public_head_counts, &t);
    print_message("# %zu worlds, %zu cells: %zu unsafe, %zu more hidden; %zu cells proved by two "
                  "tables, %zu by a floor; %zu not decided\n",
                  t.worlds, t.cells, t.unsafe, t.hidden, t.pairs, t.floors, t.gave_up);
    assert_true(t.gave_up <= t.worlds / 100);
    assert_true(t.hidden > t.worlds && t.pairs > t.worlds && t.floors > 0);
}

static void test_public_head_counts(void **state)
{
    (void)state;
    run(2000, 20171231, true);
}

static void test_nothing_public(void **state)
{
    (void)state;
    run(60, 20180630, false);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_public_head_counts),
        cmocka_unit_test(test_nothing_public),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

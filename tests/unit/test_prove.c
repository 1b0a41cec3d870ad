/* SPDX-License-Identifier: EUPL-1.2 */
/* Tests of sdc/prove.h: against the enumeration of all tables, and that hidden counts have no say.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sdc/bounds.h"
#include "sdc_system.h"

#include <stdlib.h>

static const struct disclosure RULES = {.threshold = 3,
                                        .protect_zeros = true,
                                        .interval = true,
                                        .protection_width = 3,
                                        .public_head_counts = true};

static void prove_system(const struct sdc_system *s, const struct disclosure *rules,
                         unsigned threads, struct proof *p)
{
    int64_t public_counts[SYSTEM_CELLS];
    struct view view;
    struct err err = {0};
    view_make(&view, &s->cells, s->hidden, s->counts, public_counts);
    if (prove(p, &view, rules, threads, &err) != 0)
        fail_msg("%s", err.text);
}

/* A witness by its own definition: hidden cells only, all equations hold with what is published. */
static void check_witness(const struct sdc_system *s, const struct witness *w)
{
    int64_t values[SYSTEM_CELLS];
    uint8_t part[SYSTEM_CELLS] = {0};
    memcpy(values, s->counts, sizeof values);
    for (size_t i = 0; i < w->count; i++) {
        assert_true(s->hidden[w->cells[i]]);
        assert_true(w->values[i] >= 0);
        values[w->cells[i]] = w->values[i];
        part[w->cells[i]] = 1;
    }
    for (size_t e = 0; e < s->cells.equation_count; e++) {
        const uint32_t *m = s->equation_cell + s->equation_start[e];
        size_t n = s->equation_start[e + 1] - s->equation_start[e];
        int64_t sum = 0;
        bool touched = false;
        for (size_t i = 0; i < n; i++) {
            sum += i ? values[m[i]] : -values[m[i]];
            touched = touched || part[m[i]];
        }
        if (!touched)
            continue;
        assert_int_equal(sum, 0);
        for (size_t i = 0; i < n; i++)
            assert_true(!s->hidden[m[i]] || part[m[i]]);
    }
}

static int64_t value_in(const struct witness *w, uint32_t cell)
{
    for (size_t i = 0; i < w->count; i++)
        if (w->cells[i] == cell)
            return w->values[i];
    fail_msg("a witness lacks its cell");
    return -1;
}

/* Every claim is true; returns how many protected cells were not found to be. */
static size_t check_proof(const struct sdc_system *s, const struct disclosure *rules,
                          const struct proof *p)
{
    int64_t low[SYSTEM_CELLS], high[SYSTEM_CELLS];
    size_t missed = 0, at = 0;
    struct view view = {.cells = &s->cells, .hidden = s->hidden, .counts = s->counts};
    system_enumerate(s, low, high);
    for (size_t w = 0; w < p->witness_count; w++)
        check_witness(s, &p->witnesses[w]);
    for (uint32_t i = 0; i < s->cells.count; i++) {
        if (!s->hidden[i] || !(s->flags[i] & CELL_SENSITIVE))
            continue;
        assert_true(at < p->cell_count);
        const struct cell_proof *c = &p->cells[at++];
        struct needs needs = needs_of(&view, rules, i);
        bool truly = needs_met(&needs, low[i], high[i]) || low[i] >= needs.floor;
        assert_int_equal(c->cell, i);
        assert_true(c->kind == PROOF_NONE || truly);
        missed += truly && c->kind == PROOF_NONE;
        if (c->kind == PROOF_FLOOR) {
            assert_true(c->floor >= rules->threshold && c->floor <= low[i]);
        } else if (c->kind == PROOF_PAIR) {
            assert_true(needs_met(&needs, value_in(&p->witnesses[c->low], i),
                                  value_in(&p->witnesses[c->high], i)));
        }
    }
    assert_int_equal(at, p->cell_count);
    return missed;
}

static void hide_at_random(struct sdc_system *s, uint32_t *random, uint32_t percent)
{
    for (size_t i = 0; i < s->cells.count; i++)
        s->hidden[i] = !(s->flags[i] & CELL_PUBLIC) && system_random(random, 100) < percent;
}

static void test_agrees_with_enumeration(void **state)
{
    (void)state;
    uint32_t random = 20171231;
    size_t cells = 0, missed = 0, proved = 0;
    for (int round = 0; round < 600; round++) {
        struct sdc_system s;
        bool sexes = round % 3 == 2;
        struct disclosure rules = RULES;
        rules.interval = round % 5 != 4;
        if (sexes)
            system_build(&s, 2, 3, 2, 1);
        else
            system_build(&s, 1 + system_random(&random, 3), 2 + system_random(&random, 2), 1, 1);
        system_fill(&s, &random, sexes ? 2 : 4);
        hide_at_random(&s, &random, 30 + system_random(&random, 70));
        struct proof p;
        prove_system(&s, &rules, 1, &p);
        missed += check_proof(&s, &rules, &p);
        cells += p.cell_count;
        proved += p.cell_count - p.unprotected;
        proof_release(&p);
    }
    print_message("%zu hidden sensitive cells, %zu proved, %zu missed\n", cells, proved, missed);
    assert_true(cells > 3000 && proved > 1000 && proved < cells);
    assert_int_equal(missed, 0);
}

/* Every line has two hidden cells or more, and yet one of them can be computed: two blocks of four,
 * and one cell that joins them. */
/* What stays open from a known table on was seen there at least. */
static void test_known_table_is_seen(void **state)
{
    (void)state;
    uint32_t random = 20261123;
    size_t open = 0;
    for (int round = 0; round < 400; round++) {
        struct sdc_system s;
        int64_t public_counts[SYSTEM_CELLS];
        struct view view;
        struct proof p;
        struct err err = {0};
        system_build(&s, 3, 3, 2, 1);
        system_fill(&s, &random, 6);
        hide_at_random(&s, &random, 40 + system_random(&random, 40));
        view_make(&view, &s.cells, s.hidden, s.counts, public_counts);
        view.table = s.counts;
        assert_int_equal(prove(&p, &view, &RULES, 1, &err), 0);
        for (size_t w = 0; w < p.witness_count; w++)
            check_witness(&s, &p.witnesses[w]);
        for (size_t i = 0; i < p.cell_count; i++) {
            const struct cell_proof *c = &p.cells[i];
            if (c->kind != PROOF_NONE || c->seen_low < 0)
                continue;
            open++;
            assert_true(c->seen_low <= s.counts[c->cell] && s.counts[c->cell] <= c->seen_high);
        }
        proof_release(&p);
    }
    print_message("%zu cells stayed open\n", open);
    assert_true(open > 0);
}

static void test_two_in_every_line_is_not_enough(void **state)
{
    (void)state;
    struct sdc_system s;
    uint32_t random = 7;
    system_build(&s, 4, 4, 1, 0);
    system_fill(&s, &random, 4);
    for (size_t u = 1; u <= 4; u++)
        for (size_t o = 1; o <= 4; o++)
            s.counts[system_cell(&s, u, o, 0)] += 6;
    system_add_up(&s, s.counts);
    for (size_t u = 1; u <= 4; u++)
        for (size_t o = 1; o <= 4; o++)
            s.hidden[system_cell(&s, u, o, 0)] = (u <= 2) == (o <= 2);
    size_t bridge = system_cell(&s, 2, 3, 0);
    s.hidden[bridge] = 1;
    struct disclosure rules = RULES;
    rules.interval = false;
    struct proof p;
    prove_system(&s, &rules, 1, &p);
    assert_int_equal(p.cell_count, 9);
    assert_int_equal(p.unprotected, 1);
    for (size_t i = 0; i < p.cell_count; i++)
        assert_int_equal(p.cells[i].kind, p.cells[i].cell == bridge ? PROOF_NONE : PROOF_PAIR);
    proof_release(&p);
}

static void write_certificate(const struct sdc_system *s, const int64_t *counts, unsigned threads,
                              struct text *out)
{
    int64_t public_counts[SYSTEM_CELLS];
    struct view view;
    struct proof p;
    struct err err = {0};
    view_make(&view, &s->cells, s->hidden, counts, public_counts);
    assert_int_equal(prove(&p, &view, &RULES, threads, &err), 0);
    p.unprotected = 0; /* write it whatever it says */
    assert_int_equal(proof_write_json(&p, &view, "r1", out, &err), 0);
    proof_release(&p);
}

static void test_hidden_counts_and_threads_do_not_matter(void **state)
{
    (void)state;
    uint32_t random = 99;
    for (int round = 0; round < 40; round++) {
        struct sdc_system s;
        system_build(&s, 4, 3, 2, 1);
        system_fill(&s, &random, 6);
        hide_at_random(&s, &random, 60);
        int64_t garbage[SYSTEM_CELLS];
        for (size_t i = 0; i < s.cells.count; i++)
            garbage[i] = s.hidden[i] ? (int64_t)system_random(&random, 1000) : s.counts[i];
        struct text a, b, c;
        text_init(&a);
        text_init(&b);
        text_init(&c);
        write_certificate(&s, s.counts, 1, &a);
        write_certificate(&s, garbage, 1, &b);
        write_certificate(&s, s.counts, 4, &c);
        assert_string_equal(a.bytes, b.bytes);
        assert_string_equal(a.bytes, c.bytes);
        text_release(&a);
        text_release(&b);
        text_release(&c);
    }
}

static void test_contradiction_is_an_error(void **state)
{
    (void)state;
    struct sdc_system s;
    uint32_t random = 3;
    system_build(&s, 2, 2, 1, 0);
    system_fill(&s, &random, 5);
    s.hidden[system_cell(&s, 1, 1, 0)] = 1;
    s.counts[system_cell(&s, 1, 0, 0)] += 1; /* the two equations of the cell now differ */
    int64_t public_counts[SYSTEM_CELLS];
    struct view view;
    struct proof p;
    struct err err = {0};
    view_make(&view, &s.cells, s.hidden, s.counts, public_counts);
    assert_int_equal(prove(&p, &view, &RULES, 1, &err), -1);
    assert_int_equal(err.kind, ERR_INTERNAL);
    struct bounds b; /* from equation to equation they would grow without end */
    assert_int_equal(bounds_find(&b, &view, &err), 0);
    for (size_t i = 0; i < s.cells.count; i++) {
        assert_true(b.low[i] < 1000);
        assert_true(b.high[i] < 1000 || b.high[i] == BOUND_NONE);
    }
    bounds_release(&b);
}

static void test_criterion(void **state)
{
    (void)state;
    struct needs n = {3, 3, 3};
    assert_true(needs_met(&n, 0, 3));
    assert_false(needs_met(&n, 0, 2));
    assert_false(needs_met(&n, 1, 3));
    assert_true(needs_met(&n, 1, 4));
    struct sdc_system s;
    system_build(&s, 1, 2, 1, 0);
    s.counts[system_cell(&s, 1, 0, 0)] = 1; /* a group of one */
    struct view view = {.cells = &s.cells, .hidden = s.hidden, .counts = s.counts};
    n = needs_of(&view, &RULES, system_cell(&s, 1, 1, 0));
    assert_int_equal(n.high, 1);
    assert_int_equal(n.width, 1);
    assert_int_equal(n.floor, 3);
    s.hidden[system_cell(&s, 1, 0, 0)] = 1; /* nothing public: the group's size is not known */
    n = needs_of(&view, &RULES, system_cell(&s, 1, 1, 0));
    assert_int_equal(n.high, 3);
    assert_int_equal(n.width, 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_criterion),
        cmocka_unit_test(test_agrees_with_enumeration),
        cmocka_unit_test(test_known_table_is_seen),
        cmocka_unit_test(test_two_in_every_line_is_not_enough),
        cmocka_unit_test(test_hidden_counts_and_threads_do_not_matter),
        cmocka_unit_test(test_contradiction_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

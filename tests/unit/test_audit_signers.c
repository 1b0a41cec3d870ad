/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * An honest signer with wrong rules. Each fault is one that a publisher's program could have: it
 * suppresses random small governments wrongly, proves what it believes, publishes under the right
 * rules and signs properly. Wherever the fault does harm, which the search through all tables says
 * (engine_oracle.h), the audit refuses, under the rule that names it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "audit_faults.h"
#include "audit_world.h"

enum { HARMED = 3, ROUNDS = 600 };

/* The system as the publisher sees it: without the equations that a fault forgets, with the cells
 * that it mistakes. */
static void believe(struct cells *out, const struct cells *c, const struct fault *f)
{
    *out = *c;
    out->equation_start = calloc(c->equation_count + 2, sizeof *out->equation_start);
    out->equation_cell =
        calloc(c->equation_start[c->equation_count] + 1, sizeof *out->equation_cell);
    out->flags = malloc(c->count + 1);
    assert_true(out->equation_start && out->equation_cell && out->flags);
    memcpy(out->flags, c->flags, c->count);
    if (f->mistake)
        f->mistake(out);
    out->equation_count = 0;
    uint32_t n = 0;
    for (size_t e = 0; e < c->equation_count; e++) {
        if (f->forget && f->forget(c, e))
            continue;
        for (uint32_t i = c->equation_start[e]; i < c->equation_start[e + 1]; i++)
            out->equation_cell[n++] = c->equation_cell[i];
        out->equation_start[++out->equation_count] = n;
    }
}

/* What the pattern does wrong: the rules that must find it, as bits. */
static unsigned harm(const struct judge *j, const uint8_t *hidden)
{
    static struct oracle o;
    unsigned rules = 0;
    oracle_open(&o, j->world, hidden);
    oracle_ranges(&o);
    for (size_t i = 0; i < j->world->cells.count && !o.gave_up; i++) {
        if (hidden[i] && judge_public(j, i))
            rules |= 1U << AUDIT_PUBLIC;
        if (!hidden[i] && judge_published(&j->world->cells, i) && judge_unsafe(j, i))
            rules |= 1U << AUDIT_UNSAFE;
        if (judge_asks(j, hidden, i) && !judge_protected(j, hidden, i, o.least[i], o.most[i]))
            rules |= 1U << AUDIT_PROTECTION;
    }
    return rules;
}

static void judge_audit(const struct judge *j, const struct fault *f, unsigned harmed)
{
    struct audit_result result;
    audit_world_ask(&result, false);
    unsigned found = 0;
    for (size_t i = 0; i < AUDIT_RULES_COUNT; i++)
        found |= result.checks[i].findings > 0 ? 1U << i : 0;
    if ((harmed && audit_passed(&result)) || (harmed & ~found)) {
        audit_print(&result);
        judge_fail(j, 0, f->name);
    }
    audit_result_release(&result);
}

/* 1 if the fault did the harm that its rule is there for. */
static size_t one_round(const struct fault *f, size_t round, uint32_t *random)
{
    static struct world w;
    struct suppression s;
    struct cells believed;
    struct err err = {0};
    struct disclosure rules = judge_rules(random, true), wrong;
    struct judge j = {&w, &rules, NULL, round};
    rules.threshold = 2 + (int64_t)world_random(random, 4);
    rules.protection_width = rules.threshold;
    rules.interval = true;
    rules.protect_zeros =
        f->soften == zeros_published || f->alter == zeros_of_few_shown || rules.protect_zeros;
    if (f->soften == greatest_not_asked)
        rules.protection_width = 1;
    if (f->soften == small_units_shown || f->soften == small_units_off_by_one)
        rules.minimum_population = 2 + (int64_t)world_random(random, 10);
    wrong = rules;
    if (f->soften)
        f->soften(&wrong);
    if (f->shape == ANY)
        world_draw(&w, random, true);
    else
        world_shaped(&w, &WORLD_SHAPES[f->shape], &WORLD_ESTATES[world_random(random, 6)], true);
    world_settle(&w, random, 20 + world_random(random, 60), 1 + world_random(random, 6));
    believe(&believed, &w.cells, f);
    if (suppress(&s, &believed, w.counts, &wrong, NULL, NULL, 1, &err) != 0)
        judge_fail(&j, 0, err.text);
    char *certificate = audit_world_certificate(&s.proof, &believed, s.hidden, w.counts);
    if (f->alter)
        f->alter(&j, s.hidden, random);
    unsigned harmed = harm(&j, s.hidden);
    if (harmed) {
        audit_world_publish(&w, &rules, s.hidden, certificate);
        judge_audit(&j, f, harmed);
    }
    free(certificate);
    free(believed.equation_start);
    free(believed.equation_cell);
    free(believed.flags);
    suppression_release(&s);
    world_release(&w);
    return harmed & 1U << f->rule ? 1 : 0;
}

static void test_faulty_suppression(void **state)
{
    (void)state;
    uint32_t random = 20041224;
    for (size_t i = 0; i < FAULT_COUNT; i++) {
        size_t harmed = 0, round = 0;
        while (harmed < HARMED && round < ROUNDS)
            harmed += one_round(&FAULTS[i], round++, &random);
        print_message("# %s: harm in %zu of %zu governments\n", FAULTS[i].name, harmed, round);
        assert_int_equal(harmed, HARMED);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_faulty_suppression),
    };
    return cmocka_run_group_tests(tests, audit_setup, audit_teardown);
}

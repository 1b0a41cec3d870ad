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

#include "audit_world.h"

enum { HARMED = 3, ROUNDS = 600, ANY = -1 };

/* ---- wrong parameters ---- */

static void threshold_off_by_one(struct disclosure *d)
{
    d->threshold--;
}
static void threshold_of_one(struct disclosure *d)
{
    d->threshold = 1;
}
static void zeros_published(struct disclosure *d)
{
    d->protect_zeros = false;
}
static void small_units_shown(struct disclosure *d)
{
    d->minimum_population = 0;
}
static void small_units_off_by_one(struct disclosure *d)
{
    d->minimum_population--;
}
static void narrow_intervals(struct disclosure *d)
{
    d->protection_width = 1;
}
static void width_off_by_one(struct disclosure *d)
{
    d->protection_width--;
}
static void exact_only(struct disclosure *d)
{
    d->interval = false;
}

/* ---- equations that the publisher does not know of ---- */

static uint32_t total_of(const struct cells *c, size_t e)
{
    return c->equation_cell[c->equation_start[e]];
}

static bool along_units(const struct cells *c, size_t e)
{
    return c->unit[c->equation_cell[c->equation_start[e] + 1]] != c->unit[total_of(c, e)];
}

static bool has_flag(const struct cells *c, size_t e, uint8_t flag)
{
    for (uint32_t i = c->equation_start[e]; i < c->equation_start[e + 1]; i++)
        if (c->flags[c->equation_cell[i]] & flag)
            return true;
    return false;
}

/* Along which variable a cell is split by an equation; SIZE_MAX: none. */
static size_t split_variable(const struct cells *c, size_t e)
{
    uint32_t total = total_of(c, e), member = c->equation_cell[c->equation_start[e] + 1];
    for (size_t v = 0; v < c->stride; v++)
        if (c->categories[total * c->stride + v] != c->categories[member * c->stride + v])
            return v;
    return SIZE_MAX;
}

static bool margin_over_domains(const struct cells *c, size_t e)
{
    return along_units(c, e) && c->unit[total_of(c, e)] == 0;
}
static bool margin_over_entities(const struct cells *c, size_t e)
{
    return along_units(c, e) && c->unit[total_of(c, e)] != 0;
}
static bool unit_tree(const struct cells *c, size_t e)
{
    return along_units(c, e) && !has_flag(c, e, CELL_SLACK);
}
static bool origin_total(const struct cells *c, size_t e)
{
    return split_variable(c, e) == 0 && c->categories[(size_t)total_of(c, e) * c->stride] == 0 &&
           !has_flag(c, e, CELL_SLACK);
}
static bool origin_hierarchy(const struct cells *c, size_t e)
{
    return split_variable(c, e) == 0 && c->categories[(size_t)total_of(c, e) * c->stride] != 0 &&
           !has_flag(c, e, CELL_SLACK);
}
static bool margin_over_sex(const struct cells *c, size_t e)
{
    return split_variable(c, e) == 1 && !has_flag(c, e, CELL_SLACK);
}
static bool part_and_whole(const struct cells *c, size_t e)
{
    return has_flag(c, e, CELL_SLACK);
}
static bool unpublished_crossing(const struct cells *c, size_t e)
{
    return has_flag(c, e, CELL_UNPUBLISHED);
}
/* Only one of two tables that share their margins. */
static bool second_table(const struct cells *c, size_t e)
{
    return split_variable(c, e) == 2;
}

/* ---- what is done to the pattern afterwards ---- */

static void primary_only(const struct judge *j, uint8_t *hidden, uint32_t *random)
{
    (void)random;
    for (size_t i = 0; i < j->world->cells.count; i++)
        if (judge_published(&j->world->cells, i))
            hidden[i] = judge_unsafe(j, i);
}

static void show_some(const struct judge *j, uint8_t *hidden, uint32_t *random, bool unsafe)
{
    size_t candidates = 0, n = 0;
    for (size_t i = 0; i < j->world->cells.count; i++)
        candidates +=
            hidden[i] && judge_published(&j->world->cells, i) && judge_unsafe(j, i) == unsafe;
    if (candidates == 0)
        return;
    size_t chosen = world_random(random, (uint32_t)candidates);
    for (size_t i = 0; i < j->world->cells.count; i++)
        if (hidden[i] && judge_published(&j->world->cells, i) && judge_unsafe(j, i) == unsafe &&
            n++ == chosen)
            hidden[i] = 0;
}
static void secondary_shown(const struct judge *j, uint8_t *hidden, uint32_t *random)
{
    show_some(j, hidden, random, false);
}
static void primary_shown(const struct judge *j, uint8_t *hidden, uint32_t *random)
{
    show_some(j, hidden, random, true);
}
/* Two cells a line, as is done by hand: the next cell of the same unit is hidden with each. */
static void two_a_line(const struct judge *j, uint8_t *hidden, uint32_t *random)
{
    const struct cells *c = &j->world->cells;
    primary_only(j, hidden, random);
    for (size_t e = 0; e < c->equation_count; e++) {
        size_t count = 0;
        uint32_t other = 0;
        bool found = false;
        for (uint32_t i = c->equation_start[e]; i < c->equation_start[e + 1]; i++) {
            uint32_t cell = c->equation_cell[i];
            count += hidden[cell] && judge_published(c, cell);
            if (!hidden[cell] && judge_published(c, cell) && !judge_public(j, cell)) {
                other = cell;
                found = true;
            }
        }
        if (count == 1 && found)
            hidden[other] = 1;
    }
}
static void head_count_hidden(const struct judge *j, uint8_t *hidden, uint32_t *random)
{
    (void)random;
    for (size_t i = 0; i < j->world->cells.count; i++)
        if (judge_public(j, i) && j->world->cells.unit[i] > 1) {
            hidden[i] = 1;
            return;
        }
}

struct fault {
    const char *name;
    enum audit_rule rule;
    int shape; /* of WORLD_SHAPES */
    void (*soften)(struct disclosure *d);
    bool (*forget)(const struct cells *c, size_t e);
    void (*alter)(const struct judge *j, uint8_t *hidden, uint32_t *random);
};

static const struct fault FAULTS[] = {
    {"threshold off by one", AUDIT_UNSAFE, ANY, threshold_off_by_one, NULL, NULL},
    {"only zeros are hidden", AUDIT_UNSAFE, ANY, threshold_of_one, NULL, NULL},
    {"zeros published", AUDIT_UNSAFE, ANY, zeros_published, NULL, NULL},
    {"small units shown", AUDIT_UNSAFE, ANY, small_units_shown, NULL, NULL},
    {"small units off by one", AUDIT_UNSAFE, ANY, small_units_off_by_one, NULL, NULL},
    {"a small count released", AUDIT_UNSAFE, ANY, NULL, NULL, primary_shown},
    {"intervals too narrow", AUDIT_PROTECTION, ANY, narrow_intervals, NULL, NULL},
    {"width off by one", AUDIT_PROTECTION, ANY, width_off_by_one, NULL, NULL},
    {"exact values alone protected", AUDIT_PROTECTION, ANY, exact_only, NULL, NULL},
    {"the government's margin forgotten", AUDIT_PROTECTION, ANY, NULL, margin_over_domains, NULL},
    {"a hierarchy level ignored", AUDIT_PROTECTION, ANY, NULL, margin_over_entities, NULL},
    {"units protected one by one", AUDIT_PROTECTION, ANY, NULL, unit_tree, NULL},
    {"the total of origins forgotten", AUDIT_PROTECTION, ANY, NULL, origin_total, NULL},
    {"nested categories ignored", AUDIT_PROTECTION, 4, NULL, origin_hierarchy, NULL},
    {"the margin over sex forgotten", AUDIT_PROTECTION, 3, NULL, margin_over_sex, NULL},
    {"tables protected one by one", AUDIT_PROTECTION, 5, NULL, second_table, NULL},
    {"an unpublished crossing ignored", AUDIT_PROTECTION, 6, NULL, unpublished_crossing, NULL},
    {"a part of a population ignored", AUDIT_PROTECTION, 10, NULL, part_and_whole, NULL},
    {"no secondary suppression", AUDIT_PROTECTION, ANY, NULL, NULL, primary_only},
    {"two hidden cells a line", AUDIT_PROTECTION, ANY, NULL, NULL, two_a_line},
    {"a secondary cell released", AUDIT_PROTECTION, ANY, NULL, NULL, secondary_shown},
    {"a head count hidden", AUDIT_PUBLIC, ANY, NULL, NULL, head_count_hidden},
};
enum { FAULT_COUNT = sizeof FAULTS / sizeof *FAULTS };

/* The system without the equations that a fault forgets. */
static void forget_equations(struct cells *out, const struct cells *c, const struct fault *f)
{
    *out = *c;
    out->equation_start = calloc(c->equation_count + 2, sizeof *out->equation_start);
    out->equation_cell =
        calloc(c->equation_start[c->equation_count] + 1, sizeof *out->equation_cell);
    assert_true(out->equation_start && out->equation_cell);
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
        audit_world_print(&result);
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
    rules.protect_zeros = f->soften == zeros_published || rules.protect_zeros;
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
    forget_equations(&believed, &w.cells, f);
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
    return cmocka_run_group_tests(tests, audit_world_setup, audit_world_teardown);
}

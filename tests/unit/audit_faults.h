/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * audit_faults: what a publisher's program could do wrong when it suppresses: wrong parameters,
 * equations that it does not know of, cells that it mistakes, and a pattern that is changed
 * afterwards. FAULTS names them, each with the rule of the audit that is there for it.
 */
#ifndef HERKOMST_TESTS_AUDIT_FAULTS_H
#define HERKOMST_TESTS_AUDIT_FAULTS_H

#include "audit/audit.h"
#include "engine_judge.h"

enum { ANY = -1 };

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

/* Unsafe cells are hidden all the same (unsafe_too), and protected by width alone. */
static void greatest_not_asked(struct disclosure *d)
{
    d->threshold = 1;
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

/* ---- cells that the publisher takes for others ---- */

/* One category is not on the publisher's list: Belgians, in the shapes that this is tried with. */
static void belgian_not_listed(struct cells *c)
{
    for (size_t i = 0; i < c->count; i++)
        if (c->categories[i * c->stride] == 2)
            c->flags[i] &= (uint8_t)~CELL_SENSITIVE;
}

/* ---- what is done to the pattern afterwards ---- */

/* Shows, or hides, the cells of which this holds. */
static void change(const struct judge *j, uint8_t *hidden, bool to,
                   bool (*holds)(const struct judge *j, size_t cell))
{
    for (size_t i = 0; i < j->world->cells.count; i++)
        if (judge_published(&j->world->cells, i) && !judge_public(j, i) && holds(j, i))
            hidden[i] = to;
}
static int64_t group_count(const struct judge *j, size_t cell)
{
    return j->world->counts[judge_group(j, cell)];
}
static bool is_zero_of_few(const struct judge *j, size_t cell)
{
    return j->world->counts[cell] == 0 && group_count(j, cell) < j->rules->threshold;
}
static void zeros_of_few_shown(const struct judge *j, uint8_t *hidden, uint32_t *random)
{
    (void)random;
    change(j, hidden, false, is_zero_of_few);
}
static bool is_few_of_many(const struct judge *j, size_t cell)
{
    return group_count(j, cell) >= 3 * j->rules->threshold;
}
static void few_of_many_shown(const struct judge *j, uint8_t *hidden, uint32_t *random)
{
    (void)random;
    change(j, hidden, false, is_few_of_many);
}
static bool is_safe_of_government(const struct judge *j, size_t cell)
{
    return j->world->cells.unit[cell] == 0 && !judge_unsafe(j, cell);
}
static void government_shown(const struct judge *j, uint8_t *hidden, uint32_t *random)
{
    (void)random;
    change(j, hidden, false, is_safe_of_government);
}
static bool is_unknown(const struct judge *j, size_t cell)
{
    const struct cells *c = &j->world->cells;
    const struct variable *v = &c->structure->variables[0];
    return strcmp(v->categories[c->categories[cell * c->stride]].name, "unknown") == 0 &&
           !judge_unsafe(j, cell);
}
static void unknown_shown(const struct judge *j, uint8_t *hidden, uint32_t *random)
{
    (void)random;
    change(j, hidden, false, is_unknown);
}
static bool is_of_part(const struct judge *j, size_t cell)
{
    return j->world->cells.population[cell] == 1;
}
static void second_population_shown(const struct judge *j, uint8_t *hidden, uint32_t *random)
{
    (void)random;
    change(j, hidden, false, is_of_part);
}
/* Everything of an entity with anything unsafe in it, and nothing else. */
static bool is_of_unsafe_entity(const struct judge *j, size_t cell)
{
    const struct cells *c = &j->world->cells;
    bool found = false;
    for (size_t i = 0; i < c->count; i++)
        found = found || (c->unit[i] == c->unit[cell] && judge_unsafe(j, i));
    return found && unit_is_leaf(c->structure, c->unit[cell]);
}
static bool is_other(const struct judge *j, size_t cell)
{
    return !judge_unsafe(j, cell) && !is_of_unsafe_entity(j, cell);
}
static void entities_hidden_whole(const struct judge *j, uint8_t *hidden, uint32_t *random)
{
    (void)random;
    change(j, hidden, false, is_other);
    change(j, hidden, true, is_of_unsafe_entity);
}
static void unsafe_too(const struct judge *j, uint8_t *hidden, uint32_t *random)
{
    (void)random;
    change(j, hidden, true, judge_unsafe);
}

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
    void (*mistake)(struct cells *believed);
    void (*alter)(const struct judge *j, uint8_t *hidden, uint32_t *random);
};

static const struct fault FAULTS[] = {
    {"threshold off by one", AUDIT_UNSAFE, ANY, threshold_off_by_one, NULL, NULL, NULL},
    {"only zeros are hidden", AUDIT_UNSAFE, ANY, threshold_of_one, NULL, NULL, NULL},
    {"zeros published", AUDIT_UNSAFE, ANY, zeros_published, NULL, NULL, NULL},
    {"small units shown", AUDIT_UNSAFE, ANY, small_units_shown, NULL, NULL, NULL},
    {"small units off by one", AUDIT_UNSAFE, ANY, small_units_off_by_one, NULL, NULL, NULL},
    {"a small count released", AUDIT_UNSAFE, ANY, NULL, NULL, NULL, primary_shown},
    {"intervals too narrow", AUDIT_PROTECTION, ANY, narrow_intervals, NULL, NULL, NULL},
    {"width off by one", AUDIT_PROTECTION, ANY, width_off_by_one, NULL, NULL, NULL},
    {"exact values alone protected", AUDIT_PROTECTION, ANY, exact_only, NULL, NULL, NULL},
    {"the government's margin forgotten", AUDIT_PROTECTION, ANY, NULL, margin_over_domains, NULL,
     NULL},
    {"a hierarchy level ignored", AUDIT_PROTECTION, ANY, NULL, margin_over_entities, NULL, NULL},
    {"units protected one by one", AUDIT_PROTECTION, ANY, NULL, unit_tree, NULL, NULL},
    {"the total of origins forgotten", AUDIT_PROTECTION, ANY, NULL, origin_total, NULL, NULL},
    {"nested categories ignored", AUDIT_PROTECTION, 4, NULL, origin_hierarchy, NULL, NULL},
    {"the margin over sex forgotten", AUDIT_PROTECTION, 3, NULL, margin_over_sex, NULL, NULL},
    {"tables protected one by one", AUDIT_PROTECTION, 5, NULL, second_table, NULL, NULL},
    {"an unpublished crossing ignored", AUDIT_PROTECTION, 6, NULL, unpublished_crossing, NULL,
     NULL},
    {"a part of a population ignored", AUDIT_PROTECTION, 10, NULL, part_and_whole, NULL, NULL},
    {"no secondary suppression", AUDIT_PROTECTION, ANY, NULL, NULL, NULL, primary_only},
    {"two hidden cells a line", AUDIT_PROTECTION, ANY, NULL, NULL, NULL, two_a_line},
    {"a secondary cell released", AUDIT_PROTECTION, ANY, NULL, NULL, NULL, secondary_shown},
    {"zeros of small groups shown", AUDIT_UNSAFE, ANY, NULL, NULL, NULL, zeros_of_few_shown},
    {"small counts of large groups shown", AUDIT_UNSAFE, ANY, NULL, NULL, NULL, few_of_many_shown},
    {"a sensitive category not listed", AUDIT_UNSAFE, 3, NULL, NULL, belgian_not_listed, NULL},
    {"one population of two not looked at", AUDIT_UNSAFE, 10, NULL, NULL, NULL,
     second_population_shown},
    {"the greatest value not asked", AUDIT_PROTECTION, ANY, greatest_not_asked, NULL, NULL,
     unsafe_too},
    {"the government's figures always shown", AUDIT_PROTECTION, ANY, NULL, NULL, NULL,
     government_shown},
    {"the unknown always shown", AUDIT_PROTECTION, 3, NULL, NULL, NULL, unknown_shown},
    {"entities hidden whole, not their domain", AUDIT_PROTECTION, ANY, NULL, NULL, NULL,
     entities_hidden_whole},
    {"a head count hidden", AUDIT_PUBLIC, ANY, NULL, NULL, NULL, head_count_hidden},
};
enum { FAULT_COUNT = sizeof FAULTS / sizeof *FAULTS };

#endif

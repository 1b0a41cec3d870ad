/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * engine_judge: is a pattern right, and is a proof true? The README's rules of what is public,
 * sensitive, unsafe and protected, written down once more, without the engine's code, and judged by
 * the ranges of engine_oracle.h. What is wrong fails the test, naming the world and the cell.
 */
#ifndef TESTS_ENGINE_JUDGE_H
#define TESTS_ENGINE_JUDGE_H

#include "engine_oracle.h"
#include "sdc/suppress.h"

struct judge {
    const struct world *world;
    const struct disclosure *rules;
    const uint8_t *named; /* NULL = none */
    size_t round;         /* to find a failure again */
};

static inline void judge_fail(const struct judge *j, size_t cell, const char *what)
{
    struct text key;
    text_init(&key);
    cell_key(&key, &j->world->cells, cell);
    print_error("round %zu, shape %zu, estate %zu, cell %s of %lld\n", j->round, j->world->shape,
                j->world->estate, key.bytes, (long long)j->world->counts[cell]);
    text_release(&key);
    fail_msg("%s", what);
}

static inline bool judge_published(const struct cells *c, size_t cell)
{
    return !(c->flags[cell] & CELL_UNPUBLISHED);
}

/* Head counts: every variable that has a sensitive category stands at total. */
static inline bool judge_public(const struct judge *j, size_t cell)
{
    const struct cells *c = &j->world->cells;
    if (!j->rules->public_head_counts || !judge_published(c, cell))
        return false;
    for (size_t v = 0; v < c->stride; v++)
        if (c->categories[cell * c->stride + v] && c->structure->variables[v].sensitive)
            return false;
    return true;
}

static inline bool judge_sensitive(const struct judge *j, size_t cell)
{
    const struct cells *c = &j->world->cells;
    bool sensitive = !j->rules->public_head_counts;
    for (size_t v = 0; v < c->stride; v++)
        sensitive =
            sensitive ||
            c->structure->variables[v].categories[c->categories[cell * c->stride + v]].sensitive;
    return sensitive && judge_published(c, cell);
}

/* The people among whom the cell is counted: same unit, sensitive variables at total. With nothing
 * public: all people of the government. */
static inline size_t judge_group(const struct judge *j, size_t cell)
{
    const struct cells *c = &j->world->cells;
    uint16_t categories[CONFIG_VARIABLES] = {0};
    int unit = 0;
    if (j->rules->public_head_counts) {
        unit = (int)c->unit[cell];
        for (size_t v = 0; v < c->stride; v++)
            if (!c->structure->variables[v].sensitive)
                categories[v] = c->categories[cell * c->stride + v];
    }
    return cells_find(c, (int)c->population[cell], unit, categories);
}

static inline bool judge_unsafe(const struct judge *j, size_t cell)
{
    const struct cells *c = &j->world->cells;
    const uint16_t whole[CONFIG_VARIABLES] = {0};
    if (!judge_sensitive(j, cell))
        return false;
    int64_t n = j->world->counts[cell];
    int64_t group = j->world->counts[judge_group(j, cell)];
    int64_t size =
        j->world->counts[cells_find(c, (int)c->population[cell], (int)c->unit[cell], whole)];
    return (n > 0 && n < j->rules->threshold) || (j->rules->protect_zeros && n == 0 && group > 0) ||
           size < j->rules->minimum_population || (j->named && j->named[cell]);
}

static inline int64_t judge_least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* Section "What is protected", for a range that is exact. Should the group's count be hidden, it
 * is not taken into account. */
static inline bool judge_protected(const struct judge *j, const uint8_t *hidden, size_t cell,
                                   int64_t low, int64_t high)
{
    size_t group = judge_group(j, cell);
    int64_t people = hidden[group] ? INT64_MAX : j->world->counts[group];
    if (!j->rules->interval)
        return high - low >= judge_least(1, people);
    return low >= j->rules->threshold ||
           (high >= judge_least(j->rules->threshold, people) &&
            high - low >= judge_least(j->rules->protection_width, people));
}

static inline bool judge_asks(const struct judge *j, const uint8_t *hidden, size_t cell)
{
    return hidden[cell] && judge_sensitive(j, cell);
}

/* What the structure says of each cell is what the rules say. */
static inline void judge_cells(const struct judge *j)
{
    const struct cells *c = &j->world->cells;
    for (size_t i = 0; i < c->count; i++) {
        if (!(c->flags[i] & CELL_PUBLIC) != !judge_public(j, i) ||
            !(c->flags[i] & CELL_SENSITIVE) != !judge_sensitive(j, i))
            judge_fail(j, i, "public or sensitive, wrongly");
        if (judge_sensitive(j, i) && c->group[i] != judge_group(j, i))
            judge_fail(j, i, "another group");
    }
}

/* The pattern of s: public cells shown, unsafe cells hidden, hidden sensitive cells protected, and
 * the operator's figures right. Makes o exact. */
static inline void judge_pattern(const struct judge *j, const struct suppression *s,
                                 struct oracle *o)
{
    const struct cells *c = &j->world->cells;
    size_t primary = 0, secondary = 0;
    int64_t sum = 0;
    oracle_open(o, j->world, s->hidden);
    oracle_ranges(o);
    for (size_t i = 0; i < c->count; i++) {
        bool unsafe = judge_unsafe(j, i), hidden = s->hidden[i];
        if (judge_public(j, i) && hidden)
            judge_fail(j, i, "a public cell is hidden");
        if ((unsafe || !judge_published(c, i)) && !hidden)
            judge_fail(j, i, "an unsafe cell is shown");
        if (judge_asks(j, s->hidden, i) && !o->gave_up &&
            !judge_protected(j, s->hidden, i, o->least[i], o->most[i]))
            judge_fail(j, i, "a hidden cell is not protected");
        primary += unsafe;
        if (hidden && !unsafe && judge_published(c, i)) {
            secondary++;
            sum += j->world->counts[i];
        }
    }
    assert_int_equal(s->primary, primary);
    assert_int_equal(s->secondary, secondary);
    assert_int_equal(s->secondary_sum, sum);
    assert_int_equal(s->proof.unprotected, 0);
}

/* A witness holds with what is published: by the additions that an auditor makes. */
static inline void judge_witness_adds_up(const struct judge *j, const uint8_t *hidden,
                                         const struct witness *w)
{
    const struct cells *c = &j->world->cells;
    uint8_t in_part[WORLD_CELLS] = {0};
    int64_t values[WORLD_CELLS];
    memcpy(values, j->world->counts, sizeof values);
    for (size_t k = 0; k < w->count; k++) {
        if (!hidden[w->cells[k]] || w->values[k] < 0 || in_part[w->cells[k]])
            judge_fail(j, w->cells[k], "a witness values a cell wrongly");
        in_part[w->cells[k]] = 1;
        values[w->cells[k]] = w->values[k];
    }
    for (size_t e = 0; e < c->equation_count; e++) {
        const uint32_t *m = c->equation_cell + c->equation_start[e];
        size_t n = c->equation_start[e + 1] - c->equation_start[e], inside = 0, shown = 0;
        int64_t sum = 0;
        for (size_t i = 0; i < n; i++) {
            sum += i ? values[m[i]] : -values[m[i]];
            inside += in_part[m[i]];
            shown += !hidden[m[i]];
        }
        if (inside && (sum != 0 || inside + shown != n))
            judge_fail(j, m[0], "a witness does not add up");
    }
}

/* A witness is the table of some people: fixing what it says leaves a table of the crossing. */
static inline void judge_witness_exists(const struct judge *j, const uint8_t *hidden,
                                        const struct witness *w)
{
    struct oracle o;
    oracle_open(&o, j->world, hidden);
    for (size_t k = 0; k < w->count; k++)
        if (!(j->world->cells.flags[w->cells[k]] & CELL_SLACK))
            oracle_add(&o, j->world->leaves[w->cells[k]], 0, w->values[k], w->values[k]);
    if (!oracle_settle_all(&o, &o.root) || !oracle_search(&o, &o.root))
        judge_fail(j, w->count ? w->cells[0] : 0, "no people give this witness");
}

static inline int64_t judge_value(const struct judge *j, const struct proof *p, uint32_t witness,
                                  uint32_t cell)
{
    if (witness >= p->witness_count)
        judge_fail(j, cell, "no such witness");
    const struct witness *w = &p->witnesses[witness];
    for (size_t k = 0; k < w->count; k++)
        if (w->cells[k] == cell)
            return w->values[k];
    judge_fail(j, cell, "its witness lacks the cell");
    return -1;
}

static inline void judge_claim(const struct judge *j, const uint8_t *hidden, const struct proof *p,
                               const struct cell_proof *claim, const struct oracle *o)
{
    uint32_t cell = claim->cell;
    if (o->gave_up)
        return;
    if (claim->kind == PROOF_FLOOR &&
        (claim->floor < j->rules->threshold || claim->floor > o->least[cell]))
        judge_fail(j, cell, "the floor is not true");
    if (claim->kind == PROOF_PAIR &&
        !judge_protected(j, hidden, cell, judge_value(j, p, claim->low, cell),
                         judge_value(j, p, claim->high, cell)))
        judge_fail(j, cell, "the two witnesses do not show it");
    if (claim->kind != PROOF_NONE &&
        !judge_protected(j, hidden, cell, o->least[cell], o->most[cell]))
        judge_fail(j, cell, "proved, and it is not protected");
    if (claim->seen_low >= 0 &&
        (claim->seen_low < o->least[cell] || claim->seen_high > o->most[cell]))
        judge_fail(j, cell, "what the proof has seen does not exist");
}

/* Every claim of the proof is true; o is exact. Gives how many protected cells it did not prove. */
static inline size_t judge_proof(const struct judge *j, const uint8_t *hidden,
                                 const struct proof *p, const struct oracle *o)
{
    size_t missed = 0, at = 0, open = 0;
    for (size_t w = 0; w < p->witness_count; w++) {
        judge_witness_adds_up(j, hidden, &p->witnesses[w]);
        judge_witness_exists(j, hidden, &p->witnesses[w]);
    }
    for (uint32_t i = 0; i < j->world->cells.count; i++) {
        if (!judge_asks(j, hidden, i))
            continue;
        if (at == p->cell_count || p->cells[at].cell != i)
            judge_fail(j, i, "the proof leaves the cell out");
        const struct cell_proof *claim = &p->cells[at++];
        judge_claim(j, hidden, p, claim, o);
        open += claim->kind == PROOF_NONE;
        missed +=
            claim->kind == PROOF_NONE && judge_protected(j, hidden, i, o->least[i], o->most[i]);
    }
    assert_int_equal(at, p->cell_count);
    assert_int_equal(open, p->unprotected);
    return missed;
}

/* Rules at random: both ways of public, zeros and protection, all costs. */
static inline struct disclosure judge_rules(uint32_t *random, bool public_head_counts)
{
    struct disclosure r = {.threshold = 1 + (int64_t)world_random(random, 4),
                           .protect_zeros = world_random(random, 3) > 0,
                           .interval = world_random(random, 3) > 0,
                           .public_head_counts = public_head_counts,
                           .cost = (enum suppression_cost)world_random(random, 3)};
    r.protection_width =
        world_random(random, 2) ? r.threshold : 1 + (int64_t)world_random(random, 5);
    r.minimum_population = world_random(random, 6) ? 0 : 1 + (int64_t)world_random(random, 12);
    return r;
}

#endif

/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * engine_world: small governments with true people in them, to test the disclosure engine from
 * outside. A world has the structure and the cells of a release, and for each population the number
 * of people in every leaf (an entity and a leaf category of each variable that the population's
 * tables use: the people's crossing, published or not). A cell's count is the sum of its leaves;
 * which these are is worked out from the unit and the categories, never from the equations.
 *
 *     world_draw(&w, &random, true) or world_shaped(&w, &shape, &estate, true);
 *     world_settle(&w, &random, empty, most) or people of your own in w.leaf[] and world_count(&w);
 *     world_release(&w)
 *
 * Memory that runs out and a structure that is refused end the test.
 */
#ifndef TESTS_ENGINE_WORLD_H
#define TESTS_ENGINE_WORLD_H

#include "io/disclosure.h"
#include "structure_fixture.h"

enum { WORLD_CELLS = 640, WORLD_LEAVES = 64, WORLD_VARIABLES = 4 };

/* The larger come last. Tables are written "origin sex; origin age"; those of `part` are of a
 * second population, within that of the first table. */
struct world_shape {
    const char *variable[WORLD_VARIABLES][2]; /* name, categories as structure_fixture.h has them */
    const char *tables, *part;
    size_t entities; /* at most; more would make too many leaves */
};

static const struct world_shape WORLD_SHAPES[] = {
    {{{"origin", "foreign* belgian* unknown"}}, "origin", NULL, 4},
    {{{"origin", "foreign* eu<foreign* non_eu<foreign* belgian* unknown"}}, "origin", NULL, 4},
    {{{"origin", "foreign* belgian"}, {"sex", "f m"}}, "origin sex", NULL, 4},
    {{{"origin", "foreign* belgian* unknown"}, {"sex", "f m"}}, "origin; origin sex", NULL, 4},
    {{{"origin", "foreign* eu<foreign* non_eu<foreign* belgian*"}, {"sex", "f m"}},
     "origin sex; sex",
     NULL,
     4},
    {{{"origin", "foreign* belgian*"}, {"sex", "f m"}, {"age", "young old"}},
     "origin sex; origin age",
     NULL,
     3},
    {{{"origin", "foreign* belgian*"}, {"sex", "f m"}, {"age", "young old"}},
     "origin sex; origin age; sex age",
     NULL,
     3},
    {{{"origin", "foreign* belgian"}, {"card", "yes* no"}}, "origin card", NULL, 4},
    {{{"origin", "foreign eu<foreign* non_eu<foreign belgian unknown"}, {"sex", "f m"}},
     "origin; origin sex",
     NULL,
     4},
    {{{"origin", "foreign* belgian* unknown"}, {"sex", "f m"}}, "origin sex", "origin", 3},
    {{{"origin", "foreign* belgian* unknown"}}, "origin", "origin", 4},
    {{{"origin", "foreign* eu<foreign* belgian*"}, {"sex", "f m x"}}, "origin sex", NULL, 4},
    {{{"origin", "foreign* belgian*"}, {"sex", "f m"}}, "origin sex", "origin; sex", 2},
    {{{"sex", "f m"}, {"origin", "foreign* belgian*"}, {"card", "yes* no"}},
     "sex origin; origin card; sex card",
     NULL,
     3},
    {{{"origin", "foreign* belgian* unknown*"}, {"age", "young mid old"}}, "origin age", NULL, 3},
    {{{"origin", "foreign* belgian*"}, {"sex", "f m"}, {"age", "young old"}},
     "origin sex; origin age",
     "sex age; origin",
     2},
    {{{"origin", "foreign* belgian*"}, {"sex", "f m"}, {"age", "young old"}, {"card", "yes* no"}},
     "origin sex; sex age; age card; origin card",
     NULL,
     1},
    {{{"origin", "foreign* belgian*"}, {"sex", "f m"}, {"age", "young old"}, {"card", "yes* no"}},
     "origin sex age; sex age card; origin age card",
     NULL,
     1},
    {{{"origin", "foreign* belgian*"}, {"sex", "f m"}, {"age", "young old"}, {"card", "yes* no"}},
     "origin sex; origin age; sex age; origin card",
     NULL,
     1},
};
enum { WORLD_SHAPES_COUNT = sizeof WORLD_SHAPES / sizeof *WORLD_SHAPES };

/* Each domain by its number of entities; the last entity of all may be one that did not deliver. */
struct world_estate {
    size_t domains, entities[2];
    bool last_undelivered;
};

static const struct world_estate WORLD_ESTATES[] = {
    {1, {1, 0}, false}, {1, {2, 0}, false}, {2, {1, 1}, false}, {2, {2, 1}, false},
    {1, {3, 0}, false}, {2, {2, 2}, false}, {2, {2, 2}, true},  {2, {1, 3}, false},
};
enum { WORLD_ESTATES_COUNT = sizeof WORLD_ESTATES / sizeof *WORLD_ESTATES };

struct world_leaf {
    int population, unit;
    uint16_t categories[WORLD_VARIABLES];
    int64_t people;
};

struct world {
    struct structure structure;
    struct cells cells;
    size_t leaf_count;
    struct world_leaf leaf[WORLD_LEAVES];
    uint64_t leaves[WORLD_CELLS]; /* per cell: its leaves, as bits; none of a slack cell */
    int64_t counts[WORLD_CELLS];
    size_t shape, estate; /* of world_draw */
};

/* A fixed sequence of pseudo-random numbers (xorshift). */
static inline uint32_t world_random(uint32_t *state, uint32_t below)
{
    *state ^= *state << 13;
    *state ^= *state >> 17;
    *state ^= *state << 5;
    return *state % below;
}

static inline size_t world_early(uint32_t *random, uint32_t below)
{
    uint32_t a = world_random(random, below), b = world_random(random, below);
    return a < b ? a : b;
}

static inline bool category_is_leaf(const struct variable *v, size_t category)
{
    for (size_t i = category + 1; i < v->category_count; i++)
        if (v->categories[i].parent == (int)category)
            return false;
    return category > 0;
}

static inline bool unit_is_leaf(const struct structure *s, size_t unit)
{
    return s->units[unit].level == LEVEL_ENTITY;
}

/* Is `below` the node `top` of a tree, or under it? parent(-1) ends it. */
static inline bool category_covers(const struct variable *v, int top, int below)
{
    while (below > top)
        below = v->categories[below].parent;
    return below == top;
}

static inline bool unit_covers(const struct structure *s, int top, int below)
{
    while (below > top)
        below = s->units[below].parent;
    return below == top;
}

static inline bool cell_covers(const struct world *w, size_t cell, const struct world_leaf *leaf)
{
    const struct cells *c = &w->cells;
    if ((int)c->population[cell] != leaf->population || c->flags[cell] & CELL_SLACK ||
        !unit_covers(&w->structure, (int)c->unit[cell], leaf->unit))
        return false;
    for (size_t v = 0; v < c->stride; v++) {
        uint16_t category = c->categories[cell * c->stride + v];
        if (category && !category_covers(&w->structure.variables[v], category, leaf->categories[v]))
            return false;
    }
    return true;
}

static inline bool population_uses(const struct structure *s, int population, int variable)
{
    for (size_t t = 0; t < s->table_count; t++)
        for (size_t v = 0; s->tables[t].population == population && v < s->tables[t].variable_count;
             v++)
            if (s->tables[t].variables[v] == variable)
                return true;
    return false;
}

/* Adds the leaves of one population and entity, variable by variable. */
static inline void add_leaves(struct world *w, struct world_leaf *at, size_t variable)
{
    const struct structure *s = &w->structure;
    if (variable == s->variable_count) {
        if (w->leaf_count == WORLD_LEAVES)
            abort();
        w->leaf[w->leaf_count++] = *at;
        return;
    }
    if (!population_uses(s, at->population, (int)variable)) {
        add_leaves(w, at, variable + 1);
        return;
    }
    const struct variable *v = &s->variables[variable];
    for (size_t c = 1; c < v->category_count; c++)
        if (category_is_leaf(v, c)) {
            at->categories[variable] = (uint16_t)c;
            add_leaves(w, at, variable + 1);
        }
    at->categories[variable] = 0;
}

static inline void list_leaves(struct world *w)
{
    const struct structure *s = &w->structure;
    for (size_t p = 0; p < s->population_count; p++)
        for (size_t u = 0; u < s->unit_count; u++)
            if (unit_is_leaf(s, u) && s->units[u].delivered) {
                struct world_leaf at = {.population = (int)p, .unit = (int)u};
                add_leaves(w, &at, 0);
            }
    for (size_t i = 0; i < w->cells.count; i++)
        for (size_t l = 0; l < w->leaf_count; l++)
            if (cell_covers(w, i, &w->leaf[l]))
                w->leaves[i] |= UINT64_C(1) << l;
}

static inline void add_tables(struct structure *s, const char *tables, const char *population,
                              int within)
{
    for (size_t n = 1; tables && *tables; n++) {
        char name[CONFIG_CODE], variables[64];
        size_t length = strcspn(tables, ";");
        (void)snprintf(name, sizeof name, "%.8s-%u", population, (unsigned)n % 10U);
        fixture_name(variables, tables, length);
        fixture_table(s, name, population, variables, within);
        tables += length;
        tables += strspn(tables, "; ");
    }
}

/* At most `most` entities; a domain without any is left out. */
static inline void add_units(struct structure *s, const struct world_estate *estate, size_t most)
{
    static const char *const codes[] = {"E1", "E2", "E3", "E4"};
    size_t total = estate->entities[0] + estate->entities[1], entities = 0;
    fixture_unit(s, LEVEL_GOVERNMENT, "VO", -1, true);
    fixture_unit(s, LEVEL_DOMAIN, "D1", 0, true);
    if (estate->domains == 2 && estate->entities[0] < most)
        fixture_unit(s, LEVEL_DOMAIN, "D2", 0, true);
    for (size_t d = 0; d < estate->domains; d++)
        for (size_t e = 0; e < estate->entities[d] && entities < most; e++, entities++) {
            bool undelivered = estate->last_undelivered && entities + 1 == total;
            fixture_unit(s, LEVEL_ENTITY, codes[entities], (int)d + 1, !undelivered);
        }
    fixture_finish(s);
}

/* The cells of a structure that is complete, and their leaves. */
static inline void world_cells(struct world *w, bool public_head_counts)
{
    struct err err = {0};
    if (structure_check(&w->structure, &err) != 0 ||
        cells_build(&w->cells, &w->structure, public_head_counts, &err) != 0 ||
        w->cells.count > WORLD_CELLS) {
        (void)fprintf(stderr, "world: %s\n", err.text);
        abort();
    }
    list_leaves(w);
}

static inline void world_shaped(struct world *w, const struct world_shape *shape,
                                const struct world_estate *estate, bool public_head_counts)
{
    memset(w, 0, sizeof *w);
    structure_init(&w->structure);
    add_units(&w->structure, estate, shape->entities);
    for (size_t v = 0; v < WORLD_VARIABLES && shape->variable[v][0]; v++)
        fixture_variable(&w->structure, shape->variable[v][0], shape->variable[v][1]);
    add_tables(&w->structure, shape->tables, "staff", -1);
    add_tables(&w->structure, shape->part, "managers", 0);
    world_cells(w, public_head_counts);
}

/* A shape and an estate at random, the smaller the likelier. With nothing public a search through
 * all tables takes long. */
static inline void world_draw(struct world *w, uint32_t *random, bool public_head_counts)
{
    size_t shape = world_early(random, WORLD_SHAPES_COUNT);
    size_t estate = world_early(random, public_head_counts ? WORLD_ESTATES_COUNT : 3);
    world_shaped(w, &WORLD_SHAPES[shape], &WORLD_ESTATES[estate], public_head_counts);
    w->shape = shape;
    w->estate = estate;
}

static inline void world_release(struct world *w)
{
    cells_release(&w->cells);
    structure_release(&w->structure);
}

static inline int64_t world_sum(const struct world *w, uint64_t leaves)
{
    int64_t sum = 0;
    for (; leaves; leaves &= leaves - 1)
        sum += w->leaf[__builtin_ctzll(leaves)].people;
    return sum;
}

/* The counts of all cells from the people. A slack cell is what its part leaves of its whole. */
static inline void world_count(struct world *w)
{
    const struct cells *c = &w->cells;
    for (size_t i = 0; i < c->count; i++)
        w->counts[i] = world_sum(w, w->leaves[i]);
    for (size_t k = 0; k < c->inclusion_count; k++)
        for (size_t i = c->inclusions[k].first; i < c->inclusions[k].first + c->inclusions[k].count;
             i++) {
            size_t part = c->slack_part[i - c->inclusions[0].first];
            size_t whole = cells_find(c, c->inclusions[k].whole, (int)c->unit[i],
                                      c->categories + i * c->stride);
            w->counts[i] = w->counts[whole] - w->counts[part];
        }
}

/* The second population is part of the first: people of it are in the same leaf there, which is
 * one with the same categories as far as the second uses them. */
static inline bool is_part_of(const struct world_leaf *part, const struct world_leaf *whole)
{
    if (part->population != 1 || whole->population != 0 || part->unit != whole->unit)
        return false;
    for (size_t v = 0; v < WORLD_VARIABLES; v++)
        if (part->categories[v] && part->categories[v] != whole->categories[v])
            return false;
    return true;
}

/* Random people: `empty` percent of the leaves have nobody, the others 1 to `most` (to 2 where
 * there are four variables: more would make too many tables). */
static inline void world_settle(struct world *w, uint32_t *random, uint32_t empty, uint32_t most)
{
    uint32_t crowd = w->structure.variable_count == 4 && most > 2 ? 2 : most;
    for (size_t l = 0; l < w->leaf_count; l++)
        w->leaf[l].people = 0;
    for (size_t l = 0; l < w->leaf_count && w->leaf[l].population == 0; l++) {
        bool none = world_random(random, 100) < empty;
        int64_t people = none ? 0 : 1 + (int64_t)world_random(random, crowd);
        w->leaf[l].people = people;
        for (size_t k = l + 1; k < w->leaf_count; k++)
            if (is_part_of(&w->leaf[k], &w->leaf[l])) {
                w->leaf[k].people += (int64_t)world_random(random, (uint32_t)people + 1);
                break;
            }
    }
    world_count(w);
}

#endif

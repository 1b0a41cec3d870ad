/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * joint_tables: the ranges of all hidden cells of a joint_world, by enumeration of every table of
 * every release, with nothing of the library but the structure.
 *
 *     world_enumerate(&w);    fills low and high of each release's cells
 */
#ifndef TESTS_JOINT_TABLES_H
#define TESTS_JOINT_TABLES_H

#include "joint_world.h"

/* Has the category of this variable no others below it? */
static inline bool world_finest(const struct world_release *r, size_t cell, size_t variable)
{
    const struct variable *v = &r->structure.variables[variable];
    for (size_t i = 1; i < v->category_count; i++)
        if (v->categories[i].parent == r->cells.categories[cell * r->cells.stride + variable])
            return false;
    return true;
}

/* Leaves: entities, with the finest categories. */
static inline bool world_leaf(const struct world_release *r, size_t cell)
{
    bool leaf = r->structure.units[r->cells.unit[cell]].level == LEVEL_ENTITY;
    for (size_t v = 0; v < r->structure.variable_count; v++)
        leaf = leaf && world_finest(r, cell, v);
    return leaf;
}

static inline int64_t world_sum(const int64_t *table, uint64_t cells)
{
    int64_t sum = 0;
    for (; cells; cells &= cells - 1)
        sum += table[__builtin_ctzll(cells)];
    return sum;
}

static inline void world_find_leaves(struct world_release *r)
{
    for (size_t l = 0; l < r->cells.count; l++) {
        const uint16_t *at = r->cells.categories + l * r->cells.stride;
        struct world_person like = {{0}, "", ""};
        for (size_t v = 0; v < r->structure.variable_count; v++) {
            const struct variable *variable = &r->structure.variables[v];
            bool origin = strcmp(variable->name, "origin") == 0;
            *(origin ? &like.origin : &like.sex) = variable->categories[at[v]].name;
        }
        const char *unit = r->structure.units[r->cells.unit[l]].code;
        for (size_t c = 0; world_leaf(r, l) && c < r->cells.count; c++)
            if (world_counts(r, c, unit, &like))
                r->leaves[c] |= (uint64_t)1 << l;
    }
}

/* The cells of entities whose people the cell's unit has now. */
static inline void world_find_old(struct world_release *r, const struct world_release *from,
                                  size_t number)
{
    for (size_t i = 0; i < r->cells.count; i++)
        for (size_t c = 0; c < from->cells.count; c++) {
            const struct unit *unit = &from->structure.units[from->cells.unit[c]];
            int at = unit->level == LEVEL_ENTITY ? world_unit(&r->structure, unit->code) : -1;
            bool same = at >= 0 && world_within(&r->structure, at, (int)r->cells.unit[i]);
            for (size_t v = 0; v < r->cells.stride; v++)
                same = same && from->cells.categories[c * from->cells.stride + v] ==
                                   r->cells.categories[i * r->cells.stride + v];
            if (same)
                r->old[number][i] |= (uint64_t)1 << c;
        }
}

/* Adds up what is no leaf; keeps the table if it agrees with what is shown. */
static inline void world_keep(struct world_release *r, int64_t *table)
{
    for (size_t c = 0; c < r->cells.count; c++) {
        if (!world_leaf(r, c))
            table[c] = world_sum(table, r->leaves[c]);
        if (r->shown[c] >= 0 && table[c] != r->shown[c])
            return;
    }
    if (r->table_count == WORLD_TABLES)
        abort();
    memcpy(r->tables + r->table_count++ * WORLD_CELLS, table, WORLD_CELLS * sizeof *table);
}

/* Gives values to the leaves from `leaf` on, the others being 0, within the head counts. */
static inline void world_list_tables(struct world_release *r, size_t leaf, int64_t *table)
{
    while (leaf < r->cells.count && !world_leaf(r, leaf))
        leaf++;
    if (leaf == r->cells.count) {
        world_keep(r, table);
        return;
    }
    size_t group = r->cells.group[leaf];
    int64_t shown = r->shown[leaf], most = r->count[group] - world_sum(table, r->leaves[group]);
    for (int64_t x = shown >= 0 ? shown : 0; x <= (shown >= 0 ? shown : most); x++) {
        table[leaf] = x;
        world_list_tables(r, leaf + 1, table);
    }
    table[leaf] = 0;
}

/* Whoever joined a group has one of the finest sensitive categories: what there is more of it than
 * before has joined. */
static inline bool world_linked(const struct world *w, size_t from, size_t to, const int64_t *old,
                                const int64_t *new)
{
    const struct world_release *r = &w->r[to];
    int64_t more[WORLD_CELLS] = {0};
    for (size_t c = 0; c < r->cells.count; c++) {
        bool leaf = !(r->cells.flags[c] & CELL_PUBLIC);
        for (size_t v = 0; v < r->structure.variable_count; v++)
            leaf = leaf && (!r->structure.variables[v].sensitive || world_finest(r, c, v));
        int64_t change = leaf ? new[c] - world_sum(old, r->old[from][c]) : 0;
        more[r->cells.group[c]] += change > 0 ? change : 0;
    }
    for (size_t g = 0; g < r->cells.count; g++)
        if (more[g] > w->joined[from][to][g])
            return false;
    return true;
}

static inline void world_widen(struct world_release *r, const int64_t *table)
{
    for (size_t c = 0; c < r->cells.count; c++) {
        r->low[c] = table[c] < r->low[c] ? table[c] : r->low[c];
        r->high[c] = table[c] > r->high[c] ? table[c] : r->high[c];
    }
}

/* Tries the tables of release i with those chosen of the releases before it. */
static inline void world_combine(struct world *w, size_t i, const int64_t **chosen)
{
    if (i == w->releases) {
        for (size_t k = 0; k < i; k++)
            world_widen(&w->r[k], chosen[k]);
        return;
    }
    for (size_t t = 0; t < w->r[i].table_count; t++) {
        chosen[i] = w->r[i].tables + t * WORLD_CELLS;
        bool agree = true;
        for (size_t from = 0; from < i && agree; from++)
            agree = world_linked(w, from, i, chosen[from], chosen[i]);
        if (agree)
            world_combine(w, i + 1, chosen);
    }
}

static inline void world_enumerate(struct world *w)
{
    const int64_t *chosen[WORLD_RELEASES];
    for (size_t i = 0; i < w->releases; i++) {
        struct world_release *r = &w->r[i];
        int64_t table[WORLD_CELLS] = {0};
        free(r->tables);
        r->table_count = 0;
        r->tables = malloc(WORLD_TABLES * WORLD_CELLS * sizeof *r->tables);
        if (!r->tables)
            abort();
        world_find_leaves(r);
        for (size_t from = 0; from < i; from++)
            world_find_old(r, &w->r[from], from);
        world_list_tables(r, 0, table);
        for (size_t c = 0; c < r->cells.count; c++) {
            r->low[c] = INT64_MAX;
            r->high[c] = -1;
        }
    }
    world_combine(w, 0, chosen);
}

#endif

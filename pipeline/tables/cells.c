/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Building the one system of cells of a release: every table's cells in turn, each looked up by its
 * coordinates in a linear-probing hash index so that a cell of several tables is one. The equations
 * are pipeline/tables/cell_equations.c. See include/tables/structure.h.
 */
#include "tables/structure.h"

#include "tables/cell_equations.h"
#include "tables/closure.h"
#include "tables/grid.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint64_t coordinates_hash(const struct cells *c, uint32_t population, uint32_t unit,
                                 const uint16_t *categories)
{
    uint64_t h = ((uint64_t)population << 32 | unit) * 0x9E3779B97F4A7C15U;
    for (size_t v = 0; v < c->stride; v++)
        if (categories[v]) {
            h = (h ^ (v << 16 | categories[v])) * 0xD6E8FEB86659FD93U;
            h ^= h >> 32;
        }
    return h ^ h >> 29;
}

/* The slot that holds the cell (index + 1), or the free one (0) where it belongs. */
static uint32_t *slot_of(const struct cells *c, uint32_t population, uint32_t unit,
                         const uint16_t *categories)
{
    size_t mask = c->slot_count - 1;
    for (size_t i = coordinates_hash(c, population, unit, categories) & mask;; i = (i + 1) & mask) {
        if (c->slots[i] == 0)
            return &c->slots[i];
        size_t have = c->slots[i] - 1;
        if (c->unit[have] == unit && c->population[have] == population &&
            (c->stride == 0 || memcmp(c->categories + have * c->stride, categories,
                                      c->stride * sizeof *categories) == 0))
            return &c->slots[i];
    }
}

size_t cells_find(const struct cells *c, int population, int unit, const uint16_t *categories)
{
    if (c->slot_count == 0 || population < 0 || unit < 0)
        return SIZE_MAX;
    uint32_t found = *slot_of(c, (uint32_t)population, (uint32_t)unit, categories);
    return found ? found - 1 : SIZE_MAX;
}

/* The published ones, then the crossings that close them. */
int cells_list_leaf_tables(const struct structure *s, struct leaf_table **tables, size_t *count,
                           struct err *err)
{
    struct closure closure;
    *tables = NULL;
    *count = 0;
    int rc = closure_find(&closure, s, err);
    if (rc != 0)
        goto out;
    *tables = calloc(s->table_count + closure.count + 1, sizeof **tables);
    if (!*tables) {
        rc = err_memory(err);
        goto out;
    }
    for (size_t t = 0; t < s->table_count; t++) {
        struct leaf_table *leaf = &(*tables)[(*count)++];
        leaf->population = s->tables[t].population;
        leaf->variable_count = s->tables[t].variable_count;
        for (size_t v = 0; v < leaf->variable_count; v++)
            leaf->variables[v] = s->tables[t].variables[v];
    }
    for (size_t i = 0; i < closure.count; i++) {
        struct leaf_table *leaf = &(*tables)[(*count)++];
        leaf->population = closure.crossings[i].population;
        for (int v = 0; v < CONFIG_VARIABLES; v++)
            if (closure.crossings[i].variables >> v & 1)
                leaf->variables[leaf->variable_count++] = v;
    }
out:
    closure_release(&closure);
    return rc;
}

int cells_too_many(struct err *err)
{
    return err_set(
        err, ERR_DATA,
        "the tables, the crossings that close them and what `within` adds have more than "
        "%d cells",
        CELLS_MAX);
}

/* Fixes where each table's cells stand in table_cell; gives the sum of all. */
static int place_tables(struct cells *c, const struct axes *axes, size_t *sum, struct err *err)
{
    c->table_start = calloc(c->leaf_table_count + 1, sizeof *c->table_start);
    if (!c->table_start)
        return err_memory(err);
    *sum = 0;
    for (size_t t = 0; t < c->leaf_table_count; t++) {
        struct grid g;
        if (grid_init(&g, axes, &c->leaf_tables[t], err) != 0)
            return -1;
        *sum += g.cells;
        if (*sum > CELLS_MAX)
            return cells_too_many(err);
        c->table_start[t + 1] = *sum;
    }
    return 0;
}

/* Room for `capacity` cells. */
static int reserve(struct cells *c, size_t capacity, size_t in_tables, struct err *err)
{
    size_t slots = 64;
    while (slots < capacity * 2)
        slots *= 2;
    c->unit = calloc(capacity + 1, sizeof *c->unit);
    c->population = calloc(capacity + 1, sizeof *c->population);
    c->categories = malloc((capacity * c->stride + 1) * sizeof *c->categories);
    c->flags = calloc(capacity + 1, sizeof *c->flags);
    c->group = malloc((capacity + 1) * sizeof *c->group);
    c->table_cell = malloc((in_tables + 1) * sizeof *c->table_cell);
    c->slots = calloc(slots, sizeof *c->slots);
    if (!c->unit || !c->population || !c->categories || !c->flags || !c->group || !c->table_cell ||
        !c->slots)
        return err_memory(err);
    c->slot_count = slots;
    return 0;
}

/* What a new cell of a published table is, by its categories. */
static uint8_t published_flags(const struct cells *c, const uint16_t *categories,
                               bool public_head_counts)
{
    if (!public_head_counts)
        return CELL_SENSITIVE;
    uint8_t flags = CELL_PUBLIC;
    for (size_t v = 0; v < c->stride; v++) {
        const struct variable *variable = &c->structure->variables[v];
        if (categories[v] == 0 || !variable->sensitive)
            continue;
        flags &= (uint8_t)~CELL_PUBLIC;
        if (variable->categories[categories[v]].sensitive)
            flags |= CELL_SENSITIVE;
    }
    return flags;
}

/* How far before a cell of the grid its group stands: every sensitive variable back at total. */
static size_t group_distance(const struct cells *c, const struct grid *g, const uint32_t *at)
{
    size_t distance = 0;
    for (size_t d = 1; d < g->dimensions; d++)
        if (c->structure->variables[g->variable[d]].sensitive)
            distance += at[d] * g->step[d];
    return distance;
}

/* The index of the cell with these coordinates, which is made if it is new (*is_new). */
static uint32_t intern(struct cells *c, uint32_t population, uint32_t unit,
                       const uint16_t *categories, bool *is_new)
{
    uint32_t *slot = slot_of(c, population, unit, categories);
    *is_new = *slot == 0;
    if (*is_new) {
        size_t i = c->count++;
        c->unit[i] = unit;
        c->population[i] = population;
        if (c->stride)
            memcpy(c->categories + i * c->stride, categories, c->stride * sizeof *categories);
        *slot = (uint32_t)i + 1;
    }
    return *slot - 1;
}

static int add_table(struct cells *c, const struct axes *axes, size_t t, bool public_head_counts,
                     struct err *err)
{
    struct grid g;
    if (grid_init(&g, axes, &c->leaf_tables[t], err) != 0)
        return -1;
    bool published = t < c->structure->table_count;
    uint32_t *table = c->table_cell + c->table_start[t];
    uint32_t at[GRID_DIMENSIONS] = {0};
    uint16_t categories[CONFIG_VARIABLES] = {0};
    for (size_t i = 0; i < g.cells; i++, grid_next(&g, at)) {
        for (size_t d = 1; d < g.dimensions; d++)
            categories[g.variable[d]] = (uint16_t)at[d];
        bool is_new;
        uint32_t cell = intern(c, (uint32_t)c->leaf_tables[t].population, axes->unit[at[0]],
                               categories, &is_new);
        table[i] = cell;
        if (!is_new)
            continue;
        c->flags[cell] =
            published ? published_flags(c, categories, public_head_counts) : CELL_UNPUBLISHED;
        c->group[cell] = public_head_counts ? table[i - group_distance(c, &g, at)] : table[0];
    }
    return 0;
}

static int add_all_tables(struct cells *c, const struct axes *axes, bool public_head_counts,
                          struct err *err)
{
    for (size_t p = 0; p < c->structure->population_count; p++)
        for (size_t t = 0; t < c->leaf_table_count; t++)
            if (c->leaf_tables[t].population == (int)p &&
                add_table(c, axes, t, public_head_counts, err) != 0)
                return -1;
    return 0;
}

/* The pairs of populations that `within` ties together, in order of appearance. */
static int list_inclusions(struct cells *c, struct err *err)
{
    const struct structure *s = c->structure;
    c->inclusions = calloc(s->table_count + 1, sizeof *c->inclusions);
    if (!c->inclusions)
        return err_memory(err);
    for (size_t t = 0; t < s->table_count; t++) {
        if (s->tables[t].within < 0)
            continue;
        int part = s->tables[t].population;
        int whole = s->tables[s->tables[t].within].population;
        bool known = part == whole;
        for (size_t i = 0; i < c->inclusion_count && !known; i++)
            known = c->inclusions[i].part == part && c->inclusions[i].whole == whole;
        if (!known)
            c->inclusions[c->inclusion_count++] =
                (struct inclusion){.part = part, .whole = whole, .first = 0, .count = 0};
    }
    return 0;
}

/* Adds a slack cell for every cell of the part that the whole has too, published or not; `ordinary`
 * is the number of cells that are not slack. */
static void add_slack(struct cells *c, struct inclusion *inclusion, size_t ordinary)
{
    inclusion->first = c->count;
    for (size_t i = 0; i < ordinary; i++) {
        if (c->population[i] != (uint32_t)inclusion->part)
            continue;
        const uint16_t *categories = c->categories + i * c->stride;
        size_t whole = cells_find(c, inclusion->whole, (int)c->unit[i], categories);
        if (whole == SIZE_MAX)
            continue;
        size_t slack = c->count++;
        c->unit[slack] = c->unit[i];
        c->population[slack] = c->population[i];
        if (c->stride)
            memcpy(c->categories + slack * c->stride, categories, c->stride * sizeof *categories);
        c->flags[slack] = CELL_UNPUBLISHED | CELL_SLACK;
        c->group[slack] = c->group[whole];
        c->slack_part[slack - ordinary] = (uint32_t)i;
    }
    inclusion->count = c->count - inclusion->first;
}

/* As many slack cells as there may be at most: every cell of a part, for each inclusion. */
static size_t slack_bound(const struct cells *c)
{
    size_t bound = 0;
    for (size_t i = 0; i < c->inclusion_count; i++)
        for (size_t t = 0; t < c->leaf_table_count; t++)
            if (c->leaf_tables[t].population == c->inclusions[i].part)
                bound += c->table_start[t + 1] - c->table_start[t];
    return bound;
}

/* Units by what a key calls them. */
static int index_places(struct cells *c, struct err *err)
{
    const struct structure *s = c->structure;
    for (size_t u = 0; u < s->unit_count; u++) {
        char place[16 + CONFIG_CODE];
        int length =
            snprintf(place, sizeof place, "%s:%s", level_name(s->units[u].level), s->units[u].code);
        if (dictionary_intern(&c->places, place, (size_t)length) == 0)
            return err_memory(err);
    }
    return 0;
}

static int build(struct cells *c, const struct axes *axes, bool public_head_counts, struct err *err)
{
    size_t in_tables = 0;
    if (index_places(c, err) != 0 ||
        cells_list_leaf_tables(c->structure, &c->leaf_tables, &c->leaf_table_count, err) != 0 ||
        place_tables(c, axes, &in_tables, err) != 0 || list_inclusions(c, err) != 0)
        return -1;
    size_t slack = slack_bound(c);
    if (in_tables + slack > CELLS_MAX)
        return cells_too_many(err);
    c->slack_part = calloc(slack + 1, sizeof *c->slack_part);
    if (!c->slack_part)
        return err_memory(err);
    if (reserve(c, in_tables + slack, in_tables, err) != 0 ||
        add_all_tables(c, axes, public_head_counts, err) != 0)
        return -1;
    size_t ordinary = c->count;
    for (size_t i = 0; i < c->inclusion_count; i++)
        add_slack(c, &c->inclusions[i], ordinary);
    return equations_build(c, axes, err);
}

int cells_build(struct cells *c, const struct structure *s, bool public_head_counts,
                struct err *err)
{
    memset(c, 0, sizeof *c);
    c->structure = s;
    c->stride = s->variable_count;
    struct axes axes;
    int rc = axes_init(&axes, s, err);
    if (rc == 0)
        rc = build(c, &axes, public_head_counts, err);
    axes_release(&axes);
    return rc;
}

void cells_release(struct cells *c)
{
    free(c->unit);
    free(c->population);
    free(c->categories);
    free(c->flags);
    free(c->group);
    free(c->equation_start);
    free(c->equation_cell);
    free(c->table_start);
    free(c->table_cell);
    free(c->leaf_tables);
    free(c->inclusions);
    free(c->slack_part);
    dictionary_release(&c->places);
    free(c->slots);
    memset(c, 0, sizeof *c);
}

/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/tables/joint_pair.h. Public cells are looked at first, as groups, then all others. */
#include "tables/joint_pair.h"

#include <stdlib.h>
#include <string.h>

int64_t published_count(const struct published_release *r, uint32_t cell)
{
    return r->cells->flags[cell] & CELL_UNPUBLISHED ? -1 : r->counts[cell];
}

int64_t pair_joined(const struct joint_pair *p, uint32_t group)
{
    return p->turnover ? p->turnover->joined[group] : 0;
}

int64_t pair_left(const struct joint_pair *p, uint32_t group)
{
    return p->turnover ? p->turnover->left[group] : 0;
}

size_t pair_sources(const struct joint_pair *p, uint32_t cell)
{
    uint32_t unit = p->new->cells->unit[cell];
    return p->sources.start[unit + 1] - p->sources.start[unit];
}

/* The cell's population and categories in the earlier structure; false if it has none such. */
static bool old_coordinates(const struct joint_pair *p, uint32_t cell, int *population,
                            uint16_t categories[static CONFIG_VARIABLES])
{
    const struct cells *c = p->new->cells;
    const uint16_t *mine = c->categories + cell * c->stride;
    memset(categories, 0, CONFIG_VARIABLES * sizeof *categories);
    *population = p->names.population[c->population[cell]];
    for (size_t v = 0; v < c->stride; v++) {
        if (mine[v] == 0)
            continue;
        uint16_t category = p->names.category[v * NAME_MAP_CATEGORIES + mine[v]];
        if (category == 0)
            return false;
        categories[p->names.variable[v]] = category;
    }
    return *population >= 0;
}

uint32_t pair_source(const struct joint_pair *p, uint32_t cell, size_t k)
{
    int population;
    uint16_t categories[CONFIG_VARIABLES];
    if (!old_coordinates(p, cell, &population, categories))
        return JOINT_NONE;
    const struct cells *c = p->new->cells;
    uint32_t unit = p->sources.unit[p->sources.start[c->unit[cell]] + k];
    size_t found = cells_find(p->old->cells, population, (int)unit, categories);
    return found == SIZE_MAX ? JOINT_NONE : (uint32_t)found;
}

/* What the cell's sources add up to, as published; -1 if one is hidden or missing. */
static int64_t old_count(const struct joint_pair *p, uint32_t cell)
{
    size_t sources = pair_sources(p, cell);
    int64_t sum = sources ? 0 : -1;
    for (size_t k = 0; k < sources && sum >= 0; k++) {
        uint32_t source = pair_source(p, cell, k);
        int64_t count = source == JOINT_NONE ? -1 : published_count(p->old, source);
        if (count < 0 || __builtin_add_overflow(sum, count, &sum))
            sum = -1;
    }
    return sum;
}

static enum pair_state group_state(const struct joint_pair *p, uint32_t group)
{
    int64_t joined = pair_joined(p, group), left = pair_left(p, group);
    int64_t new = published_count(p->new, group), old = old_count(p, group);
    if (joined < 0 || left < 0 || new < 0 || old < 0)
        return PAIR_APART;
    for (size_t k = 0; k < pair_sources(p, group); k++)
        if (!(p->old->cells->flags[pair_source(p, group, k)] & CELL_PUBLIC))
            return PAIR_APART;
    return new - old == joined - left ? PAIR_POSSIBLE : PAIR_BROKEN;
}

/* Do all sources of the cell stand in the sources of its group? */
static bool is_same(const struct joint_pair *p, uint32_t cell, uint32_t group)
{
    size_t sources = pair_sources(p, cell);
    for (size_t k = 0; k < sources; k++) {
        uint32_t source = pair_source(p, cell, k);
        if (source == JOINT_NONE || p->old->cells->group[source] != pair_source(p, group, k))
            return false;
    }
    return sources > 0;
}

static void look_at_cell(struct joint_pair *p, uint32_t cell)
{
    const struct cells *c = p->new->cells;
    uint32_t group = c->group[cell];
    bool possible = p->state[group] == PAIR_POSSIBLE || p->state[group] == PAIR_BROKEN;
    if (c->flags[cell] & (CELL_PUBLIC | CELL_SLACK) || !(c->flags[group] & CELL_PUBLIC) ||
        !possible || !is_same(p, cell, group))
        return;
    p->state[cell] = PAIR_POSSIBLE;
    int64_t new = published_count(p->new, cell), old = old_count(p, cell);
    if (new >= 0 && old >= 0 &&
        (new - old > pair_joined(p, group) || old - new > pair_left(p, group)))
        p->state[group] = PAIR_BROKEN;
}

static bool is_consistent(const struct joint_pair *p, uint32_t cell)
{
    return p->state[cell] == PAIR_POSSIBLE || p->state[cell] == PAIR_IMPLIED;
}

/* The cell of the release in between, if the cell was one cell there, can be linked on both sides,
 * and was the same before; else JOINT_NONE. */
static uint32_t between(const struct joint_pair *p, const struct joint_pair *first,
                        const struct joint_pair *second, uint32_t cell)
{
    if (!is_consistent(second, cell) || pair_sources(second, cell) != 1)
        return JOINT_NONE;
    uint32_t middle = pair_source(second, cell, 0);
    size_t sources = pair_sources(p, cell);
    if (!is_consistent(first, middle) || pair_sources(first, middle) != sources)
        return JOINT_NONE;
    for (size_t k = 0; k < sources; k++)
        if (pair_source(p, cell, k) != pair_source(first, middle, k))
            return JOINT_NONE;
    return middle;
}

/* With as many joiners as there were before and after the release in between, nobody of the group
 * came and went again: what can have joined in two steps can have joined in one. */
int pair_imply(struct joint_pair *p, const struct joint_pair *first,
               const struct joint_pair *second, struct err *err)
{
    const struct cells *c = p->new->cells;
    uint8_t *implied = calloc(c->count + 1, 1); /* groups */
    if (!implied)
        return err_memory(err);
    for (uint32_t i = 0; i < c->count; i++)
        if (c->flags[i] & CELL_PUBLIC && p->state[i] == PAIR_POSSIBLE) {
            uint32_t middle = between(p, first, second, i);
            implied[i] = middle != JOINT_NONE &&
                         pair_joined(p, i) == pair_joined(first, middle) + pair_joined(second, i);
        }
    for (uint32_t i = 0; i < c->count; i++)
        if (!(c->flags[i] & CELL_PUBLIC) && p->state[i] == PAIR_POSSIBLE &&
            between(p, first, second, i) == JOINT_NONE)
            implied[c->group[i]] = 0;
    for (uint32_t i = 0; i < c->count; i++)
        if (implied[i])
            p->state[i] = PAIR_IMPLIED;
    free(implied);
    return 0;
}

/* Links the groups that something may be learned of: always the present release's, of two earlier
 * ones those in which a cell is hidden. */
void pair_link(struct joint_pair *p, bool present)
{
    const struct cells *c = p->new->cells;
    for (uint32_t i = 0; i < c->count; i++) {
        uint32_t group = c->group[i];
        bool candidate = !(c->flags[i] & CELL_PUBLIC) && p->state[i] == PAIR_POSSIBLE;
        if (candidate && p->state[group] == PAIR_POSSIBLE &&
            (present || published_count(p->new, i) < 0 || old_count(p, i) < 0))
            p->state[group] = PAIR_LINKED;
    }
    for (uint32_t i = 0; i < c->count; i++)
        if (!(c->flags[i] & CELL_PUBLIC) && p->state[i] == PAIR_POSSIBLE)
            p->state[i] = p->state[c->group[i]] == PAIR_LINKED ? PAIR_LINKED : PAIR_APART;
}

int pair_plan(struct joint_pair *p, const uint8_t *dropped, struct err *err)
{
    const struct cells *c = p->new->cells;
    p->state = calloc(c->count + 1, sizeof *p->state);
    p->first = malloc((c->count + 1) * sizeof *p->first);
    if (!p->state || !p->first)
        return err_memory(err);
    if (name_map_build(&p->names, c->structure, p->old->cells->structure, true, err) != 0 ||
        series_sources_find(&p->sources, p->old->cells->structure, c->structure, err) != 0)
        return -1;
    for (uint32_t i = 0; i < c->count; i++) {
        p->first[i] = JOINT_NONE;
        if (c->flags[i] & CELL_PUBLIC && !(dropped && dropped[c->unit[i]]))
            p->state[i] = (uint8_t)group_state(p, i);
    }
    for (uint32_t i = 0; i < c->count; i++)
        look_at_cell(p, i);
    return 0;
}

void pair_release(struct joint_pair *p)
{
    name_map_release(&p->names);
    series_sources_release(&p->sources);
    free(p->state);
    free(p->first);
}

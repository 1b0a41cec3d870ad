/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/tables/closure.h. Sets of variables are bits of a word. */
#include "tables/closure.h"

_Static_assert(CONFIG_VARIABLES <= 32, "a set of variables is 32 bits");

/* Drops the variables that stand in one edge only. */
static bool drop_lonely_variables(uint32_t *edges, size_t count)
{
    uint32_t once = 0, twice = 0;
    for (size_t i = 0; i < count; i++) {
        twice |= once & edges[i];
        once |= edges[i];
    }
    uint32_t lonely = once & ~twice;
    for (size_t i = 0; i < count; i++)
        edges[i] &= ~lonely;
    return lonely != 0;
}

/* Drops one edge that lies within another. */
static bool drop_contained_edge(uint32_t *edges, size_t *count)
{
    for (size_t i = 0; i < *count; i++)
        for (size_t j = 0; j < *count; j++)
            if (i != j && (edges[i] & ~edges[j]) == 0) {
                edges[i] = edges[--*count];
                return true;
            }
    return false;
}

uint32_t closure_reduce(uint32_t *edges, size_t count)
{
    bool changed = true;
    while (changed) {
        changed = drop_lonely_variables(edges, count);
        changed = drop_contained_edge(edges, &count) || changed;
    }
    uint32_t left = 0;
    for (size_t i = 0; i < count; i++)
        left |= edges[i];
    return left;
}

uint32_t closure_variables(const struct structure *s, int population)
{
    uint32_t edges[CONFIG_TABLES];
    size_t count = 0;
    for (size_t t = 0; t < s->table_count; t++) {
        if (s->tables[t].population != population)
            continue;
        uint32_t edge = 0;
        for (size_t v = 0; v < s->tables[t].variable_count; v++)
            edge |= (uint32_t)1 << s->tables[t].variables[v];
        edges[count++] = edge;
    }
    return closure_reduce(edges, count);
}

/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/sdc/weights.h. */
#include "sdc/weights.h"

static bool has_variable(const struct frequency_table *t, size_t variable)
{
    for (size_t v = 0; v < t->variable_count; v++)
        if ((size_t)t->variables[v] == variable)
            return true;
    return false;
}

/* Does the table have all variables of the cell, and another one? */
static bool is_total_of(const struct frequency_table *t, const uint16_t *categories, size_t stride)
{
    size_t used = 0;
    for (size_t v = 0; v < stride; v++) {
        if (categories[v] == 0)
            continue;
        if (!has_variable(t, v))
            return false;
        used++;
    }
    return used < t->variable_count;
}

static bool is_total(const struct cells *cells, size_t cell)
{
    const struct structure *s = cells->structure;
    for (size_t t = 0; t < s->table_count; t++)
        if ((uint32_t)s->tables[t].population == cells->population[cell] &&
            is_total_of(&s->tables[t], cells->categories + cell * cells->stride, cells->stride))
            return true;
    return false;
}

int64_t weights_apply(const struct suppression_weights *w, const struct cells *cells, size_t cell,
                      int64_t cost)
{
    const int64_t by_level[] = {w->government, w->domain, w->entity};
    enum level level = cells->structure->units[cells->unit[cell]].level;
    int64_t weighted = cost * (100 + by_level[level]) / 100;
    if (w->total == 0 || !is_total(cells, cell))
        return weighted;
    return weighted * (100 + w->total) / 100;
}

/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/sdc/primary.h. The rules are design section 6. */
#include "sdc/primary.h"

#include <stdlib.h>

static bool is_whole_unit(const struct cells *c, size_t cell)
{
    for (size_t v = 0; v < c->stride; v++)
        if (c->categories[cell * c->stride + v] != 0)
            return false;
    return (c->flags[cell] & CELL_UNPUBLISHED) == 0;
}

/* People by population and unit; -1 where no table counts them. NULL if memory ran out. */
static int64_t *unit_sizes(const struct cells *c, const int64_t *counts)
{
    size_t units = c->structure->unit_count, n = units * c->structure->population_count;
    int64_t *sizes = malloc((n + 1) * sizeof *sizes);
    if (!sizes)
        return NULL;
    for (size_t i = 0; i < n; i++)
        sizes[i] = -1;
    for (size_t i = 0; i < c->count; i++)
        if (is_whole_unit(c, i))
            sizes[c->population[i] * units + c->unit[i]] = counts[i];
    return sizes;
}

int primary_find(uint8_t *unsafe, const struct cells *cells, const int64_t *counts,
                 const struct disclosure *rules, struct err *err)
{
    int64_t *sizes = unit_sizes(cells, counts);
    if (!sizes)
        return err_memory(err);
    size_t units = cells->structure->unit_count;
    for (size_t i = 0; i < cells->count; i++) {
        unsafe[i] = 0;
        if (!(cells->flags[i] & CELL_SENSITIVE) || cells->flags[i] & CELL_UNPUBLISHED)
            continue;
        int64_t n = counts[i], size = sizes[cells->population[i] * units + cells->unit[i]];
        bool few = n > 0 && n < rules->threshold;
        bool telling_zero = rules->protect_zeros && n == 0 && counts[cells->group[i]] > 0;
        bool small_unit = size >= 0 && size < rules->minimum_population;
        unsafe[i] = few || telling_zero || small_unit;
    }
    free(sizes);
    return 0;
}

/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/tables/table_walk.h. */
#include "tables/table_walk.h"

#include <string.h>

void table_walk_begin(struct table_walk *w, const struct cells *cells, size_t table)
{
    memset(w, 0, sizeof *w);
    w->cells = cells;
    w->table = &cells->structure->tables[table];
    w->next = cells->table_cell + cells->table_start[table];
}

/* To the next categories; false, and all at total again, after the last ones. */
static bool advance_categories(struct table_walk *w)
{
    for (size_t i = w->table->variable_count; i-- > 0;) {
        const struct variable *v = &w->cells->structure->variables[w->table->variables[i]];
        if ((size_t)w->categories[i] + 1 < v->category_count) {
            w->categories[i]++;
            return true;
        }
        w->categories[i] = 0;
    }
    return false;
}

bool table_walk_next(struct table_walk *w)
{
    if (w->started && !advance_categories(w))
        w->unit++;
    w->started = true;
    if (w->unit >= w->cells->structure->unit_count)
        return false;
    w->cell = w->cells->structure->units[w->unit].delivered ? *w->next++ : SIZE_MAX;
    return true;
}

/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/sdc/fine_tables.h. */
#include "sdc/fine_tables.h"

enum { VARIABLES_LEAST = 4, CELLS_LEAST = 200, CELLS_FOR_ONE = 20 };

static bool many_are_hidden(const struct cells *cells, const uint8_t *hidden)
{
    size_t count = 0, all = 0;
    for (size_t i = 0; i < cells->count; i++)
        if (!(cells->flags[i] & CELL_UNPUBLISHED)) {
            all++;
            count += hidden[i] != 0;
        }
    return count >= all / CELLS_FOR_ONE;
}

bool tables_are_fine(const struct cells *cells, const uint8_t *hidden)
{
    const struct structure *s = cells->structure;
    bool fine = false;
    for (size_t t = 0; t < s->table_count; t++) {
        size_t count = 1;
        for (size_t v = 0; v < s->tables[t].variable_count; v++)
            count *= s->variables[s->tables[t].variables[v]].category_count;
        fine = fine || (s->tables[t].variable_count >= VARIABLES_LEAST && count >= CELLS_LEAST);
    }
    return fine && !cells->joint && many_are_hidden(cells, hidden);
}

/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/sdc/fine_tables.h. */
#include "sdc/fine_tables.h"

enum { VARIABLES_LEAST = 4, CELLS_LEAST = 200 };

bool tables_are_fine(const struct cells *cells)
{
    const struct structure *s = cells->structure;
    bool fine = false;
    for (size_t t = 0; t < s->table_count; t++) {
        size_t count = 1;
        for (size_t v = 0; v < s->tables[t].variable_count; v++)
            count *= s->variables[s->tables[t].variables[v]].category_count;
        fine = fine || (s->tables[t].variable_count >= VARIABLES_LEAST && count >= CELLS_LEAST);
    }
    return fine && !cells->joint;
}

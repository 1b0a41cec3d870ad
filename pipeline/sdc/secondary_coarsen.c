/* SPDX-License-Identifier: EUPL-1.2 */
/* secondary_coarsen of include/sdc/secondary.h. */
#include "sdc/secondary_state.h"

/* Is this an equation along the tree of units? */
static bool is_along_units(const struct cells *c, size_t equation)
{
    uint32_t first = c->equation_start[equation];
    return c->equation_start[equation + 1] - first > 1 &&
           c->unit[c->equation_cell[first]] != c->unit[c->equation_cell[first + 1]];
}

static bool has_hidden_child(const struct secondary *s, size_t equation)
{
    const struct cells *c = s->cells;
    for (uint32_t i = c->equation_start[equation] + 1; i < c->equation_start[equation + 1]; i++)
        if (s->hidden[c->equation_cell[i]])
            return true;
    return false;
}

void secondary_coarsen(struct secondary *s)
{
    const struct cells *c = s->cells;
    s->opened_count = 0;
    for (bool more = s->fine; more;) { /* what is hidden of a domain is a child of the government */
        more = false;
        for (size_t e = 0; e < c->equation_count; e++) {
            uint32_t total = c->equation_cell[c->equation_start[e]];
            if (s->hidden[total] || !s->may[total] || !is_along_units(c, e) ||
                !has_hidden_child(s, e))
                continue;
            secondary_set_hidden(s, total, 1);
            more = true;
        }
    }
}

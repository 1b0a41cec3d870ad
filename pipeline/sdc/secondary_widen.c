/* SPDX-License-Identifier: EUPL-1.2 */
/* secondary_widen of include/sdc/secondary.h: first the cells that equations tie to the cell, then
 * those tied to these; then whole units. */
#include "sdc/secondary_state.h"

#include <stdlib.h>

enum { HOPS_MOST = 3 };

static bool may_be_added(const struct secondary *s, uint32_t cell)
{
    uint32_t group = s->cells->group[cell];
    bool empty = !s->hidden[group] && s->counts[group] == 0;
    return s->may[cell] && !s->hidden[cell] && !empty;
}

/* near: per cell, 1 = within the hops so far. One hop more. */
static void hop(const struct cells *c, uint8_t *near)
{
    enum { NEXT = 2 };
    for (size_t e = 0; e < c->equation_count; e++) {
        bool tied = false;
        for (uint32_t i = c->equation_start[e]; i < c->equation_start[e + 1]; i++)
            tied = tied || near[c->equation_cell[i]] == 1;
        for (uint32_t i = c->equation_start[e]; tied && i < c->equation_start[e + 1]; i++)
            if (near[c->equation_cell[i]] == 0)
                near[c->equation_cell[i]] = NEXT;
    }
    for (size_t i = 0; i < c->count; i++)
        near[i] = near[i] != 0;
}

static size_t hide_near(struct secondary *s, uint32_t cell, int hops)
{
    size_t count = 0;
    uint8_t *near = calloc(s->cells->count + 1, 1);
    if (!near)
        return 0;
    near[cell] = 1;
    for (int i = 0; i < hops; i++)
        hop(s->cells, near);
    for (uint32_t i = 0; i < s->cells->count; i++)
        if (near[i] && may_be_added(s, i)) {
            secondary_set_hidden(s, i, 1);
            count++;
        }
    free(near);
    return count;
}

/* Is `unit` the unit `top`, or below it? */
static bool unit_below(const struct structure *s, int unit, int top)
{
    while (unit >= 0 && unit != top)
        unit = s->units[unit].parent;
    return unit == top;
}

static size_t hide_below(struct secondary *s, uint32_t cell, int levels)
{
    const struct structure *structure = s->cells->structure;
    int top = (int)s->cells->unit[cell];
    size_t count = 0;
    for (int i = 0; i < levels && structure->units[top].parent >= 0; i++)
        top = structure->units[top].parent;
    for (uint32_t i = 0; i < s->cells->count; i++)
        if (may_be_added(s, i) && unit_below(structure, (int)s->cells->unit[i], top)) {
            secondary_set_hidden(s, i, 1);
            count++;
        }
    return count;
}

size_t secondary_widen(struct secondary *s, uint32_t cell, int reach)
{
    s->opened_count = 0;
    return reach < HOPS_MOST ? hide_near(s, cell, reach + 1)
                             : hide_below(s, cell, reach - HOPS_MOST);
}

/* SPDX-License-Identifier: EUPL-1.2 */
/* Moves of the base, packed into few tables. See include/sdc/part_search.h. */
#include "sdc/part_search.h"

/* Position of a cell within the part. */
size_t search_unknown_of(const struct search *s, uint32_t cell)
{
    size_t low = 0, high = s->equations.unknowns;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (s->cells[middle] <= cell)
            low = middle;
        else
            high = middle;
    }
    return low;
}

/* LAYERS. Moves from the base that touch different cells add up to one table, which serves all of
 * them: the equations are linear, and every cell is moved by one move at most. So that the pool
 * stays small, a move goes into the first layer in which its cells are still at the base's values.
 */
static int choose_layer(struct search *s, const struct move *m, size_t *table, struct err *err)
{
    for (size_t k = 0; k < s->layer_count; k++) {
        *table = s->layers[k];
        bool room = true;
        for (size_t i = 0; i < m->count && room; i++)
            room = s->tables[*table][search_unknown_of(s, m->cells[i])] == s->base[m->cells[i]];
        if (room)
            return 0;
    }
    *table = s->table_count;
    if (search_pool_add(s, s->tables[s->base_at], err) != 0)
        return -1;
    s->layers[s->layer_count++] = *table;
    return 0;
}

int search_add_move(struct search *s, const struct move *m, struct err *err)
{
    size_t layer;
    if (choose_layer(s, m, &layer, err) != 0)
        return -1;
    for (size_t i = 0; i < m->count; i++) {
        size_t unknown = search_unknown_of(s, m->cells[i]);
        int64_t value = s->tables[layer][unknown] += m->by[i];
        if (s->target_of[unknown] != TARGET_NONE)
            (void)search_notice(s, &s->targets[s->target_of[unknown]], value, (int)layer);
    }
    return 0;
}

/* Is the base, changed by the move, a table that the view allows? Additions only: the equations
 * hold in the base, so those that the move touches must add up to 0 over the move. */
bool search_move_allowed(struct search *s, const struct move *m)
{
    const struct part_equations *q = &s->equations;
    bool allowed = true;
    for (int pass = 0; pass < 3; pass++) /* add up, look, take away */
        for (size_t i = 0; i < m->count; i++) {
            size_t unknown = search_unknown_of(s, m->cells[i]);
            if (s->cells[unknown] != m->cells[i])
                return false;
            for (uint32_t k = q->in_start[unknown]; k < q->in_start[unknown + 1]; k++) {
                int64_t *sum = &s->sums[q->in[k]];
                if (pass == 1)
                    allowed = allowed && *sum == 0;
                else
                    *sum += (pass == 0 ? 1 : -1) * q->in_sign[k] * m->by[i];
            }
            if (pass == 1)
                allowed = allowed && s->base[m->cells[i]] + m->by[i] >= 0;
        }
    return allowed;
}

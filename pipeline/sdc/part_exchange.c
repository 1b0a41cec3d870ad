/* SPDX-License-Identifier: EUPL-1.2 */
/* search_exchange of include/sdc/part_search.h. */
#include "sdc/part_search.h"

/* Only what is hidden in this part may move. */
static void set_cells(struct search *s, int64_t cost)
{
    for (size_t u = 0; u < s->equations.unknowns; u++)
        if (s->equations.known[u] < 0 || s->system->joint)
            transfer_set(s->transfer, s->cells[u], s->base[s->cells[u]],
                         s->equations.known[u] < 0 ? cost : CIRCUIT_NEVER);
}

static int try_move(struct search *s, const struct target *t, int64_t to, struct err *err)
{
    struct move m;
    int64_t cost, by = to - s->base[t->cell];
    if (t->closed || by == 0 || to < 0)
        return 0;
    if (transfer_solve(s->transfer, t->cell, by, 1, &s->effort_each, &m, &cost, err) != 0)
        return -1;
    int rc = m.possible && search_move_allowed(s, &m) ? search_add_move(s, &m, err) : 0;
    move_release(&m);
    return rc;
}

/* Up as far as the least value seen asks; or down as far as the greatest asks; or both, each part
 * of the way. */
static int try_target(struct search *s, struct target *t, struct err *err)
{
    int64_t wide = t->low + t->needs.width;
    if (try_move(s, t, wide > t->needs.high ? wide : t->needs.high, err) != 0)
        return -1;
    if (t->high < t->needs.high && try_move(s, t, t->needs.high, err) != 0)
        return -1;
    return try_move(s, t, t->high - t->needs.width, err);
}

int search_exchange(struct search *s, struct err *err)
{
    if (!s->transfer || !s->open || !s->table_count)
        return 0;
    int rc = 0;
    s->effort_each = transfer_effort(s->transfer);
    set_cells(s, 0);
    for (size_t i = 0; i < s->target_count && rc == 0; i++)
        if (!s->targets[i].closed && s->equations.known[s->targets[i].unknown] < 0)
            rc = try_target(s, &s->targets[i], err);
    set_cells(s, CIRCUIT_NEVER);
    return rc;
}

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

/* Programmes: of joint systems alone. */
enum method { BY_EXCHANGE, BY_PROGRAMME };

static int try_move(struct search *s, const struct target *t, int64_t to, enum method method,
                    struct err *err)
{
    struct move m;
    int64_t cost, by = to - s->base[t->cell];
    if (t->closed || by == 0 || to < 0)
        return 0;
    s->solved += method != BY_EXCHANGE;
    if ((method == BY_EXCHANGE
             ? transfer_solve(s->transfer, t->cell, by, 1, &s->effort_each, &m, &cost, err)
             : transfer_programme(s->transfer, t->cell, by, 1, &m, &cost, err)) != 0)
        return -1;
    int rc = m.possible && search_move_allowed(s, &m) ? search_add_move(s, &m, err) : 0;
    move_release(&m);
    return rc;
}

/* Up as far as the least value seen asks; or down as far as the greatest asks; or both, each part
 * of the way. */
static int try_target(struct search *s, struct target *t, enum method method, struct err *err)
{
    int64_t wide = t->low + t->needs.width;
    if (try_move(s, t, wide > t->needs.high ? wide : t->needs.high, method, err) != 0)
        return -1;
    if (t->high < t->needs.high && try_move(s, t, t->needs.high, method, err) != 0)
        return -1;
    return try_move(s, t, t->high - t->needs.width, method, err);
}

/* Where a cell has room to move either way. */
static int64_t roomy(const struct target *t)
{
    return t->needs.high > t->needs.width ? t->needs.high : t->needs.width;
}

/* How much better the base would be with the move, as a table that others start from: how much
 * nearer the cells that need protection come to where they must be seen. */
static int64_t better_by(const struct search *s, const struct move *m)
{
    int64_t better = 0;
    for (size_t i = 0; i < m->count; i++) {
        uint32_t target = s->target_of[search_unknown_of(s, m->cells[i])];
        if (target == TARGET_NONE)
            continue;
        int64_t high = roomy(&s->targets[target]), before = s->base[m->cells[i]];
        int64_t after = before + m->by[i];
        better += (after < high ? after : high) - (before < high ? before : high);
    }
    return better;
}

/* A vertex has as many zeros as can be, and no cell goes down from there: cells are raised until
 * there is room in both directions. */
static int spread_base(struct search *s, struct err *err)
{
    int rc = 0;
    for (size_t i = 0; i < s->target_count && rc == 0; i++) {
        const struct target *t = &s->targets[i];
        int64_t by = roomy(t) - s->base[t->cell], cost;
        struct move m;
        if (by <= 0 || s->equations.known[t->unknown] >= 0)
            continue;
        if (transfer_solve(s->transfer, t->cell, by, 1, &s->effort_each, &m, &cost, err) != 0)
            return -1;
        if (m.possible && search_move_allowed(s, &m) && better_by(s, &m) > 0)
            for (size_t k = 0; k < m.count; k++) {
                s->base[m.cells[k]] += m.by[k];
                transfer_set(s->transfer, m.cells[k], s->base[m.cells[k]], 0);
            }
        move_release(&m);
    }
    for (size_t u = 0; u < s->equations.unknowns; u++)
        s->scratch[u] = s->base[s->cells[u]];
    s->base_at = s->table_count;
    for (size_t i = 0; i < s->target_count; i++)
        (void)search_notice(s, &s->targets[i], s->scratch[s->targets[i].unknown],
                            (int)s->table_count);
    return search_pool_add(s, s->scratch, err);
}

int search_exchange(struct search *s, struct err *err)
{
    if (!s->transfer || !s->open || !s->table_count)
        return 0;
    search_set_base(s);
    s->effort_each = transfer_effort(s->transfer);
    set_cells(s, 0);
    int rc = spread_base(s, err);
    int last = s->system->joint ? BY_PROGRAMME : BY_EXCHANGE;
    for (int method = BY_EXCHANGE; method <= last && rc == 0; method++)
        for (size_t i = 0; i < s->target_count && rc == 0; i++)
            if (!s->targets[i].closed && s->equations.known[s->targets[i].unknown] < 0)
                rc = try_target(s, &s->targets[i], (enum method)method, err);
    set_cells(s, CIRCUIT_NEVER);
    return rc;
}

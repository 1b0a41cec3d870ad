/* SPDX-License-Identifier: EUPL-1.2 */
/* search_units of include/sdc/part_search.h.
 *
 * COMPOSITION. Where the total of every equation along the units is hidden when one of its members
 * is, the equations within the entities are all that ties their cells; whatever tables these have,
 * those above are sums. So each entity is searched as if it stood alone, by its own equations, and
 * the n-th tables of all of them make the n-th of the whole. That one is checked by additions. */
#include "sdc/part_search.h"

#include "base/parallel.h"

#include <stdlib.h>
#include <string.h>

struct work {
    struct search *s;
    const struct bounds *bounds;
    const struct disclosure *rules;
    struct cells alone; /* the system without equations but those within entities, */
    struct view view;   /* seen so */
    struct parts parts;
    struct search *searches; /* per part of that; those of this part alone are searched */
    uint32_t *total;         /* the unknowns above the entities, those below first, */
    uint32_t *sum;           /* and the equations that say what they are */
    size_t total_count;
};

static enum level level_of(const struct cells *c, uint32_t cell)
{
    return c->structure->units[c->unit[cell]].level;
}

/* Keeps the equations within entities. */
static int leave_alone(struct work *w, struct err *err)
{
    const struct cells *c = w->s->system;
    struct cells *a = &w->alone;
    size_t members = c->equation_start[c->equation_count];
    *a = *c;
    a->equation_count = 0;
    a->equation_start = malloc((c->equation_count + 1) * sizeof *a->equation_start);
    a->equation_cell = malloc((members + 1) * sizeof *a->equation_cell);
    if (!a->equation_start || !a->equation_cell)
        return err_memory(err);
    a->equation_start[0] = 0;
    for (size_t e = 0; e < c->equation_count; e++) {
        uint32_t first = c->equation_start[e], n = c->equation_start[e + 1] - first;
        if (level_of(c, c->equation_cell[first]) != LEVEL_ENTITY)
            continue;
        uint32_t at = a->equation_start[a->equation_count++];
        memcpy(a->equation_cell + at, c->equation_cell + first, n * sizeof *a->equation_cell);
        a->equation_start[a->equation_count] = at + n;
    }
    w->view = *w->s->view;
    w->view.cells = a;
    return parts_build(&w->parts, a, w->view.hidden, err);
}

/* ---- what stands above ---- */

/* The equation along the units whose total the unknown is, or UINT32_MAX. */
static uint32_t sum_of(const struct search *s, uint32_t unknown)
{
    const struct part_equations *q = &s->equations;
    uint32_t unit = s->system->unit[s->cells[unknown]];
    for (uint32_t i = q->in_start[unknown]; i < q->in_start[unknown + 1]; i++) {
        uint32_t e = q->in[i], last = q->member[q->start[e + 1] - 1];
        int parent = s->system->structure->units[s->system->unit[s->cells[last]]].parent;
        if (q->in_sign[i] < 0 && parent == (int)unit)
            return e;
    }
    return UINT32_MAX;
}

/* *loose: every unknown above the entities is a sum. */
static int list_totals(struct work *w, bool *loose, struct err *err)
{
    const struct search *s = w->s;
    size_t n = s->equations.unknowns;
    w->total = malloc((n + 1) * sizeof *w->total);
    w->sum = malloc((n + 1) * sizeof *w->sum);
    if (!w->total || !w->sum)
        return err_memory(err);
    *loose = true;
    for (int level = LEVEL_ENTITY - 1; level >= LEVEL_GOVERNMENT; level--)
        for (uint32_t u = 0; u < n; u++) {
            if ((int)level_of(s->system, s->cells[u]) != level)
                continue;
            w->total[w->total_count] = u;
            w->sum[w->total_count] = sum_of(s, u);
            *loose = *loose && w->sum[w->total_count++] != UINT32_MAX;
        }
    return 0;
}

static void sum_up(const struct work *w, int64_t *values)
{
    const struct part_equations *q = &w->s->equations;
    for (size_t i = 0; i < w->total_count; i++) {
        uint32_t u = w->total[i], e = w->sum[i];
        values[u] = -q->right[e];
        for (uint32_t t = q->start[e]; t < q->start[e + 1]; t++)
            if (q->member[t] != u)
                values[u] += q->sign[t] * values[q->member[t]];
    }
}

/* ---- each entity ---- */

/* Leaves the tables that show something, or the first. */
static int thin(struct search *s, struct err *err)
{
    uint8_t *kept = calloc(s->table_count + 1, 1);
    int rc = kept ? search_leave_out_tables(s, err) : err_memory(err);
    size_t count = 0;
    for (size_t i = 0; rc == 0 && i < s->target_count; i++)
        if (target_paired(&s->targets[i]))
            kept[s->targets[i].low_at] = kept[s->targets[i].high_at] = 1;
    for (size_t k = 0; rc == 0 && k < s->table_count; k++)
        if (kept[k] || (count == 0 && k + 1 == s->table_count))
            s->tables[count++] = s->tables[k];
        else
            free(s->tables[k]);
    if (rc == 0)
        s->table_count = count;
    free(kept);
    return rc;
}

static int search_entity(void *context, unsigned worker, size_t part, struct err *err)
{
    (void)worker;
    struct work *w = context;
    struct search *alone = &w->searches[part];
    uint32_t first = w->parts.cells[w->parts.cell_start[part]];
    if (level_of(w->s->system, first) != LEVEL_ENTITY ||
        w->s->parts->of[first] != (uint32_t)w->s->part)
        return 0;
    if (search_open(alone, &w->view, w->bounds, w->rules, &w->parts, part, NULL, err) != 0 ||
        (alone->target_count && search_run(alone, err) != 0) ||
        (alone->table_count == 0 && search_any_table(alone, err) != 0) || thin(alone, err) != 0)
        return -1;
    search_end(alone);
    return 0;
}

/* The n-th table of every entity, or its first; false if one has none. */
static bool compose(const struct work *w, size_t n, int64_t *values)
{
    for (size_t p = 0; p < w->parts.count; p++) {
        const struct search *alone = &w->searches[p];
        if (!alone->cells)
            continue;
        if (alone->table_count == 0)
            return false;
        const int64_t *table = alone->tables[n < alone->table_count ? n : 0];
        for (size_t k = 0; k < alone->equations.unknowns; k++)
            values[search_unknown_of(w->s, alone->cells[k])] = table[k];
    }
    sum_up(w, values);
    return part_equations_hold(&w->s->equations, values);
}

static int add_tables(struct work *w, struct err *err)
{
    struct search *s = w->s;
    size_t most = 0;
    for (size_t p = 0; p < w->parts.count; p++) {
        most = w->searches[p].table_count > most ? w->searches[p].table_count : most;
        s->solved += w->searches[p].solved;
    }
    for (size_t n = 0; n < most; n++) {
        if (!compose(w, n, s->scratch))
            return 0;
        if (search_pool_offer(s, err) != 0)
            return -1;
    }
    return 0;
}

int search_units(struct search *s, const struct bounds *bounds, const struct disclosure *rules,
                 struct err *err)
{
    struct work w = {.s = s, .bounds = bounds, .rules = rules};
    bool loose = false;
    int rc = list_totals(&w, &loose, err);
    if (rc == 0 && loose)
        rc = leave_alone(&w, err);
    if (rc == 0 && loose) {
        w.searches = calloc(w.parts.count + 1, sizeof *w.searches);
        rc = w.searches ? parallel_items(s->threads, w.parts.count, search_entity, &w, err)
                        : err_memory(err);
    }
    if (rc == 0 && loose)
        rc = add_tables(&w, err);
    for (size_t p = 0; w.searches && p < w.parts.count; p++)
        search_release(&w.searches[p]);
    free(w.searches);
    parts_release(&w.parts);
    free(w.alone.equation_start);
    free(w.alone.equation_cell);
    free(w.total);
    free(w.sum);
    return rc;
}

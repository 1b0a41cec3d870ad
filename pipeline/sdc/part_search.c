/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/sdc/part_search.h. */
#include "sdc/part_search.h"

#include <stdlib.h>
#include <string.h>

/* A programme for all open cells takes as long as a few dozen for one cell: it must close as many. */
enum { BRANCH_NODES = 200, TOGETHER_LEAST = 24 };

/* A weight near 1. */
static double weight(struct search *s)
{
    s->random ^= s->random << 13;
    s->random ^= s->random >> 17;
    s->random ^= s->random << 5;
    return 1 + (double)(s->random & 1023) / 4096;
}

bool target_paired(const struct target *t)
{
    return t->low_at != TABLE_NONE && needs_met(&t->needs, t->low, t->high);
}

static int pool_grow(struct search *s, struct err *err)
{
    size_t capacity = s->table_capacity ? 2 * s->table_capacity : 16;
    int64_t **tables = realloc((void *)s->tables, capacity * sizeof *tables);
    if (!tables)
        return err_memory(err);
    s->tables = tables;
    s->table_capacity = capacity;
    return 0;
}

/* Adds the scratch table to the pool if it shows an open cell at a new low or high. */
static int pool_offer(struct search *s, struct err *err)
{
    bool kept = false;
    int index = (int)s->table_count;
    for (size_t i = 0; i < s->target_count; i++) {
        struct target *t = &s->targets[i];
        int64_t x = s->scratch[t->unknown];
        if (t->closed)
            continue;
        if (t->low_at == TABLE_NONE || x < t->low) {
            t->low = x;
            t->low_at = index;
            kept = true;
        }
        if (t->high_at == TABLE_NONE || x > t->high) {
            t->high = x;
            t->high_at = index;
            kept = true;
        }
        t->closed = target_paired(t);
        s->open -= t->closed;
    }
    if (!kept)
        return 0;
    if (s->table_count == s->table_capacity && pool_grow(s, err) != 0)
        return -1;
    size_t bytes = (s->equations.unknowns + 1) * sizeof **s->tables;
    int64_t *table = malloc(bytes);
    if (!table)
        return err_memory(err);
    memcpy(table, s->scratch, bytes);
    s->tables[s->table_count++] = table;
    return 0;
}

/* How high a cell must be seen, and how low, given what was seen on the other side. */
static int64_t wanted_high(const struct target *t)
{
    int64_t wide = (t->low_at == TABLE_NONE ? 0 : t->low) + t->needs.width;
    return wide > t->needs.high ? wide : t->needs.high;
}
static int64_t wanted_low(const struct target *t)
{
    int64_t low = t->high_at == TABLE_NONE ? 0 : t->high - t->needs.width;
    return low > 0 ? low : 0;
}

static void weigh_raise(struct search *s, const struct target *t, double w)
{
    linear_weigh(s->linear, t->unknown, w, 0, wanted_high(t));
}
static void weigh_lower(struct search *s, const struct target *t, double w)
{
    linear_weigh(s->linear, t->unknown, 0, -w, wanted_low(t));
}

static int solve_and_offer(struct search *s, struct err *err)
{
    s->effort += s->equations.unknowns;
    if (linear_maximise(s->linear, err) != 0)
        return -1;
    return linear_whole(s->linear, s->scratch) ? pool_offer(s, err) : 0;
}

static int search_together(struct search *s, struct err *err)
{
    size_t before;
    bool found;
    do {
        before = s->open;
        for (int raise = 0; raise < 2 && s->open; raise++) {
            linear_clear(s->linear);
            for (size_t i = 0; i < s->target_count; i++) {
                const struct target *t = &s->targets[i];
                if (!t->closed && raise)
                    weigh_raise(s, t, weight(s));
                else if (!t->closed)
                    weigh_lower(s, t, weight(s));
            }
            s->effort += TOGETHER_LEAST * s->equations.unknowns;
            if (linear_maximise(s->linear, err) != 0 ||
                linear_repair(s->linear, s->branch_nodes, s->scratch, &found, err) != 0 ||
                (found && pool_offer(s, err) != 0))
                return -1;
        }
    } while (s->open > TOGETHER_LEAST && before - s->open >= before / 8);
    return 0;
}

/* A whole-number table with the target in a range, by branch and bound: the last resort. */
static int branch_and_offer(struct search *s, const struct target *t, int64_t least, int64_t most,
                            struct err *err)
{
    bool found = false;
    if (s->branch_nodes && linear_branch(s->linear, t->unknown, least, most, s->branch_nodes,
                                         s->scratch, &found, err) != 0)
        return -1;
    return found ? pool_offer(s, err) : 0;
}

/* Makes the first table of the pool the one that deviations start from. */
static int set_base(struct search *s, struct err *err)
{
    for (size_t u = 0; u < s->equations.unknowns; u++)
        s->base[s->cells[u]] = s->tables[0][u];
    if (s->deviations) {
        deviations_rebase(s->deviations);
        return 0;
    }
    int rc = -1;
    uint8_t *movable = calloc(s->system->count + 1, 1);
    if (!movable)
        return err_memory(err);
    for (size_t u = 0; u < s->equations.unknowns; u++)
        movable[s->cells[u]] = s->equations.known[u] < 0;
    if (deviations_open(&s->deviations, s->system, s->base, movable, err) == 0) {
        rc = 0;
        for (size_t u = 0; u < s->equations.unknowns; u++)
            deviations_price(s->deviations, s->cells[u], 1, 1);
    }
    free(movable);
    return rc;
}

/* Offers a table in which the target has this value, if there is one. */
static int move_and_offer(struct search *s, const struct target *t, int64_t value, struct err *err)
{
    struct move m;
    if (deviations_solve(s->deviations, t->cell, value - s->base[t->cell], &m, err) != 0)
        return -1;
    s->solved++;
    s->effort += s->equations.unknowns;
    for (size_t u = 0; u < s->equations.unknowns; u++)
        s->scratch[u] = s->base[s->cells[u]] + move_of(&m, s->cells[u]);
    bool possible = m.possible, whole = m.whole;
    move_release(&m);
    if (possible && whole && part_equations_hold(&s->equations, s->scratch))
        return pool_offer(s, err);
    return possible ? branch_and_offer(s, t, value, value, err) : 0;
}

static int64_t rounded_up(double x)
{
    int64_t whole = (int64_t)x;
    return (double)whole < x - 1e-6 ? whole + 1 : whole;
}

/* Its least value; may prove a floor. */
static int lower_alone(struct search *s, struct target *t, struct err *err)
{
    linear_clear(s->linear);
    linear_weigh(s->linear, t->unknown, -1, -1, 0);
    if (solve_and_offer(s, err) != 0)
        return -1;
    t->floor = linear_floor(s->linear, t->unknown);
    if (!t->closed && t->floor >= t->needs.floor) {
        t->closed = true;
        s->open--;
    }
    int64_t least = rounded_up(linear_value(s->linear, t->unknown));
    return !t->closed && t->low > least ? move_and_offer(s, t, least, err) : 0;
}

/* Up as far as the lowest value seen asks; if that is too far, down to the least value, and then up. */
static int search_target(struct search *s, struct target *t, struct err *err)
{
    int64_t first = wanted_high(t);
    if (move_and_offer(s, t, first, err) != 0 || (!t->closed && lower_alone(s, t, err) != 0))
        return -1;
    return !t->closed && wanted_high(t) < first ? move_and_offer(s, t, wanted_high(t), err) : 0;
}

static int search_alone(struct search *s, struct err *err)
{
    if (s->open && s->table_count && set_base(s, err) != 0)
        return -1;
    for (size_t i = 0; i < s->target_count && s->open; i++) {
        struct target *t = &s->targets[i];
        if (t->closed)
            continue;
        if (s->table_count && search_target(s, t, err) != 0)
            return -1;
        if (!t->closed) { /* not protected, or not shown to be */
            t->closed = true;
            s->open--;
        }
    }
    return 0;
}

static int list_targets(struct search *s, const struct view *view, const struct disclosure *rules,
                        size_t cell_count, struct err *err)
{
    s->targets = calloc(cell_count + 1, sizeof *s->targets);
    if (!s->targets)
        return err_memory(err);
    for (uint32_t u = 0; u < cell_count; u++)
        if (needs_any(view->cells, view->hidden, s->cells[u]))
            s->targets[s->target_count++] =
                (struct target){.cell = s->cells[u],
                                .unknown = u,
                                .needs = needs_of(view, rules, s->cells[u]),
                                .low_at = TABLE_NONE,
                                .high_at = TABLE_NONE};
    s->open = s->target_count;
    return 0;
}

bool target_protected(const struct target *t)
{
    return target_paired(t) || t->floor >= t->needs.floor;
}

static int open_linear(struct search *s, struct err *err)
{
    uint8_t *stepped = calloc(s->equations.unknowns + 1, 1);
    if (!stepped)
        return err_memory(err);
    for (size_t i = 0; i < s->target_count; i++)
        stepped[s->targets[i].unknown] = 1;
    int rc = linear_open(&s->linear, &s->equations, stepped, err);
    free(stepped);
    return rc;
}

int search_open(struct search *s, const struct view *view, const struct disclosure *rules,
                const struct parts *parts, size_t part, struct err *err)
{
    memset(s, 0, sizeof *s);
    size_t first = parts->cell_start[part], count = parts->cell_start[part + 1] - first;
    s->cells = parts->cells + first;
    s->random = 2463534242U;
    s->branch_nodes = BRANCH_NODES;
    s->system = view->cells;
    s->scratch = calloc(count + 1, sizeof *s->scratch);
    s->base = calloc(view->cells->count + 1, sizeof *s->base);
    if (!s->scratch || !s->base) {
        search_release(s);
        return err_memory(err);
    }
    if (list_targets(s, view, rules, count, err) == 0 &&
        (s->target_count == 0 || (part_equations_build(&s->equations, view, parts, part, err) == 0 &&
                                  open_linear(s, err) == 0)))
        return 0;
    search_release(s);
    return -1;
}

int search_run(struct search *s, struct err *err)
{
    return search_together(s, err) == 0 ? search_alone(s, err) : -1;
}

size_t search_programmes(const struct search *s)
{
    return s->solved + (s->linear ? linear_solved(s->linear) : 0);
}

void search_release(struct search *s)
{
    linear_close(s->linear);
    deviations_close(s->deviations);
    for (size_t i = 0; i < s->table_count; i++)
        free(s->tables[i]);
    free((void *)s->tables);
    free(s->targets);
    free(s->scratch);
    free(s->base);
    part_equations_release(&s->equations);
    memset(s, 0, sizeof *s);
}

/* Recomputes what the target was seen at from the whole pool. */
static void look_again(const struct search *s, struct target *t)
{
    t->low_at = t->high_at = TABLE_NONE;
    for (int i = 0; i < (int)s->table_count; i++) {
        int64_t x = s->tables[i][t->unknown];
        if (t->low_at == TABLE_NONE || x < t->low) {
            t->low = x;
            t->low_at = i;
        }
        if (t->high_at == TABLE_NONE || x > t->high) {
            t->high = x;
            t->high_at = i;
        }
    }
}

/* Puts the tables with another value of the unknown last; returns how many are not. */
static size_t split_pool(struct search *s, size_t unknown, int64_t value)
{
    size_t kept = 0;
    for (size_t i = 0; i < s->table_count; i++)
        if (s->tables[i][unknown] == value) {
            int64_t *table = s->tables[i];
            s->tables[i] = s->tables[kept];
            s->tables[kept++] = table;
        }
    return kept;
}

/* Which targets have lost their pair? They are open again. */
static void reopen(struct search *s, size_t published)
{
    for (size_t i = 0; i < s->target_count; i++) {
        struct target *t = &s->targets[i];
        look_again(s, t);
        t->floor_before = t->floor;
        if (t->unknown == published || t->published || target_protected(t))
            continue;
        t->closed = false;
        s->open++;
    }
}

static bool share_equation(const struct part_equations *q, size_t a, size_t b)
{
    for (uint32_t i = q->in_start[a]; i < q->in_start[a + 1]; i++)
        for (uint32_t k = q->in_start[b]; k < q->in_start[b + 1]; k++)
            if (q->in[i] == q->in[k])
                return true;
    return false;
}

/* Searches for the open targets alone: those in an equation with the published cell, or the others. */
static int restore_some(struct search *s, size_t published, bool near, bool *possible,
                        struct err *err)
{
    for (size_t i = 0; i < s->target_count && s->open && *possible; i++) {
        struct target *t = &s->targets[i];
        if (t->closed || share_equation(&s->equations, published, t->unknown) != near)
            continue;
        if (search_target(s, t, err) != 0)
            return -1;
        *possible = t->closed;
    }
    return 0;
}

/* Searches for the open targets, giving up at the first that stays unprotected; first where that is
 * likeliest. */
static int restore(struct search *s, size_t published, bool *possible, struct err *err)
{
    if (s->open && s->table_count == 0) { /* any table will do to start from */
        linear_clear(s->linear);
        if (solve_and_offer(s, err) != 0)
            return -1;
    }
    *possible = s->open == 0 || s->table_count > 0;
    if (!*possible || s->open == 0)
        return 0;
    if (set_base(s, err) != 0)
        return -1;
    deviations_hold(s->deviations, s->cells[published], true);
    if (restore_some(s, published, true, possible, err) != 0)
        return -1;
    if (*possible && s->open > TOGETHER_LEAST && search_together(s, err) != 0)
        return -1;
    return restore_some(s, published, false, possible, err);
}

/* Joins the tables that were set aside to the pool again. */
static int join_pool(struct search *s, int64_t **aside, size_t count, struct err *err)
{
    while (s->table_count + count > s->table_capacity)
        if (pool_grow(s, err) != 0)
            return -1;
    memcpy((void *)(s->tables + s->table_count), (const void *)aside, count * sizeof *aside);
    s->table_count += count;
    return 0;
}

static void mark_published(struct search *s, size_t unknown)
{
    for (size_t i = 0; i < s->target_count; i++)
        if (s->targets[i].unknown == unknown)
            s->targets[i].published = true;
}

static void close_all(struct search *s, bool possible)
{
    for (size_t i = 0; i < s->target_count; i++) {
        struct target *t = &s->targets[i];
        look_again(s, t);
        t->closed = true;
        if (!possible) /* a floor that was proved with the cell published does not count */
            t->floor = t->floor_before;
    }
    s->open = 0;
}

int search_without(struct search *s, size_t unknown, int64_t value, bool *possible,
                   struct err *err)
{
    int rc = -1;
    size_t kept = split_pool(s, unknown, value), count = s->table_count - kept;
    int64_t **aside = malloc((count + 1) * sizeof *aside);
    *possible = false;
    if (!aside)
        return err_memory(err);
    memcpy((void *)aside, (const void *)(s->tables + kept), count * sizeof *aside);
    s->table_count = kept;
    linear_fix(s->linear, unknown, value);
    reopen(s, unknown);
    rc = restore(s, unknown, possible, err);
    if (*possible) {
        for (size_t i = 0; i < count; i++)
            free(aside[i]);
        mark_published(s, unknown);
        if (s->deviations)
            deviations_hold(s->deviations, s->cells[unknown], true);
    } else {
        linear_fix(s->linear, unknown, -1);
        if (s->deviations)
            deviations_hold(s->deviations, s->cells[unknown], false);
        if (join_pool(s, aside, count, err) != 0)
            rc = -1;
    }
    close_all(s, *possible);
    free((void *)aside);
    return rc;
}

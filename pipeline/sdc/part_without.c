/* SPDX-License-Identifier: EUPL-1.2 */
/* search_without of include/sdc/part_search.h: what if a cell of the part were published? The
 * tables in which it has its value stay; targets that lose their pair by that are searched again.
 */
#include "sdc/part_search.h"

#include <stdlib.h>
#include <string.h>

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
        search_look_again(s, t, NULL);
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

/* Searches for the open targets alone: those in an equation with the published cell, or the others.
 */
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
        if (search_solve_and_offer(s, err) != 0)
            return -1;
    }
    *possible = s->open == 0 || s->table_count > 0;
    if (!*possible || s->open == 0)
        return 0;
    s->held[s->cells[published]] = 1;
    s->base_at = 0; /* the earlier base may have been set aside */
    search_set_base(s);
    if (restore_some(s, published, true, possible, err) != 0)
        return -1;
    if (*possible && s->open > SEARCH_TOGETHER_LEAST && search_together(s, err) != 0)
        return -1;
    return restore_some(s, published, false, possible, err);
}

/* Joins the tables that were set aside to the pool again. */
static int join_pool(struct search *s, int64_t **aside, size_t count, struct err *err)
{
    while (s->table_count + count > s->table_capacity)
        if (search_pool_grow(s, err) != 0)
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
        search_look_again(s, t, NULL);
        t->closed = true;
        if (!possible) /* a floor that was proved with the cell published does not count */
            t->floor = t->floor_before;
    }
    s->open = 0;
}

int search_without(struct search *s, size_t unknown, int64_t value, bool *possible, struct err *err)
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
        s->held[s->cells[unknown]] = 1;
    } else {
        linear_fix(s->linear, unknown, -1);
        s->held[s->cells[unknown]] = 0;
        if (join_pool(s, aside, count, err) != 0)
            rc = -1;
    }
    close_all(s, *possible);
    free((void *)aside);
    return rc;
}

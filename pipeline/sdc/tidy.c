/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/sdc/tidy.h. */
#include "sdc/tidy.h"

#include "sdc/part_search.h"
#include "sdc/secondary.h"

#include <stdlib.h>

/* What all trials together may cost, in the search's own measure (a number, never seconds: the
 * pattern must not depend on the clock). Small parts come first; a part that is reached late, or is
 * too large, keeps what it has. Where units have many cells, a trial takes many times as long for
 * the same measure and seldom gains. */
static const size_t EFFORT = 800000, EFFORT_MANY = 25000, PER_CELL = 1200;

struct candidate {
    int64_t cost;
    uint32_t unknown; /* in its part */
};

static int by_cost(const void *a, const void *b)
{
    const struct candidate *x = a, *y = b;
    if (x->cost != y->cost)
        return x->cost > y->cost ? -1 : 1;
    return (x->unknown > y->unknown) - (x->unknown < y->unknown);
}

static bool all_protected(const struct search *s)
{
    for (size_t i = 0; i < s->target_count; i++)
        if (!target_protected(&s->targets[i]))
            return false;
    return true;
}

struct tidying {
    const struct cells *cells;
    const int64_t *counts;
    const struct disclosure *rules;
    const uint8_t *unsafe;
    uint8_t *hidden;
    struct bounds bounds;         /* publishing cells only narrows them */
    struct candidate *candidates; /* room for all cells */
    size_t effort, limit;         /* spent so far, of what may be spent */
};

static size_t list_candidates(const struct tidying *t, const uint32_t *part, size_t cell_count)
{
    size_t count = 0;
    for (uint32_t u = 0; u < cell_count; u++)
        if (!t->unsafe[part[u]] && !(t->cells->flags[part[u]] & CELL_UNPUBLISHED))
            t->candidates[count++] =
                (struct candidate){secondary_cost(t->rules, t->counts[part[u]]), u};
    if (count)
        qsort(t->candidates, count, sizeof *t->candidates, by_cost);
    return count;
}

static int tidy_part(struct tidying *t, const struct view *view, const struct parts *parts,
                     size_t part, struct err *err)
{
    const uint32_t *cells = parts->cells + parts->cell_start[part];
    size_t cell_count = parts->cell_start[part + 1] - parts->cell_start[part];
    size_t count = list_candidates(t, cells, cell_count);
    if (count == 0 || cell_count > t->limit / PER_CELL)
        return 0;
    struct search s;
    if (search_open(&s, view, &t->bounds, t->rules, parts, part, NULL, err) != 0)
        return -1;
    int rc = s.target_count ? search_run(&s, err) : 0;
    bool possible = rc == 0 && s.target_count && all_protected(&s);
    s.may_branch = false;
    size_t before = s.effort;
    for (size_t i = 0; possible && rc == 0 && i < count; i++) {
        uint32_t unknown = t->candidates[i].unknown;
        bool without;
        if (t->effort + s.effort - before > t->limit)
            break;
        rc = search_without(&s, unknown, t->counts[cells[unknown]], &without, err);
        if (rc == 0 && without)
            t->hidden[cells[unknown]] = 0;
    }
    t->effort += s.effort - before;
    search_release(&s);
    return rc;
}

struct part_size {
    uint32_t cells, part;
};

static int by_size(const void *a, const void *b)
{
    const struct part_size *x = a, *y = b;
    if (x->cells != y->cells)
        return x->cells < y->cells ? -1 : 1;
    return (x->part > y->part) - (x->part < y->part);
}

/* All parts, small ones first. */
static int tidy_parts(struct tidying *t, const struct view *view, const struct parts *parts,
                      struct err *err)
{
    struct part_size *order = malloc((parts->count + 1) * sizeof *order);
    if (!order)
        return err_memory(err);
    for (uint32_t p = 0; p < parts->count; p++)
        order[p] = (struct part_size){parts->cell_start[p + 1] - parts->cell_start[p], p};
    if (parts->count)
        qsort(order, parts->count, sizeof *order, by_size);
    int rc = 0;
    for (size_t i = 0; i < parts->count && rc == 0 && t->effort < t->limit; i++)
        rc = tidy_part(t, view, parts, order[i].part, err);
    free(order);
    return rc;
}

int tidy(const struct cells *cells, const int64_t *counts, const struct disclosure *rules,
         const uint8_t *unsafe, bool few, uint8_t *hidden, struct err *err)
{
    int rc = -1;
    struct parts parts = {0};
    struct view view;
    struct tidying t = {.cells = cells,
                        .counts = counts,
                        .rules = rules,
                        .unsafe = unsafe,
                        .hidden = hidden,
                        .limit = few ? EFFORT : EFFORT_MANY};
    int64_t *public_counts = malloc((cells->count + 1) * sizeof *public_counts);
    uint8_t *before = malloc(cells->count + 1);
    t.candidates = malloc((cells->count + 1) * sizeof *t.candidates);
    if (!public_counts || !before || !t.candidates) {
        err_memory(err);
        goto out;
    }
    for (size_t i = 0; i < cells->count; i++)
        before[i] = hidden[i];
    view_make(&view, cells, before, counts, public_counts);
    if (bounds_find(&t.bounds, &view, err) != 0 || parts_build(&parts, cells, before, err) != 0)
        goto out;
    rc = tidy_parts(&t, &view, &parts, err);
out:
    parts_release(&parts);
    free(public_counts);
    free(before);
    free(t.candidates);
    bounds_release(&t.bounds);
    return rc;
}

/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/sdc/over_time_limits.h. */
#include "sdc/over_time_limits.h"

#include "sdc/bounds.h"
#include "sdc/cell_past.h"
#include "sdc/hide_and_prove.h"

#include <stdlib.h>
#include <string.h>

struct limits {
    struct over_time *o;
    uint8_t *hidden; /* per cell of the system: everything that may be */
    uint8_t *shown;  /* per cell: 1 = not asked for; of the first look */
    int64_t *public_counts;
};

static void limits_close(struct limits *l)
{
    free(l->hidden);
    free(l->shown);
    free(l->public_counts);
}

/* Close it whatever the result. */
static int limits_open(struct limits *l, struct over_time *o, struct err *err)
{
    size_t n = o->joint.cells.count;
    memset(l, 0, sizeof *l);
    l->o = o;
    l->hidden = malloc(n + 1);
    l->shown = malloc(n + 1);
    l->public_counts = malloc((n + 1) * sizeof *l->public_counts);
    return l->hidden && l->shown && l->public_counts ? 0 : err_memory(err);
}

static void hide_all(const struct limits *l, struct view *view)
{
    const struct joint *j = &l->o->joint;
    for (size_t i = 0; i < j->cells.count; i++)
        l->hidden[i] = j->cells.layer[i] == 0
                           ? !(j->cells.flags[i] & CELL_PUBLIC) && l->o->past[i] != PAST_BOUNDED
                           : j->counts[i] < 0;
    view_make(view, &j->cells, l->hidden, l->o->start.counts, l->public_counts);
}

/* A cell that nothing protects is published, unless it is unsafe. */
static bool give_up(const struct limits *l, uint32_t cell)
{
    struct over_time *o = l->o;
    if (cell >= o->joint.present->count || o->unsafe[cell])
        return false;
    o->past[cell] = PAST_BOUNDED;
    return true;
}

static bool give_up_bounded(const struct limits *l, const struct view *view, const struct bounds *b)
{
    bool any = false;
    for (uint32_t i = 0; i < l->o->joint.present->count; i++) {
        struct needs needs = needs_of(view, l->o->rules, i);
        if (view_asks(view, i) && b->low[i] < needs.floor &&
            !needs_met(&needs, b->low[i], b->high[i]))
            any = give_up(l, i) || any;
    }
    return any;
}

int over_time_bound(struct over_time *o, struct err *err)
{
    struct limits l;
    int rc = limits_open(&l, o, err);
    for (bool news = true; news && rc == 0;) {
        struct bounds b = {NULL, NULL};
        struct view view;
        hide_all(&l, &view);
        rc = bounds_find(&b, &view, err);
        news = rc == 0 && give_up_bounded(&l, &view, &b);
        bounds_release(&b);
    }
    limits_close(&l);
    return rc;
}

static bool give_up_open(const struct limits *l, const struct proof *p)
{
    bool any = false;
    for (size_t i = 0; i < p->cell_count; i++)
        if (p->cells[i].kind == PROOF_NONE)
            any = give_up(l, p->cells[i].cell) || any;
    return any;
}

/* Is any of the cells that the proof leaves open so whatever is hidden? */
static int look_at_open(const struct limits *l, const struct proof *open, unsigned threads,
                        bool *any, struct err *err)
{
    struct view view;
    struct proof p;
    hide_all(l, &view);
    memset(l->shown, 1, view.cells->count);
    for (size_t i = 0; i < open->cell_count; i++)
        l->shown[open->cells[i].cell] = open->cells[i].kind != PROOF_NONE;
    view.shown = l->shown;
    if (prove(&p, &view, l->o->rules, threads, err) != 0)
        return -1;
    *any = p.unprotected > 0;
    proof_release(&p);
    return 0;
}

/* Everything, until nothing more is given up. */
static int look_at_all(const struct limits *l, unsigned threads, bool *more, struct err *err)
{
    int rc = 0;
    for (bool news = true; news && rc == 0;) {
        struct view view;
        struct proof p;
        hide_all(l, &view);
        if (prove(&p, &view, l->o->rules, threads, err) != 0)
            return -1;
        news = give_up_open(l, &p);
        *more = *more || news;
        if (!news && p.unprotected)
            rc = hiding_refuse(&p, view.cells, err);
        proof_release(&p);
    }
    return rc;
}

int over_time_limits(struct over_time *o, const struct proof *open, unsigned threads, bool *more,
                     struct err *err)
{
    struct limits l;
    bool any = false;
    *more = false;
    int rc = limits_open(&l, o, err);
    if (rc == 0)
        rc = look_at_open(&l, open, threads, &any, err);
    if (rc == 0 && any)
        rc = look_at_all(&l, threads, more, err);
    limits_close(&l);
    return rc;
}

/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/sdc/over_time.h. */
#include "sdc/over_time.h"

#include "sdc/cell_past.h"
#include "sdc/hide_and_prove.h"
#include "sdc/over_time_limits.h"
#include "sdc/primary.h"
#include "sdc/solver.h"

#include <stdlib.h>
#include <string.h>

struct work { /* on one system of all releases */
    struct over_time *o;
    struct suppression *s;
    unsigned threads;
    struct secondary *secondary;
    uint8_t *bounded; /* per cell of the system: what must not be hidden */
};

/* ---- the system ---- */

static int drop_more(struct over_time *o, struct err *err)
{
    const struct joint_start *s = &o->start;
    struct joint_unit *more =
        realloc(o->dropped, (o->dropped_count + s->drop_count + 1) * sizeof *more);
    if (!more)
        return err_memory(err);
    o->dropped = more;
    memcpy(more + o->dropped_count, s->drops, s->drop_count * sizeof *more);
    o->dropped_count += s->drop_count;
    o->input.dropped = o->dropped;
    o->input.dropped_count = o->dropped_count;
    return 0;
}

/* The system and a table of it, with as many links as agree with the true counts. */
static int build(struct over_time *o, struct err *err)
{
    do {
        joint_release(&o->joint);
        if (o->start.drop_count && drop_more(o, err) != 0)
            return -1;
        joint_start_release(&o->start);
        if (joint_build(&o->joint, &o->input, err) != 0 ||
            joint_counts(&o->start, &o->joint, o->true_counts, err) != 0)
            return -1;
    } while (!o->start.found);
    return 0;
}

/* The releases as they were given, but for what is known of the present one. */
static int take_input(struct over_time *o, const struct joint_input *input, struct err *err)
{
    size_t count = input->release_count;
    struct published_release *releases = malloc((count + 1) * sizeof *releases);
    o->input = *input;
    o->releases = releases;
    if (!releases)
        return err_memory(err);
    memcpy(releases, input->releases, count * sizeof *releases);
    o->input.releases = releases;
    const struct cells *present = releases[count - 1].cells;
    o->named = releases[count - 1].exempt;
    o->shown = malloc((present->count + 1) * sizeof *o->shown);
    o->unsafe = malloc(present->count + 1);
    o->past = malloc(present->count + 1);
    o->added = calloc(present->count + 1, 1);
    if (!o->shown || !o->unsafe || !o->past || !o->added)
        return err_memory(err);
    releases[count - 1].counts = o->shown;
    return primary_find(o->unsafe, present, o->true_counts, o->rules, o->named, err);
}

/* The system while the present pattern is not known. */
static int build_open(struct over_time *o, struct err *err)
{
    const struct cells *present = o->input.releases[o->input.release_count - 1].cells;
    for (size_t i = 0; i < present->count; i++)
        o->shown[i] = present->flags[i] & CELL_PUBLIC ? o->true_counts[i] : -1;
    return build(o, err);
}

int over_time_open(struct over_time *o, const struct joint_input *input, const int64_t *counts,
                   const struct disclosure *rules, struct err *err)
{
    struct joint_groups groups;
    memset(o, 0, sizeof *o);
    memset(&groups, 0, sizeof groups);
    o->true_counts = counts;
    o->rules = rules;
    if (take_input(o, input, err) != 0 || build_open(o, err) != 0)
        return -1;
    int rc = joint_groups_build(&groups, &o->joint, err);
    if (rc == 0)
        cell_past_find(o->past, &o->joint, &groups, counts, rules);
    joint_groups_release(&groups);
    return rc == 0 ? over_time_bound(o, err) : -1;
}

/* ---- hiding and proving ---- */

/* Before everything around a cell is hidden, and where that does not help: can anything? *more:
 * less may be hidden than was known. */
static int prove_or_limit(struct work *w, struct hiding *hiding, bool *more, struct err *err)
{
    struct over_time *o = w->o;
    const struct proof *open = NULL;
    *more = false;
    for (int held = 1; held >= 0; held--) {
        if (hiding_run(hiding, held, &open, err) != 0)
            return -1;
        if (!open)
            return 0;
        if (over_time_limits(o, open, w->threads, more, err) != 0)
            return -1;
        if (*more)
            return 0;
    }
    return hiding_refuse(open, &o->joint.cells, err);
}

static int prove_system(struct work *w, bool *more, struct err *err)
{
    struct over_time *o = w->o;
    struct hiding *hiding;
    const struct hide_and_prove h = {.cells = &o->joint.cells,
                                     .counts = o->start.counts,
                                     .rules = o->rules,
                                     .threads = w->threads,
                                     .hidden = o->hidden,
                                     .secondary = w->secondary,
                                     .proof = &o->proof,
                                     .rounds = &o->rounds};
    int rc = hiding_open(&hiding, &h, err);
    if (rc == 0)
        rc = prove_or_limit(w, hiding, more, err);
    hiding_close(hiding);
    return rc;
}

/* Room for a system, and the pattern in it. */
static int take_pattern(struct work *w, struct err *err)
{
    struct over_time *o = w->o;
    size_t n = o->joint.cells.count;
    free(o->hidden);
    o->hidden = malloc(n + 1);
    w->bounded = calloc(n + 1, 1);
    if (!o->hidden || !w->bounded)
        return err_memory(err);
    cell_past_bounded(w->bounded, o->past, o->joint.present->count);
    for (size_t i = 0; i < n; i++)
        o->hidden[i] = o->joint.cells.layer[i] == 0 ? w->s->hidden[i] : o->joint.counts[i] < 0;
    return 0;
}

/* All releases together, in the system that there is. */
static int protect_system(struct over_time *o, struct suppression *s, unsigned threads, bool *more,
                          struct err *err)
{
    struct work w = {.o = o, .s = s, .threads = threads};
    int rc = take_pattern(&w, err);
    if (rc == 0)
        rc = secondary_open(&w.secondary, &o->joint.cells, o->start.counts, o->rules, w.bounded,
                            o->hidden, err);
    if (rc == 0)
        rc = prove_system(&w, more, err);
    if (rc == 0)
        memcpy(s->hidden, o->hidden, o->joint.present->count);
    secondary_close(w.secondary);
    free(w.bounded);
    solver_thread_end();
    return rc;
}

/* With the pattern as it is now published: what contradicts a link that can be seen to do so takes
 * the link away, for anybody. *same: nothing does that did not before. */
static int decide(struct over_time *o, const struct suppression *s, bool *same, struct err *err)
{
    size_t links = o->joint.link_count, cells = o->joint.present->count;
    for (size_t i = 0; i < cells; i++)
        o->shown[i] = s->hidden[i] ? -1 : o->true_counts[i];
    if (build(o, err) != 0)
        return -1;
    *same = o->joint.link_count == links;
    if (!*same)
        proof_release(&o->proof);
    return 0;
}

static size_t count_hidden(const uint8_t *hidden, size_t cells)
{
    size_t count = 0;
    for (size_t i = 0; i < cells; i++)
        count += hidden[i];
    return count;
}

/* s protects the present release alone. *more: it must be found again, since less may be hidden
 * than was known. */
static int protect(struct over_time *o, struct suppression *s, unsigned threads, bool *more,
                   struct err *err)
{
    const struct cells *cells = o->joint.present;
    size_t before;
    bool same;
    for (size_t i = 0; i < cells->count; i++)
        o->added[i] = !s->hidden[i] || o->past[i] == PAST_NEEDED;
    do {
        do {
            if (protect_system(o, s, threads, more, err) != 0)
                return -1;
            if (*more)
                return 0;
            if (decide(o, s, &same, err) != 0)
                return -1;
        } while (!same);
        before = count_hidden(s->hidden, cells->count);
        if (suppress_again(s, cells, o->true_counts, o->rules, o->past, threads, err) != 0)
            return -1;
    } while (count_hidden(s->hidden, cells->count) != before);
    for (size_t i = 0; i < cells->count; i++)
        o->added[i] = o->added[i] && s->hidden[i];
    return 0;
}

int over_time_suppress(struct over_time *o, struct suppression *s, unsigned threads,
                       struct err *err)
{
    const struct cells *cells = o->joint.present;
    bool more = false;
    memset(s, 0, sizeof *s);
    do {
        suppression_release(s);
        if (more && build_open(o, err) != 0)
            return -1;
        if (suppress(s, cells, o->true_counts, o->rules, o->named, o->past, threads, err) != 0 ||
            protect(o, s, threads, &more, err) != 0)
            return -1;
        if (more)
            proof_release(&o->proof);
    } while (more);
    return 0;
}

void over_time_release(struct over_time *o)
{
    joint_release(&o->joint);
    joint_start_release(&o->start);
    proof_release(&o->proof);
    free(o->releases);
    free(o->shown);
    free(o->unsafe);
    free(o->past);
    free(o->added);
    free(o->hidden);
    free(o->dropped);
    memset(o, 0, sizeof *o);
}

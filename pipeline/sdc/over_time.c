/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/sdc/over_time.h. */
#include "sdc/over_time.h"

#include "sdc/joint_start.h"
#include "sdc/secondary.h"
#include "sdc/solver.h"

#include <stdlib.h>
#include <string.h>
#include <stdio.h>
#include <time.h>

static double T0(void){struct timespec t; clock_gettime(CLOCK_MONOTONIC,&t); return (double)t.tv_sec+1e-9*(double)t.tv_nsec;}

enum { REACH_MOST = 8, NAMED_MOST = 5 };

struct work {
    struct over_time *o;
    struct suppression *s;
    struct joint_input input; /* with the units that are dropped */
    const int64_t *counts;    /* true ones, of the present release */
    const struct disclosure *rules;
    unsigned threads;
    struct joint_start start;
    struct secondary *secondary;
    uint8_t *reach; /* per cell of joint: how often it needed widening */
};

/* ---- the system ---- */

static int drop_more(struct work *w, struct err *err)
{
    struct over_time *o = w->o;
    const struct joint_start *s = &w->start;
    struct joint_unit *more =
        realloc(o->dropped, (o->dropped_count + s->drop_count + 1) * sizeof *more);
    if (!more)
        return err_memory(err);
    o->dropped = more;
    memcpy(more + o->dropped_count, s->drops, s->drop_count * sizeof *more);
    o->dropped_count += s->drop_count;
    w->input.dropped = o->dropped;
    w->input.dropped_count = o->dropped_count;
    return 0;
}

/* The system and a table of it, with as many links as agree with the true counts. */
static int build(struct work *w, struct err *err)
{
    for (;;) {
        joint_release(&w->o->joint);
        joint_start_release(&w->start);
        double t=T0();
        if (joint_build(&w->o->joint, &w->input, err) != 0) return -1;
        fprintf(stderr,"joint: cells %zu eq %zu links %zu left_out %zu %.2fs\n", w->o->joint.cells.count, w->o->joint.cells.equation_count, w->o->joint.link_count, w->o->joint.left_out_count, T0()-t);
        t=T0();
        if (joint_counts(&w->start, &w->o->joint, w->counts, err) != 0)
            return -1;
        fprintf(stderr,"start: found %d drops %zu %.2fs\n", w->start.found, w->start.drop_count, T0()-t);
        if (w->start.found)
            return 0;
        if (drop_more(w, err) != 0)
            return -1;
    }
}

static void take_pattern(struct work *w)
{
    const struct joint *j = &w->o->joint;
    for (size_t i = 0; i < j->cells.count; i++)
        w->o->hidden[i] = j->cells.layer[i] == 0 ? w->s->hidden[i] : j->counts[i] < 0;
}

static void give_pattern(const struct work *w)
{
    memcpy(w->s->hidden, w->o->hidden, w->o->joint.present->count);
}

/* ---- proofs ---- */

static int prove_all(struct work *w, struct err *err)
{
    struct over_time *o = w->o;
    struct view view;
    struct proof now;
    view_make(&view, &o->joint.cells, o->hidden, w->start.counts, o->counts);
    double t=T0();
    if (prove_again(&now, &o->proof, &view, w->rules, w->threads, err) != 0)
        return -1;
    fprintf(stderr,"prove: unprotected %zu of %zu, parts %zu largest %zu programs %zu %.2fs\n", now.unprotected, now.cell_count, now.parts, now.largest_part, now.programs, T0()-t);
    now.programs += o->proof.programs;
    proof_release(&o->proof);
    o->proof = now;
    o->rounds++;
    return 0;
}

static size_t count_hidden(const struct work *w)
{
    size_t count = 0;
    for (size_t i = 0; i < w->o->joint.cells.count; i++)
        count += w->o->hidden[i];
    return count;
}

/* Names a few of the cells that nothing protects. */
static int refuse(const struct work *w, struct err *err)
{
    struct text keys;
    size_t named = 0;
    text_init(&keys);
    for (size_t i = 0; i < w->o->proof.cell_count && named < NAMED_MOST; i++) {
        if (w->o->proof.cells[i].kind != PROOF_NONE)
            continue;
        text_string(&keys, named++ ? ", " : "");
        cell_key(&keys, &w->o->joint.cells, w->o->proof.cells[i].cell);
    }
    if (keys.failed)
        (void)err_memory(err);
    else
        (void)err_set(err, ERR_REFUSED,
                      "with what earlier releases show, %zu hidden figures cannot be protected "
                      "whatever is hidden now: %s%s",
                      w->o->proof.unprotected, keys.bytes,
                      named < w->o->proof.unprotected ? ", ..." : "");
    text_release(&keys);
    return -1;
}

/* Hides everything around each cell for which no change was found, wider each time. */
static int widen(struct work *w, struct err *err)
{
    const struct proof *p = &w->o->proof;
    size_t more = 0;
    for (size_t i = 0; i < p->cell_count; i++) {
        uint32_t cell = p->cells[i].cell;
        for (size_t added = 0;
             p->cells[i].kind == PROOF_NONE && added == 0 && w->reach[cell] < REACH_MOST;)
            more += added = secondary_widen(w->secondary, cell, w->reach[cell]++);
    }
    fprintf(stderr,"widen: %zu\n", more);
    return more ? 0 : refuse(w, err);
}

static int hide_and_prove(struct work *w, struct err *err)
{
    if (prove_all(w, err) != 0)
        return -1;
    while (w->o->proof.unprotected) {
        size_t before = count_hidden(w);
        double t=T0();
        if (secondary_protect_open(w->secondary, &w->o->proof, err) != 0)
            return -1;
        fprintf(stderr,"protect_open: hid %zu %.2fs\n", count_hidden(w)-before, T0()-t);
        if (count_hidden(w) == before && widen(w, err) != 0)
            return -1;
        if (prove_all(w, err) != 0)
            return -1;
    }
    return 0;
}

static int allocate(struct work *w, struct err *err)
{
    size_t n = w->o->joint.cells.count + 1;
    w->o->hidden = calloc(n, 1);
    w->o->counts = malloc(n * sizeof *w->o->counts);
    w->reach = calloc(n, 1);
    return w->o->hidden && w->o->counts && w->reach ? 0 : err_memory(err);
}

int over_time_protect(struct over_time *o, struct suppression *s, const struct joint_input *input,
                      const int64_t *counts, const struct disclosure *rules, unsigned threads,
                      struct err *err)
{
    struct work w = {
        .o = o, .s = s, .input = *input, .counts = counts, .rules = rules, .threads = threads};
    memset(o, 0, sizeof *o);
    int rc = build(&w, err);
    if (rc == 0)
        rc = allocate(&w, err);
    if (rc == 0) {
        take_pattern(&w);
        rc = secondary_open(&w.secondary, &o->joint.cells, w.start.counts, rules, o->hidden, err);
    }
    if (rc == 0)
        rc = hide_and_prove(&w, err);
    if (rc == 0)
        give_pattern(&w);
    secondary_close(w.secondary);
    solver_thread_end();
    joint_start_release(&w.start);
    free(w.reach);
    return rc;
}

void over_time_release(struct over_time *o)
{
    joint_release(&o->joint);
    proof_release(&o->proof);
    free(o->hidden);
    free(o->counts);
    free(o->dropped);
    memset(o, 0, sizeof *o);
}

/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/sdc/suppress.h. The moves of sdc/secondary.h use the true counts and say quickly what
 * is protected; the last word is the proof's, which sees the published view only. */
#include "sdc/suppress.h"

#include "sdc/cell_past.h"
#include "sdc/hide_and_prove.h"
#include "sdc/primary.h"
#include "sdc/secondary.h"
#include "sdc/solver.h"
#include "sdc/tidy.h"

#include <stdlib.h>
#include <string.h>

struct loop {
    const struct cells *cells;
    const int64_t *counts;
    const struct disclosure *rules;
    unsigned threads;
    uint8_t *unsafe;
    uint8_t *bounded; /* of the past, what must not be hidden in any step; NULL: there is none */
    bool held;        /* cells that earlier releases made known stand as published */
    struct secondary *secondary;
    struct suppression *s;
};

/* While cells are held, some may be left open. */
static int run(const struct loop *l, struct hiding *hiding, struct err *err)
{
    const struct proof *open;
    if (hiding_run(hiding, l->held, &open, err) != 0)
        return -1;
    if (open && !l->held)
        return l->bounded ? hiding_refuse(open, l->cells, err)
                          : err_set(err, ERR_INTERNAL, "suppression: %zu cells cannot be protected",
                                    open->unprotected);
    return 0;
}

static int prove_pattern(struct loop *l, struct err *err)
{
    struct hiding *hiding;
    const struct hide_and_prove h = {.cells = l->cells,
                                     .counts = l->counts,
                                     .rules = l->rules,
                                     .threads = l->threads,
                                     .hidden = l->s->hidden,
                                     .secondary = l->secondary,
                                     .proof = &l->s->proof,
                                     .rounds = &l->s->rounds};
    int rc = hiding_open(&hiding, &h, err);
    if (rc == 0)
        rc = run(l, hiding, err);
    hiding_close(hiding);
    return rc;
}

/* Tidying keeps what it can show; should the proof not follow, more is hidden again. */
static int find_pattern(struct loop *l, struct err *err)
{
    if (secondary_protect_all(l->secondary, l->threads, err) != 0 ||
        secondary_economise(l->secondary, l->unsafe, l->threads, err) != 0)
        return -1;
    l->s->iterations = secondary_iterations(l->secondary, &l->s->limited);
    bool few = secondary_has_few(l->secondary);
    if (!l->s->limited &&
        tidy(l->cells, l->counts, l->rules, l->unsafe, few, l->s->hidden, err) != 0)
        return -1;
    secondary_look_again(l->secondary);
    return prove_pattern(l, err);
}

static void count_figures(const struct loop *l)
{
    struct suppression *s = l->s;
    for (size_t i = 0; i < l->cells->count; i++) {
        if (!s->hidden[i] || l->cells->flags[i] & CELL_UNPUBLISHED)
            continue;
        s->primary += l->unsafe[i];
        s->secondary += !l->unsafe[i];
        s->secondary_sum += l->unsafe[i] ? 0 : l->counts[i];
    }
}

/* Hides the unsafe cells; held: not those that earlier releases made known. */
static int open_with(struct loop *l, const uint8_t *past, bool held, struct err *err)
{
    secondary_close(l->secondary);
    l->held = held;
    for (size_t i = 0; i < l->cells->count; i++)
        if ((l->unsafe[i] && !(held && past && past[i] == PAST_KNOWN)) ||
            l->cells->flags[i] & CELL_UNPUBLISHED)
            l->s->hidden[i] = 1;
    return secondary_open(&l->secondary, l->cells, l->counts, l->rules, past, l->s->hidden, err);
}

/* See suppress.h on `past`. */
static int find_with_past(struct loop *l, const uint8_t *past, struct err *err)
{
    for (size_t i = 0; i < l->cells->count; i++)
        l->unsafe[i] = l->unsafe[i] || past[i] == PAST_NEEDED;
    return open_with(l, past, true, err) == 0 && find_pattern(l, err) == 0 &&
                   open_with(l, l->bounded, false, err) == 0
               ? prove_pattern(l, err)
               : -1;
}

static int loop_open(struct loop *l, const uint8_t *past, struct err *err)
{
    size_t n = l->cells->count + 1;
    l->unsafe = calloc(n, 1);
    l->bounded = past ? malloc(n) : NULL;
    if (!l->unsafe || (past && !l->bounded))
        return err_memory(err);
    if (past)
        cell_past_bounded(l->bounded, past, l->cells->count);
    return 0;
}

static void loop_close(struct loop *l)
{
    secondary_close(l->secondary);
    solver_thread_end();
    free(l->unsafe);
    free(l->bounded);
}

int suppress(struct suppression *s, const struct cells *cells, const int64_t *counts,
             const struct disclosure *rules, const uint8_t *named, const uint8_t *past,
             unsigned threads, struct err *err)
{
    struct loop l = {.cells = cells, .counts = counts, .rules = rules, .threads = threads, .s = s};
    memset(s, 0, sizeof *s);
    s->hidden = calloc(cells->count + 1, 1);
    int rc = -1;
    if (!s->hidden)
        err_memory(err);
    else if (loop_open(&l, past, err) == 0)
        rc = primary_find(l.unsafe, cells, counts, rules, named, err);
    if (rc == 0 && past)
        rc = find_with_past(&l, past, err);
    else if (rc == 0 && (rc = open_with(&l, NULL, false, err)) == 0)
        rc = find_pattern(&l, err);
    if (rc == 0)
        count_figures(&l);
    loop_close(&l);
    if (rc != 0)
        suppression_release(s);
    return rc;
}

int suppress_again(struct suppression *s, const struct cells *cells, const int64_t *counts,
                   const struct disclosure *rules, const uint8_t *past, unsigned threads,
                   struct err *err)
{
    struct loop l = {.cells = cells, .counts = counts, .rules = rules, .threads = threads, .s = s};
    int rc = loop_open(&l, past, err);
    if (rc == 0 && (rc = open_with(&l, l.bounded, false, err)) == 0)
        rc = prove_pattern(&l, err);
    loop_close(&l);
    return rc;
}

void suppression_release(struct suppression *s)
{
    free(s->hidden);
    proof_release(&s->proof);
    memset(s, 0, sizeof *s);
}

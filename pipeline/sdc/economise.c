/* SPDX-License-Identifier: EUPL-1.2 */
/* secondary_economise of include/sdc/secondary.h: trials of single cells, then of units.
 *
 * Some trials at a time are made side by side, all from the same hidden cells, and adopted in their
 * order up to the first that gains; those after it are made again. So many at a time are made as
 * gained nothing before: which ones are made depends on their results alone, and so the pattern is
 * the same for any number of threads. */
#include "sdc/economise_trial.h"

#include "base/parallel.h"

#include <stdlib.h>
#include <string.h>

/* A cell that so many others depend on stays hidden: the larger the system, the fewer. */
enum {
    SYSTEM_SMALL = 2000,
    SYSTEM_MEDIUM = 6000,
    ROUNDS_MOST = 4,
    SEARCHES_LEAST = 6,
    SEARCHES_MOST = 64,
    SEARCHES_CELLS = 100000,
    ITERATIONS_MOST = 60000
};

/* Where units have many cells and exact values are protected, zeros' too, hidden cells stand so
 * close together that choosing them one after the other hides a twentieth more than need be: there
 * trials may ask programmes too, for this many times the iterations that protecting took. */
enum { DENSE_AGAIN = 3, DENSE_SEARCHES = 32 };

enum { BATCH_LEAST = 1, BATCH_MOST = 32 };

struct candidate {
    int64_t cost;
    uint32_t cell;
};

struct worker {
    struct secondary *s; /* the first one has the caller's */
    uint8_t *hidden;     /* the others' own */
    struct trial_room *room;
};

struct economy {
    struct secondary *s;
    const uint8_t *unsafe;
    struct candidate *list;
    size_t list_count;
    struct worker workers[PARALLEL_MOST];
    unsigned worker_count;
    struct trial trials[BATCH_MOST];
    size_t numbers[BATCH_MOST]; /* of the sets that they try */
    size_t trial_count;
    size_t batch;      /* how many at a time */
    size_t iterations; /* of simplex, so far */
    size_t tried;      /* sets, so far */
    size_t gains;      /* of this round */
};

static int by_cost(const void *a, const void *b)
{
    const struct candidate *x = a, *y = b;
    if (x->cost != y->cost)
        return x->cost > y->cost ? -1 : 1;
    return (x->cell > y->cell) - (x->cell < y->cell);
}

static bool may_be_published(const struct economy *e, uint32_t cell)
{
    const struct secondary *s = e->s;
    return s->hidden[cell] && !e->unsafe[cell] && !(s->cells->flags[cell] & CELL_UNPUBLISHED);
}

/* What is tried: fills in the cells of a set, and returns how many; 0: nothing. */
typedef size_t (*fill_set)(const struct economy *e, size_t number, uint32_t *set);

static size_t fill_cell(const struct economy *e, size_t number, uint32_t *set)
{
    set[0] = e->list[number].cell;
    return may_be_published(e, set[0]);
}

/* All of a unit at once: another choice there may do with less. */
static size_t fill_unit(const struct economy *e, size_t number, uint32_t *set)
{
    const struct blocks *b = &e->s->blocks;
    size_t count = 0;
    for (size_t k = 0; k < b->class_count; k++) {
        uint32_t cell = b->cell[number * b->class_count + k];
        if (cell != SLOT_NONE && may_be_published(e, cell))
            set[count++] = cell;
    }
    return count > 1 ? count : 0;
}

/* ---- side by side ---- */

static int hire(struct economy *e, struct worker *w, const struct trial_limits *limits,
                struct err *err)
{
    const struct secondary *s = e->s;
    if (e->worker_count++ == 0) {
        w->s = e->s;
        return trial_room_open(&w->room, w->s, limits, err);
    }
    w->hidden = malloc(s->cells->count + 1);
    if (!w->hidden)
        return err_memory(err);
    memcpy(w->hidden, s->hidden, s->cells->count);
    if (secondary_open(&w->s, s->cells, s->counts, s->rules, s->past, w->hidden, err) != 0 ||
        evidence_copy(s->evidence, w->s->evidence, err) != 0)
        return -1;
    w->s->iterations_most = s->iterations_most;
    w->s->strict = s->strict;
    return trial_room_open(&w->room, w->s, limits, err);
}

static void dismiss(struct economy *e)
{
    for (unsigned k = 0; k < e->worker_count; k++) {
        trial_room_close(e->workers[k].room);
        if (k > 0)
            secondary_close(e->workers[k].s);
        free(e->workers[k].hidden);
    }
}

static int make_trial(void *context, unsigned worker, size_t item, struct err *err)
{
    struct economy *e = context;
    return trial_make(e->workers[worker].room, &e->trials[item], e->iterations, err);
}

static int adopt(struct economy *e, const struct trial *t, struct err *err)
{
    e->iterations += t->iterations;
    e->gains += t->gained;
    e->tried++;
    for (unsigned k = 0; k < e->worker_count; k++)
        if (trial_adopt(e->workers[k].s, t, err) != 0)
            return -1;
    return 0;
}

/* The next few sets from *next on; then *next is the first that is not done. */
static int try_batch(struct economy *e, size_t total, fill_set fill, size_t *next, struct err *err)
{
    size_t at = *next;
    bool gained = false;
    for (e->trial_count = 0; at < total && e->trial_count < e->batch; at++) {
        struct trial *t = &e->trials[e->trial_count];
        t->count = fill(e, at, t->set);
        t->random = (uint32_t)(e->tried + e->trial_count + 1) * 2654435761U | 1;
        e->numbers[e->trial_count] = at;
        e->trial_count += t->count > 0;
    }
    int rc = parallel_items(e->worker_count, e->trial_count, make_trial, e, err);
    for (size_t i = 0; i < e->trial_count && rc == 0 && !gained; i++) {
        rc = adopt(e, &e->trials[i], err);
        gained = e->trials[i].gained;
        at = gained ? e->numbers[i] + 1 : at;
    }
    for (size_t i = 0; i < e->trial_count; i++)
        trial_release(&e->trials[i]);
    *next = at;
    e->batch = gained ? BATCH_LEAST : 2 * e->batch < BATCH_MOST ? 2 * e->batch : BATCH_MOST;
    return rc;
}

static int try_all(struct economy *e, size_t total, fill_set fill, struct err *err)
{
    int rc = 0;
    e->batch = BATCH_LEAST;
    for (size_t next = 0; next < total && rc == 0;)
        rc = try_batch(e, total, fill, &next, err);
    return rc;
}

/* ---- rounds ---- */

static void list_candidates(struct economy *e)
{
    e->list_count = 0;
    for (uint32_t i = 0; i < e->s->cells->count; i++)
        if (may_be_published(e, i))
            e->list[e->list_count++] = (struct candidate){e->s->costs[i], i};
    if (e->list_count)
        qsort(e->list, e->list_count, sizeof *e->list, by_cost);
}

/* One cell after the other, dearest first; then units. */
static int go_round(struct economy *e, struct err *err)
{
    list_candidates(e);
    e->gains = 0;
    if (try_all(e, e->list_count, fill_cell, err) != 0)
        return -1;
    return try_all(e, e->s->blocks.unit_count, fill_unit, err);
}

static struct trial_limits limits_of(const struct secondary *s)
{
    bool dense = !s->few && s->rules->protect_zeros && !s->rules->interval;
    size_t n = s->cells->count + 1, searches = SEARCHES_CELLS / n, again = 0;
    size_t least = dense ? DENSE_SEARCHES : SEARCHES_LEAST;
    searches = searches < least ? least : searches;
    if (n <= SYSTEM_SMALL)
        again = ITERATIONS_MOST;
    else if (dense)
        again = DENSE_AGAIN * s->iterations;
    return (struct trial_limits){.searches_most =
                                     searches < SEARCHES_MOST ? searches : SEARCHES_MOST,
                                 .iterations_most = again ? s->iterations + again : 0};
}

static int economy_open(struct economy *e, unsigned threads, struct err *err)
{
    const struct secondary *s = e->s;
    struct trial_limits limits = limits_of(s);
    unsigned workers = parallel_count(threads, BATCH_MOST);
    e->list = malloc((s->cells->count + 1) * sizeof *e->list);
    int rc = e->list ? 0 : err_memory(err);
    for (size_t i = 0; i < BATCH_MOST && rc == 0; i++) {
        e->trials[i].set = malloc((s->blocks.class_count + 1) * sizeof *e->trials[i].set);
        rc = e->trials[i].set ? 0 : err_memory(err);
    }
    for (unsigned k = 0; k < workers && rc == 0; k++)
        rc = hire(e, &e->workers[k], &limits, err);
    return rc;
}

int secondary_economise(struct secondary *s, const uint8_t *unsafe, unsigned threads,
                        struct err *err)
{
    if (s->fine) /* exchanges alone gain next to nothing, and take most of the time */
        return 0;
    struct economy e = {.s = s, .unsafe = unsafe, .iterations = s->iterations, .gains = 1};
    secondary_forget_proofs(s);
    int rc = economy_open(&e, threads, err);
    int rounds = s->cells->count < SYSTEM_MEDIUM ? ROUNDS_MOST : 1;
    for (int round = 0; round < rounds && e.gains && rc == 0; round++)
        rc = go_round(&e, err);
    s->iterations = e.iterations;
    dismiss(&e);
    for (size_t i = 0; i < BATCH_MOST; i++)
        free(e.trials[i].set);
    free(e.list);
    return rc;
}

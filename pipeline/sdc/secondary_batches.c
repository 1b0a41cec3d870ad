/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Cells that need programmes over everything (REACH_WIDE of sdc/secondary_state.h): a few at a time
 * are planned side by side, all from the same hidden cells, then taken in their order. A plan that
 * hides nothing is good whatever was hidden meanwhile, and most are such; one that hides more is
 * made again once another of its batch has hidden something, for it might do with less. The size of
 * a batch is fixed, so that the result is the same for any number of threads.
 */
#include "sdc/secondary_state.h"

#include "base/parallel.h"

#include <stdlib.h>
#include <string.h>

enum { BATCH = 4 };

struct job {
    size_t rank;
    struct plan plan;
    size_t iterations;
};

struct worker {
    struct secondary *s;
    uint8_t *hidden; /* its own, as it hides cells while it plans */
};

struct work {
    struct secondary *s;
    const struct rank *ranks;
    size_t count;
    size_t next; /* the first rank that is not done */
    struct job jobs[BATCH];
    size_t job_count;
    struct worker workers[PARALLEL_MOST];
    unsigned worker_count;
};

static int hire(struct work *w, unsigned threads, struct err *err)
{
    const struct secondary *s = w->s;
    unsigned most = parallel_count(threads, w->count < BATCH ? w->count : BATCH);
    while (w->worker_count < most) {
        struct worker *worker = &w->workers[w->worker_count++];
        worker->hidden = malloc(s->cells->count + 1);
        if (!worker->hidden)
            return err_memory(err);
        memcpy(worker->hidden, s->hidden, s->cells->count);
        if (secondary_open(&worker->s, s->cells, s->counts, s->rules, s->past, worker->hidden,
                           err) != 0)
            return -1;
        worker->s->iterations_most = s->iterations_most;
        worker->s->strict = s->strict;
    }
    return 0;
}

/* The next few that are open. */
static void list_jobs(struct work *w)
{
    w->job_count = 0;
    for (size_t i = w->next; i < w->count && w->job_count < BATCH; i++)
        if (!secondary_is_met(w->s, w->ranks[i].cell))
            w->jobs[w->job_count++] = (struct job){.rank = i};
}

/* What the last batch hid, for the workers too. */
static void tell_workers(struct work *w)
{
    for (unsigned k = 0; k < w->worker_count; k++)
        for (size_t i = 0; i < w->s->opened_count; i++)
            secondary_set_hidden(w->workers[k].s, w->s->opened[i], 1);
    w->s->opened_count = 0;
}

static int plan_job(void *context, unsigned number, size_t item, struct err *err)
{
    struct work *w = context;
    struct job *job = &w->jobs[item];
    struct secondary *s = w->workers[number].s;
    uint32_t cell = w->ranks[job->rank].cell;
    s->iterations = w->s->iterations;
    s->opened_count = 0;
    secondary_range(w->s, cell, &s->low[cell], &s->high[cell]);
    int rc = secondary_plan(s, cell, CIRCUIT_NEVER, REACH_WIDE, &job->plan, err);
    job->iterations = s->iterations - w->s->iterations;
    return rc;
}

/* In order, up to the first that must be planned again. */
static int adopt_jobs(struct work *w, struct err *err)
{
    struct secondary *s = w->s;
    size_t rest = w->job_count == BATCH ? w->jobs[BATCH - 1].rank + 1 : w->count;
    int rc = 0;
    for (size_t i = 0; i < w->job_count && rc == 0; i++) {
        struct job *job = &w->jobs[i];
        s->iterations += job->iterations;
        if (!job->plan.enough || secondary_is_met(s, w->ranks[job->rank].cell))
            continue;
        if (job->plan.cost > 0 && s->opened_count) {
            rest = job->rank;
            break;
        }
        rc = secondary_adopt(s, &job->plan, err);
    }
    w->next = rest;
    return rc;
}

static int protect_batch(struct work *w, struct err *err)
{
    int rc = parallel_items(w->worker_count, w->job_count, plan_job, w, err);
    if (rc == 0)
        rc = adopt_jobs(w, err);
    for (size_t i = 0; i < w->job_count; i++)
        plan_release(&w->jobs[i].plan);
    tell_workers(w);
    return rc;
}

int secondary_protect_batches(struct secondary *s, const struct rank *ranks, size_t count,
                              unsigned threads, struct err *err)
{
    struct work w = {.s = s, .ranks = ranks, .count = count};
    int rc = 0;
    s->opened_count = 0;
    list_jobs(&w);
    if (w.job_count)
        rc = hire(&w, threads, err);
    while (rc == 0 && w.job_count) {
        rc = protect_batch(&w, err);
        list_jobs(&w);
    }
    for (unsigned k = 0; k < w.worker_count; k++) {
        secondary_close(w.workers[k].s);
        free(w.workers[k].hidden);
    }
    return rc;
}

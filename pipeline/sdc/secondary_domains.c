/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The entities of each domain apart (REACH_NEAR of sdc/secondary_state.h): what protects them moves
 * entities of their domain only, so that the domains can be done side by side. Each has room of its
 * own, and nothing that it does depends on how far the others are; their changes are put together
 * in the order of the domains.
 */
#include "sdc/secondary_state.h"

#include "base/parallel.h"

#include <stdlib.h>

struct job {
    size_t first, count; /* of the ranks */
    unsigned worker;     /* who did it, and its changes there */
    uint32_t change_first, change_end;
    size_t iterations;
};

struct work {
    struct secondary *s;
    const struct rank *ranks;
    struct job *jobs; /* in the order of the domains */
    size_t job_count;
    int64_t below;
    struct secondary *workers[PARALLEL_MOST];
};

static bool is_below(const struct secondary *s, uint32_t cell, uint32_t domain)
{
    return s->cells->structure->units[s->cells->unit[cell]].parent == (int)domain;
}

/* The cells of the domain's entities may move, or again none. */
static void set_domain(struct secondary *s, uint32_t domain, bool movable)
{
    for (uint32_t i = 0; i < s->cells->count; i++)
        if (is_below(s, i, domain))
            transfer_set(s->transfer, i, s->counts[i],
                         movable ? secondary_transfer_cost(s, i) : CIRCUIT_NEVER);
}

static int do_job(void *context, unsigned worker, size_t item, struct err *err)
{
    struct work *w = context;
    struct job *job = &w->jobs[item];
    struct secondary *s = w->workers[worker];
    uint32_t domain = secondary_domain(s, s->cells->unit[w->ranks[job->first].cell]);
    job->worker = worker;
    job->change_first = (uint32_t)evidence_count(s->evidence);
    s->iterations = 0;
    set_domain(s, domain, true);
    int rc =
        secondary_protect_ranked(s, w->ranks + job->first, job->count, REACH_NEAR, w->below, err);
    set_domain(s, domain, false);
    job->change_end = (uint32_t)evidence_count(s->evidence);
    job->iterations = s->iterations;
    return rc;
}

static int hire(struct work *w, unsigned count, struct err *err)
{
    const struct secondary *s = w->s;
    size_t left = s->iterations < s->iterations_most ? s->iterations_most - s->iterations : 0;
    size_t share = left / (w->job_count + 1); /* of what may be spent, for each domain alike */
    for (unsigned k = 0; k < count; k++) {
        struct secondary *other;
        if (secondary_open(&w->workers[k], s->cells, s->counts, s->rules, s->past, s->hidden,
                           err) != 0)
            return -1;
        other = w->workers[k];
        other->iterations_most = share;
        other->strict = s->strict;
        for (uint32_t i = 0; i < s->cells->count; i++) {
            secondary_range(s, i, &other->low[i], &other->high[i]);
            transfer_set(other->transfer, i, s->counts[i], CIRCUIT_NEVER);
        }
    }
    return 0;
}

static int take_over(struct work *w, const struct job *job, struct err *err)
{
    struct secondary *s = w->s;
    for (uint32_t id = job->change_first; id < job->change_end; id++) {
        if (evidence_hand_over(w->workers[job->worker]->evidence, id, s->evidence, err) != 0)
            return -1;
    }
    s->iterations += job->iterations;
    return 0;
}

static void list_jobs(struct work *w, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct cells *c = w->s->cells;
        uint32_t domain = secondary_domain(w->s, c->unit[w->ranks[i].cell]);
        struct job *last = w->job_count ? &w->jobs[w->job_count - 1] : NULL;
        if (last && is_below(w->s, w->ranks[last->first].cell, domain))
            last->count++;
        else
            w->jobs[w->job_count++] = (struct job){.first = i, .count = 1};
    }
}

static size_t size_of(const void *context, size_t item)
{
    const struct work *w = context;
    return w->jobs[item].count;
}

int secondary_protect_domains(struct secondary *s, const struct rank *ranks, size_t count,
                              int64_t below, unsigned threads, struct err *err)
{
    struct work w = {
        .s = s, .ranks = ranks, .below = below, .jobs = calloc(count + 1, sizeof *w.jobs)};
    if (!w.jobs)
        return err_memory(err);
    list_jobs(&w, count);
    unsigned workers = parallel_count(threads, w.job_count);
    int rc = hire(&w, workers, err);
    if (rc == 0)
        rc = parallel_largest_first(workers, w.job_count, size_of, do_job, &w, err);
    for (size_t i = 0; i < w.job_count && rc == 0; i++)
        rc = take_over(&w, &w.jobs[i], err);
    for (uint32_t i = 0; i < s->cells->count && rc == 0; i++)
        secondary_set_hidden(s, i, s->hidden[i]);
    for (unsigned k = 0; k < workers; k++)
        secondary_close(w.workers[k]);
    free(w.jobs);
    return rc;
}

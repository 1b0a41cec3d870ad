/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/base/parallel.h. POSIX threads, started and joined for each call: a call is worth
 * milliseconds at least, and no state outlives it. */
#include "base/parallel.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>

struct job {
    parallel_task task;
    void *context;
    unsigned range;
    size_t begin, end;
    pthread_t thread;
    bool started;
    int result;
    struct err err;
};

unsigned parallel_count(unsigned threads, size_t total)
{
    unsigned n = threads < 1 ? 1 : threads > PARALLEL_MOST ? PARALLEL_MOST : threads;
    return total < n ? (unsigned)total : n;
}

/* total * r / n without overflow. */
static size_t cut(size_t total, unsigned r, unsigned n)
{
    return total / n * r + total % n * r / n;
}

static void *job_run(void *argument)
{
    struct job *j = argument;
    j->result = j->task(j->context, j->range, j->begin, j->end, &j->err);
    return NULL;
}

int parallel_ranges(unsigned threads, size_t total, parallel_task task, void *context,
                    struct err *err)
{
    unsigned n = parallel_count(threads, total);
    if (n <= 1)
        return n == 0 ? 0 : task(context, 0, 0, total, err);
    struct job *jobs = calloc(n, sizeof *jobs);
    if (!jobs)
        return err_memory(err);
    for (unsigned r = 0; r < n; r++) {
        struct job *j = &jobs[r];
        j->task = task;
        j->context = context;
        j->range = r;
        j->begin = cut(total, r, n);
        j->end = cut(total, r + 1, n);
        /* The last range is for this thread, which would only wait otherwise. */
        j->started = r + 1 < n && pthread_create(&j->thread, NULL, job_run, j) == 0;
    }
    for (unsigned r = 0; r < n; r++)
        if (!jobs[r].started)
            (void)job_run(&jobs[r]);
    int result = 0;
    for (unsigned r = 0; r < n; r++) {
        if (jobs[r].started)
            (void)pthread_join(jobs[r].thread, NULL);
        if (jobs[r].result != 0 && result == 0) {
            result = -1;
            if (err)
                *err = jobs[r].err;
        }
    }
    free(jobs);
    return result;
}

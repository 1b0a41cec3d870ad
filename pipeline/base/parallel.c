/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/base/parallel.h. POSIX threads, started and joined for each call: a call is worth
 * milliseconds at least, and no state outlives it. */
#include "base/parallel.h"

#include <pthread.h>
#include <stdlib.h>

/* Pieces: so many for each thread, but none smaller than that. */
enum { PIECES_EACH = 8, PIECE_LEAST = 1 << 14 };

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

struct items {
    parallel_item_task task;
    void *context;
    size_t total;
    atomic_size_t next;
    pthread_mutex_t lock; /* of what follows */
    size_t failed;        /* the lowest item that failed, or total */
    struct err err;       /* its error */
};

static void note_failure(struct items *w, size_t item, const struct err *err)
{
    (void)pthread_mutex_lock(&w->lock);
    if (item < w->failed) {
        w->failed = item;
        w->err = *err;
    }
    (void)pthread_mutex_unlock(&w->lock);
    atomic_store(&w->next, w->total);
}

/* All items before one that failed were begun before it, and run to their end. */
static int take_items(void *context, unsigned worker, size_t begin, size_t end, struct err *err)
{
    struct items *w = context;
    struct err own;
    (void)begin;
    (void)end;
    (void)err;
    for (size_t item; (item = atomic_fetch_add(&w->next, 1)) < w->total;)
        if (w->task(w->context, worker, item, &own) != 0)
            note_failure(w, item, &own);
    return 0;
}

int parallel_items(unsigned threads, size_t total, parallel_item_task task, void *context,
                   struct err *err)
{
    unsigned workers = parallel_count(threads, total);
    struct items w = {.task = task,
                      .context = context,
                      .total = total,
                      .lock = PTHREAD_MUTEX_INITIALIZER,
                      .failed = total};
    if (parallel_ranges(workers, workers, take_items, &w, err) != 0)
        return -1;
    if (w.failed < total && err)
        *err = w.err;
    return w.failed < total ? -1 : 0;
}

unsigned parallel_pieces_count(unsigned threads, size_t total)
{
    unsigned least = parallel_count(threads, total);
    if (least <= 1)
        return least;
    unsigned most = parallel_count(PIECES_EACH * least, total / PIECE_LEAST);
    return most > least ? most : least;
}

struct pieces {
    parallel_task task;
    void *context;
    size_t total;
    unsigned count;
};

static int do_piece(void *context, unsigned worker, size_t piece, struct err *err)
{
    const struct pieces *p = context;
    unsigned range = (unsigned)piece;
    (void)worker;
    return p->task(p->context, range, cut(p->total, range, p->count),
                   cut(p->total, range + 1, p->count), err);
}

int parallel_pieces(unsigned threads, size_t total, parallel_task task, void *context,
                    struct err *err)
{
    struct pieces p = {task, context, total, parallel_pieces_count(threads, total)};
    return parallel_items(threads, p.count, do_piece, &p, err);
}

int parallel_takers(unsigned threads, size_t total, struct parallel_queue *q, parallel_task task,
                    void *context, struct err *err)
{
    unsigned takers = parallel_count(threads, total);
    unsigned pieces = parallel_pieces_count(threads, total);
    q->total = total;
    q->step = pieces ? total / pieces + 1 : 1;
    atomic_init(&q->next, 0);
    return parallel_ranges(takers, takers, task, context, err);
}

bool parallel_take(struct parallel_queue *q, size_t *begin, size_t *end)
{
    size_t at = atomic_fetch_add(&q->next, q->step);
    if (at >= q->total)
        return false;
    *begin = at;
    *end = q->total - at < q->step ? q->total : at + q->step;
    return true;
}

struct sized_item {
    size_t size, item;
};

struct ordered {
    parallel_item_task task;
    void *context;
    struct sized_item *items;
};

static int by_size(const void *a, const void *b)
{
    const struct sized_item *x = a, *y = b;
    if (x->size != y->size)
        return x->size > y->size ? -1 : 1;
    return (x->item > y->item) - (x->item < y->item);
}

static int do_ordered(void *context, unsigned worker, size_t at, struct err *err)
{
    const struct ordered *o = context;
    return o->task(o->context, worker, o->items[at].item, err);
}

int parallel_largest_first(unsigned threads, size_t total, parallel_item_size size,
                           parallel_item_task task, void *context, struct err *err)
{
    struct ordered o = {task, context, calloc(total + 1, sizeof *o.items)};
    if (!o.items)
        return err_memory(err);
    for (size_t i = 0; i < total; i++)
        o.items[i] = (struct sized_item){size(context, i), i};
    qsort(o.items, total, sizeof *o.items, by_size);
    int rc = parallel_items(threads, total, do_ordered, &o, err);
    free(o.items);
    return rc;
}

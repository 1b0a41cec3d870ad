/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/link/intake_queue.h. A part that cannot be read makes everything void: then each file
 * is read from its beginning to its end by one thread, which finds the error or, where a part began
 * within a quoted field, none. */
#include "link/intake_queue.h"

#include "base/parallel.h"
#include "link/intake_spill.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { FULL_BYTES = 64 }; /* about a row of a file */

/* A file, or a part of one. */
struct task {
    enum dataset dataset;
    uint32_t file; /* index in the dataset's files */
    const char *path;
    struct csv_part part;
    size_t siblings; /* parts of the file */
    struct intake_table table;
    long lines;
    bool read; /* and waits to be appended */
};

struct queue {
    struct intake *in;
    const struct row_context *context;
    struct task *tasks;
    size_t count, capacity;
    unsigned threads;
    pthread_mutex_t lock; /* for what follows, and `read` of tasks */
    pthread_cond_t changed;
    bool appending;  /* a thread is at it */
    bool failed;     /* some task did */
    size_t appended; /* tasks whose rows are in their dataset's table */
    uint32_t above;  /* lines before the next task's part */
    /* Tables whose rows were appended: the kernel clears every page that it gives, so that memory
     * that was used before is worth keeping. */
    struct intake_table spare[PARALLEL_MOST];
    size_t spare_count;
};

/* Gives a table without rows. */
static int table_take(struct queue *q, struct task *t, struct err *err)
{
    size_t i = 0;
    (void)pthread_mutex_lock(&q->lock);
    while (i < q->spare_count && q->spare[i].dataset != t->dataset)
        i++;
    bool found = i < q->spare_count;
    if (found) {
        t->table = q->spare[i];
        q->spare[i] = q->spare[--q->spare_count];
    }
    (void)pthread_mutex_unlock(&q->lock);
    return found ? 0 : intake_table_init(&t->table, t->dataset, q->context->config, err);
}

/* Words stay: they are the dataset's already, and their order is of no account. */
static void table_give_back(struct queue *q, struct task *t)
{
    issues_release(&t->table.issues);
    t->table.frame.rows = 0;
    (void)pthread_mutex_lock(&q->lock);
    if (t->siblings > 1 && q->spare_count < PARALLEL_MOST) {
        q->spare[q->spare_count++] = t->table;
        memset(&t->table, 0, sizeof t->table);
    }
    (void)pthread_mutex_unlock(&q->lock);
    intake_table_release(&t->table);
}

/* Adds a task's rows to their dataset. */
static int append(struct queue *q, size_t index, struct err *err)
{
    struct task *t = &q->tasks[index];
    struct intake_table *to = &q->in->datasets[t->dataset].table;
    int rc = 0;
    if (t->part.begin == 0)
        q->above = 0;
    /* The other parts have about as many rows as the first one. */
    if (t->part.begin == 0 && t->siblings > 1 && !q->in->spill)
        rc = intake_table_reserve(to, to->frame.rows + t->table.frame.rows / 64 * 65 * t->siblings,
                                  err);
    if (rc == 0)
        rc = intake_table_append(to, &t->table, t->file, q->above, err);
    if (rc == 0)
        rc = intake_spill_watch(q->in, t->dataset, err);
    q->above += (uint32_t)t->lines;
    table_give_back(q, t);
    return rc;
}

/* Appends what is read, in the order of the queue; one thread at a time does, and others go on
 * reading. */
static int append_ready(struct queue *q, struct err *err)
{
    int rc = 0;
    (void)pthread_mutex_lock(&q->lock);
    bool mine = !q->appending;
    q->appending = true;
    while (mine && q->appended < q->count && q->tasks[q->appended].read) {
        (void)pthread_mutex_unlock(&q->lock);
        if (rc == 0)
            rc = append(q, q->appended, err);
        (void)pthread_mutex_lock(&q->lock);
        q->appended++;
        (void)pthread_cond_broadcast(&q->changed);
    }
    if (mine)
        q->appending = false;
    (void)pthread_cond_broadcast(&q->changed);
    (void)pthread_mutex_unlock(&q->lock);
    return rc;
}

/* What waits to be appended is memory: no thread goes further ahead than this. False: the task need
 * not be read, since one before it failed. */
static bool wait_for_turn(struct queue *q, size_t item)
{
    (void)pthread_mutex_lock(&q->lock);
    size_t ahead = 2 * (size_t)q->threads;
    while (!q->failed && item > q->appended + ahead)
        (void)pthread_cond_wait(&q->changed, &q->lock);
    bool turn = item <= q->appended + ahead;
    (void)pthread_mutex_unlock(&q->lock);
    return turn;
}

static int fail(struct queue *q)
{
    (void)pthread_mutex_lock(&q->lock);
    q->failed = true;
    (void)pthread_cond_broadcast(&q->changed);
    (void)pthread_mutex_unlock(&q->lock);
    return -1;
}

/* Rows of a file that is read in one piece, before its end, when they are many: they are appended,
 * whichever file's turn it is, and issues stay where they are. */
static int hand_over(void *context, struct intake_table *t, struct err *err)
{
    struct queue *q = context;
    struct intake_table *to = &q->in->datasets[t->dataset].table;
    struct issues issues = t->issues;
    (void)pthread_mutex_lock(&q->lock);
    while (q->appending)
        (void)pthread_cond_wait(&q->changed, &q->lock);
    q->appending = true;
    (void)pthread_mutex_unlock(&q->lock);
    issues_init(&t->issues);
    int rc = intake_table_digest(t, q->in->hasher, err);
    if (rc == 0)
        rc = intake_table_reserve(to, 1, err); /* or t would be taken as it is */
    if (rc == 0)
        rc = intake_table_append(to, t, 0, 0, err);
    if (rc == 0)
        rc = intake_spill_watch(q->in, t->dataset, err);
    t->issues = issues;
    intake_table_empty(t);
    (void)pthread_mutex_lock(&q->lock);
    q->appending = false;
    (void)pthread_cond_broadcast(&q->changed);
    (void)pthread_mutex_unlock(&q->lock);
    return rc;
}

static int read_rows(struct queue *q, struct task *t, struct err *err)
{
    struct row_context context = *q->context;
    if (q->in->plan && t->siblings == 1 && DATASETS[t->dataset].has_persons) {
        context.full = hand_over;
        context.full_context = q;
        context.full_rows = (size_t)(q->in->plan->part / FULL_BYTES) + 1;
    }
    return rows_read_part(&t->table, t->path, &t->part, &context, &t->lines, err);
}

/* Every file before the first one that is bad is read, so that the error reported is always the
 * same. */
static int read_task(void *context, unsigned worker, size_t item, struct err *err)
{
    struct queue *q = context;
    struct task *t = &q->tasks[item];
    (void)worker;
    if (!wait_for_turn(q, item))
        return 0;
    if (table_take(q, t, err) != 0 || read_rows(q, t, err) != 0 ||
        intake_table_digest(&t->table, q->in->hasher, err) != 0)
        return fail(q);
    (void)pthread_mutex_lock(&q->lock);
    t->read = true;
    (void)pthread_mutex_unlock(&q->lock);
    return append_ready(q, err) == 0 ? 0 : fail(q);
}

static int add_task(struct queue *q, const struct task *t, struct err *err)
{
    if (q->count == q->capacity) {
        size_t capacity = q->capacity ? q->capacity * 2 : 16;
        struct task *tasks = reallocarray(q->tasks, capacity, sizeof *tasks);
        if (!tasks)
            return err_memory(err);
        q->tasks = tasks;
        q->capacity = capacity;
    }
    q->tasks[q->count++] = *t;
    return 0;
}

/* part 0: files are not cut. A file that cannot be opened is one task, which will say so. */
static int add_file(struct queue *q, struct task *t, uint64_t part, struct err *err)
{
    struct csv_part *parts = NULL;
    size_t count = 1;
    t->part = (struct csv_part){0, 0, CSV_PART_REST};
    t->siblings = 1;
    if (part == 0 || csv_parts(t->path, part, &parts, &count, NULL) != 0) {
        free(parts);
        return add_task(q, t, err);
    }
    int rc = 0;
    t->siblings = count;
    for (size_t i = 0; rc == 0 && i < count; i++) {
        t->part = parts[i];
        rc = add_task(q, t, err);
    }
    free(parts);
    return rc;
}

static int add_files(struct queue *q, bool has_persons, uint64_t part, struct err *err)
{
    for (int d = 0; d < DATASET_COUNT; d++)
        for (size_t i = 0;
             DATASETS[d].has_persons == has_persons && i < q->in->datasets[d].file_count; i++) {
            struct task t = {.dataset = (enum dataset)d,
                             .file = (uint32_t)i,
                             .path = q->in->datasets[d].files[i]};
            if (add_file(q, &t, part, err) != 0)
                return -1;
        }
    return 0;
}

static void queue_release(struct queue *q)
{
    for (size_t i = 0; i < q->count; i++)
        intake_table_release(&q->tasks[i].table);
    for (size_t i = 0; i < q->spare_count; i++)
        intake_table_release(&q->spare[i]);
    free(q->tasks);
    (void)pthread_cond_destroy(&q->changed);
    (void)pthread_mutex_destroy(&q->lock);
}

/* *cut: some file was read in parts. */
static int read_all(struct intake *in, const struct row_context *context, bool has_persons,
                    unsigned threads, uint64_t part, bool *cut, struct err *err)
{
    struct queue q = {.in = in, .context = context, .threads = threads};
    (void)pthread_mutex_init(&q.lock, NULL);
    (void)pthread_cond_init(&q.changed, NULL);
    int rc = add_files(&q, has_persons, part, err);
    *cut = false;
    for (size_t i = 0; i < q.count; i++)
        *cut |= q.tasks[i].siblings > 1;
    if (rc == 0)
        rc = parallel_items(threads, q.count, read_task, &q, err);
    queue_release(&q);
    return rc;
}

static int empty_tables(struct intake *in, const struct config *config, bool has_persons,
                        struct err *err)
{
    intake_spill_end(in);
    for (int d = 0; d < DATASET_COUNT; d++) {
        struct intake_table *t = &in->datasets[d].table;
        if (DATASETS[d].has_persons != has_persons)
            continue;
        intake_table_release(t);
        if (intake_table_init(t, (enum dataset)d, config, err) != 0)
            return -1;
    }
    return 0;
}

int intake_queue(struct intake *in, const struct row_context *context, bool has_persons,
                 unsigned threads, uint64_t part, struct err *err)
{
    struct err of_parts = {.kind = ERR_NONE};
    bool cut;
    if (read_all(in, context, has_persons, threads, part, &cut, &of_parts) == 0)
        return 0;
    if (cut) {
        if (empty_tables(in, context->config, has_persons, err) != 0)
            return -1;
        return read_all(in, context, has_persons, threads, 0, &cut, err);
    }
    if (err)
        *err = of_parts;
    return -1;
}

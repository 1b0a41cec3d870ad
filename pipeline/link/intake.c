/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/link/intake.h. Code lists come first, since rows refer to them; then the files of all
 * other datasets are one queue, from which each thread takes the next file. */
#include "link/intake.h"

#include "base/parallel.h"
#include "link/row_reader.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

/* One file to be read. */
struct task {
    enum dataset dataset;
    uint32_t file; /* index in the dataset's files */
    const char *path;
    struct intake_table table;
    struct err err;
};

struct queue {
    const struct row_context *context;
    struct task *tasks;
    size_t count;
    atomic_size_t next;
    atomic_size_t failed; /* least index of a task that failed; count if none */
};

static void note_failure(struct queue *q, size_t index)
{
    size_t known = atomic_load(&q->failed);
    while (index < known && !atomic_compare_exchange_weak(&q->failed, &known, index))
        ;
}

/* Reads files until there are none, or one before them has failed: every file before the first one
 * that is bad is read, so that the error reported is always the same. */
static int work(void *context, unsigned range, size_t begin, size_t end, struct err *err)
{
    struct queue *q = context;
    (void)range;
    (void)begin;
    (void)end;
    (void)err;
    for (;;) {
        size_t i = atomic_fetch_add(&q->next, 1);
        if (i >= q->count || i > atomic_load(&q->failed))
            return 0;
        struct task *t = &q->tasks[i];
        if (intake_table_init(&t->table, t->dataset, q->context->config, &t->err) != 0 ||
            rows_read(&t->table, t->path, q->context, &t->err) != 0)
            note_failure(q, i);
    }
}

/* Reads all tasks, then adds each to its dataset in order, and releases it. */
static int run_queue(struct intake *in, struct queue *q, unsigned threads, struct err *err)
{
    atomic_init(&q->next, 0);
    atomic_init(&q->failed, q->count);
    unsigned workers = parallel_count(threads, q->count);
    int rc = parallel_ranges(workers, workers, work, q, err);
    size_t failed = atomic_load(&q->failed);
    if (rc == 0 && failed < q->count) {
        if (err)
            *err = q->tasks[failed].err;
        rc = -1;
    }
    for (size_t i = 0; i < q->count; i++) {
        struct task *t = &q->tasks[i];
        if (rc == 0)
            rc = intake_table_append(&in->datasets[t->dataset].table, &t->table, t->file, err);
        intake_table_release(&t->table);
    }
    return rc;
}

/* Reads the datasets for which has_persons is as given. */
static int read_datasets(struct intake *in, const struct row_context *context, bool has_persons,
                         unsigned threads, struct err *err)
{
    struct queue q = {.context = context};
    for (int d = 0; d < DATASET_COUNT; d++)
        if (DATASETS[d].has_persons == has_persons)
            q.count += in->datasets[d].file_count;
    q.tasks = calloc(q.count ? q.count : 1, sizeof *q.tasks);
    if (!q.tasks)
        return err_memory(err);
    size_t n = 0;
    for (int d = 0; d < DATASET_COUNT; d++)
        for (size_t i = 0; DATASETS[d].has_persons == has_persons && i < in->datasets[d].file_count;
             i++) {
            q.tasks[n].dataset = (enum dataset)d;
            q.tasks[n].file = (uint32_t)i;
            q.tasks[n++].path = in->datasets[d].files[i];
        }
    int rc = run_queue(in, &q, threads, err);
    free(q.tasks);
    return rc;
}

static int find_files(struct intake *in, const struct config *config, struct err *err)
{
    for (int d = 0; d < DATASET_COUNT; d++) {
        const struct dataset_config *configured = &config->datasets[d];
        struct intake_dataset *dataset = &in->datasets[d];
        dataset->present = configured->present;
        if (intake_table_init(&dataset->table, (enum dataset)d, config, err) != 0)
            return -1;
        if (!configured->present) {
            if (d == DATASET_PERSONNEL || d == DATASET_ENTITIES)
                return err_set(err, ERR_CONFIG, "a [dataset %s] is needed", DATASETS[d].name);
            continue;
        }
        if (intake_files(configured->path, &dataset->files, &dataset->file_count, err) == 0)
            continue;
        char text[sizeof err->text];
        if (err) {
            memcpy(text, err->text, sizeof text);
            (void)err_set(err, err->kind, "dataset %s: %.380s", DATASETS[d].name, text);
        }
        return -1;
    }
    return 0;
}

int intake_read(struct intake *in, const struct config *config, unsigned threads, struct err *err)
{
    struct entity_list entities = {0};
    struct country_list countries = {0};
    struct row_context context = {.config = config};
    int rc = -1;
    memset(in, 0, sizeof *in);
    if (find_files(in, config, err) != 0 || read_datasets(in, &context, false, threads, err) != 0)
        goto out;
    struct intake_dataset *list = &in->datasets[DATASET_ENTITIES];
    if (entity_list_build(&entities, &list->table, list->files, config->reference_date, err) != 0)
        goto out;
    context.entities = &entities;
    list = &in->datasets[DATASET_COUNTRIES];
    if (list->present) {
        if (country_list_build(&countries, &list->table, list->files, err) != 0)
            goto out;
        context.countries = &countries;
    }
    rc = read_datasets(in, &context, true, threads, err);
out:
    entity_list_release(&entities);
    country_list_release(&countries);
    return rc;
}

void intake_release(struct intake *in)
{
    for (int d = 0; d < DATASET_COUNT; d++) {
        intake_table_release(&in->datasets[d].table);
        intake_files_release(in->datasets[d].files, in->datasets[d].file_count);
    }
    memset(in, 0, sizeof *in);
}

int intake_figures(const struct intake *in, struct quality *q, struct err *err)
{
    for (int d = 0; d < DATASET_COUNT; d++)
        if (in->datasets[d].present &&
            issues_figures(&in->datasets[d].table.issues, (enum dataset)d, q, err) != 0)
            return -1;
    return 0;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(DATASETS[*(const enum dataset *)a].name, DATASETS[*(const enum dataset *)b].name);
}

int intake_rejected_csv(const struct intake *in, struct text *out, struct err *err)
{
    enum dataset order[DATASET_COUNT];
    for (int d = 0; d < DATASET_COUNT; d++)
        order[d] = (enum dataset)d;
    qsort(order, DATASET_COUNT, sizeof *order, by_name);
    text_string(out, "dataset,file,line,reason\n");
    for (int i = 0; i < DATASET_COUNT; i++) {
        const struct intake_dataset *d = &in->datasets[order[i]];
        if (issues_csv(&d->table.issues, order[i], d->files, out, err) != 0)
            return -1;
    }
    return out->failed ? err_memory(err) : 0;
}

int intake_check(const struct intake *in, const struct config *config, struct err *err)
{
    for (int d = 0; d < DATASET_COUNT; d++)
        if (issues_check(&in->datasets[d].table.issues, (enum dataset)d, config->max_rejected_ppm,
                         err) != 0)
            return err_hint(err, "%s/%s/rejected.csv lists the rows and reasons", config->quality,
                            config->release);
    return 0;
}

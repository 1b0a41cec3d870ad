/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/link/intake.h. Code lists come first, since rows refer to them; then the files of all
 * other datasets. */
#include "link/intake.h"

#include "link/intake_queue.h"
#include "link/intake_spill.h"

#include <stdlib.h>
#include <string.h>

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

static int read_datasets(struct intake *in, const struct config *config, const uint8_t *key,
                         unsigned threads, uint64_t part, struct err *err)
{
    struct entity_list entities = {0};
    struct country_list countries = {0};
    struct row_context context = {.config = config};
    int rc = -1;
    in->hasher = row_hasher_open(key, err);
    if (!in->hasher || find_files(in, config, err) != 0 ||
        intake_queue(in, &context, false, threads, part, err) != 0)
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
    rc = intake_queue(in, &context, true, threads, part, err);
    if (rc == 0)
        rc = intake_spill_settle(in, err);
out:
    row_hasher_close(in->hasher);
    in->hasher = NULL;
    entity_list_release(&entities);
    country_list_release(&countries);
    return rc;
}

int intake_read_parts(struct intake *in, const struct config *config,
                      const uint8_t key[static PSEUDONYM_KEYBYTES], unsigned threads, uint64_t part,
                      struct err *err)
{
    memset(in, 0, sizeof *in);
    return read_datasets(in, config, key, threads, part, err);
}

int intake_read(struct intake *in, const struct config *config,
                const uint8_t key[static PSEUDONYM_KEYBYTES], unsigned threads, struct err *err)
{
    return intake_read_parts(in, config, key, threads, INTAKE_PART, err);
}

int intake_read_within(struct intake *in, const struct config *config,
                       const uint8_t key[static PSEUDONYM_KEYBYTES], unsigned threads,
                       const struct memory_plan *plan, struct err *err)
{
    memset(in, 0, sizeof *in);
    in->plan = plan;
    return read_datasets(in, config, key, threads, plan->part, err);
}

void intake_release(struct intake *in)
{
    intake_spill_end(in);
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

/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/link/intake_spill.h. */
#include "link/intake_spill.h"

#include "base/parallel.h"
#include "link/national_number.h"
#include "link/number_set.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

enum {
    SETS = 96 << 20, /* what sets of numbers, buffers and reading take besides rows */
    RANK_BYTES = 24, /* a person while they are ranked */
    ID_BYTES = 4,    /* and later */
};

static void stored_release(struct stored_rows *s)
{
    (void)record_writer_close(&s->writer, NULL);
    record_lists_release(&s->rows);
    for (size_t i = 0; i < FRAME_COLUMNS; i++)
        free(s->recode[i]);
    memset(s, 0, sizeof *s);
}

void intake_spill_end(struct intake *in)
{
    if (!in->spill)
        return;
    for (int d = 0; d < DATASET_COUNT; d++)
        stored_release(&in->spill->datasets[d]);
    spill_close(&in->spill->file);
    free(in->spill);
    in->spill = NULL;
}

static int stored_open(struct stored_rows *s, struct spill *file, const struct intake_table *t,
                       const struct memory_plan *plan, struct err *err)
{
    s->number_count = t->number_count;
    s->cell_count = t->frame.column_count - t->number_count;
    return record_lists_open(&s->rows, file, 1, t->frame.column_count * sizeof(uint32_t),
                             memory_plan_block(plan, 1, 1), err) != 0
               ? -1
               : record_writer_open(&s->writer, &s->rows, err);
}

static int open_store(struct intake *in, struct err *err)
{
    in->spill = calloc(1, sizeof *in->spill);
    if (!in->spill)
        return err_memory(err);
    int rc = spill_open(&in->spill->file, in->plan->folder, err);
    for (int d = 0; rc == 0 && d < DATASET_COUNT; d++)
        if (dataset_is_linked(d))
            rc = stored_open(&in->spill->datasets[d], in->spill->file, &in->datasets[d].table,
                             in->plan, err);
    return rc;
}

static uint32_t cell_word(const struct column *c, size_t row)
{
    return c->coded ? (uint32_t)column_get(c, row) : (uint32_t)column_i32(c, row);
}

/* Moves all rows of a table to the temporary file. */
static int store_rows(struct stored_rows *s, struct intake_table *t, struct err *err)
{
    for (size_t row = 0; row < t->frame.rows; row++) {
        uint32_t *record = record_slot(&s->writer, 0, err);
        if (!record)
            return -1;
        for (size_t i = 0; i < t->number_count; i++)
            *record++ = t->numbers[i][row];
        for (size_t i = 0; i < t->frame.column_count; i++)
            if (!t->frame.columns[i]->later)
                *record++ = cell_word(t->frame.columns[i], row);
    }
    intake_table_empty(t);
    return 0;
}

static int spill_all(struct intake *in, struct err *err)
{
    if (!in->spill && open_store(in, err) != 0)
        return -1;
    for (int d = 0; d < DATASET_COUNT; d++) {
        struct intake_table *t = &in->datasets[d].table;
        if (!dataset_is_linked(d))
            continue;
        if (store_rows(&in->spill->datasets[d], t, err) != 0 || intake_table_shrink(t, err) != 0)
            return -1;
    }
    return 0;
}

static uint64_t row_bytes(const struct intake_table *t)
{
    uint64_t width = 0;
    for (size_t i = 0; i < t->frame.column_count; i++)
        width += column_width(t->frame.columns[i]->type);
    return width;
}

static uint64_t tables_bytes(const struct intake *in)
{
    uint64_t bytes = 0;
    for (int d = 0; d < DATASET_COUNT; d++)
        bytes += dataset_is_linked(d)
                     ? in->datasets[d].table.frame.rows * row_bytes(&in->datasets[d].table)
                     : 0;
    return bytes;
}

int intake_spill_watch(struct intake *in, enum dataset d, struct err *err)
{
    if (!in->plan || !dataset_is_linked((int)d))
        return 0;
    if (in->spill)
        return store_rows(&in->spill->datasets[d], &in->datasets[d].table, err);
    return tables_bytes(in) > in->plan->tables ? spill_all(in, err) : 0;
}

/* What pseudonymise takes: the rows; and to rank so many people, or to put the rows of the largest
 * dataset in order. */
static uint64_t work_bytes(const struct intake *in, uint64_t people)
{
    uint64_t room = 0;
    for (int d = 0; d < DATASET_COUNT; d++) {
        const struct intake_table *t = &in->datasets[d].table;
        uint64_t bytes = dataset_is_linked(d) ? t->frame.rows * row_bytes(t) : 0;
        room = bytes > room ? bytes : room;
    }
    uint64_t rank = (uint64_t)RANK_BYTES * people, order = room + ID_BYTES * people;
    return tables_bytes(in) + (rank > order ? rank : order) + SETS;
}

/* Everybody whom a row names. */
static int count_people(const struct intake *in, size_t *people, struct err *err)
{
    struct number_set all;
    int rc = 0;
    number_set_init(&all);
    for (int d = 0; d < DATASET_COUNT; d++) {
        const struct intake_table *t = &in->datasets[d].table;
        for (size_t i = 0; rc == 0 && dataset_is_linked(d) && i < t->number_count; i++)
            rc = number_set_add(&all, t->numbers[i], t->frame.rows, 1, err);
    }
    if (rc == 0)
        rc = number_set_rank(&all, err);
    *people = all.count;
    number_set_release(&all);
    return rc;
}

/* People are counted only where it matters how many there are. */
static int fits(const struct intake *in, bool *yes, struct err *err)
{
    uint64_t most = 0, limit = in->plan->whole;
    size_t people;
    *yes = true;
    for (int d = 0; d < DATASET_COUNT; d++)
        if (dataset_is_linked(d))
            most += in->datasets[d].table.frame.rows * in->datasets[d].table.number_count;
    if (limit == MEMORY_UNLIMITED || work_bytes(in, most) <= limit)
        return 0;
    *yes = false;
    if (work_bytes(in, 0) > limit)
        return 0;
    if (count_people(in, &people, err) != 0)
        return -1;
    *yes = work_bytes(in, people) <= limit;
    return 0;
}

int intake_spill_settle(struct intake *in, struct err *err)
{
    bool stay = false;
    if (!in->plan)
        return 0;
    if (!in->spill && fits(in, &stay, err) != 0)
        return -1;
    if (stay)
        return 0;
    if (spill_all(in, err) != 0)
        return -1;
    for (int d = 0; d < DATASET_COUNT; d++)
        if (dataset_is_linked(d) && record_writer_close(&in->spill->datasets[d].writer, err) != 0)
            return -1;
    return 0;
}

static int sort_words(struct stored_rows *s, struct frame *f, struct err *err)
{
    size_t cell = 0;
    for (size_t i = 0; i < f->column_count; i++) {
        struct column *c = f->columns[i];
        if (c->later)
            continue;
        if (c->coded) {
            s->recode[cell] = calloc((size_t)c->dictionary.count + 1, sizeof **s->recode);
            if (!s->recode[cell] || dictionary_sort(&c->dictionary, s->recode[cell]) != 0)
                return err_memory(err);
        }
        cell++;
    }
    return 0;
}

int intake_spill_sort(struct intake *in, const struct alias_map *aliases, struct err *err)
{
    in->spill->aliases = aliases;
    for (int d = 0; d < DATASET_COUNT; d++)
        if (dataset_is_linked(d) &&
            sort_words(&in->spill->datasets[d], &in->datasets[d].table.frame, err) != 0)
            return -1;
    return 0;
}

static uint32_t last_number(const struct alias_map *aliases, uint32_t packed)
{
    if (packed == NUMBER_NONE || packed == NUMBER_NO_PARENT)
        return packed;
    uint64_t number = national_number_unpack(packed), before = number;
    alias_apply(aliases, &number, 1);
    return number == before ? packed : national_number_pack(number);
}

struct adjusting {
    const struct stored_rows *rows;
    const struct alias_map *aliases;
};

static void adjust(void *context, uint32_t *records, size_t count)
{
    const struct adjusting *a = context;
    const struct stored_rows *s = a->rows;
    size_t words = s->number_count + s->cell_count;
    for (size_t i = 0; i < count; i++, records += words) {
        for (size_t k = 0; a->aliases->count > 0 && k < s->number_count; k++)
            records[k] = last_number(a->aliases, records[k]);
        for (size_t k = 0; k < s->cell_count; k++)
            if (s->recode[k])
                records[s->number_count + k] = s->recode[k][records[s->number_count + k]];
    }
}

int intake_spill_each(struct intake_spill *s, enum dataset d, unsigned threads, stored_take take,
                      void *context, struct err *err)
{
    struct adjusting a = {&s->datasets[d], s->aliases};
    return record_list_each(&s->datasets[d].rows, 0, threads, adjust, &a, take, context, err);
}

struct walking {
    struct record_lists *lists;
    size_t list;
    void (*adjust)(void *context, uint32_t *records, size_t count);
    void *adjusting;
    stored_take take;
    void *context;
    uint32_t *rooms[PARALLEL_MOST];
};

static int walk_block(void *context, unsigned worker, size_t block, struct err *err)
{
    struct walking *w = context;
    size_t count, bytes = w->lists->block_records * w->lists->width;
    if (!w->rooms[worker] && !(w->rooms[worker] = malloc(bytes)))
        return err_memory(err);
    uint32_t *records = w->rooms[worker];
    if (record_block_read(w->lists, w->list, block, records, &count, err) != 0)
        return -1;
    if (w->adjust)
        w->adjust(w->adjusting, records, count);
    return w->take(w->context, worker, records, count, err);
}

int record_list_each(struct record_lists *l, size_t list, unsigned threads,
                     void (*adjust_records)(void *context, uint32_t *records, size_t count),
                     void *adjusting, stored_take take, void *context, struct err *err)
{
    struct walking w = {.lists = l,
                        .list = list,
                        .adjust = adjust_records,
                        .adjusting = adjusting,
                        .take = take,
                        .context = context};
    int rc = parallel_items(threads, l->lists[list].block_count, walk_block, &w, err);
    for (size_t i = 0; i < PARALLEL_MOST; i++) {
        if (w.rooms[i])
            sodium_memzero(w.rooms[i], l->block_records * l->width);
        free(w.rooms[i]);
    }
    return rc;
}

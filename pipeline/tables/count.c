/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Counting rows into one dense array of counters, table after table, indexed by the ranks of the
 * leaf unit and leaf categories. cells_sum_up does the rest. See include/tables/count.h.
 */
#include "tables/count.h"

#include "base/parallel.h"
#include "base/report.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NO_RANK UINT32_MAX

enum { CATEGORIES = CONFIG_CATEGORIES + 2 };

/* Where a table's counters stand, and how a row finds its own. */
struct plan {
    char name[FRAME_NAME];           /* of the population's column */
    const struct column *population; /* of the present piece */
    size_t offset;
    size_t unit_step;
    size_t dimensions;
    int variable[CONFIG_VARIABLES];
    size_t step[CONFIG_VARIABLES];
};

struct counter {
    const struct structure *structure;
    size_t table_count;
    struct leaf_table *tables;
    const struct frame *rows; /* the present piece */
    uint64_t before;          /* rows of those that came before it */
    const struct column *entity;
    bool used[CONFIG_VARIABLES]; /* in some table */
    const struct column *columns[CONFIG_VARIABLES];
    uint32_t *unit_rank; /* NO_RANK: no delivered leaf */
    uint32_t category_rank[CONFIG_VARIABLES][CATEGORIES];
    size_t unit_leaves, category_leaves[CONFIG_VARIABLES];
    struct plan *plans;
    size_t counters; /* of all tables */
    unsigned threads;
    struct part {
        uint32_t *counters;
        uint32_t greatest[CONFIG_VARIABLES]; /* category that was met */
    } parts[PARALLEL_MOST];
};

static int rank_units(struct counter *c, struct err *err)
{
    const struct structure *s = c->structure;
    c->unit_rank = calloc(s->unit_count, sizeof *c->unit_rank);
    if (!c->unit_rank)
        return err_memory(err);
    for (size_t u = 0; u < s->unit_count; u++)
        if (s->units[u].parent >= 0)
            c->unit_rank[s->units[u].parent] = NO_RANK;
    for (size_t u = 0; u < s->unit_count; u++)
        if (c->unit_rank[u] != NO_RANK)
            c->unit_rank[u] = s->units[u].delivered ? (uint32_t)c->unit_leaves++ : NO_RANK;
    return 0;
}

/* Where unknown may come to stand, the place is a leaf. */
static void rank_categories(struct counter *c, size_t v)
{
    const struct variable *variable = &c->structure->variables[v];
    uint32_t *rank = c->category_rank[v];
    for (size_t i = 0; i < CATEGORIES; i++)
        rank[i] = i < variable->category_count ? 0 : NO_RANK;
    rank[0] = NO_RANK;
    for (size_t i = 1; i < variable->category_count; i++)
        rank[variable->categories[i].parent] = NO_RANK;
    if (variable_unknown(variable) == (int)variable->category_count)
        rank[variable->category_count] = 0;
    for (size_t i = 1; i < CATEGORIES; i++)
        if (rank[i] != NO_RANK)
            rank[i] = (uint32_t)c->category_leaves[v]++;
}

/* An unsigned column of at most 32 bits. */
static const struct column *need_codes(const struct frame *rows, const char *name, struct err *err)
{
    const struct column *column = frame_find(rows, name);
    if (column &&
        (column->type == COLUMN_U8 || column->type == COLUMN_U16 || column->type == COLUMN_U32))
        return column;
    err_set(err, ERR_DATA, "frame rows: no column %s, or of a wrong type", name);
    return NULL;
}

/* Counters are fewer than cells, as long as these are not too many. */
static int plan_table(struct counter *c, size_t t, struct err *err)
{
    const struct leaf_table *table = &c->tables[t];
    struct plan *plan = &c->plans[t];
    (void)snprintf(plan->name, sizeof plan->name, "population:%s",
                   c->structure->populations[table->population].id);
    plan->offset = c->counters;
    plan->dimensions = table->variable_count;
    size_t size = 1;
    for (size_t d = table->variable_count; d-- > 0;) {
        int v = table->variables[d];
        c->used[v] = true;
        plan->variable[d] = v;
        plan->step[d] = size;
        size *= c->category_leaves[v];
        if (size > CELLS_MAX)
            return cells_too_many(err);
    }
    plan->unit_step = size;
    c->counters += size * c->unit_leaves;
    return c->counters > CELLS_MAX ? cells_too_many(err) : 0;
}

static int make_plans(struct counter *c, struct err *err)
{
    c->plans = calloc(c->table_count + 1, sizeof *c->plans);
    if (!c->plans)
        return err_memory(err);
    if (rank_units(c, err) != 0)
        return -1;
    for (size_t v = 0; v < c->structure->variable_count; v++)
        rank_categories(c, v);
    for (size_t t = 0; t < c->table_count; t++)
        if (plan_table(c, t, err) != 0)
            return -1;
    return 0;
}

/* The columns of a piece. */
static int find_columns(struct counter *c, const struct frame *rows, struct err *err)
{
    c->rows = rows;
    if (!(c->entity = need_codes(rows, "entity", err)))
        return -1;
    for (size_t v = 0; v < c->structure->variable_count; v++)
        if (c->used[v] && !(c->columns[v] = need_codes(rows, c->structure->variables[v].name, err)))
            return -1;
    for (size_t t = 0; t < c->table_count; t++)
        if (!(c->plans[t].population = frame_need(rows, c->plans[t].name, COLUMN_U8, err)))
            return -1;
    return 0;
}

static inline uint32_t code_at(const struct column *column, size_t row)
{
    switch (column->type) {
    case COLUMN_U8:
        return ((const uint8_t *)column->cells)[row];
    case COLUMN_U16:
        return ((const uint16_t *)column->cells)[row];
    default:
        return ((const uint32_t *)column->cells)[row];
    }
}

/* The ranks of a row's unit and categories; -1 if one is no leaf. */
static int row_ranks(const struct counter *c, size_t row, size_t *unit,
                     size_t ranks[static CONFIG_VARIABLES],
                     uint32_t greatest[static CONFIG_VARIABLES])
{
    uint32_t entity = code_at(c->entity, row);
    if (entity >= c->structure->unit_count || c->unit_rank[entity] == NO_RANK)
        return -1;
    *unit = c->unit_rank[entity];
    for (size_t v = 0; v < c->structure->variable_count; v++) {
        if (!c->used[v])
            continue;
        uint32_t category = code_at(c->columns[v], row);
        if (category >= CATEGORIES || c->category_rank[v][category] == NO_RANK)
            return -1;
        ranks[v] = c->category_rank[v][category];
        greatest[v] = category > greatest[v] ? category : greatest[v];
    }
    return 0;
}

static int count_range(void *context, unsigned range, size_t begin, size_t end, struct err *err)
{
    struct counter *c = context;
    struct part *part = &c->parts[range];
    size_t ranks[CONFIG_VARIABLES] = {0}, unit = 0;
    uint32_t greatest[CONFIG_VARIABLES];
    memcpy(greatest, part->greatest, sizeof greatest);
    for (size_t row = begin; row < end; row++) {
        if (row_ranks(c, row, &unit, ranks, greatest) != 0)
            return err_set(err, ERR_DATA, "frame rows: row %" PRIu64 ": no leaf of the rules",
                           c->before + row + 1);
        for (size_t t = 0; t < c->table_count; t++) {
            const struct plan *plan = &c->plans[t];
            if (!((const uint8_t *)plan->population->cells)[row])
                continue;
            size_t at = plan->offset + unit * plan->unit_step;
            for (size_t d = 0; d < plan->dimensions; d++)
                at += ranks[plan->variable[d]] * plan->step[d];
            part->counters[at]++;
        }
    }
    memcpy(part->greatest, greatest, sizeof greatest);
    return 0;
}

/* Counters for each thread, as many as there is memory for. */
static int allocate(struct counter *c, unsigned threads, uint64_t memory, struct err *err)
{
    uint64_t most = memory / ((c->counters + 1) * sizeof *c->parts[0].counters);
    c->threads = parallel_count(most < threads ? (unsigned)most : threads, PARALLEL_MOST);
    for (unsigned r = 0; r < c->threads; r++) {
        c->parts[r].counters = calloc(c->counters + 1, sizeof *c->parts[r].counters);
        if (!c->parts[r].counters)
            return err_memory(err);
    }
    return 0;
}

int counter_open(struct counter **out, const struct structure *s, unsigned threads, uint64_t memory,
                 struct err *err)
{
    struct counter *c = *out = calloc(1, sizeof *c);
    if (!c)
        return err_memory(err);
    c->structure = s;
    if (cells_list_leaf_tables(s, &c->tables, &c->table_count, err) != 0 || make_plans(c, err) != 0)
        return -1;
    return allocate(c, threads, memory, err);
}

int counter_add(struct counter *c, const struct frame *rows, struct err *err)
{
    if (c->before + rows->rows > UINT32_MAX)
        return err_set(err, ERR_DATA, "frame rows: more than 32 bits of rows");
    if (find_columns(c, rows, err) != 0 ||
        parallel_ranges(c->threads, rows->rows, count_range, c, err) != 0)
        return -1;
    c->before += rows->rows;
    progress_step(rows->rows);
    return 0;
}

static int64_t leaf_of(void *context, size_t t, int unit, const uint16_t *categories)
{
    const struct counter *c = context;
    const struct plan *plan = &c->plans[t];
    size_t at = plan->offset + c->unit_rank[unit] * plan->unit_step;
    for (size_t d = 0; d < plan->dimensions; d++)
        at += c->category_rank[plan->variable[d]][categories[plan->variable[d]]] * plan->step[d];
    int64_t sum = 0;
    for (unsigned r = 0; r < c->threads; r++)
        sum += c->parts[r].counters[at];
    return sum;
}

int counter_finish(struct counter *c, const struct cells *cells, int64_t *counts, struct err *err)
{
    for (size_t v = 0; v < c->structure->variable_count; v++)
        for (unsigned r = 0; r < c->threads; r++)
            if (c->parts[r].greatest[v] >= c->structure->variables[v].category_count)
                return err_set(err, ERR_DATA, "frame rows: variable %s: unknown, which it lacks",
                               c->structure->variables[v].name);
    return cells_sum_up(cells, counts, leaf_of, c, err);
}

void counter_close(struct counter **counter)
{
    struct counter *c = *counter;
    *counter = NULL;
    if (!c)
        return;
    for (unsigned r = 0; r < PARALLEL_MOST; r++)
        free(c->parts[r].counters);
    free(c->tables);
    free(c->plans);
    free(c->unit_rank);
    free(c);
}

static int read_counts(int64_t *counts, const struct cells *cells, const struct column *count,
                       struct err *err)
{
    for (size_t i = 0; i < cells->count; i++) {
        uint64_t n = column_get(count, i);
        if (n > INT32_MAX)
            return err_set(err, ERR_DATA, "counts: a count is out of range");
        counts[i] = (int64_t)n;
    }
    return cells_additive(cells, counts, err);
}

int counts_from_frame(int64_t **counts, const struct cells *cells, const struct frame *f,
                      struct err *err)
{
    const struct column *count = frame_need(f, "count", COLUMN_U64, err);
    *counts = NULL;
    if (!count)
        return -1;
    if (f->rows != cells->count)
        return err_set(err, ERR_DATA, "counts: %zu cells, %zu expected", f->rows, cells->count);
    *counts = calloc(f->rows + 1, sizeof **counts);
    if (!*counts)
        return err_memory(err);
    if (read_counts(*counts, cells, count, err) == 0)
        return 0;
    free(*counts);
    *counts = NULL;
    return -1;
}

/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Counting rows into one dense array of counters, table after table, indexed by the ranks of the
 * leaf unit and leaf categories. cells_sum_up does the rest. See include/tables/count.h.
 */
#include "tables/count.h"

#include "base/parallel.h"
#include "base/report.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NO_RANK UINT32_MAX

enum {
    STEP = 65536,           /* rows between two reports of progress */
    COUNTERS_MAX = 1 << 27, /* of all threads together: half a gigabyte */
    CATEGORIES = CONFIG_CATEGORIES + 2,
};

/* Where a table's counters stand, and how a row finds its own. */
struct plan {
    const struct column *population;
    size_t offset;
    size_t unit_step;
    size_t dimensions;
    int variable[CONFIG_VARIABLES];
    size_t step[CONFIG_VARIABLES];
};

struct counter {
    const struct cells *cells;
    const struct structure *structure;
    const struct frame *rows;
    const struct column *entity;
    const struct column *columns[CONFIG_VARIABLES]; /* NULL: in no table */
    uint32_t *unit_rank;                            /* NO_RANK: no delivered leaf */
    uint32_t category_rank[CONFIG_VARIABLES][CATEGORIES];
    size_t unit_leaves, category_leaves[CONFIG_VARIABLES];
    struct plan *plans;
    size_t counters; /* of all tables */
    uint32_t *partial[PARALLEL_MOST];
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

static void rank_categories(struct counter *c, size_t v)
{
    const struct variable *variable = &c->structure->variables[v];
    uint32_t *rank = c->category_rank[v];
    for (size_t i = 0; i < CATEGORIES; i++)
        rank[i] = i < variable->category_count ? 0 : NO_RANK;
    rank[0] = NO_RANK;
    for (size_t i = 1; i < variable->category_count; i++)
        rank[variable->categories[i].parent] = NO_RANK;
    for (size_t i = 1; i < variable->category_count; i++)
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

static int plan_table(struct counter *c, size_t t, struct err *err)
{
    const struct leaf_table *table = &c->cells->leaf_tables[t];
    struct plan *plan = &c->plans[t];
    char name[FRAME_NAME];
    (void)snprintf(name, sizeof name, "population:%s",
                   c->structure->populations[table->population].id);
    plan->population = frame_need(c->rows, name, COLUMN_U8, err);
    if (!plan->population)
        return -1;
    plan->offset = c->counters;
    plan->dimensions = table->variable_count;
    size_t size = 1;
    for (size_t d = table->variable_count; d-- > 0;) {
        int v = table->variables[d];
        if (!c->columns[v])
            c->columns[v] = need_codes(c->rows, c->structure->variables[v].name, err);
        if (!c->columns[v])
            return -1;
        plan->variable[d] = v;
        plan->step[d] = size;
        size *= c->category_leaves[v]; /* at most the table's cells, which cells_build bounded */
    }
    plan->unit_step = size;
    c->counters += size * c->unit_leaves;
    return 0;
}

static int make_plans(struct counter *c, struct err *err)
{
    c->entity = need_codes(c->rows, "entity", err);
    c->plans = calloc(c->cells->leaf_table_count + 1, sizeof *c->plans);
    if (!c->entity || !c->plans)
        return c->entity ? err_memory(err) : -1;
    if (rank_units(c, err) != 0)
        return -1;
    for (size_t v = 0; v < c->structure->variable_count; v++)
        rank_categories(c, v);
    for (size_t t = 0; t < c->cells->leaf_table_count; t++)
        if (plan_table(c, t, err) != 0)
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
                     size_t ranks[static CONFIG_VARIABLES])
{
    uint32_t entity = code_at(c->entity, row);
    if (entity >= c->structure->unit_count || c->unit_rank[entity] == NO_RANK)
        return -1;
    *unit = c->unit_rank[entity];
    for (size_t v = 0; v < c->structure->variable_count; v++) {
        if (!c->columns[v])
            continue;
        uint32_t category = code_at(c->columns[v], row);
        if (category >= CATEGORIES || c->category_rank[v][category] == NO_RANK)
            return -1;
        ranks[v] = c->category_rank[v][category];
    }
    return 0;
}

static int count_range(void *context, unsigned range, size_t begin, size_t end, struct err *err)
{
    const struct counter *c = context;
    uint32_t *partial = c->partial[range];
    size_t ranks[CONFIG_VARIABLES] = {0}, unit = 0;
    for (size_t row = begin; row < end; row++) {
        if (row_ranks(c, row, &unit, ranks) != 0)
            return err_set(err, ERR_DATA, "frame rows: row %zu: no leaf of the rules", row + 1);
        for (size_t t = 0; t < c->cells->leaf_table_count; t++) {
            const struct plan *plan = &c->plans[t];
            if (!((const uint8_t *)plan->population->cells)[row])
                continue;
            size_t at = plan->offset + unit * plan->unit_step;
            for (size_t d = 0; d < plan->dimensions; d++)
                at += ranks[plan->variable[d]] * plan->step[d];
            partial[at]++;
        }
        if ((row - begin + 1) % STEP == 0)
            progress_step(STEP);
    }
    progress_step((end - begin) % STEP);
    return 0;
}

/* Counters for each range, as many as fit into the limit. */
static unsigned allocate_partials(struct counter *c, unsigned threads, struct err *err)
{
    size_t most = COUNTERS_MAX / (c->counters + 1);
    if (threads > most)
        threads = most ? (unsigned)most : 1;
    unsigned ranges = parallel_count(threads, c->rows->rows);
    for (unsigned r = 0; r < (ranges ? ranges : 1); r++) {
        c->partial[r] = calloc(c->counters + 1, sizeof **c->partial);
        if (!c->partial[r]) {
            err_memory(err);
            return 0;
        }
    }
    return ranges ? ranges : 1;
}

static int64_t leaf_of(void *context, size_t t, int unit, const uint16_t *categories)
{
    const struct counter *c = context;
    const struct plan *plan = &c->plans[t];
    size_t at = plan->offset + c->unit_rank[unit] * plan->unit_step;
    for (size_t d = 0; d < plan->dimensions; d++)
        at += c->category_rank[plan->variable[d]][categories[plan->variable[d]]] * plan->step[d];
    int64_t sum = 0;
    for (unsigned r = 0; r < PARALLEL_MOST && c->partial[r]; r++)
        sum += c->partial[r][at];
    return sum;
}

int count_rows(const struct cells *cells, const struct frame *rows, unsigned threads,
               int64_t *counts, struct err *err)
{
    struct counter *c = calloc(1, sizeof *c);
    int rc = -1;
    if (!c)
        return err_memory(err);
    c->cells = cells;
    c->structure = cells->structure;
    c->rows = rows;
    if (rows->rows > UINT32_MAX) {
        err_set(err, ERR_DATA, "frame rows: more than 32 bits of rows");
        goto out;
    }
    if (make_plans(c, err) != 0)
        goto out;
    unsigned ranges = allocate_partials(c, threads, err);
    if (ranges == 0 || parallel_ranges(ranges, rows->rows, count_range, c, err) != 0)
        goto out;
    rc = cells_sum_up(cells, counts, leaf_of, c, err);
out:
    for (unsigned r = 0; r < PARALLEL_MOST; r++)
        free(c->partial[r]);
    free(c->plans);
    free(c->unit_rank);
    free(c);
    return rc;
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

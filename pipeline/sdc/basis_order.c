/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/sdc/basis_order.h. Rows that have their slacks play no part in the order. */
#include "sdc/basis_order.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define NONE UINT32_MAX

/* In the bump a pivot is at least this, and this part of its column's largest element. */
static const double PIVOT = 1e-3, OF_LARGEST = 0.1;

struct basis_order {
    const struct change_system *system;
    uint32_t *in_row, *in_column; /* active elements of each active row and column; else 0 */
    uint32_t *place;              /* per column: its place among those of the basis, + 1 */
    uint32_t *first, *next, *of;  /* elements by row, linked: of = column's place among them */
    size_t room;
    uint32_t *queue; /* rows and columns with one element left: 2 * place, columns + 1 */
    size_t queued;
    uint32_t *front, *back, *bump; /* places of columns */
    size_t front_count, back_count, bump_count;
    struct sparse work; /* per row */
};

int basis_order_open(struct basis_order **out, const struct change_system *system, struct err *err)
{
    size_t rows = system->rows + 1, columns = system->columns + 1;
    struct basis_order *b = calloc(1, sizeof *b);
    *out = NULL;
    if (!b)
        return err_memory(err);
    b->system = system;
    b->in_row = calloc(rows, sizeof *b->in_row);
    b->first = malloc(rows * sizeof *b->first);
    b->in_column = calloc(columns, sizeof *b->in_column);
    b->queue = malloc(2 * (rows + columns) * sizeof *b->queue);
    b->front = malloc(rows * sizeof *b->front);
    b->back = malloc(rows * sizeof *b->back);
    b->bump = malloc(rows * sizeof *b->bump);
    bool all = b->in_row && b->first && b->in_column && b->queue && b->front && b->back && b->bump;
    if ((!all && err_memory(err) != 0) || sparse_open(&b->work, rows, err) != 0) {
        basis_order_close(b);
        return -1;
    }
    *out = b;
    return 0;
}

void basis_order_close(struct basis_order *b)
{
    if (!b)
        return;
    sparse_release(&b->work);
    free(b->in_row);
    free(b->in_column);
    free(b->first);
    free(b->next);
    free(b->of);
    free(b->queue);
    free(b->front);
    free(b->back);
    free(b->bump);
    free(b);
}

struct basis {
    const uint32_t *columns;
    uint32_t *rows;
    size_t count;
};

static int make_room(struct basis_order *b, const struct basis *basis, struct err *err)
{
    const struct change_system *a = b->system;
    size_t elements = 0;
    for (size_t i = 0; i < basis->count; i++)
        elements += a->column_start[basis->columns[i] + 1] - a->column_start[basis->columns[i]];
    if (elements <= b->room)
        return 0;
    uint32_t *next = realloc(b->next, 2 * elements * sizeof *next);
    b->next = next ? next : b->next;
    uint32_t *of = next ? realloc(b->of, 2 * elements * sizeof *of) : NULL;
    if (!of)
        return err_memory(err);
    b->of = of;
    b->room = 2 * elements;
    return 0;
}

static void queue_if_last(struct basis_order *b, uint32_t left, size_t place, bool column)
{
    if (left == 1)
        b->queue[b->queued++] = (uint32_t)(2 * place + column);
}

/* Links the basis's elements by row. in_row of a row is 0 as long as it is not of the basis. */
static void link_elements(struct basis_order *b, const struct basis *basis)
{
    const struct change_system *a = b->system;
    uint32_t element = 0;
    for (size_t i = 0; i < basis->count; i++) {
        b->in_row[basis->rows[i]] = 1; /* counts itself; taken off below */
        b->first[basis->rows[i]] = NONE;
    }
    for (uint32_t i = 0; i < basis->count; i++) {
        uint32_t c = basis->columns[i];
        b->in_column[i] = 0;
        for (uint32_t k = a->column_start[c]; k < a->column_start[c + 1]; k++) {
            uint32_t r = element_place(a->column[k]);
            if (!b->in_row[r])
                continue;
            b->in_row[r]++;
            b->in_column[i]++;
            b->of[element] = i;
            b->next[element] = b->first[r];
            b->first[r] = element++;
        }
    }
    b->queued = b->front_count = b->back_count = b->bump_count = 0;
    for (size_t i = 0; i < basis->count; i++) {
        queue_if_last(b, --b->in_row[basis->rows[i]], basis->rows[i], false);
        queue_if_last(b, b->in_column[i], i, true);
    }
}

/* Takes the column at this place and the row out of what is left. */
static void take_out(struct basis_order *b, const struct basis *basis, uint32_t place, uint32_t row)
{
    const struct change_system *a = b->system;
    uint32_t c = basis->columns[place];
    b->in_column[place] = 0;
    b->in_row[row] = 0;
    for (uint32_t k = a->column_start[c]; k < a->column_start[c + 1]; k++) {
        uint32_t r = element_place(a->column[k]);
        if (b->in_row[r])
            queue_if_last(b, --b->in_row[r], r, false);
    }
    for (uint32_t e = b->first[row]; e != NONE; e = b->next[e])
        if (b->in_column[b->of[e]])
            queue_if_last(b, --b->in_column[b->of[e]], b->of[e], true);
    basis->rows[place] = row;
}

/* What stands alone in its row, or has its row for itself, until nothing does. */
static void peel(struct basis_order *b, const struct basis *basis)
{
    const struct change_system *a = b->system;
    while (b->queued) {
        uint32_t item = b->queue[--b->queued], which = item >> 1;
        bool column = item & 1;
        if (column && b->in_column[which] == 1) {
            uint32_t k = a->column_start[basis->columns[which]];
            while (!b->in_row[element_place(a->column[k])])
                k++;
            b->back[b->back_count++] = which;
            take_out(b, basis, which, element_place(a->column[k]));
        } else if (!column && b->in_row[which] == 1) {
            uint32_t e = b->first[which];
            while (!b->in_column[b->of[e]])
                e = b->next[e];
            b->front[b->front_count++] = b->of[e];
            take_out(b, basis, b->of[e], which);
        }
    }
}

static void load_column(struct basis_order *b, uint32_t column)
{
    const struct change_system *a = b->system;
    sparse_clear(&b->work);
    for (uint32_t k = a->column_start[column]; k < a->column_start[column + 1]; k++)
        sparse_add(&b->work, element_place(a->column[k]), element_times(a->column[k], 1));
}

static int add_plain(struct basis_order *b, struct eta_file *file, const struct basis *basis,
                     uint32_t place, struct err *err)
{
    load_column(b, basis->columns[place]);
    return eta_file_add(file, &b->work, basis->rows[place], err);
}

/* Of the rows that are left, the one with the fewest elements whose pivot is safe; or NONE. */
static uint32_t choose_row(const struct basis_order *b)
{
    const struct sparse *v = &b->work;
    double largest = 0;
    uint32_t best = NONE;
    for (size_t i = 0; i < v->count; i++)
        if (b->in_row[v->list[i]] && fabs(v->value[v->list[i]]) > largest)
            largest = fabs(v->value[v->list[i]]);
    for (size_t i = 0; i < v->count && largest > PIVOT; i++) {
        uint32_t r = v->list[i];
        if (b->in_row[r] && fabs(v->value[r]) >= OF_LARGEST * largest &&
            (best == NONE || b->in_row[r] < b->in_row[best]))
            best = r;
    }
    return best;
}

static int by_count(const void *x, const void *y, void *context)
{
    const struct basis_order *b = context;
    uint32_t i = *(const uint32_t *)x, k = *(const uint32_t *)y;
    if (b->in_column[i] != b->in_column[k])
        return b->in_column[i] < b->in_column[k] ? -1 : 1;
    return (i > k) - (i < k);
}

static int add_bump(struct basis_order *b, struct eta_file *file, const struct basis *basis,
                    bool *regular, struct err *err)
{
    size_t before = file->count;
    for (uint32_t i = 0; i < basis->count; i++)
        if (b->in_column[i])
            b->bump[b->bump_count++] = i;
    qsort_r(b->bump, b->bump_count, sizeof *b->bump, by_count, b);
    for (size_t i = 0; i < b->bump_count; i++) {
        uint32_t place = b->bump[i], row;
        load_column(b, basis->columns[place]);
        eta_file_forward_from(file, before, &b->work); /* those before have none of its rows */
        row = choose_row(b);
        *regular = row != NONE;
        if (!*regular)
            return 0;
        b->in_row[row] = 0;
        basis->rows[place] = row;
        if (eta_file_add(file, &b->work, row, err) != 0)
            return -1;
    }
    return 0;
}

int basis_order_renew(struct basis_order *b, struct eta_file *file, const uint32_t *columns,
                      uint32_t *rows, size_t count, bool *regular, struct err *err)
{
    struct basis basis = {.columns = columns, .rows = rows, .count = count};
    int rc = make_room(b, &basis, err);
    *regular = true;
    if (rc != 0)
        return -1;
    eta_file_clear(file);
    link_elements(b, &basis);
    peel(b, &basis);
    for (size_t i = 0; i < b->front_count && rc == 0; i++)
        rc = add_plain(b, file, &basis, b->front[i], err);
    if (rc == 0)
        rc = add_bump(b, file, &basis, regular, err);
    for (size_t i = b->back_count; i-- > 0 && *regular && rc == 0;)
        rc = add_plain(b, file, &basis, b->back[i], err);
    for (size_t i = 0; i < b->bump_count; i++) /* rows and columns that were left are 0 again */
        b->in_column[b->bump[i]] = 0;
    if (!*regular)
        memset(b->in_row, 0, b->system->rows * sizeof *b->in_row);
    return rc;
}

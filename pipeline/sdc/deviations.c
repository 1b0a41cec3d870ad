/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/sdc/deviations.h. The model is that of the suppression subproblem in Fischetti and
 * Salazar (2001), with prices instead of all-or-nothing costs. */
#include "sdc/deviations.h"

#include "sdc/change_general.h"
#include "sdc/least_change.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Until a general solver is asked: beyond this it is as fast. */
enum { ITERATIONS_MOST = 3000 };

static const double WHOLE = 1e-6;

struct deviations {
    const struct cells *cells;
    const int64_t *counts;
    const uint8_t *held; /* per cell, the caller's; or NULL */
    uint32_t *movable;   /* the movable cells, increasing: the columns */
    uint32_t *place;     /* per cell of the system: its column + 1, 0 = not movable */
    struct change_system system;
    uint32_t *row_start, *row, *column_start, *column; /* of system */
    struct change_limits *limits;                      /* per column */
    struct least_change *least;
    double *by;      /* per column: what the last programme moves */
    uint32_t *moved; /* the columns that it moves, increasing */
    size_t moved_count;
    int64_t *sums; /* per row: 0; room for a check */
    size_t iterations, iterations_most;
    bool gives_up;
};

void move_release(struct move *m)
{
    free(m->cells);
    free(m->by);
    memset(m, 0, sizeof *m);
}

int move_copy(struct move *to, const struct move *from, struct err *err)
{
    *to = *from;
    to->cells = malloc((from->count + 1) * sizeof *to->cells);
    to->by = malloc((from->count + 1) * sizeof *to->by);
    if (!to->cells || !to->by) {
        move_release(to);
        return err_memory(err);
    }
    memcpy(to->cells, from->cells, from->count * sizeof *to->cells);
    memcpy(to->by, from->by, from->count * sizeof *to->by);
    return 0;
}

int64_t move_of(const struct move *m, uint32_t cell)
{
    size_t low = 0, high = m->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (m->cells[middle] < cell)
            low = middle + 1;
        else
            high = middle;
    }
    return low < m->count && m->cells[low] == cell ? m->by[low] : 0;
}

static void number_columns(struct deviations *d, const uint8_t *movable)
{
    for (uint32_t i = 0; i < d->cells->count; i++) {
        if (!movable[i])
            continue;
        d->movable[d->system.columns++] = i;
        d->place[i] = (uint32_t)d->system.columns;
    }
}

/* Equations without a movable cell are left out. */
static void fill_rows(struct deviations *d)
{
    const struct cells *c = d->cells;
    uint32_t at = 0;
    d->row_start[0] = 0;
    for (uint32_t e = 0; e < c->equation_count; e++) {
        for (uint32_t i = c->equation_start[e]; i < c->equation_start[e + 1]; i++) {
            uint32_t place = d->place[c->equation_cell[i]];
            if (place)
                d->row[at++] = element_of(place - 1, i == c->equation_start[e]);
        }
        if (at > d->row_start[d->system.rows])
            d->row_start[++d->system.rows] = at;
    }
}

static void fill_columns(struct deviations *d)
{
    uint32_t elements = d->row_start[d->system.rows];
    uint32_t *start = d->column_start;
    for (uint32_t i = 0; i < elements; i++)
        start[element_place(d->row[i]) + 1]++;
    for (size_t k = 0; k < d->system.columns; k++)
        start[k + 1] += start[k];
    for (size_t r = d->system.rows; r-- > 0;)
        for (uint32_t i = d->row_start[r]; i < d->row_start[r + 1]; i++)
            d->column[--start[element_place(d->row[i]) + 1]] = element_of(r, d->row[i] & 1);
    memmove(start, start + 1, d->system.columns * sizeof *start);
    start[d->system.columns] = elements;
}

static size_t count_elements(const struct deviations *d)
{
    size_t sum = 0;
    for (uint32_t i = 0; i < d->cells->equation_start[d->cells->equation_count]; i++)
        sum += d->place[d->cells->equation_cell[i]] != 0;
    return sum;
}

static int make_system(struct deviations *d, struct err *err)
{
    size_t elements = count_elements(d) + 1, columns = d->system.columns + 1;
    size_t rows = d->cells->equation_count + 1;
    d->row_start = malloc(rows * sizeof *d->row_start);
    d->row = malloc(elements * sizeof *d->row);
    d->column_start = calloc(columns + 1, sizeof *d->column_start);
    d->column = malloc(elements * sizeof *d->column);
    d->limits = calloc(columns, sizeof *d->limits);
    d->by = calloc(columns, sizeof *d->by);
    d->moved = malloc(columns * sizeof *d->moved);
    d->sums = calloc(rows, sizeof *d->sums);
    if (!d->row_start || !d->row || !d->column_start || !d->column || !d->limits || !d->by ||
        !d->moved || !d->sums)
        return err_memory(err);
    fill_rows(d);
    fill_columns(d);
    d->system.row_start = d->row_start;
    d->system.row = d->row;
    d->system.column_start = d->column_start;
    d->system.column = d->column;
    return 0;
}

int deviations_open(struct deviations **out, const struct cells *cells, const int64_t *counts,
                    const uint8_t *movable, const uint8_t *held, struct err *err)
{
    *out = NULL;
    struct deviations *d = calloc(1, sizeof *d);
    if (!d)
        return err_memory(err);
    d->cells = cells;
    d->counts = counts;
    d->held = held;
    d->iterations_most = ITERATIONS_MOST;
    d->movable = malloc((cells->count + 1) * sizeof *d->movable);
    d->place = calloc(cells->count + 1, sizeof *d->place);
    int rc = d->movable && d->place ? 0 : err_memory(err);
    if (rc == 0) {
        number_columns(d, movable);
        rc = make_system(d, err);
    }
    if (rc == 0) {
        deviations_rebase(d);
        rc = least_change_open(&d->least, &d->system, d->limits, err);
    }
    if (rc == 0)
        *out = d;
    else
        deviations_close(d);
    return rc;
}

void deviations_close(struct deviations *d)
{
    if (!d)
        return;
    least_change_close(d->least);
    free(d->movable);
    free(d->place);
    free(d->row_start);
    free(d->row);
    free(d->column_start);
    free(d->column);
    free(d->limits);
    free(d->by);
    free(d->moved);
    free(d->sums);
    free(d);
}

void deviations_price(struct deviations *d, uint32_t cell, double up, double down)
{
    if (d->place[cell] == 0)
        return;
    d->limits[d->place[cell] - 1].up = up;
    d->limits[d->place[cell] - 1].down = down;
}

void deviations_rebase(struct deviations *d)
{
    for (size_t k = 0; k < d->system.columns; k++) {
        d->limits[k].closed = d->held && d->held[d->movable[k]];
        d->limits[k].fall = (double)d->counts[d->movable[k]];
    }
}

/* Do the equations hold and is no count negative, after this move? */
static bool move_holds(const struct deviations *d, const struct move *m)
{
    const struct change_system *a = &d->system;
    bool hold = true;
    for (size_t i = 0; i < m->count; i++) {
        uint32_t k = d->place[m->cells[i]] - 1;
        hold = hold && d->counts[m->cells[i]] + m->by[i] >= 0;
        for (uint32_t j = a->column_start[k]; j < a->column_start[k + 1]; j++)
            d->sums[element_place(a->column[j])] += a->column[j] & 1 ? -m->by[i] : m->by[i];
    }
    for (size_t i = 0; i < m->count; i++) {
        uint32_t k = d->place[m->cells[i]] - 1;
        for (uint32_t j = a->column_start[k]; j < a->column_start[k + 1]; j++) {
            hold = hold && d->sums[element_place(a->column[j])] == 0;
            d->sums[element_place(a->column[j])] = 0;
        }
    }
    return hold;
}

/* Reads the vertex in units of 1/denominator as a move of whole numbers; false if it is none. A
 * multiple of a move is a move too, as long as no count falls below zero. */
static bool read_whole(const struct deviations *d, struct move *m, int denominator)
{
    for (size_t i = 0; i < m->count; i++) {
        double by = d->by[d->moved[i]] * denominator;
        if (fabs(by - nearbyint(by)) > WHOLE || fabs(by) > 1e15)
            return false;
        m->by[i] = (int64_t)nearbyint(by);
    }
    return move_holds(d, m);
}

static int read_move(const struct deviations *d, struct move *out, struct err *err)
{
    static const int DENOMINATORS[] = {1, 2, 3, 4, 6};
    out->cells = calloc(d->moved_count + 1, sizeof *out->cells);
    out->by = calloc(d->moved_count + 1, sizeof *out->by);
    if (!out->cells || !out->by) {
        move_release(out);
        return err_memory(err);
    }
    for (size_t i = 0; i < d->moved_count; i++)
        out->cells[out->count++] = d->movable[d->moved[i]];
    for (size_t k = 0; !out->whole && k < sizeof DENOMINATORS / sizeof *DENOMINATORS; k++)
        out->whole = read_whole(d, out, DENOMINATORS[k]);
    if (!out->whole)
        memset(out->by, 0, out->count * sizeof *out->by);
    return 0;
}

static int by_place(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

static void keep(struct deviations *d, uint32_t column, double by)
{
    if (fabs(by) <= WHOLE)
        return;
    d->by[column] = by;
    d->moved[d->moved_count++] = column;
}

static void keep_least(struct deviations *d)
{
    size_t count;
    const uint32_t *moved = least_change_moved(d->least, &count);
    for (size_t i = 0; i < count; i++)
        keep(d, moved[i], least_change_by(d->least, moved[i]));
    qsort(d->moved, d->moved_count, sizeof *d->moved, by_place);
}

static int ask_general(struct deviations *d, uint32_t column, double by,
                       enum least_change_answer *answer, struct err *err)
{
    double *all = calloc(d->system.columns, sizeof *all);
    size_t more = 0;
    int rc = all ? change_general(&d->system, d->limits, column, by, all, answer, &more, err)
                 : err_memory(err);
    for (uint32_t k = 0; rc == 0 && *answer == CHANGE_FOUND && k < d->system.columns; k++)
        keep(d, k, all[k]);
    d->iterations += more;
    free(all);
    return rc;
}

int deviations_solve(struct deviations *d, uint32_t target, int64_t by, struct move *out,
                     struct err *err)
{
    enum least_change_answer answer;
    memset(out, 0, sizeof *out);
    for (size_t i = 0; i < d->moved_count; i++)
        d->by[d->moved[i]] = 0;
    d->moved_count = d->iterations = 0;
    if (by == 0 || !d->place[target] || (d->held && d->held[target]) || d->counts[target] + by < 0)
        return 0;
    uint32_t column = d->place[target] - 1;
    if (least_change_solve(d->least, column, (double)by, d->iterations_most, &answer, err) != 0)
        return -1;
    d->iterations = least_change_iterations(d->least);
    if (answer == CHANGE_FOUND)
        keep_least(d);
    else if (answer == CHANGE_GIVEN_UP && !d->gives_up &&
             ask_general(d, column, (double)by, &answer, err) != 0)
        return -1;
    out->possible = answer == CHANGE_FOUND;
    return out->possible ? read_move(d, out, err) : 0;
}

void deviations_give_up_after(struct deviations *d, size_t iterations)
{
    d->iterations_most = iterations;
    d->gives_up = true;
}

double deviations_moved(const struct deviations *d, uint32_t cell)
{
    return d->place[cell] ? d->by[d->place[cell] - 1] : 0;
}

size_t deviations_iterations(const struct deviations *d)
{
    return d->iterations;
}

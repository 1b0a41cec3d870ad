/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/sdc/least_change.h. */
#include "sdc/least_change_state.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { RENEW_AFTER = 32 }; /* pivots; each makes the file longer by more than its column */

static const double BROKEN = 1e-7; /* a bound or equation by more than this */
static const double PIVOT = 1e-5;  /* smaller ones are not safe */
static const double WEIGHT_LEAST = 1e-4;

static int open_vectors(struct least_change *l, struct err *err)
{
    size_t rows = l->system->rows, columns = l->system->columns;
    return sparse_open(&l->x, rows, err) == 0 && sparse_open(&l->inverse_row, rows, err) == 0 &&
                   sparse_open(&l->edge, rows, err) == 0 &&
                   sparse_open(&l->column, rows, err) == 0 &&
                   sparse_open(&l->jump, rows, err) == 0 &&
                   sparse_open(&l->dual, columns, err) == 0 &&
                   sparse_open(&l->pivot_row, columns, err) == 0
               ? 0
               : -1;
}

int least_change_open(struct least_change **out, const struct change_system *system,
                      const struct change_limits *limits, struct err *err)
{
    size_t rows = system->rows + 1, columns = system->columns + 1;
    struct least_change *l = calloc(1, sizeof *l);
    *out = NULL;
    if (!l)
        return err_memory(err);
    l->system = system;
    l->limits = limits;
    l->status = calloc(columns, 1);
    l->suspects = malloc(rows * sizeof *l->suspects);
    l->suspected = calloc(rows, sizeof *l->suspected);
    l->head = malloc(rows * sizeof *l->head);
    l->weight = malloc(rows * sizeof *l->weight);
    l->points = malloc(2 * columns * sizeof *l->points);
    l->basic = malloc(rows * sizeof *l->basic);
    l->basic_row = malloc(rows * sizeof *l->basic_row);
    l->basic_x = malloc(rows * sizeof *l->basic_x);
    l->basic_weight = malloc(rows * sizeof *l->basic_weight);
    l->moved = malloc((rows + columns) * sizeof *l->moved);
    l->by = calloc(columns, sizeof *l->by);
    bool all = l->suspects && l->suspected && l->status && l->head && l->weight && l->points &&
               l->moved && l->by && l->basic && l->basic_row && l->basic_x && l->basic_weight;
    if ((!all && err_memory(err) != 0) || open_vectors(l, err) != 0 ||
        basis_order_open(&l->order, system, err) != 0) {
        least_change_close(l);
        return -1;
    }
    for (size_t r = 0; r < system->rows; r++) {
        l->head[r] = SLACK;
        l->weight[r] = 1;
    }
    *out = l;
    return 0;
}

void least_change_close(struct least_change *l)
{
    if (!l)
        return;
    sparse_release(&l->x);
    sparse_release(&l->inverse_row);
    sparse_release(&l->edge);
    sparse_release(&l->column);
    sparse_release(&l->jump);
    sparse_release(&l->dual);
    sparse_release(&l->pivot_row);
    eta_file_release(&l->etas);
    free(l->status);
    free(l->suspects);
    free(l->suspected);
    free(l->head);
    free(l->weight);
    free(l->points);
    free(l->moved);
    free(l->by);
    free(l->basic);
    free(l->basic_row);
    free(l->basic_x);
    free(l->basic_weight);
    basis_order_close(l->order);
    free(l);
}

/* v += times * column */
void least_change_add_column(const struct least_change *l, struct sparse *v, uint32_t column,
                             double times)
{
    const struct change_system *a = l->system;
    for (uint32_t i = a->column_start[column]; i < a->column_start[column + 1]; i++)
        sparse_add(v, element_place(a->column[i]), element_times(a->column[i], times));
}

/* Only what the last programme touched. */
static void start_again(struct least_change *l)
{
    for (size_t i = 0; i < l->suspect_count; i++)
        l->suspected[l->suspects[i]] = false;
    l->suspect_count = 0;
    for (size_t i = 0; i < l->x.count; i++) {
        l->head[l->x.list[i]] = SLACK;
        l->weight[l->x.list[i]] = 1;
    }
    for (size_t i = 0; i < l->dual.count; i++)
        l->status[l->dual.list[i]] = AT_ZERO;
    for (size_t i = 0; i < l->moved_count; i++)
        l->by[l->moved[i]] = 0;
    sparse_clear(&l->x);
    sparse_clear(&l->dual);
    eta_file_clear(&l->etas);
    l->moved_count = l->renewed = 0;
    l->iterations = 0;
}

/* How far the row's variable is above (more than 0) or below its bounds. */
static double broken_by(const struct least_change *l, uint32_t row)
{
    double x = l->x.value[row], fall;
    if (l->head[row] == SLACK)
        return x;
    if (l->status[l->head[row]] == BASIC_RISE)
        return x < 0 ? x : 0;
    fall = l->limits[l->head[row]].fall;
    return x > 0 ? x : x < -fall ? x + fall : 0;
}

static void change_x(struct least_change *l, uint32_t row, double by)
{
    sparse_add(&l->x, row, by);
    if (!l->suspected[row]) {
        l->suspected[row] = true;
        l->suspects[l->suspect_count++] = row;
    }
}

/* The steepest edge; ties go to the row that became a suspect first. */
static bool choose_row(struct least_change *l, uint32_t *row)
{
    double best = 0;
    size_t kept = 0;
    for (size_t i = 0; i < l->suspect_count; i++) {
        uint32_t r = l->suspects[i];
        double by = broken_by(l, r);
        l->suspected[r] = fabs(by) > BROKEN;
        if (!l->suspected[r])
            continue;
        l->suspects[kept++] = r;
        if (by * by > best * l->weight[r]) {
            best = by * by / l->weight[r];
            *row = r;
        }
    }
    l->suspect_count = kept;
    return kept > 0;
}

/* x -= times * v */
static void subtract(struct least_change *l, const struct sparse *v, double times)
{
    for (size_t i = 0; i < v->count; i++)
        if (v->value[v->list[i]] != 0)
            change_x(l, v->list[i], -times * v->value[v->list[i]]);
}

static void move_duals(struct least_change *l, const struct breakpoint *entering, double sign,
                       uint32_t leaving)
{
    for (size_t i = 0; i < l->pivot_row.count; i++) {
        uint32_t c = l->pivot_row.list[i];
        enum status status = l->status[c];
        if (status == AT_ZERO || status == AT_FALL)
            sparse_add(&l->dual, c, sign * entering->at * l->pivot_row.value[c]);
    }
    if (leaving != SLACK)
        sparse_add(&l->dual, leaving, sign * entering->at);
}

static void move_weights(struct least_change *l, uint32_t row, double pivot)
{
    double length = 0;
    sparse_clear(&l->edge);
    for (size_t i = 0; i < l->inverse_row.count; i++) {
        double value = l->inverse_row.value[l->inverse_row.list[i]];
        length += value * value;
        sparse_add(&l->edge, l->inverse_row.list[i], value);
    }
    eta_file_forward(&l->etas, &l->edge);
    for (size_t i = 0; i < l->column.count; i++) {
        uint32_t r = l->column.list[i];
        double ratio = l->column.value[r] / pivot;
        double weight = l->weight[r] - 2 * ratio * l->edge.value[r] + ratio * ratio * length;
        l->weight[r] = weight > WEIGHT_LEAST ? weight : WEIGHT_LEAST;
    }
    l->weight[row] = length / (pivot * pivot);
}

/* The entering column becomes basic in the row, whose variable goes to its bound. */
static int pivot(struct least_change *l, uint32_t row, double bound,
                 const struct breakpoint *entering, bool *safe, struct err *err)
{
    uint32_t q = entering->column;
    double from = l->status[q] == AT_FALL ? -l->limits[q].fall : 0;
    sparse_clear(&l->column);
    least_change_add_column(l, &l->column, q, 1);
    eta_file_forward(&l->etas, &l->column);
    double element = l->column.value[row];
    *safe = fabs(element) > PIVOT && fabs(fabs(element) - entering->element) < PIVOT;
    if (!*safe)
        return 0;
    double step = (l->x.value[row] - bound) / element;
    subtract(l, &l->column, step);
    change_x(l, row, from + step - l->x.value[row]);
    move_weights(l, row, element);
    l->head[row] = q;
    l->status[q] = (uint8_t)entering->enters;
    return eta_file_add(&l->etas, &l->column, row, err);
}

/* A short eta file for the present basis, whose variables may get other rows by it. */
static int renew(struct least_change *l, bool *regular, struct err *err)
{
    size_t count = 0;
    for (size_t i = 0; i < l->x.count; i++) {
        uint32_t r = l->x.list[i];
        if (l->head[r] == SLACK)
            continue;
        l->basic[count] = l->head[r];
        l->basic_row[count] = r;
        l->basic_x[count] = l->x.value[r];
        l->basic_weight[count++] = l->weight[r];
    }
    if (basis_order_renew(l->order, &l->etas, l->basic, l->basic_row, count, regular, err) != 0)
        return -1;
    for (size_t i = 0; i < count && *regular; i++) {
        l->head[l->basic_row[i]] = l->basic[i];
        change_x(l, l->basic_row[i], l->basic_x[i] - l->x.value[l->basic_row[i]]);
        l->weight[l->basic_row[i]] = l->basic_weight[i];
    }
    l->renewed = l->etas.count;
    return 0;
}

/* What the dual step changes besides the basis. */
static void take_step(struct least_change *l, const struct breakpoint *entering, double sign,
                      uint32_t leaving)
{
    uint32_t q = entering->column;
    if (l->jump.count) {
        eta_file_forward(&l->etas, &l->jump);
        subtract(l, &l->jump, 1);
    }
    move_duals(l, entering, sign, leaving);
    sparse_add(&l->dual, q, 0);
    l->dual.value[q] = entering->enters == BASIC_RISE ? l->limits[q].up : -l->limits[q].down;
}

/* *goes_on: no answer yet. */
static int iterate(struct least_change *l, bool *goes_on, enum least_change_answer *answer,
                   struct err *err)
{
    uint32_t row = 0;
    struct breakpoint entering;
    *goes_on = false;
    *answer = CHANGE_FOUND;
    if (!choose_row(l, &row))
        return 0;
    *answer = CHANGE_GIVEN_UP;
    if (l->iterations == l->iterations_most)
        return 0;
    l->iterations++;
    uint32_t leaving = l->head[row];
    double by = broken_by(l, row), bound = l->x.value[row] - by;
    if (!least_change_step(l, row, by, &bound, &entering)) {
        *answer = CHANGE_IMPOSSIBLE;
        return 0;
    }
    take_step(l, &entering, by > 0 ? 1 : -1, leaving);
    *goes_on = true;
    if (entering.column == leaving) { /* it passed the kink of its own price */
        l->status[leaving] = (uint8_t)entering.enters;
        return 0;
    }
    if (leaving != SLACK)
        l->status[leaving] = bound < 0 ? AT_FALL : AT_ZERO;
    if (pivot(l, row, bound, &entering, goes_on, err) != 0)
        return -1;
    return *goes_on && l->etas.count > l->renewed + RENEW_AFTER ? renew(l, goes_on, err) : 0;
}

static void note(struct least_change *l, uint32_t column, double by)
{
    l->moved[l->moved_count++] = column;
    l->by[column] = by;
}

static void read_change(struct least_change *l, double by)
{
    note(l, l->target, by);
    for (size_t i = 0; i < l->x.count; i++)
        if (l->head[l->x.list[i]] != SLACK)
            note(l, l->head[l->x.list[i]], l->x.value[l->x.list[i]]);
    for (size_t i = 0; i < l->dual.count; i++)
        if (l->status[l->dual.list[i]] == AT_FALL)
            note(l, l->dual.list[i], -l->limits[l->dual.list[i]].fall);
}

int least_change_solve(struct least_change *l, uint32_t target, double by, size_t iterations_most,
                       enum least_change_answer *answer, struct err *err)
{
    bool goes_on = true;
    start_again(l);
    l->target = target;
    l->iterations_most = iterations_most;
    sparse_clear(&l->column);
    least_change_add_column(l, &l->column, target, 1);
    subtract(l, &l->column, by);
    while (goes_on)
        if (iterate(l, &goes_on, answer, err) != 0)
            return -1;
    if (*answer == CHANGE_FOUND)
        read_change(l, by);
    return 0;
}

const uint32_t *least_change_moved(const struct least_change *l, size_t *count)
{
    *count = l->moved_count;
    return l->moved;
}

double least_change_by(const struct least_change *l, uint32_t column)
{
    return l->by[column];
}

size_t least_change_iterations(const struct least_change *l)
{
    return l->iterations;
}

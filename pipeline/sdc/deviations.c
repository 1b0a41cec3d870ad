/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/sdc/deviations.h. The model is that of the suppression subproblem in Fischetti and
 * Salazar (2001), with prices instead of all-or-nothing costs. */
#include "sdc/deviations.h"

#include <coin/Clp_C_Interface.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double WHOLE = 1e-6;

struct deviations {
    const struct cells *cells;
    const int64_t *counts;
    Clp_Simplex *lp;
    double *low, *high, *price; /* per column, of lp */
    uint32_t *movable;          /* the movable cells, increasing; the k-th has columns 2k, up, */
    size_t movable_count;       /* and 2k + 1, down */
    uint32_t *place;            /* per cell of the system: its k + 1, 0 = not movable */
    const uint8_t *held;        /* per cell, the caller's; or NULL */
    uint32_t *equations;        /* those with a movable cell, one row each */
    int rows;
    unsigned char *slacks; /* the basis of slacks: columns, then rows */
    int64_t *by;           /* per movable cell: room for a move; zeros */
};

void move_release(struct move *m)
{
    free(m->cells);
    free(m->by);
    memset(m, 0, sizeof *m);
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
        d->movable[d->movable_count++] = i;
        d->place[i] = (uint32_t)d->movable_count;
    }
}

struct matrix { /* by columns */
    CoinBigIndex *start;
    int *row;
    double *value;
};

/* Rows are numbered as they are met; counts the elements of each cell. */
static size_t number_rows(struct deviations *d, CoinBigIndex *elements)
{
    const struct cells *c = d->cells;
    size_t sum = 0;
    for (uint32_t e = 0; e < c->equation_count; e++) {
        size_t before = sum;
        for (uint32_t i = c->equation_start[e]; i < c->equation_start[e + 1]; i++) {
            uint32_t place = d->place[c->equation_cell[i]];
            if (place) {
                elements[place]++;
                sum++;
            }
        }
        if (sum > before)
            d->equations[d->rows++] = e;
    }
    return sum;
}

static void add_element(struct matrix *m, CoinBigIndex *next, uint32_t column, int row,
                        double value)
{
    m->row[next[column]] = row;
    m->value[next[column]++] = value;
}

/* m->start[k + 1] = elements of cell k at first; next: room for as much. */
static void fill(struct matrix *m, const struct deviations *d, CoinBigIndex *next)
{
    const struct cells *c = d->cells;
    for (size_t k = d->movable_count; k-- > 0;)
        m->start[2 * k + 1] = m->start[2 * k + 2] = m->start[k + 1];
    for (size_t k = 0; k < 2 * d->movable_count; k++)
        m->start[k + 1] += m->start[k];
    memcpy(next, m->start, 2 * d->movable_count * sizeof *next);
    for (int r = 0; r < d->rows; r++) {
        uint32_t start = c->equation_start[d->equations[r]];
        for (uint32_t i = start; i < c->equation_start[d->equations[r] + 1]; i++) {
            uint32_t place = d->place[c->equation_cell[i]];
            double sign = i == start ? -1 : 1;
            if (place) {
                add_element(m, next, 2 * (place - 1), r, sign);
                add_element(m, next, 2 * (place - 1) + 1, r, -sign);
            }
        }
    }
}

/* What a cell may do when it is not the target. */
static void bound_freely(struct deviations *d, size_t k)
{
    uint32_t cell = d->movable[k];
    bool free = !d->held || !d->held[cell];
    d->low[2 * k] = d->low[2 * k + 1] = 0;
    d->high[2 * k] = free ? HUGE_VAL : 0;
    d->high[2 * k + 1] = free ? (double)d->counts[cell] : 0;
}

static int state(struct deviations *d, struct matrix *m, struct err *err)
{
    size_t columns = 2 * d->movable_count;
    m->start = calloc(columns + 2, sizeof *m->start);
    if (!m->start)
        return err_memory(err);
    size_t elements = 2 * number_rows(d, m->start);
    CoinBigIndex *next = malloc((columns + 1) * sizeof *next);
    double *zeros = calloc(columns + (size_t)d->rows + 1, sizeof *zeros);
    m->row = malloc((elements + 1) * sizeof *m->row);
    m->value = malloc((elements + 1) * sizeof *m->value);
    d->lp = Clp_newModel();
    int rc = next && zeros && m->row && m->value && d->lp ? 0 : err_memory(err);
    if (rc == 0) {
        fill(m, d, next);
        Clp_setLogLevel(d->lp, 0);
        Clp_loadProblem(d->lp, (int)columns, d->rows, m->start, m->row, m->value, zeros, NULL,
                        zeros, zeros, zeros);
        Clp_setPerturbation(d->lp, 100);
        d->low = Clp_columnLower(d->lp);
        d->high = Clp_columnUpper(d->lp);
        d->price = Clp_objective(d->lp);
        deviations_rebase(d);
    }
    free(next);
    free(zeros);
    return rc;
}

static int load(struct deviations *d, struct err *err)
{
    enum { BASIC = 1, AT_LOWER = 3 }; /* ClpSimplex::Status */
    struct matrix m = {0};
    int rc = state(d, &m, err);
    size_t columns = 2 * d->movable_count, rows = (size_t)d->rows;
    d->slacks = malloc(columns + rows + 1);
    if (d->slacks) {
        memset(d->slacks, AT_LOWER, columns);
        memset(d->slacks + columns, BASIC, rows);
    } else if (rc == 0) {
        rc = err_memory(err);
    }
    free(m.start);
    free(m.row);
    free(m.value);
    return rc;
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
    d->movable = malloc((cells->count + 1) * sizeof *d->movable);
    d->place = calloc(cells->count + 1, sizeof *d->place);
    d->equations = malloc((cells->equation_count + 1) * sizeof *d->equations);
    d->by = calloc(cells->count + 1, sizeof *d->by);
    if (!d->movable || !d->place || !d->equations || !d->by) {
        deviations_close(d);
        return err_memory(err);
    }
    number_columns(d, movable);
    if (load(d, err) != 0) {
        deviations_close(d);
        return -1;
    }
    *out = d;
    return 0;
}

void deviations_close(struct deviations *d)
{
    if (!d)
        return;
    if (d->lp)
        Clp_deleteModel(d->lp);
    free(d->movable);
    free(d->place);
    free(d->equations);
    free(d->slacks);
    free(d->by);
    free(d);
}

void deviations_price(struct deviations *d, uint32_t cell, double up, double down)
{
    size_t k = d->place[cell];
    if (k == 0)
        return;
    d->price[2 * (k - 1)] = up;
    d->price[2 * (k - 1) + 1] = down;
}

static double net(const double *x, size_t k)
{
    return x[2 * k] - x[2 * k + 1];
}

/* Do the equations hold, with d->by of the movable cells? */
static bool sums_hold(const struct deviations *d)
{
    for (int r = 0; r < d->rows; r++) {
        uint32_t start = d->cells->equation_start[d->equations[r]];
        int64_t sum = 0;
        for (uint32_t i = start; i < d->cells->equation_start[d->equations[r] + 1]; i++) {
            uint32_t place = d->place[d->cells->equation_cell[i]];
            if (place)
                sum += i == start ? -d->by[place - 1] : d->by[place - 1];
        }
        if (sum != 0)
            return false;
    }
    return true;
}

/* Do the equations hold and is no count negative, after this move? */
static bool move_holds(const struct deviations *d, const struct move *m)
{
    for (size_t i = 0; i < m->count; i++)
        if (d->counts[m->cells[i]] + m->by[i] < 0)
            return false;
    for (size_t i = 0; i < m->count; i++)
        d->by[d->place[m->cells[i]] - 1] = m->by[i];
    bool hold = sums_hold(d);
    for (size_t i = 0; i < m->count; i++)
        d->by[d->place[m->cells[i]] - 1] = 0;
    return hold;
}

/* Reads the vertex in units of 1/denominator as a move of whole numbers; false if it is none. A
 * multiple of a move is a move too, as long as no count falls below zero. */
static bool read_whole(const struct deviations *d, const double *x, struct move *m, int denominator)
{
    for (size_t i = 0; i < m->count; i++) {
        double by = net(x, d->place[m->cells[i]] - 1) * denominator;
        if (fabs(by - nearbyint(by)) > WHOLE || fabs(by) > 1e15)
            return false;
        m->by[i] = (int64_t)nearbyint(by);
    }
    return move_holds(d, m);
}

static int read_move(const struct deviations *d, struct move *out, struct err *err)
{
    const double *x = Clp_primalColumnSolution(d->lp);
    size_t count = 0;
    for (size_t k = 0; k < d->movable_count; k++)
        count += fabs(net(x, k)) > WHOLE;
    out->cells = calloc(count + 1, sizeof *out->cells);
    out->by = calloc(count + 1, sizeof *out->by);
    if (!out->cells || !out->by) {
        move_release(out);
        return err_memory(err);
    }
    for (size_t k = 0; k < d->movable_count; k++)
        if (fabs(net(x, k)) > WHOLE)
            out->cells[out->count++] = d->movable[k];
    static const int DENOMINATORS[] = {1, 2, 3, 4, 6};
    for (size_t k = 0; !out->whole && k < sizeof DENOMINATORS / sizeof *DENOMINATORS; k++)
        out->whole = read_whole(d, x, out, DENOMINATORS[k]);
    if (!out->whole)
        memset(out->by, 0, out->count * sizeof *out->by);
    return 0;
}

void deviations_rebase(struct deviations *d)
{
    for (size_t k = 0; k < d->movable_count; k++)
        bound_freely(d, k);
}

/* Dual simplex: with the target fixed at its new value and no negative price, the basis of slacks
 * is dual feasible, and only the target's own equations are broken at first. From there it takes a
 * tenth of the steps that it takes from the last answer. */
int deviations_solve(struct deviations *d, uint32_t target, int64_t by, struct move *out,
                     struct err *err)
{
    memset(out, 0, sizeof *out);
    if (by == 0 || !d->place[target] || (d->held && d->held[target]) || d->counts[target] + by < 0)
        return 0;
    size_t k = d->place[target] - 1;
    d->low[2 * k] = d->high[2 * k] = by > 0 ? (double)by : 0;
    d->low[2 * k + 1] = d->high[2 * k + 1] = by < 0 ? (double)-by : 0;
    Clp_copyinStatus(d->lp, d->slacks);
    (void)Clp_dual(d->lp, 0);
    bound_freely(d, k);
    int rc = 0, status = Clp_status(d->lp);
    if (status == 0)
        rc = read_move(d, out, err);
    else if (status != 1)
        rc = err_set(err, ERR_INTERNAL, "suppression: the solver found no optimum");
    out->possible = rc == 0 && status == 0;
    return rc;
}

double deviations_moved(const struct deviations *d, uint32_t cell)
{
    return d->place[cell] ? net(Clp_primalColumnSolution(d->lp), d->place[cell] - 1) : 0;
}

size_t deviations_iterations(const struct deviations *d)
{
    return (size_t)Clp_numberIterations(d->lp);
}

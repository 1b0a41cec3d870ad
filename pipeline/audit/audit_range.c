/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/audit/range.h. */
#include "audit/range.h"

#include <coin/Clp_C_Interface.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double WHOLE = 1e-6;       /* how far from a whole number a value may be read as one */
static const double VALUE_LIMIT = 1e15; /* as count_parse */
static const double MULTIPLIER_LIMIT = 1e12;

static void leave(struct audit_range *r)
{
    if (r->lp)
        Clp_deleteModel(r->lp);
    free(r->table);
    free(r->from);
    free(r->least);
    free(r->most);
    free(r->column_start);
    free(r->column_row);
    free(r->column_coefficient);
    *r = (struct audit_range){.part = r->part};
}

void audit_range_close(struct audit_range *r)
{
    leave(r);
    audit_part_close(&r->part);
}

int audit_range_begin(struct audit_range *r, const struct audit_case *c,
                      const struct audit_index *index, struct err *err)
{
    memset(r, 0, sizeof *r);
    return audit_part_begin(&r->part, c, index, err);
}

/* ---- the programme ---- */

/* The rows' matrix by free cell. */
static int turn(struct audit_range *r, struct err *err)
{
    const struct audit_part *p = &r->part;
    size_t elements = p->row_free.count;
    r->column_start = calloc(p->free_count + 2, sizeof *r->column_start);
    r->column_row = malloc((elements + 1) * sizeof *r->column_row);
    r->column_coefficient = malloc((elements + 1) * sizeof *r->column_coefficient);
    if (!r->column_start || !r->column_row || !r->column_coefficient)
        return err_memory(err);
    for (size_t i = 0; i < elements; i++)
        r->column_start[p->row_free.values[i] + 2]++;
    for (size_t j = 1; j < p->free_count + 2; j++)
        r->column_start[j] += r->column_start[j - 1];
    for (size_t row = 0; row < p->row_count; row++) {
        size_t end = row + 1 < p->row_count ? (size_t)p->row_start.values[row + 1] : elements;
        for (size_t i = (size_t)p->row_start.values[row]; i < end; i++) {
            uint32_t at = r->column_start[p->row_free.values[i] + 1]++;
            r->column_row[at] = (uint32_t)row;
            r->column_coefficient[at] = p->row_coefficient.values[i];
        }
    }
    return 0;
}

struct matrix { /* by columns, two a free cell */
    CoinBigIndex *start;
    int *row;
    double *value, *right, *zeros;
};

static void fill(struct matrix *m, const struct audit_range *r)
{
    CoinBigIndex n = 0;
    for (size_t j = 0; j < r->part.free_count; j++)
        for (int sign = 1; sign >= -1; sign -= 2) {
            m->start[2 * j + (sign < 0)] = n;
            for (uint32_t i = r->column_start[j]; i < r->column_start[j + 1]; i++) {
                m->row[n] = (int)r->column_row[i];
                m->value[n++] = sign * (double)r->column_coefficient[i];
            }
        }
    m->start[2 * r->part.free_count] = n;
    for (size_t e = 0; e < r->part.row_count; e++)
        m->right[e] = (double)r->part.row_right.values[e];
}

static int load(struct audit_range *r, struct err *err)
{
    size_t columns = 2 * r->part.free_count, rows = r->part.row_count;
    size_t elements = 2 * r->part.row_free.count;
    struct matrix m = {malloc((columns + 1) * sizeof *m.start),
                       malloc((elements + 1) * sizeof *m.row),
                       malloc((elements + 1) * sizeof *m.value), calloc(rows + 1, sizeof *m.right),
                       calloc(columns + 1, sizeof *m.zeros)};
    r->lp = Clp_newModel();
    bool room = m.start && m.row && m.value && m.right && m.zeros && r->lp;
    if (room) {
        fill(&m, r);
        Clp_setLogLevel(r->lp, 0);
        Clp_loadProblem(r->lp, (int)columns, (int)rows, m.start, m.row, m.value, m.zeros, NULL,
                        m.zeros, m.right, m.right);
        r->price = Clp_objective(r->lp);
        r->low = Clp_columnLower(r->lp);
        r->high = Clp_columnUpper(r->lp);
        audit_range_clear(r);
    }
    free(m.start);
    free(m.row);
    free(m.value);
    free(m.right);
    free(m.zeros);
    return room ? 0 : err_memory(err);
}

int audit_range_enter(struct audit_range *r, size_t cell, struct err *err)
{
    leave(r);
    if (audit_part_enter(&r->part, cell, err) != 0)
        return -1;
    r->table = calloc(r->part.cell_count + 1, sizeof *r->table);
    r->from = calloc(r->part.free_count + 1, sizeof *r->from);
    r->least = calloc(r->part.free_count + 1, sizeof *r->least);
    r->most = calloc(r->part.free_count + 1, sizeof *r->most);
    if (!r->table || !r->from || !r->least || !r->most)
        return err_memory(err);
    return turn(r, err) == 0 ? load(r, err) : -1;
}

void audit_range_limit(struct audit_range *r, size_t free_cell, double low, double high)
{
    double from = (double)r->from[free_cell];
    r->least[free_cell] = low;
    r->most[free_cell] = high;
    r->low[2 * free_cell] = fmax(0, low - from);
    r->high[2 * free_cell] = fmax(0, high - from);
    r->low[2 * free_cell + 1] = fmax(0, from - high);
    r->high[2 * free_cell + 1] = fmax(0, from - low);
}

void audit_range_clear(struct audit_range *r)
{
    memset(r->price, 0, 2 * r->part.free_count * sizeof *r->price);
    for (size_t j = 0; j < r->part.free_count; j++)
        audit_range_limit(r, j, 0, HUGE_VAL);
}

void audit_range_price(struct audit_range *r, size_t cell, double price)
{
    const struct audit_part *p = &r->part;
    size_t place = p->place[cell] - 1;
    for (size_t i = 0; i < p->sum_count[place]; i++) {
        int64_t j = p->sum.values[p->sum_start[place] + i];
        r->price[2 * j] += price;
        r->price[2 * j + 1] -= price;
    }
}

void audit_range_step(struct audit_range *r, int64_t most)
{
    for (size_t j = 0; j < r->part.free_count; j++) {
        r->price[2 * j] += 1;
        r->price[2 * j + 1] += 1;
        audit_range_limit(r, j, fmax(0, (double)(r->from[j] - most)), (double)(r->from[j] + most));
    }
}

static enum audit_solved status_of(const struct audit_range *r)
{
    enum { OPTIMAL, INFEASIBLE };
    int status = Clp_status(r->lp);
    return status == OPTIMAL ? RANGE_SOLVED : status == INFEASIBLE ? RANGE_EMPTY : RANGE_UNSOLVED;
}

/* The first time after presolve, which is many times as fast from nothing. Rows are different from
 * one another already. */
static void solve_first(struct audit_range *r)
{
    enum { PRIMAL = 1, PRESOLVE = 0 }; /* ClpSolve::SolveType, PresolveType */
    Clp_Solve *options = ClpSolve_new();
    if (!options)
        return;
    ClpSolve_setSolveType(options, PRIMAL, -1);
    ClpSolve_setPresolveType(options, PRESOLVE, -1);
    ClpSolve_setDoDuprow(options, 0);
    ClpSolve_setDoDupcol(options, 0);
    (void)Clp_initialSolveWithOptions(r->lp, options);
    ClpSolve_delete(options);
}

enum audit_solved audit_range_solve(struct audit_range *r)
{
    if (r->part.contradiction)
        return RANGE_EMPTY;
    if (r->programmes++ == 0)
        solve_first(r);
    else
        (void)Clp_primal(r->lp, 0);
    return status_of(r);
}

enum audit_solved audit_range_resolve(struct audit_range *r)
{
    r->programmes++;
    (void)Clp_dual(r->lp, 0);
    return status_of(r);
}

double audit_range_value(const struct audit_range *r, size_t free_cell)
{
    const double *x = Clp_getColSolution(r->lp) + 2 * free_cell;
    return (double)r->from[free_cell] + x[0] - x[1];
}

/* ---- what counts ---- */

bool audit_range_table(struct audit_range *r)
{
    const struct audit_part *p = &r->part;
    int64_t total = 0;
    for (size_t j = 0; j < p->free_count; j++) {
        double x = audit_range_value(r, j), whole = nearbyint(x);
        if (!(fabs(x - whole) <= WHOLE) || whole < 0 || whole >= VALUE_LIMIT)
            return false;
        r->table[p->free_place[j]] = (int64_t)whole;
        if (!audit_addable(&total, (int64_t)whole))
            return false;
    }
    total = 0;
    for (size_t place = 0; place < p->cell_count; place++) {
        if (!p->defined[place])
            continue;
        int64_t sum = p->base[place];
        for (size_t i = 0; i < p->sum_count[place]; i++)
            sum += r->table[p->free_place[p->sum.values[p->sum_start[place] + i]]];
        r->table[place] = sum;
    }
    for (size_t place = 0; place < p->cell_count; place++)
        if (!audit_addable(&total, r->table[place]))
            return false;
    return audit_part_holds(p, r->table);
}

void audit_range_from(struct audit_range *r)
{
    double *low = Clp_rowLower(r->lp), *high = Clp_rowUpper(r->lp);
    for (size_t j = 0; j < r->part.free_count; j++)
        r->from[j] = r->table[r->part.free_place[j]];
    for (size_t e = 0; e < r->part.row_count; e++)
        low[e] = high[e] = 0;
    r->has_from = true;
    audit_range_clear(r);
}

/* Multipliers in whole 1/denominators; false if they are too large to be meant. */
static bool read_multipliers(const struct audit_range *r, int64_t denominator, int64_t *y)
{
    const double *dual = Clp_getRowPrice(r->lp);
    for (size_t e = 0; e < r->part.row_count; e++) {
        double scaled = dual[e] * (double)denominator;
        if (!(fabs(scaled) < MULTIPLIER_LIMIT))
            return false;
        y[e] = llround(scaled);
    }
    return true;
}

/* A'y <= price, free cell by free cell: the price is `sign` at those that the cell is a sum of. */
static bool multipliers_fit(const struct audit_range *r, size_t cell, int sign, int64_t denominator,
                            const int64_t *y, int64_t *slack)
{
    const struct audit_part *p = &r->part;
    size_t place = p->place[cell] - 1;
    memset(slack, 0, p->free_count * sizeof *slack);
    for (size_t i = 0; i < p->sum_count[place]; i++)
        slack[p->sum.values[p->sum_start[place] + i]] += sign * denominator;
    for (size_t j = 0; j < p->free_count; j++) {
        __int128 rest = slack[j];
        for (uint32_t i = r->column_start[j]; i < r->column_start[j + 1]; i++)
            rest -= (__int128)r->column_coefficient[i] * y[r->column_row[i]];
        if (rest < 0)
            return false;
    }
    return true;
}

/* The least whole number that is not below b'y / denominator; false if it is no count. */
static bool bound_of(const struct audit_range *r, int64_t base, int64_t denominator,
                     const int64_t *y, int64_t *bound)
{
    __int128 sum = (__int128)base * denominator;
    for (size_t e = 0; e < r->part.row_count; e++)
        sum += (__int128)y[e] * r->part.row_right.values[e];
    __int128 whole = sum / denominator;
    if (sum > 0 && sum % denominator != 0)
        whole++;
    if (whole > (__int128)VALUE_LIMIT || whole < -(__int128)VALUE_LIMIT)
        return false;
    *bound = (int64_t)whole;
    return true;
}

bool audit_range_bound(const struct audit_range *r, size_t cell, int sign, int64_t *bound)
{
    static const int64_t DENOMINATORS[] = {1, 2, 6, 60, 2520, 27720};
    int64_t *y = malloc((r->part.row_count + 1) * sizeof *y);
    int64_t *slack = malloc((r->part.free_count + 1) * sizeof *slack);
    int64_t base = sign * r->part.base[r->part.place[cell] - 1];
    bool shown = false;
    for (size_t k = 0; y && slack && !shown && k < sizeof DENOMINATORS / sizeof *DENOMINATORS; k++)
        shown = read_multipliers(r, DENOMINATORS[k], y) &&
                multipliers_fit(r, cell, sign, DENOMINATORS[k], y, slack) &&
                bound_of(r, base, DENOMINATORS[k], y, bound);
    free(y);
    free(slack);
    return shown;
}

bool audit_range_decides(const struct audit_range *r, size_t row)
{
    return fabs(Clp_getRowPrice(r->lp)[row]) > WHOLE;
}

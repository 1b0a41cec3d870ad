/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/sdc/linear.h. A stepped unknown is two columns, the piece up to its step and the
 * rest. */
#include "sdc/linear.h"

#include "sdc/whole_table.h"

#include <coin/Clp_C_Interface.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double WHOLE = 1e-6; /* how far from a whole number a value may be read as one */

struct linear {
    const struct part_equations *q;
    const int64_t *constants;
    Clp_Simplex *lp;
    double *low, *high, *price; /* per column, of lp; what is maximised is minus the price */
    int *column;                /* per unknown: its (first) column + 1, 0 = constant */
    uint8_t *split;             /* per unknown: it has a second column, the next one */
    int *row;                   /* per equation: its row + 1, 0 = nothing left of it */
    int64_t *rest;              /* per equation: right-hand side without the constants */
    int64_t *fixed;             /* per unknown: its value by linear_fix, or -1 */
    double *values;             /* per unknown: scratch */
    int rows, columns;
    bool restart; /* no vertex to start from */
    size_t solved;
};

/* Gives numbers to columns and rows; returns how many matrix elements there are. */
static size_t number(struct linear *p, const uint8_t *stepped)
{
    const struct part_equations *q = p->q;
    size_t elements = 0;
    for (size_t u = 0; u < q->unknowns; u++) {
        if (p->constants[u] >= 0)
            continue;
        p->column[u] = p->columns + 1;
        p->split[u] = stepped[u];
        p->columns += stepped[u] ? 2 : 1;
    }
    for (size_t e = 0; e < q->count; e++) {
        size_t before = elements;
        p->rest[e] = q->right[e];
        for (uint32_t t = q->start[e]; t < q->start[e + 1]; t++) {
            uint32_t u = q->member[t];
            if (p->column[u])
                elements += p->split[u] ? 2 : 1;
            else
                p->rest[e] -= q->sign[t] * p->constants[u];
        }
        if (elements > before)
            p->row[e] = ++p->rows;
    }
    return elements;
}

struct matrix { /* by columns */
    CoinBigIndex *start;
    int *row;
    double *value, *right;
};

static void fill(struct matrix *m, const struct linear *p)
{
    const struct part_equations *q = p->q;
    CoinBigIndex n = 0;
    for (size_t u = 0; u < q->unknowns; u++)
        for (int piece = 0; p->column[u] && piece <= p->split[u]; piece++) {
            m->start[p->column[u] - 1 + piece] = n;
            for (uint32_t i = q->in_start[u]; i < q->in_start[u + 1]; i++) {
                m->row[n] = p->row[q->in[i]] - 1;
                m->value[n++] = q->in_sign[i];
            }
        }
    m->start[p->columns] = n;
    for (size_t e = 0; e < q->count; e++)
        if (p->row[e])
            m->right[p->row[e] - 1] = (double)p->rest[e];
}

static int load(struct linear *p, const uint8_t *stepped, struct err *err)
{
    size_t elements = number(p, stepped);
    struct matrix m = {
        malloc(((size_t)p->columns + 1) * sizeof *m.start), malloc((elements + 1) * sizeof *m.row),
        malloc((elements + 1) * sizeof *m.value), calloc((size_t)p->rows + 1, sizeof *m.right)};
    double *zeros = calloc((size_t)p->columns + 1, sizeof *zeros);
    p->lp = Clp_newModel();
    int rc = m.start && m.row && m.value && m.right && zeros && p->lp ? 0 : err_memory(err);
    if (rc == 0) {
        fill(&m, p);
        Clp_setLogLevel(p->lp, 0);
        Clp_loadProblem(p->lp, p->columns, p->rows, m.start, m.row, m.value, zeros, NULL, zeros,
                        m.right, m.right);
        p->low = Clp_columnLower(p->lp);
        p->high = Clp_columnUpper(p->lp);
        p->price = Clp_objective(p->lp);
    }
    free(m.start);
    free(m.row);
    free(m.value);
    free(m.right);
    free(zeros);
    return rc;
}

int linear_open(struct linear **out, const struct part_equations *q, const uint8_t *stepped,
                const int64_t *constants, struct err *err)
{
    struct linear *p = *out = calloc(1, sizeof *p);
    if (!p)
        return err_memory(err);
    p->q = q;
    p->restart = true;
    p->constants = constants;
    p->column = calloc(q->unknowns + 1, sizeof *p->column);
    p->split = calloc(q->unknowns + 1, 1);
    p->row = calloc(q->count + 1, sizeof *p->row);
    p->rest = calloc(q->count + 1, sizeof *p->rest);
    p->fixed = malloc((q->unknowns + 1) * sizeof *p->fixed);
    p->values = malloc((q->unknowns + 1) * sizeof *p->values);
    int rc =
        p->column && p->split && p->row && p->rest && p->fixed && p->values ? 0 : err_memory(err);
    for (size_t u = 0; rc == 0 && u < q->unknowns; u++)
        p->fixed[u] = -1;
    if (rc == 0)
        rc = load(p, stepped, err);
    if (rc != 0) {
        linear_close(p);
        *out = NULL;
    }
    return rc;
}

void linear_close(struct linear *p)
{
    if (!p)
        return;
    if (p->lp)
        Clp_deleteModel(p->lp);
    free(p->column);
    free(p->split);
    free(p->row);
    free(p->rest);
    free(p->fixed);
    free(p->values);
    free(p);
}

/* Bounds of a stepped unknown's pieces: [least, step] and [0, rest]. */
static void bound_pieces(struct linear *p, size_t u, int64_t least, int64_t step, double rest)
{
    int c = p->column[u] - 1;
    p->low[c] = (double)least;
    p->high[c] = (double)step;
    p->low[c + 1] = 0;
    p->high[c + 1] = rest;
}

void linear_clear(struct linear *p)
{
    for (int c = 0; c < p->columns; c++)
        p->price[c] = 0;
    for (size_t u = 0; u < p->q->unknowns; u++)
        if (p->split[u] && p->fixed[u] < 0)
            bound_pieces(p, u, 0, 0, HUGE_VAL);
}

void linear_unweigh(struct linear *p)
{
    for (int c = 0; c < p->columns; c++)
        p->price[c] = 0;
}

void linear_fix(struct linear *p, size_t unknown, int64_t value)
{
    int c = p->column[unknown] - 1;
    if (c < 0)
        return;
    p->fixed[unknown] = value;
    if (p->split[unknown]) {
        bound_pieces(p, unknown, value < 0 ? 0 : value, value < 0 ? 0 : value,
                     value < 0 ? HUGE_VAL : 0);
    } else {
        p->low[c] = value < 0 ? 0 : (double)value;
        p->high[c] = value < 0 ? HUGE_VAL : (double)value;
    }
}

void linear_weigh(struct linear *p, size_t unknown, double below, double above, int64_t step)
{
    int c = p->column[unknown] - 1;
    if (c < 0 || !p->split[unknown] || p->fixed[unknown] >= 0)
        return;
    bound_pieces(p, unknown, 0, step, HUGE_VAL);
    p->price[c] = -below;
    p->price[c + 1] = -above;
}

void linear_restart(struct linear *p)
{
    p->restart = true;
}

/* From nothing after presolve, which is many times as fast. */
static int solve(struct linear *p)
{
    enum { PRIMAL = 1, PRESOLVE = 0 }; /* ClpSolve::SolveType, PresolveType */
    enum { STARTUP_IN_PRIMAL = 1, ALL_SLACK = 4 };
    p->solved++;
    if (!p->restart)
        return Clp_primal(p->lp, 0);
    p->restart = false;
    Clp_Solve *options = ClpSolve_new();
    if (!options)
        return -1;
    ClpSolve_setSolveType(options, PRIMAL, -1);
    ClpSolve_setPresolveType(options, PRESOLVE, -1);
    ClpSolve_setSpecialOption(options, STARTUP_IN_PRIMAL, ALL_SLACK, -1);
    int rc = Clp_initialSolveWithOptions(p->lp, options);
    ClpSolve_delete(options);
    return rc;
}

int linear_maximise(struct linear *p, struct err *err)
{
    enum { OPTIMAL, INFEASIBLE };
    if (p->columns == 0)
        return 0;
    (void)solve(p);
    int status = Clp_status(p->lp);
    if (status == INFEASIBLE)
        return err_set(err, ERR_INTERNAL, "suppression: no table agrees with the published cells");
    if (status != OPTIMAL)
        return err_set(err, ERR_INTERNAL, "suppression: the solver found no optimum");
    return 0;
}

double linear_value(const struct linear *p, size_t unknown)
{
    int c = p->column[unknown] - 1;
    if (c < 0)
        return (double)p->constants[unknown];
    const double *x = Clp_getColSolution(p->lp);
    return x[c] + (p->split[unknown] ? x[c + 1] : 0);
}

bool linear_whole(const struct linear *p, int64_t *values)
{
    for (size_t u = 0; u < p->q->unknowns; u++) {
        double x = linear_value(p, u), whole = nearbyint(x);
        if (fabs(x - whole) > WHOLE || whole < 0 || whole > 1e15)
            return false;
        values[u] = (int64_t)whole;
    }
    return part_equations_hold(p->q, values);
}

int linear_repair(struct linear *p, int64_t *values, bool *found, struct err *err)
{
    size_t n = p->q->unknowns;
    *found = linear_whole(p, values);
    if (*found)
        return 0;
    int64_t *kept = malloc((n + 1) * sizeof *kept);
    if (!kept)
        return err_memory(err);
    for (size_t u = 0; u < n; u++) {
        kept[u] = p->fixed[u] >= 0 ? p->fixed[u] : p->constants[u];
        p->values[u] = linear_value(p, u);
    }
    int rc = whole_table(p->q, p->values, kept, values, found, err);
    free(kept);
    return rc;
}

/* Is z (in 1/denominator) a dual solution: z A <= the unknown's unit vector, column by column? If
 * so, z times the right-hand side is a lower bound of the unknown. */
static bool dual_holds(const struct linear *p, size_t unknown, const int64_t *z,
                       int64_t denominator)
{
    const struct part_equations *q = p->q;
    for (size_t u = 0; u < q->unknowns; u++) {
        if (!p->column[u] || p->fixed[u] >= 0)
            continue;
        int64_t sum = 0;
        for (uint32_t i = q->in_start[u]; i < q->in_start[u + 1]; i++)
            sum += q->in_sign[i] * z[q->in[i]];
        if (sum > (u == unknown ? denominator : 0))
            return false;
    }
    return true;
}

/* Right-hand side of an equation, without what is settled or fixed. */
static int64_t rest_of(const struct linear *p, size_t equation)
{
    int64_t rest = p->rest[equation];
    for (uint32_t t = p->q->start[equation]; t < p->q->start[equation + 1]; t++)
        if (p->column[p->q->member[t]] && p->fixed[p->q->member[t]] >= 0)
            rest -= p->q->sign[t] * p->fixed[p->q->member[t]];
    return rest;
}

/* The duals in whole 1/denominators, and what they bound; false if they are too large to be true.
 */
static bool read_duals(const struct linear *p, int64_t denominator, int64_t *z, int64_t *bound)
{
    *bound = 0;
    for (size_t e = 0; e < p->q->count; e++) {
        double dual = p->row[e] ? Clp_getRowPrice(p->lp)[p->row[e] - 1] : 0;
        int64_t term;
        if (fabs(dual) > 1e6)
            return false;
        z[e] = (int64_t)nearbyint(dual * (double)denominator);
        if (__builtin_mul_overflow(z[e], rest_of(p, e), &term) ||
            __builtin_add_overflow(*bound, term, bound))
            return false;
    }
    return true;
}

int64_t linear_floor(const struct linear *p, size_t unknown)
{
    static const int64_t DENOMINATORS[] = {1, 2, 3, 4, 6, 12};
    if (!p->column[unknown])
        return p->constants[unknown];
    int64_t best = 0, bound, *z = malloc((p->q->count + 1) * sizeof *z);
    for (size_t i = 0; z && best == 0 && i < sizeof DENOMINATORS / sizeof *DENOMINATORS; i++)
        if (read_duals(p, DENOMINATORS[i], z, &bound) && bound > 0 &&
            dual_holds(p, unknown, z, DENOMINATORS[i]))
            best = (bound + DENOMINATORS[i] - 1) / DENOMINATORS[i];
    free(z);
    return best;
}

size_t linear_solved(const struct linear *p)
{
    return p->solved;
}

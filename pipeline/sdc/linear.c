/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/sdc/linear.h. A stepped unknown is two columns, the piece up to its step and the
 * rest; unknowns that the reduction settled are constants. */
#include "sdc/linear.h"

#include "sdc/solver.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double WHOLE = 1e-6; /* how far from a whole number a value may be read as one */

struct linear {
    const struct part_equations *q;
    glp_prob *lp;
    int *column;    /* per unknown: its (first) column, 0 = settled */
    uint8_t *split; /* per unknown: it has a second column, the next one */
    int *row;       /* per equation: its row, 0 = nothing left of it */
    int64_t *rest;  /* per equation: right-hand side without the settled unknowns */
    int64_t *fixed; /* per unknown: its value by linear_fix, or -1 */
    int rows, columns;
    size_t solved;
    int status; /* of the last solve */
    bool branched;
};

/* Gives numbers to columns and rows; returns how many matrix elements there are. */
static size_t number(struct linear *p, const uint8_t *stepped)
{
    const struct part_equations *q = p->q;
    size_t elements = 0;
    for (size_t u = 0; u < q->unknowns; u++) {
        if (q->known[u] >= 0)
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
            if (q->known[u] >= 0)
                p->rest[e] -= q->sign[t] * q->known[u];
            else
                elements += p->split[u] ? 2 : 1;
        }
        if (elements > before)
            p->row[e] = ++p->rows;
    }
    return elements;
}

struct building {
    struct linear *p;
    size_t elements;
    int *rows, *columns;
    double *values;
};

static void list_elements(struct building *b)
{
    const struct linear *p = b->p;
    const struct part_equations *q = p->q;
    size_t n = 0; /* GLPK counts from 1 */
    for (size_t e = 0; e < q->count; e++)
        for (uint32_t t = q->start[e]; t < q->start[e + 1]; t++) {
            uint32_t u = q->member[t];
            for (int piece = 0; p->column[u] && piece <= p->split[u]; piece++) {
                b->rows[++n] = p->row[e];
                b->columns[n] = p->column[u] + piece;
                b->values[n] = q->sign[t];
            }
        }
}

static void build(void *context)
{
    struct building *b = context;
    struct linear *p = b->p;
    p->lp = glp_create_prob();
    glp_set_obj_dir(p->lp, GLP_MAX);
    if (p->rows)
        glp_add_rows(p->lp, p->rows);
    if (p->columns)
        glp_add_cols(p->lp, p->columns);
    for (size_t e = 0; e < p->q->count; e++)
        if (p->row[e])
            glp_set_row_bnds(p->lp, p->row[e], GLP_FX, (double)p->rest[e], (double)p->rest[e]);
    for (int c = 1; c <= p->columns; c++) {
        glp_set_col_kind(p->lp, c, GLP_IV);
        glp_set_col_bnds(p->lp, c, GLP_LO, 0, 0);
    }
    glp_load_matrix(p->lp, (int)b->elements, b->rows, b->columns, b->values);
    glp_std_basis(p->lp);
}

int linear_open(struct linear **out, const struct part_equations *q, const uint8_t *stepped,
                struct err *err)
{
    int rc = -1;
    struct building b = {0};
    struct linear *p = calloc(1, sizeof *p);
    if (!p)
        return err_memory(err);
    p->q = q;
    p->column = calloc(q->unknowns + 1, sizeof *p->column);
    p->split = calloc(q->unknowns + 1, 1);
    p->row = calloc(q->count + 1, sizeof *p->row);
    p->rest = calloc(q->count + 1, sizeof *p->rest);
    p->fixed = malloc((q->unknowns + 1) * sizeof *p->fixed);
    if (!p->column || !p->split || !p->row || !p->rest || !p->fixed) {
        err_memory(err);
        goto out;
    }
    for (size_t u = 0; u < q->unknowns; u++)
        p->fixed[u] = -1;
    b.p = p;
    b.elements = number(p, stepped);
    b.rows = malloc((b.elements + 1) * sizeof *b.rows);
    b.columns = malloc((b.elements + 1) * sizeof *b.columns);
    b.values = malloc((b.elements + 1) * sizeof *b.values);
    if (!b.rows || !b.columns || !b.values) {
        err_memory(err);
        goto out;
    }
    list_elements(&b);
    rc = solver_run(build, &b, err);
    if (rc != 0)
        p->lp = NULL;
out:
    free(b.rows);
    free(b.columns);
    free(b.values);
    if (rc != 0) {
        linear_close(p);
        p = NULL;
    }
    *out = p;
    return rc;
}

void linear_close(struct linear *p)
{
    if (!p)
        return;
    if (p->lp)
        glp_delete_prob(p->lp);
    free(p->column);
    free(p->split);
    free(p->row);
    free(p->rest);
    free(p->fixed);
    free(p);
}

/* Bounds of a stepped unknown's pieces: [least, step] and [0, rest]; rest < 0: no limit. */
static void bound_pieces(struct linear *p, size_t u, int64_t least, int64_t step, int64_t rest)
{
    int c = p->column[u];
    glp_set_col_bnds(p->lp, c, least < step ? GLP_DB : GLP_FX, (double)least, (double)step);
    if (rest < 0)
        glp_set_col_bnds(p->lp, c + 1, GLP_LO, 0, 0);
    else
        glp_set_col_bnds(p->lp, c + 1, rest > 0 ? GLP_DB : GLP_FX, 0, (double)rest);
}

void linear_clear(struct linear *p)
{
    for (int c = 1; c <= p->columns; c++)
        glp_set_obj_coef(p->lp, c, 0);
    for (size_t u = 0; u < p->q->unknowns; u++)
        if (p->split[u] && p->fixed[u] < 0)
            bound_pieces(p, u, 0, 0, -1);
}

void linear_fix(struct linear *p, size_t unknown, int64_t value)
{
    int c = p->column[unknown];
    if (!c)
        return;
    p->fixed[unknown] = value;
    if (p->split[unknown])
        bound_pieces(p, unknown, value < 0 ? 0 : value, value < 0 ? 0 : value, value < 0 ? -1 : 0);
    else
        glp_set_col_bnds(p->lp, c, value < 0 ? GLP_LO : GLP_FX, value < 0 ? 0 : (double)value, 0);
}

void linear_weigh(struct linear *p, size_t unknown, double below, double above, int64_t step)
{
    int c = p->column[unknown];
    if (!c || !p->split[unknown] || p->fixed[unknown] >= 0)
        return;
    bound_pieces(p, unknown, 0, step, -1);
    glp_set_obj_coef(p->lp, c, below);
    glp_set_obj_coef(p->lp, c + 1, above);
}

static void simplex(void *context)
{
    struct linear *p = context;
    glp_smcp parameters;
    solver_simplex_parameters(&parameters);
    int rc = glp_simplex(p->lp, &parameters);
    if (rc == GLP_EBADB || rc == GLP_ESING || rc == GLP_ECOND || rc == GLP_EFAIL) {
        glp_std_basis(p->lp); /* a basis that went bad: once more from the start */
        rc = glp_simplex(p->lp, &parameters);
    }
    p->solved++;
    p->status = rc == 0 ? glp_get_status(p->lp) : GLP_UNDEF;
}

int linear_maximise(struct linear *p, struct err *err)
{
    p->branched = false;
    if (p->columns == 0) {
        p->status = GLP_OPT;
        return 0;
    }
    if (solver_run(simplex, p, err) != 0) {
        p->lp = NULL;
        return -1;
    }
    if (p->status == GLP_NOFEAS)
        return err_set(err, ERR_INTERNAL, "suppression: no table agrees with the published cells");
    if (p->status != GLP_OPT)
        return err_set(err, ERR_INTERNAL, "suppression: the solver found no optimum");
    return 0;
}

static double column_value(const struct linear *p, int column)
{
    return p->branched ? glp_mip_col_val(p->lp, column) : glp_get_col_prim(p->lp, column);
}

double linear_value(const struct linear *p, size_t unknown)
{
    int c = p->column[unknown];
    if (!c)
        return (double)p->q->known[unknown];
    return column_value(p, c) + (p->split[unknown] ? column_value(p, c + 1) : 0);
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

struct branching {
    struct linear *p;
    int nodes;
    bool found;
};

static void branch(void *context)
{
    struct branching *b = context;
    simplex(b->p);
    b->found = b->p->status == GLP_OPT && solver_branch(b->p->lp, b->nodes);
}

static void branch_here(void *context)
{
    struct branching *b = context;
    b->found = solver_branch(b->p->lp, b->nodes);
}

int linear_repair(struct linear *p, int nodes, int64_t *values, bool *found, struct err *err)
{
    *found = linear_whole(p, values);
    if (*found || nodes == 0)
        return 0;
    struct branching b = {p, nodes, false};
    if (solver_run(branch_here, &b, err) != 0) {
        p->lp = NULL;
        return -1;
    }
    p->branched = b.found;
    *found = b.found && linear_whole(p, values);
    p->branched = false;
    return 0;
}

int linear_branch(struct linear *p, size_t unknown, int64_t least, int64_t most, int nodes,
                  int64_t *values, bool *found, struct err *err)
{
    *found = false;
    if (!p->column[unknown] || !p->split[unknown])
        return 0;
    linear_clear(p);
    bound_pieces(p, unknown, least, least, most < 0 ? -1 : most - least);
    struct branching b = {p, nodes, false};
    if (solver_run(branch, &b, err) != 0) {
        p->lp = NULL;
        return -1;
    }
    if (b.found) {
        p->branched = true;
        *found = linear_whole(p, values);
        p->branched = false;
    }
    linear_clear(p);
    return 0;
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
        double dual = p->row[e] ? -glp_get_row_dual(p->lp, p->row[e]) : 0;
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
        return p->q->known[unknown];
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

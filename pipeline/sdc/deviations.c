/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/sdc/deviations.h. The model is that of the suppression subproblem in Fischetti and
 * Salazar (2001), with prices instead of all-or-nothing costs. */
#include "sdc/deviations.h"

#include "sdc/solver.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double WHOLE = 1e-6;

enum { BRANCH_NODES = 50 };

struct deviations {
    const struct cells *cells;
    const int64_t *counts;
    glp_prob *lp;
    uint32_t *movable; /* the movable cells, increasing */
    size_t movable_count;
    int *up, *down;      /* per cell of the system: its columns, 0 = not movable */
    const uint8_t *held; /* per cell, the caller's; or NULL */
    int columns;
    uint32_t *equations; /* those with a movable cell, one row each */
    int rows;
    int status;
    bool branched; /* the answer is branch and bound's */
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
        d->up[i] = ++d->columns;
        d->down[i] = ++d->columns;
    }
}

/* Rows, and how many matrix elements they have. */
static size_t number_rows(struct deviations *d)
{
    const struct cells *c = d->cells;
    size_t elements = 0;
    for (uint32_t e = 0; e < c->equation_count; e++) {
        size_t before = elements;
        for (uint32_t i = c->equation_start[e]; i < c->equation_start[e + 1]; i++) {
            uint32_t cell = c->equation_cell[i];
            elements += (size_t)(d->up[cell] > 0) + (size_t)(d->down[cell] > 0);
        }
        if (elements > before)
            d->equations[d->rows++] = e;
    }
    return elements;
}

struct building {
    struct deviations *d;
    size_t elements;
    int *rows, *columns;
    double *values;
};

static void add_element(struct building *b, size_t *n, int row, int column, double value)
{
    if (column == 0)
        return;
    ++*n; /* GLPK counts from 1 */
    b->rows[*n] = row;
    b->columns[*n] = column;
    b->values[*n] = value;
}

static void list_elements(struct building *b)
{
    const struct deviations *d = b->d;
    const struct cells *c = d->cells;
    size_t n = 0;
    for (int r = 0; r < d->rows; r++) {
        uint32_t start = c->equation_start[d->equations[r]];
        for (uint32_t i = start; i < c->equation_start[d->equations[r] + 1]; i++) {
            uint32_t cell = c->equation_cell[i];
            double sign = i == start ? -1 : 1;
            add_element(b, &n, r + 1, d->up[cell], sign);
            add_element(b, &n, r + 1, d->down[cell], -sign);
        }
    }
}

static void fix(struct deviations *d, int column, double value)
{
    glp_set_col_bnds(d->lp, column, GLP_FX, value, value);
}

/* What a cell may do when it is not the target. */
static void bound_freely(struct deviations *d, uint32_t cell)
{
    double most_down = (double)d->counts[cell];
    fix(d, d->up[cell], 0);
    fix(d, d->down[cell], 0);
    if (d->held && d->held[cell])
        return;
    glp_set_col_bnds(d->lp, d->up[cell], GLP_LO, 0, 0);
    if (most_down > 0)
        glp_set_col_bnds(d->lp, d->down[cell], GLP_DB, 0, most_down);
}

static void build(void *context)
{
    struct building *b = context;
    struct deviations *d = b->d;
    d->lp = glp_create_prob();
    glp_set_obj_dir(d->lp, GLP_MAX);
    if (d->rows)
        glp_add_rows(d->lp, d->rows);
    if (d->columns)
        glp_add_cols(d->lp, d->columns);
    for (int r = 1; r <= d->rows; r++)
        glp_set_row_bnds(d->lp, r, GLP_FX, 0, 0);
    for (size_t i = 0; i < d->movable_count; i++)
        bound_freely(d, d->movable[i]);
    for (int c = 1; c <= d->columns; c++)
        glp_set_col_kind(d->lp, c, GLP_IV);
    glp_load_matrix(d->lp, (int)b->elements, b->rows, b->columns, b->values);
}

static int load(struct deviations *d, struct err *err)
{
    int rc = -1;
    struct building b = {.d = d, .elements = number_rows(d)};
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
        d->lp = NULL;
out:
    free(b.rows);
    free(b.columns);
    free(b.values);
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
    d->up = calloc(cells->count + 1, sizeof *d->up);
    d->down = calloc(cells->count + 1, sizeof *d->down);
    d->equations = malloc((cells->equation_count + 1) * sizeof *d->equations);
    if (!d->movable || !d->up || !d->down || !d->equations) {
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
        glp_delete_prob(d->lp);
    free(d->movable);
    free(d->up);
    free(d->down);
    free(d->equations);
    free(d);
}

void deviations_price(struct deviations *d, uint32_t cell, double up, double down)
{
    if (d->up[cell])
        glp_set_obj_coef(d->lp, d->up[cell], -up);
    if (d->down[cell])
        glp_set_obj_coef(d->lp, d->down[cell], -down);
}

/* Dual simplex: with the target fixed at its new value and no negative price, the basis of slacks
 * is dual feasible, and only the target's own equations are broken at first. */
static void simplex(void *context)
{
    struct deviations *d = context;
    glp_smcp parameters;
    solver_simplex_parameters(&parameters);
    parameters.meth = GLP_DUALP;
    glp_std_basis(d->lp);
    int rc = glp_simplex(d->lp, &parameters);
    d->status = rc == 0 ? glp_get_status(d->lp) : GLP_UNDEF;
}

static double net(const struct deviations *d, uint32_t cell)
{
    if (d->branched)
        return glp_mip_col_val(d->lp, d->up[cell]) - glp_mip_col_val(d->lp, d->down[cell]);
    return glp_get_col_prim(d->lp, d->up[cell]) - glp_get_col_prim(d->lp, d->down[cell]);
}

/* Do the equations hold and is no count negative, after this move? */
static bool move_holds(const struct deviations *d, const struct move *m)
{
    for (size_t i = 0; i < m->count; i++)
        if (d->counts[m->cells[i]] + m->by[i] < 0)
            return false;
    for (int r = 0; r < d->rows; r++) {
        uint32_t start = d->cells->equation_start[d->equations[r]];
        int64_t sum = -move_of(m, d->cells->equation_cell[start]);
        for (uint32_t i = start + 1; i < d->cells->equation_start[d->equations[r] + 1]; i++)
            sum += move_of(m, d->cells->equation_cell[i]);
        if (sum != 0)
            return false;
    }
    return true;
}

/* Reads the vertex in units of 1/denominator as a move of whole numbers; false if it is none. A
 * multiple of a move is a move too, as long as no count falls below zero. */
static bool read_whole(const struct deviations *d, struct move *m, int denominator)
{
    for (size_t i = 0; i < m->count; i++) {
        double x = net(d, m->cells[i]) * denominator;
        if (fabs(x - nearbyint(x)) > WHOLE || fabs(x) > 1e15)
            return false;
        m->by[i] = (int64_t)nearbyint(x);
    }
    return move_holds(d, m);
}

static int read_move(const struct deviations *d, struct move *out, struct err *err)
{
    size_t count = 0;
    for (size_t i = 0; i < d->movable_count; i++)
        count += fabs(net(d, d->movable[i])) > WHOLE;
    out->cells = calloc(count + 1, sizeof *out->cells);
    out->by = calloc(count + 1, sizeof *out->by);
    if (!out->cells || !out->by) {
        move_release(out);
        return err_memory(err);
    }
    for (size_t i = 0; i < d->movable_count; i++)
        if (fabs(net(d, d->movable[i])) > WHOLE)
            out->cells[out->count++] = d->movable[i];
    static const int DENOMINATORS[] = {1, 2, 3, 4, 6};
    for (size_t k = 0; !out->whole && k < sizeof DENOMINATORS / sizeof *DENOMINATORS; k++)
        out->whole = read_whole(d, out, DENOMINATORS[k]);
    if (!out->whole)
        memset(out->by, 0, out->count * sizeof *out->by);
    return 0;
}

void deviations_rebase(struct deviations *d)
{
    for (size_t i = 0; i < d->movable_count; i++)
        bound_freely(d, d->movable[i]);
}

static void branch(void *context)
{
    struct deviations *d = context;
    d->branched = solver_branch(d->lp, BRANCH_NODES);
}

/* Reads the answer; a fractional one is first made whole by branch and bound, if that is quickly
 * done. */
static int read_answer(struct deviations *d, struct move *out, struct err *err)
{
    if (read_move(d, out, err) != 0 || out->whole)
        return out->cells ? 0 : -1;
    if (solver_run(branch, d, err) != 0) {
        d->lp = NULL;
        move_release(out);
        return -1;
    }
    if (!d->branched)
        return 0;
    move_release(out);
    int rc = read_move(d, out, err);
    d->branched = false;
    return rc;
}

int deviations_solve(struct deviations *d, uint32_t target, int64_t by, struct move *out,
                     struct err *err)
{
    memset(out, 0, sizeof *out);
    if (by == 0 || !d->up[target] || (d->held && d->held[target]))
        return 0;
    fix(d, d->up[target], by > 0 ? (double)by : 0);
    fix(d, d->down[target], by < 0 ? (double)-by : 0);
    if (by < 0 && -by > d->counts[target])
        d->status = GLP_NOFEAS;
    else if (solver_run(simplex, d, err) != 0) {
        d->lp = NULL;
        return -1;
    }
    int rc = 0;
    if (d->status == GLP_OPT)
        rc = read_answer(d, out, err);
    else if (d->status != GLP_NOFEAS)
        rc = err_set(err, ERR_INTERNAL, "suppression: the solver found no optimum");
    out->possible = rc == 0 && d->status == GLP_OPT;
    bound_freely(d, target);
    return rc;
}

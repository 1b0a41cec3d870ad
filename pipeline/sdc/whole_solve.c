/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/sdc/whole_solve.h. */
#include "sdc/whole_solve.h"

#include "sdc/solver.h"

#include <coin/Clp_C_Interface.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>

enum { NODES = 500 };
static const double WHOLE = 1e-6; /* how far from a whole number a value may be read as one */

struct solving {
    glp_prob *lp;
    double *kept;  /* per column, from 1: its whole value */
    uint8_t *free; /* per column: to be found anew */
    int *column;   /* per column: in the programme of the free ones */
    int *index;    /* room for a row */
    double *value;
    size_t fractional; /* columns of the vertex */
    bool found;
};

/* ---- the vertex ---- */

struct matrix { /* the programme as CLP wants it; row and element from 1, as GLPK gives them */
    CoinBigIndex *start;
    int *row;
    double *element, *low, *high, *cost, *least, *most;
};

static void matrix_release(struct matrix *m)
{
    free(m->start);
    free(m->row);
    free(m->element);
    free(m->low);
    free(m->high);
    free(m->cost);
    free(m->least);
    free(m->most);
}

static int matrix_make(struct matrix *m, glp_prob *lp, struct err *err)
{
    size_t columns = (size_t)glp_get_num_cols(lp), rows = (size_t)glp_get_num_rows(lp);
    size_t elements = (size_t)glp_get_num_nz(lp);
    m->start = malloc((columns + 1) * sizeof *m->start);
    m->row = malloc((elements + rows + 1) * sizeof *m->row);
    m->element = malloc((elements + rows + 1) * sizeof *m->element);
    m->low = calloc(columns + 1, sizeof *m->low);
    m->high = malloc((columns + 1) * sizeof *m->high);
    m->cost = malloc((columns + 1) * sizeof *m->cost);
    m->least = malloc((rows + 1) * sizeof *m->least);
    m->most = malloc((rows + 1) * sizeof *m->most);
    if (!m->start || !m->row || !m->element || !m->low || !m->high || !m->cost || !m->least ||
        !m->most)
        return err_memory(err);
    m->start[0] = 0;
    for (int c = 0; c < (int)columns; c++) {
        CoinBigIndex at = m->start[c];
        int n = glp_get_mat_col(lp, c + 1, m->row + at, m->element + at);
        for (int i = 1; i <= n; i++)
            m->row[at + i]--;
        m->start[c + 1] = at + n;
        m->high[c] = HUGE_VAL;
        m->cost[c] = glp_get_obj_coef(lp, c + 1);
    }
    for (int r = 0; r < (int)rows; r++) {
        m->most[r] = glp_get_row_ub(lp, r + 1);
        m->least[r] = glp_get_row_type(lp, r + 1) == GLP_FX ? m->most[r] : -HUGE_VAL;
    }
    return 0;
}

/* Rounds the vertex; fractional columns are free. */
static void round_vertex(struct solving *p, const double *vertex)
{
    for (int c = 1; c <= glp_get_num_cols(p->lp); c++) {
        p->kept[c] = nearbyint(vertex[c - 1]);
        if (fabs(vertex[c - 1] - p->kept[c]) > WHOLE) {
            p->free[c] = 1;
            p->fractional++;
        }
    }
}

/* The vertex, by the method that is soonest done on such systems (CLP's primal). */
static int find_vertex(struct solving *p, struct err *err)
{
    enum { PRIMAL = 1, PRESOLVE = 0 }; /* ClpSolve::SolveType, PresolveType */
    struct matrix m = {0};
    Clp_Simplex *model = Clp_newModel();
    Clp_Solve *options = ClpSolve_new();
    int rc = model && options ? matrix_make(&m, p->lp, err) : err_memory(err);
    if (rc == 0) {
        Clp_setLogLevel(model, 0);
        Clp_loadProblem(model, glp_get_num_cols(p->lp), glp_get_num_rows(p->lp), m.start, m.row + 1,
                        m.element + 1, m.low, m.high, m.cost, m.least, m.most);
        ClpSolve_setSolveType(options, PRIMAL, -1);
        ClpSolve_setPresolveType(options, PRESOLVE, -1);
        (void)Clp_initialSolveWithOptions(model, options);
        p->found = Clp_status(model) == 0;
        if (p->found)
            round_vertex(p, Clp_primalColumnSolution(model));
    }
    if (options)
        ClpSolve_delete(options);
    if (model)
        Clp_deleteModel(model);
    matrix_release(&m);
    return rc;
}

/* ---- repair ---- */

/* Frees the columns that share a row with a free one; false if all are free already. */
static bool widen(struct solving *p)
{
    bool more = false;
    int *columns = p->index;
    for (int row = 1; row <= glp_get_num_rows(p->lp); row++) {
        int n = glp_get_mat_row(p->lp, row, columns, p->value);
        bool touched = false;
        for (int i = 1; i <= n; i++)
            touched = touched || (p->free[columns[i]] & 1);
        for (int i = 1; touched && i <= n; i++) {
            more = more || !p->free[columns[i]];
            p->free[columns[i]] |= 2;
        }
    }
    for (int c = 1; c <= glp_get_num_cols(p->lp); c++)
        p->free[c] = p->free[c] != 0;
    return more;
}

static void stop_at_limit(glp_tree *tree, void *nodes)
{
    if (glp_ios_reason(tree) == GLP_ISELECT && --*(int *)nodes < 0)
        glp_ios_terminate(tree);
}

/* Adds the row of the programme to that of the free columns, unless it has none of them. */
static void add_free_row(struct solving *p, glp_prob *sub, const int *column, int row)
{
    int n = glp_get_mat_row(p->lp, row, p->index, p->value), terms = 0;
    double right = glp_get_row_ub(p->lp, row);
    for (int i = 1; i <= n; i++) {
        int c = p->index[i];
        if (!p->free[c]) {
            right -= p->value[i] * p->kept[c];
        } else {
            p->index[++terms] = column[c];
            p->value[terms] = p->value[i];
        }
    }
    if (terms == 0)
        return;
    int at = glp_add_rows(sub, 1);
    glp_set_mat_row(sub, at, terms, p->index, p->value);
    glp_set_row_bnds(sub, at, glp_get_row_type(p->lp, row), right, right);
}

static glp_prob *free_programme(struct solving *p, int *column)
{
    glp_prob *sub = glp_create_prob();
    for (int c = 1; c <= glp_get_num_cols(p->lp); c++) {
        if (!p->free[c])
            continue;
        column[c] = glp_add_cols(sub, 1);
        glp_set_col_bnds(sub, column[c], GLP_LO, 0, 0);
        glp_set_col_kind(sub, column[c], GLP_IV);
        glp_set_obj_coef(sub, column[c], glp_get_obj_coef(p->lp, c));
    }
    for (int row = 1; row <= glp_get_num_rows(p->lp); row++)
        add_free_row(p, sub, column, row);
    return sub;
}

/* Whole numbers for the free columns, the others as they are kept. */
static void solve_free(struct solving *p)
{
    int nodes = NODES;
    glp_iocp parameters;
    glp_init_iocp(&parameters);
    parameters.msg_lev = GLP_MSG_OFF;
    parameters.presolve = GLP_ON;
    parameters.br_tech = GLP_BR_MFV; /* the others cost more than the nodes that they save */
    parameters.cb_func = stop_at_limit;
    parameters.cb_info = &nodes;
    glp_prob *sub = free_programme(p, p->column);
    (void)glp_intopt(sub, &parameters);
    int status = glp_mip_status(sub);
    p->found = status == GLP_OPT || status == GLP_FEAS;
    for (int c = 1; p->found && c <= glp_get_num_cols(p->lp); c++)
        if (p->free[c])
            p->kept[c] = nearbyint(glp_mip_col_val(sub, p->column[c]));
    glp_delete_prob(sub);
}

static void repair(void *context)
{
    struct solving *p = context;
    do
        solve_free(p);
    while (!p->found && widen(p));
}

int whole_solve(glp_prob *lp, double *values, bool *found, struct err *err)
{
    size_t columns = (size_t)glp_get_num_cols(lp) + 1;
    struct solving p = {.lp = lp, .kept = values};
    p.free = calloc(columns, sizeof *p.free);
    p.column = calloc(columns, sizeof *p.column);
    p.index = malloc(columns * sizeof *p.index);
    p.value = malloc(columns * sizeof *p.value);
    int rc = p.free && p.column && p.index && p.value ? find_vertex(&p, err) : err_memory(err);
    if (rc == 0 && p.found && p.fractional > 0)
        rc = solver_run(repair, &p, err);
    *found = rc == 0 && p.found;
    free(p.free);
    free(p.column);
    free(p.index);
    free(p.value);
    return rc;
}

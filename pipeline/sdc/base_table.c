/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/sdc/base_table.h. */
#include "sdc/base_table.h"

#include "sdc/solver.h"

#include <coin/Clp_C_Interface.h>
#include <math.h>
#include <stdlib.h>

struct programme {
    CoinBigIndex *start; /* per unknown: its entries */
    int *row;
    double *element, *low, *high, *right;
};

static void release(struct programme *p)
{
    free(p->start);
    free(p->row);
    free(p->element);
    free(p->low);
    free(p->high);
    free(p->right);
}

static int state(struct programme *p, const struct part_equations *q, struct err *err)
{
    size_t entries = q->in_start[q->unknowns];
    p->start = malloc((q->unknowns + 1) * sizeof *p->start);
    p->row = malloc((entries + 1) * sizeof *p->row);
    p->element = malloc((entries + 1) * sizeof *p->element);
    p->low = malloc((q->unknowns + 1) * sizeof *p->low);
    p->high = malloc((q->unknowns + 1) * sizeof *p->high);
    p->right = malloc((q->count + 1) * sizeof *p->right);
    if (!p->start || !p->row || !p->element || !p->low || !p->high || !p->right)
        return err_memory(err);
    for (size_t u = 0; u <= q->unknowns; u++)
        p->start[u] = (CoinBigIndex)q->in_start[u];
    for (size_t i = 0; i < entries; i++) {
        p->row[i] = (int)q->in[i];
        p->element[i] = q->in_sign[i];
    }
    for (size_t u = 0; u < q->unknowns; u++) {
        p->low[u] = q->known[u] < 0 ? 0 : (double)q->known[u];
        p->high[u] = q->known[u] < 0 ? HUGE_VAL : (double)q->known[u];
    }
    for (size_t e = 0; e < q->count; e++)
        p->right[e] = (double)q->right[e];
    return 0;
}

/* Primal simplex after presolve. */
static const double *solve(Clp_Simplex *model, const struct programme *p,
                           const struct part_equations *q)
{
    enum { PRIMAL = 1, PRESOLVE = 0 }; /* ClpSolve::SolveType, PresolveType */
    Clp_setLogLevel(model, 0);
    Clp_loadProblem(model, (int)q->unknowns, (int)q->count, p->start, p->row, p->element, p->low,
                    p->high, NULL, p->right, p->right);
    Clp_Solve *options = ClpSolve_new();
    if (!options)
        return NULL;
    ClpSolve_setSolveType(options, PRIMAL, -1);
    ClpSolve_setPresolveType(options, PRESOLVE, -1);
    (void)Clp_initialSolveWithOptions(model, options);
    ClpSolve_delete(options);
    return Clp_status(model) == 0 ? Clp_primalColumnSolution(model) : NULL;
}

/* REPAIR. Where the vertex is fractional, it is so in a few places: the unknowns there and those
 * that equations tie to them are solved anew in whole numbers, all others kept as they are. */
struct repair {
    const struct part_equations *q;
    int64_t *values;
    uint8_t *loose; /* per unknown: it is solved anew */
    int *column;    /* per unknown; 0 = kept */
    bool found;
    int nodes;
};

static size_t loosen_neighbours(struct repair *r)
{
    const struct part_equations *q = r->q;
    size_t more = 0;
    for (size_t e = 0; e < q->count; e++) {
        bool near = false;
        for (uint32_t i = q->start[e]; i < q->start[e + 1] && !near; i++)
            near = r->loose[q->member[i]] == 1;
        for (uint32_t i = q->start[e]; near && i < q->start[e + 1]; i++)
            if (!r->loose[q->member[i]] && q->known[q->member[i]] < 0)
                r->loose[q->member[i]] = 2; /* its own neighbours come next time */
    }
    for (size_t u = 0; u < q->unknowns; u++) {
        more += r->loose[u] == 2;
        r->loose[u] = r->loose[u] != 0;
    }
    return more;
}

static void state_row(glp_prob *lp, const struct repair *r, size_t e)
{
    const struct part_equations *q = r->q;
    size_t members = q->start[e + 1] - q->start[e];
    int *index = malloc((members + 1) * sizeof *index);
    double *sign = malloc((members + 1) * sizeof *sign);
    int64_t right = q->right[e];
    int n = 0;
    for (uint32_t i = q->start[e]; index && sign && i < q->start[e + 1]; i++) {
        if (r->column[q->member[i]] == 0) {
            right -= q->sign[i] * r->values[q->member[i]];
            continue;
        }
        index[++n] = r->column[q->member[i]];
        sign[n] = q->sign[i];
    }
    if (n > 0) {
        int row = glp_add_rows(lp, 1);
        glp_set_row_bnds(lp, row, GLP_FX, (double)right, (double)right);
        glp_set_mat_row(lp, row, n, index, sign);
    }
    free(index);
    free(sign);
}

static void solve_loose(void *context)
{
    struct repair *r = context;
    const struct part_equations *q = r->q;
    glp_prob *lp = glp_create_prob();
    for (size_t u = 0; u < q->unknowns; u++) {
        r->column[u] = 0;
        if (!r->loose[u])
            continue;
        r->column[u] = glp_add_cols(lp, 1);
        glp_set_col_bnds(lp, r->column[u], GLP_LO, 0, 0);
        glp_set_col_kind(lp, r->column[u], GLP_IV);
    }
    for (size_t e = 0; e < q->count; e++)
        state_row(lp, r, e);
    glp_smcp simplex;
    solver_simplex_parameters(&simplex);
    r->found = glp_simplex(lp, &simplex) == 0 && glp_get_status(lp) == GLP_OPT &&
               solver_branch(lp, r->nodes);
    for (size_t u = 0; r->found && u < q->unknowns; u++)
        if (r->loose[u])
            r->values[u] = llround(glp_mip_col_val(lp, r->column[u]));
    glp_delete_prob(lp);
}

static int repair(struct repair *r, struct err *err)
{
    enum { HOPS_MOST = 6, NODES = 400 };
    r->nodes = NODES;
    r->column = calloc(r->q->unknowns + 1, sizeof *r->column);
    if (!r->column)
        return err_memory(err);
    int rc = 0;
    for (int hop = 0; hop < HOPS_MOST && !r->found && rc == 0; hop++)
        if (loosen_neighbours(r) || hop == 0)
            rc = solver_run(solve_loose, r, err);
    free(r->column);
    return rc;
}

int base_table(const struct part_equations *q, int64_t *values, bool *found, struct err *err)
{
    struct programme p = {0};
    struct repair r = {.q = q, .values = values};
    Clp_Simplex *model = NULL;
    bool fractional = false;
    *found = false;
    r.loose = calloc(q->unknowns + 1, 1);
    if (!r.loose)
        return err_memory(err);
    int rc = state(&p, q, err);
    if (rc == 0 && !(model = Clp_newModel()))
        rc = err_memory(err);
    const double *x = rc == 0 ? solve(model, &p, q) : NULL;
    for (size_t u = 0; x && u < q->unknowns; u++) {
        values[u] = (int64_t)llround(x[u]);
        r.loose[u] = fabs(x[u] - (double)values[u]) > 1e-6;
        fractional = fractional || r.loose[u];
    }
    if (x && fractional)
        rc = repair(&r, err);
    *found = rc == 0 && x && part_equations_hold(q, values);
    if (model)
        Clp_deleteModel(model);
    release(&p);
    free(r.loose);
    return rc;
}

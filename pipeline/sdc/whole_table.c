/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/sdc/whole_table.h. */
#include "sdc/whole_table.h"

#include "sdc/solver.h"

#include <math.h>
#include <stdlib.h>

static const double WHOLE = 1e-6; /* how far from a whole number a value may be read as one */

struct repair {
    const struct part_equations *q;
    const int64_t *kept;
    int64_t *values;
    uint8_t *loose; /* per unknown: it is solved anew */
    int *column;    /* per unknown; 0 = kept */
    bool found;
};

enum { HOPS_MOST = 4, NODES = 100 };

static size_t loosen_neighbours(struct repair *r)
{
    const struct part_equations *q = r->q;
    size_t more = 0;
    for (size_t e = 0; e < q->count; e++) {
        bool near = false;
        for (uint32_t i = q->start[e]; i < q->start[e + 1] && !near; i++)
            near = r->loose[q->member[i]] == 1;
        for (uint32_t i = q->start[e]; near && i < q->start[e + 1]; i++)
            if (!r->loose[q->member[i]] && r->kept[q->member[i]] < 0)
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
    r->found =
        glp_simplex(lp, &simplex) == 0 && glp_get_status(lp) == GLP_OPT && solver_branch(lp, NODES);
    for (size_t u = 0; r->found && u < q->unknowns; u++)
        if (r->loose[u])
            r->values[u] = llround(glp_mip_col_val(lp, r->column[u]));
    glp_delete_prob(lp);
}

static int solve_nearby(struct repair *r, struct err *err)
{
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

int whole_table(const struct part_equations *q, const double *x, const int64_t *kept,
                int64_t *values, bool *found, struct err *err)
{
    struct repair r = {.q = q, .kept = kept, .values = values};
    bool fractional = false;
    int rc = 0;
    r.loose = calloc(q->unknowns + 1, 1);
    if (!r.loose)
        return err_memory(err);
    for (size_t u = 0; u < q->unknowns; u++) {
        double whole = nearbyint(x[u]);
        values[u] = (int64_t)whole;
        r.loose[u] = kept[u] < 0 && fabs(x[u] - whole) > WHOLE;
        fractional = fractional || r.loose[u];
    }
    if (fractional)
        rc = solve_nearby(&r, err);
    *found = rc == 0 && part_equations_hold(q, values);
    free(r.loose);
    return rc;
}

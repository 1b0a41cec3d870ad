/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/sdc/whole_table.h. */
#include "sdc/whole_table.h"

#include "sdc/solver.h"
#include "sdc/whole_solve.h"

#include <math.h>
#include <stdlib.h>

static const double WHOLE = 1e-6; /* how far from a whole number a value may be read as one */

struct repair {
    const struct part_equations *q;
    const int64_t *kept;
    int64_t *values;
    uint8_t *loose; /* per unknown: it is solved anew */
    int *column;    /* per unknown; 0 = kept */
    glp_prob *lp;   /* of what is loose */
    bool found;
};

enum { HOPS_MOST = 4 };

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

/* The programme of what is loose. */
static void state_programme(void *context)
{
    struct repair *r = context;
    const struct part_equations *q = r->q;
    r->lp = glp_create_prob();
    for (size_t u = 0; u < q->unknowns; u++) {
        r->column[u] = r->loose[u] ? glp_add_cols(r->lp, 1) : 0;
        if (r->loose[u])
            glp_set_col_bnds(r->lp, r->column[u], GLP_LO, 0, 0);
    }
    for (size_t e = 0; e < q->count; e++)
        state_row(r->lp, r, e);
}

static int solve_loose(struct repair *r, struct err *err)
{
    if (solver_run(state_programme, r, err) != 0)
        return -1;
    double *whole = malloc(((size_t)glp_get_num_cols(r->lp) + 1) * sizeof *whole);
    int rc = whole ? whole_solve(r->lp, whole, &r->found, err) : err_memory(err);
    for (size_t u = 0; rc == 0 && r->found && u < r->q->unknowns; u++)
        if (r->loose[u])
            r->values[u] = llround(whole[r->column[u]]);
    free(whole);
    if (rc == 0) /* else see solver.h */
        glp_delete_prob(r->lp);
    return rc;
}

static int solve_nearby(struct repair *r, struct err *err)
{
    r->column = calloc(r->q->unknowns + 1, sizeof *r->column);
    if (!r->column)
        return err_memory(err);
    int rc = 0;
    for (int hop = 0; hop < HOPS_MOST && !r->found && rc == 0; hop++)
        if (loosen_neighbours(r) || hop == 0)
            rc = solve_loose(r, err);
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

/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/sdc/change_general.h. Column 2k is the rise of k, 2k + 1 its fall. */
#include "sdc/change_general.h"

#include <coin/Clp_C_Interface.h>
#include <math.h>
#include <stdlib.h>

struct model {
    CoinBigIndex *start; /* by columns */
    int *row;
    double *value;
    double *high, *price, *zeros;
    unsigned char *slacks; /* the basis of slacks: columns, then rows */
    Clp_Simplex *lp;
};

static void model_release(struct model *m)
{
    if (m->lp)
        Clp_deleteModel(m->lp);
    free(m->start);
    free(m->row);
    free(m->value);
    free(m->high);
    free(m->price);
    free(m->zeros);
    free(m->slacks);
}

static int make_room(struct model *m, const struct change_system *a, struct err *err)
{
    size_t columns = 2 * a->columns, elements = 2 * (size_t)a->column_start[a->columns];
    m->start = malloc((columns + 1) * sizeof *m->start);
    m->row = malloc((elements + 1) * sizeof *m->row);
    m->value = malloc((elements + 1) * sizeof *m->value);
    m->high = malloc((columns + 1) * sizeof *m->high);
    m->price = malloc((columns + 1) * sizeof *m->price);
    m->zeros = calloc(columns + a->rows + 1, sizeof *m->zeros);
    m->slacks = malloc(columns + a->rows + 1);
    m->lp = Clp_newModel();
    return m->start && m->row && m->value && m->high && m->price && m->zeros && m->slacks && m->lp
               ? 0
               : err_memory(err);
}

static void fill(struct model *m, const struct change_system *a, const struct change_limits *limits)
{
    int at = 0;
    m->start[0] = 0;
    for (size_t k = 0; k < 2 * a->columns; k++) {
        size_t c = k / 2;
        bool falls = k % 2;
        for (uint32_t i = a->column_start[c]; i < a->column_start[c + 1]; i++) {
            m->row[at] = (int)element_place(a->column[i]);
            m->value[at++] = element_times(a->column[i], falls ? -1 : 1);
        }
        m->start[k + 1] = at;
        m->high[k] = limits[c].closed ? 0 : falls ? limits[c].fall : HUGE_VAL;
        m->price[k] = falls ? limits[c].down : limits[c].up;
    }
}

static void load(struct model *m, const struct change_system *a)
{
    enum { BASIC = 1, AT_LOWER = 3 }; /* ClpSimplex::Status */
    int columns = (int)(2 * a->columns), rows = (int)a->rows;
    Clp_setLogLevel(m->lp, 0);
    Clp_loadProblem(m->lp, columns, rows, m->start, m->row, m->value, m->zeros, m->high, m->price,
                    m->zeros, m->zeros);
    Clp_setPerturbation(m->lp, 100);
    for (int i = 0; i < columns + rows; i++)
        m->slacks[i] = i < columns ? AT_LOWER : BASIC;
    Clp_copyinStatus(m->lp, m->slacks);
}

static void fix(struct model *m, uint32_t target, double by)
{
    double *low = Clp_columnLower(m->lp), *high = Clp_columnUpper(m->lp);
    size_t rise = 2 * (size_t)target;
    low[rise] = high[rise] = by > 0 ? by : 0;
    low[rise + 1] = high[rise + 1] = by < 0 ? -by : 0;
}

int change_general(const struct change_system *system, const struct change_limits *limits,
                   uint32_t target, double by, double *by_column, enum least_change_answer *answer,
                   size_t *iterations, struct err *err)
{
    struct model m = {0};
    int rc = make_room(&m, system, err), status = 0;
    if (rc == 0) {
        fill(&m, system, limits);
        load(&m, system);
        fix(&m, target, by);
        (void)Clp_dual(m.lp, 0);
        status = Clp_status(m.lp);
        *iterations = (size_t)Clp_numberIterations(m.lp);
    }
    if (rc == 0 && status != 0 && status != 1)
        rc = err_set(err, ERR_INTERNAL, "suppression: the solver found no optimum");
    *answer = rc == 0 && status == 0 ? CHANGE_FOUND : CHANGE_IMPOSSIBLE;
    for (size_t k = 0; *answer == CHANGE_FOUND && k < system->columns; k++) {
        const double *x = Clp_primalColumnSolution(m.lp);
        by_column[k] = x[2 * k] - x[2 * k + 1];
    }
    model_release(&m);
    return rc;
}

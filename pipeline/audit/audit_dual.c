/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/audit/dual.h. */
#include "audit/dual.h"

#include <glpk.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { ITERATIONS = 1000000 };
static const double MULTIPLIER_LIMIT = 1e12;

void audit_dual_release(struct audit_dual *d)
{
    if (d->lp)
        glp_delete_prob(d->lp);
    free(d->column);
    free(d->row);
    free(d->cells);
    free(d->equations);
    memset(d, 0, sizeof *d);
}

/* Numbers the cells and equations of the part in order of first meeting, starting from the cell. */
static int find_part(struct audit_dual *d, const struct audit_case *c, const uint32_t *in_start,
                     const uint32_t *in, size_t cell, struct err *err)
{
    const struct cells *s = &c->cells;
    audit_dual_release(d);
    d->column = calloc(s->count + 1, sizeof *d->column);
    d->row = calloc(s->equation_count + 1, sizeof *d->row);
    d->cells = malloc((s->count + 1) * sizeof *d->cells);
    d->equations = calloc(s->equation_count + 1, sizeof *d->equations);
    if (!d->column || !d->row || !d->cells || !d->equations)
        return err_memory(err);
    d->cells[d->cell_count++] = (uint32_t)cell;
    d->column[cell] = 1;
    for (size_t next = 0; next < d->cell_count; next++) {
        uint32_t at = d->cells[next];
        for (uint32_t i = in_start[at]; i < in_start[at + 1]; i++) {
            uint32_t e = in[i];
            if (d->row[e])
                continue;
            d->equations[d->equation_count++] = e;
            d->row[e] = (uint32_t)d->equation_count;
            for (uint32_t m = s->equation_start[e]; m < s->equation_start[e + 1]; m++) {
                uint32_t other = s->equation_cell[m];
                if (c->hidden[other] && !d->column[other]) {
                    d->cells[d->cell_count++] = other;
                    d->column[other] = (uint32_t)d->cell_count;
                }
            }
        }
    }
    return 0;
}

/* What the hidden members of an equation sum to, its total (if hidden) counted negatively. */
static int64_t right_side(const struct audit_case *c, uint32_t e)
{
    const struct cells *s = &c->cells;
    int64_t sum = 0;
    for (uint32_t m = s->equation_start[e]; m < s->equation_start[e + 1]; m++) {
        uint32_t cell = s->equation_cell[m];
        if (!c->hidden[cell])
            sum += m == s->equation_start[e] ? c->counts[cell] : -c->counts[cell];
    }
    return sum;
}

static int build(struct audit_dual *d, const struct audit_case *c, struct err *err)
{
    const struct cells *s = &c->cells;
    int *index = malloc((d->cell_count + 1) * sizeof *index);
    double *value = malloc((d->cell_count + 1) * sizeof *value);
    glp_prob *lp = glp_create_prob();
    d->lp = lp;
    if (!index || !value || !lp) {
        free(index);
        free(value);
        return err_memory(err);
    }
    glp_set_obj_dir(lp, GLP_MIN);
    glp_add_cols(lp, (int)d->cell_count);
    if (d->equation_count > 0) /* GLPK aborts when asked for no rows */
        glp_add_rows(lp, (int)d->equation_count);
    for (size_t j = 0; j < d->cell_count; j++)
        glp_set_col_bnds(lp, (int)j + 1, GLP_LO, 0, 0);
    for (size_t i = 0; i < d->equation_count; i++) {
        uint32_t e = d->equations[i];
        int count = 0;
        for (uint32_t m = s->equation_start[e]; m < s->equation_start[e + 1]; m++) {
            uint32_t cell = s->equation_cell[m];
            if (!c->hidden[cell])
                continue;
            index[++count] = (int)d->column[cell];
            value[count] = m == s->equation_start[e] ? -1 : 1;
        }
        double sum = (double)right_side(c, e);
        glp_set_row_bnds(lp, (int)i + 1, GLP_FX, sum, sum);
        glp_set_mat_row(lp, (int)i + 1, count, index, value);
    }
    free(index);
    free(value);
    return 0;
}

/* The two conditions on multipliers that are whole multiples of 1/D, in integers. */
static bool multipliers_show(const struct audit_dual *d, const struct audit_case *c,
                             const uint32_t *in_start, const uint32_t *in, size_t cell,
                             int64_t floor, int64_t denominator)
{
    const struct cells *s = &c->cells;
    glp_prob *lp = d->lp;
    int64_t *y = malloc((d->equation_count + 1) * sizeof *y);
    bool good = y != NULL;
    __int128 bound = 0;
    for (size_t i = 0; good && i < d->equation_count; i++) {
        double dual = glp_get_row_dual(lp, (int)i + 1) * (double)denominator;
        good = fabs(dual) < MULTIPLIER_LIMIT;
        y[i] = good ? llround(dual) : 0;
        bound += (__int128)y[i] * right_side(c, d->equations[i]);
    }
    for (size_t j = 0; good && j < d->cell_count; j++) {
        uint32_t at = d->cells[j];
        int64_t slack = at == cell ? denominator : 0;
        for (uint32_t i = in_start[at]; i < in_start[at + 1]; i++) {
            int64_t multiplier = y[d->row[in[i]] - 1];
            bool is_total = s->equation_cell[s->equation_start[in[i]]] == at;
            slack += is_total ? multiplier : -multiplier;
        }
        good = slack >= 0;
    }
    free(y);
    /* whole numbers: at least `floor` follows from more than floor - 1 */
    return good && bound > (__int128)denominator * (floor - 1);
}

int audit_dual_floor(struct audit_dual *d, const struct audit_case *c, const uint32_t *in_start,
                     const uint32_t *in, size_t cell, int64_t floor, bool *shown, struct err *err)
{
    static const int64_t denominators[] = {1, 2, 6, 60, 2520, 27720};
    *shown = false;
    if (!d->lp || !d->column[cell]) {
        (void)glp_term_out(GLP_OFF);
        if (find_part(d, c, in_start, in, cell, err) != 0 || build(d, c, err) != 0)
            return -1;
    }
    glp_prob *lp = d->lp;
    glp_smcp parameters;
    glp_init_smcp(&parameters);
    parameters.msg_lev = GLP_MSG_OFF;
    parameters.it_lim = ITERATIONS;
    glp_set_obj_coef(lp, (int)d->column[cell], 1);
    bool solved = glp_simplex(lp, &parameters) == 0 && glp_get_status(lp) == GLP_OPT;
    for (size_t k = 0; solved && !*shown && k < sizeof denominators / sizeof denominators[0]; k++)
        *shown = multipliers_show(d, c, in_start, in, cell, floor, denominators[k]);
    glp_set_obj_coef(lp, (int)d->column[cell], 0);
    return 0;
}

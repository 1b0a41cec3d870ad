/* SPDX-License-Identifier: EUPL-1.2 */
/* See attack_cuts.h. */
#include "attack_cuts.h"

#include "sdc/prove.h"

#include <glpk.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Multipliers are whole multiples of 1/UNIT: halves, thirds, ... are exact. */
enum { UNIT = 55440 };

/* Open cells can move a very little, so that among equally good cuts the one with the fewest of
 * them is found. */
static const double LEAST_ROOM = 1e-4;

struct attack {
    const struct instance_system *system;
    const uint8_t *unsafe;
    struct view view;
    glp_prob *lp;
    size_t columns;
    uint32_t *cell_of;  /* per column */
    int *column_of;     /* per cell; 0: public, it cannot move */
    double *x;          /* per cell */
    int64_t *up, *down; /* per column: what a proposal says of the cell, times UNIT */
    int64_t *factors;
    uint64_t effort;
};

void cut_release(struct cut *c)
{
    free(c->cells);
    free(c->factors);
    *c = (struct cut){0, NULL, NULL};
}

static int64_t widest(const struct attack *a)
{
    return a->system->rules.interval ? a->system->rules.protection_width : 1;
}

/* How far a cell can rise; -1: without limit. */
static int64_t room_of(const struct attack *a, uint32_t cell)
{
    const struct cells *c = &a->system->cells;
    uint32_t group = c->group[cell];
    if (!(c->flags[group] & CELL_PUBLIC))
        return -1;
    return a->system->counts[group] - a->system->counts[cell];
}

static bool may_move(const struct attack *a, uint32_t cell)
{
    return (a->system->cells.flags[cell] & CELL_PUBLIC) == 0;
}

static void add_columns(struct attack *a)
{
    for (uint32_t i = 0; i < a->system->cells.count; i++) {
        if (!may_move(a, i))
            continue;
        a->cell_of[++a->columns] = i;
        a->column_of[i] = (int)a->columns;
    }
    glp_add_cols(a->lp, (int)a->columns);
}

static int add_rows(struct attack *a, struct err *err)
{
    const struct cells *c = &a->system->cells;
    int *columns = calloc(c->count + 1, sizeof *columns);
    double *values = calloc(c->count + 1, sizeof *values);
    if (!columns || !values) {
        free(columns);
        free(values);
        return err_memory(err);
    }
    glp_add_rows(a->lp, (int)c->equation_count);
    for (size_t e = 0; e < c->equation_count; e++) {
        int n = 0;
        for (uint32_t m = c->equation_start[e]; m < c->equation_start[e + 1]; m++) {
            if (a->column_of[c->equation_cell[m]] == 0)
                continue;
            columns[++n] = a->column_of[c->equation_cell[m]];
            values[n] = m == c->equation_start[e] ? -1 : 1;
        }
        glp_set_mat_row(a->lp, (int)e + 1, n, columns, values);
        glp_set_row_bnds(a->lp, (int)e + 1, GLP_FX, 0, 0);
    }
    free(columns);
    free(values);
    return 0;
}

int attack_open(struct attack **out, const struct instance_system *system, const uint8_t *unsafe,
                struct err *err)
{
    size_t n = system->cells.count + 1;
    struct attack *a = *out = calloc(1, sizeof *a);
    if (!a)
        return err_memory(err);
    a->system = system;
    a->unsafe = unsafe;
    a->view = (struct view){.cells = &system->cells, .hidden = unsafe, .counts = system->counts};
    a->cell_of = calloc(n, sizeof *a->cell_of);
    a->column_of = calloc(n, sizeof *a->column_of);
    a->x = calloc(n, sizeof *a->x);
    a->up = calloc(n, sizeof *a->up);
    a->down = calloc(n, sizeof *a->down);
    a->factors = calloc(n, sizeof *a->factors);
    if (!a->cell_of || !a->column_of || !a->x || !a->up || !a->down || !a->factors)
        return err_memory(err);
    a->lp = glp_create_prob();
    add_columns(a);
    return add_rows(a, err);
}

void attack_close(struct attack *a)
{
    if (!a)
        return;
    if (a->lp)
        glp_delete_prob(a->lp);
    free(a->cell_of);
    free(a->column_of);
    free(a->x);
    free(a->up);
    free(a->down);
    free(a->factors);
    free(a);
}

uint64_t attack_effort(const struct attack *a)
{
    return a->effort;
}

static bool solve(struct attack *a)
{
    glp_smcp parameters;
    glp_init_smcp(&parameters);
    parameters.msg_lev = GLP_MSG_OFF;
    int before = glp_get_it_cnt(a->lp);
    bool solved = glp_simplex(a->lp, &parameters) == 0 && glp_get_status(a->lp) == GLP_OPT;
    a->effort += (uint64_t)(glp_get_it_cnt(a->lp) - before);
    return solved;
}

void attack_weigh(struct attack *a, const double *x)
{
    double most = (double)widest(a);
    for (size_t j = 1; j <= a->columns; j++) {
        uint32_t cell = a->cell_of[j];
        int64_t room = room_of(a, cell), n = a->system->counts[cell];
        a->x[cell] = a->unsafe[cell] ? 1 : fmin(1, fmax(0, x[cell]));
        double scale = fmin(1, a->x[cell] + LEAST_ROOM);
        double up = scale * (room < 0 ? most : fmin(most, (double)room));
        double down = scale * fmin(most, (double)n);
        glp_set_col_bnds(a->lp, (int)j, up + down > 0 ? GLP_DB : GLP_FX, -down, up);
    }
}

/* N e_p - L M per column for the multipliers of the last solution, or their opposite; the sign of
 * e_p is the direction's. */
static void read_multipliers(const struct attack *a, uint32_t target, int direction, int64_t *out)
{
    const struct cells *c = &a->system->cells;
    memset(out, 0, (a->columns + 1) * sizeof *out);
    out[a->column_of[target]] = direction * (int64_t)UNIT;
    for (size_t e = 0; e < c->equation_count; e++) {
        int64_t l = (int64_t)llround(glp_get_row_dual(a->lp, (int)e + 1) * UNIT);
        for (uint32_t m = c->equation_start[e]; l && m < c->equation_start[e + 1]; m++)
            out[a->column_of[c->equation_cell[m]]] -= m == c->equation_start[e] ? -l : l;
    }
}

/* Proposes multipliers for moving the target up (1) or down (-1); false if there is no solution. */
static bool propose(struct attack *a, uint32_t target, int direction, int64_t *out)
{
    int column = a->column_of[target];
    if (direction < 0 && a->system->counts[target] == 0) { /* it cannot: -e_p says it all */
        memset(out, 0, (a->columns + 1) * sizeof *out);
        out[column] = -UNIT;
        return true;
    }
    glp_set_obj_dir(a->lp, GLP_MAX);
    glp_set_obj_coef(a->lp, column, direction);
    bool solved = solve(a);
    if (solved)
        read_multipliers(a, target, direction, out);
    glp_set_obj_coef(a->lp, column, 0);
    return solved;
}

/* What hiding a cell adds, at most `most`. */
static int64_t factor_of(const struct attack *a, uint32_t cell, int64_t coefficient, int64_t most)
{
    int64_t room = room_of(a, cell);
    if (coefficient > 0)
        return room < 0 || coefficient > most / (room + 1) ? most : coefficient * room;
    int64_t n = a->system->counts[cell];
    return -coefficient > most / (n + 1) ? most : -coefficient * n;
}

/* The cut "up (and down, if given) is at least `right`"; how far x breaks it, or -1. */
static double weigh_cut(struct attack *a, const int64_t *up, const int64_t *down, int64_t right)
{
    int64_t most = right * UNIT, left = most;
    double sum = 0;
    for (size_t j = 1; j <= a->columns; j++) {
        uint32_t cell = a->cell_of[j];
        int64_t factor = factor_of(a, cell, up[j], most);
        if (down)
            factor += factor_of(a, cell, down[j], most);
        a->factors[j] = factor;
        if (a->unsafe[cell])
            left -= factor < left ? factor : left;
    }
    if (left == 0)
        return -1;
    for (size_t j = 1; j <= a->columns; j++) {
        uint32_t cell = a->cell_of[j];
        a->factors[j] = a->unsafe[cell] ? 0 : a->factors[j] < left ? a->factors[j] : left;
        sum += (double)a->factors[j] / (double)left * a->x[cell];
    }
    a->factors[0] = left;
    return 1 - sum;
}

/* Copies the cut that weigh_cut left. */
static int take_cut(const struct attack *a, struct cut *out, struct err *err)
{
    *out = (struct cut){0, calloc(a->columns + 1, sizeof *out->cells),
                        calloc(a->columns + 1, sizeof *out->factors)};
    if (!out->cells || !out->factors) {
        cut_release(out);
        return err_memory(err);
    }
    for (size_t j = 1; j <= a->columns; j++) {
        if (a->factors[j] == 0)
            continue;
        out->cells[out->count] = a->cell_of[j];
        out->factors[out->count++] = (double)a->factors[j] / (double)a->factors[0];
    }
    return 0;
}

static void opposite(const struct attack *a, const int64_t *from, int64_t *to)
{
    for (size_t j = 0; j <= a->columns; j++)
        to[j] = -from[j];
}

/* The width: from both proposals, or one of them used in both directions; the most broken one. */
static int find_width(struct attack *a, int64_t width, double slack, struct cut *out, size_t *count,
                      struct err *err)
{
    int64_t *mirror = calloc(a->columns + 1, sizeof *mirror);
    if (!mirror)
        return err_memory(err);
    double broken[3];
    broken[0] = weigh_cut(a, a->up, a->down, width);
    opposite(a, a->up, mirror);
    broken[1] = weigh_cut(a, a->up, mirror, width);
    opposite(a, a->down, mirror);
    broken[2] = weigh_cut(a, mirror, a->down, width);
    int best = broken[1] > broken[0] ? 1 : 0;
    best = broken[2] > broken[best] ? 2 : best;
    if (best == 0) {
        (void)weigh_cut(a, a->up, a->down, width);
    } else if (best == 1) {
        opposite(a, a->up, mirror);
        (void)weigh_cut(a, a->up, mirror, width);
    }
    free(mirror);
    if (broken[best] <= slack)
        return 0;
    return take_cut(a, &out[(*count)++], err);
}

int attack_find(struct attack *a, uint32_t cell, double slack, struct cut out[static 2],
                size_t *count, struct err *err)
{
    struct needs needs = needs_of(&a->view, &a->system->rules, cell);
    int64_t rise = needs.high - a->system->counts[cell];
    *count = 0;
    if (!propose(a, cell, 1, a->up))
        return 0;
    if (rise > 0 && weigh_cut(a, a->up, NULL, rise) > slack &&
        take_cut(a, &out[(*count)++], err) != 0)
        return -1;
    if (needs.width <= 0 || !propose(a, cell, -1, a->down))
        return 0;
    return find_width(a, needs.width, slack, out, count, err);
}

/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/sdc/joint_programme.h. */
#include "sdc/joint_programme.h"

#include "sdc/solver.h"
#include "sdc/whole_solve.h"

#include <stdlib.h>
#include <string.h>

enum {
    TERMS = 4,    /* room for more than an equation's own: the elastic ones */
    MISSED = 1000 /* what missing a link by one costs, joiners costing 1 */
};

struct programme {
    struct joint_table *t;
    const uint32_t *cells, *equations; /* of the part */
    size_t cell_count, equation_count;
    bool short_form, elastic; /* elastic: links may be missed, in two more columns each */
    glp_prob *lp;
    int first_elastic; /* column */
    int *columns;      /* room for a row */
    double *values;
    double *kept; /* per column: its value */
};

enum row { ROW_NONE, ROW_EQUATION, ROW_AT_MOST, ROW_JOINERS };

/* ---- what is known ---- */

static enum joint_role role_of(const struct joint *j, uint32_t cell)
{
    return j->layers[j->cells.layer[cell]].role;
}

/* The member of the equation that has this role, or UINT32_MAX. */
static uint32_t member_in_role(const struct joint *j, uint32_t equation, enum joint_role role)
{
    const struct cells *c = &j->cells;
    for (uint32_t i = c->equation_start[equation]; i < c->equation_start[equation + 1]; i++)
        if (role_of(j, c->equation_cell[i]) == role)
            return c->equation_cell[i];
    return UINT32_MAX;
}

bool joint_is_count(const struct joint *j, uint32_t cell)
{
    enum joint_role role = role_of(j, cell);
    return role == JOINT_CELL || role == JOINT_BEFORE;
}

/* Joiners are unknowns where somebody may have stayed, come or gone; sums of others are marked 1.
 */
static void find_changes(struct joint_table *t)
{
    const struct joint *j = t->joint;
    const struct cells *c = &j->cells;
    for (size_t i = 0; i < j->link_count; i++)
        if (member_in_role(j, j->links[i].equation, JOINT_STAY) != UINT32_MAX)
            t->change[member_in_role(j, j->links[i].equation, JOINT_IN)] = 2;
    for (size_t e = 0; e < c->equation_count; e++) {
        uint32_t total = c->equation_cell[c->equation_start[e]];
        if (t->change[total])
            t->change[total] = role_of(j, c->equation_cell[c->equation_start[e] + 1]) == JOINT_IN
                                   ? 1
                                   : t->change[total];
    }
}

int joint_table_init(struct joint_table *t, const struct joint *j, const int64_t *counts,
                     struct err *err)
{
    const struct cells *c = &j->cells;
    *t = (struct joint_table){.joint = j};
    t->counts = malloc((c->count + 1) * sizeof *t->counts);
    t->unknown = calloc(c->count + 1, 1);
    t->active = calloc(c->count + 1, 1);
    t->change = calloc(c->count + 1, 1);
    t->column = calloc(c->count + 1, sizeof *t->column);
    t->link_of = calloc(c->equation_count + 1, sizeof *t->link_of);
    t->loose = calloc(j->link_count + 1, 1);
    if (!t->counts || !t->unknown || !t->active || !t->change || !t->column || !t->link_of ||
        !t->loose)
        return err_memory(err);
    for (size_t i = 0; i < c->count; i++) {
        t->counts[i] = c->layer[i] == 0 ? counts[i] : j->counts[i];
        t->unknown[i] = t->counts[i] < 0;
    }
    for (size_t i = 0; i < j->link_count; i++)
        t->link_of[j->links[i].equation] = (uint32_t)i + 1;
    find_changes(t);
    return 0;
}

void joint_table_release(struct joint_table *t)
{
    free(t->counts);
    free(t->unknown);
    free(t->active);
    free(t->change);
    free(t->column);
    free(t->link_of);
    free(t->loose);
}

/* ---- columns and rows ---- */

static bool has_column(const struct programme *p, uint32_t cell)
{
    return !p->short_form || joint_is_count(p->t->joint, cell) || p->t->change[cell];
}

/* Does the equation say something about a count that is neither known nor to be found now? */
static bool says_too_much(const struct programme *p, uint32_t e)
{
    const struct cells *c = &p->t->joint->cells;
    for (uint32_t i = c->equation_start[e]; i < c->equation_start[e + 1]; i++) {
        uint32_t cell = c->equation_cell[i];
        if (p->t->unknown[cell] && !p->t->active[cell] && joint_is_count(p->t->joint, cell))
            return true;
    }
    return false;
}

static enum row row_of(const struct programme *p, uint32_t e)
{
    uint32_t link = p->t->link_of[e];
    if (says_too_much(p, e) || (link && p->t->loose[link - 1] && !p->elastic))
        return ROW_NONE;
    const struct joint *j = p->t->joint;
    uint32_t first = j->cells.equation_cell[j->cells.equation_start[e]];
    uint32_t in = member_in_role(j, e, JOINT_IN);
    bool out = member_in_role(j, e, JOINT_OUT) != UINT32_MAX;
    bool stay = member_in_role(j, e, JOINT_STAY) != UINT32_MAX;
    if (!p->short_form || (in == UINT32_MAX && !out))
        return ROW_EQUATION;
    if (!link) { /* a sum of joiners or leavers, or old = stay + out */
        if (in == UINT32_MAX ||
            !p->t->change[j->cells.equation_cell[j->cells.equation_start[e] + 1]])
            return ROW_NONE;
        return p->t->unknown[first] ? ROW_EQUATION : ROW_AT_MOST;
    }
    if (!stay)
        return ROW_AT_MOST;
    return p->t->change[in] == 2 && !says_too_much(p, e - 1) ? ROW_JOINERS : ROW_NONE;
}

static void add_columns(struct programme *p)
{
    int columns = 0;
    for (size_t i = 0; i < p->cell_count; i++)
        p->t->column[p->cells[i]] = has_column(p, p->cells[i]) ? ++columns : 0;
    p->first_elastic = columns + 1;
    for (size_t e = 0; p->elastic && e < p->equation_count; e++)
        columns += p->t->link_of[p->equations[e]] ? 2 : 0;
    if (columns > 0)
        glp_add_cols(p->lp, columns);
    for (int c = 1; c <= columns; c++) {
        glp_set_col_bnds(p->lp, c, GLP_LO, 0, 0);
        glp_set_col_kind(p->lp, c, GLP_IV);
        glp_set_obj_coef(p->lp, c, c >= p->first_elastic ? MISSED : 0);
    }
    for (size_t i = 0; p->short_form && i < p->cell_count; i++)
        if (p->t->change[p->cells[i]] == 2)
            glp_set_obj_coef(p->lp, p->t->column[p->cells[i]], 1);
}

struct terms {
    int count;
    double right;
};

static void add_term(struct programme *p, struct terms *r, uint32_t cell, double factor)
{
    if (!p->t->unknown[cell]) {
        r->right -= factor * (double)p->t->counts[cell];
    } else if (p->t->column[cell]) {
        p->columns[++r->count] = p->t->column[cell];
        p->values[r->count] = factor;
    }
}

/* The equation as it stands, total on the right; without columns of its own, what is left of a sum
 * is at most the total. */
static void add_equation(struct programme *p, struct terms *r, uint32_t e)
{
    const struct cells *c = &p->t->joint->cells;
    for (uint32_t i = c->equation_start[e]; i < c->equation_start[e + 1]; i++)
        add_term(p, r, c->equation_cell[i], i == c->equation_start[e] ? -1 : 1);
}

/* new - old - in <= 0; the equation before this one is old = stay + out. */
static void add_joiners(struct programme *p, struct terms *r, uint32_t e)
{
    const struct cells *c = &p->t->joint->cells;
    add_term(p, r, c->equation_cell[c->equation_start[e]], 1);
    add_term(p, r, c->equation_cell[c->equation_start[e - 1]], -1);
    add_term(p, r, member_in_role(p->t->joint, e, JOINT_IN), -1);
}

static void add_row(struct programme *p, uint32_t e, int *elastic)
{
    struct terms r = {0, 0};
    enum row row = row_of(p, e);
    int columns = p->elastic && p->t->link_of[e] ? *elastic : 0;
    *elastic += columns ? 2 : 0;
    if (row == ROW_NONE)
        return;
    if (row == ROW_JOINERS)
        add_joiners(p, &r, e);
    else
        add_equation(p, &r, e);
    for (int way = 0; columns && way < 2; way++) {
        p->columns[++r.count] = columns + way;
        p->values[r.count] = way ? -1 : 1;
    }
    int at = glp_add_rows(p->lp, 1);
    glp_set_mat_row(p->lp, at, r.count, p->columns, p->values);
    glp_set_row_bnds(p->lp, at, row == ROW_EQUATION ? GLP_FX : GLP_UP, r.right, r.right);
}

static void build(void *context)
{
    struct programme *p = context;
    p->lp = glp_create_prob();
    add_columns(p);
    int elastic = p->first_elastic;
    for (size_t e = 0; e < p->equation_count; e++)
        add_row(p, p->equations[e], &elastic);
}

static int programme_open(struct programme *p, struct err *err)
{
    const struct cells *c = &p->t->joint->cells;
    size_t longest = 0;
    for (size_t i = 0; i < p->equation_count; i++) {
        uint32_t e = p->equations[i];
        size_t length = c->equation_start[e + 1] - c->equation_start[e];
        longest = length > longest ? length : longest;
    }
    size_t columns = p->cell_count + 2 * p->equation_count + 1;
    p->columns = malloc((longest + TERMS) * sizeof *p->columns);
    p->values = malloc((longest + TERMS) * sizeof *p->values);
    p->kept = malloc(columns * sizeof *p->kept);
    if (!p->columns || !p->values || !p->kept)
        return err_memory(err);
    return solver_run(build, p, err);
}

static void programme_close(struct programme *p)
{
    if (p->lp)
        glp_delete_prob(p->lp);
    free(p->columns);
    free(p->values);
    free(p->kept);
}

/* ---- what was found ---- */

/* Which of the part's links are missed. */
static void mark_loose(const struct programme *p)
{
    int elastic = p->first_elastic;
    for (size_t k = 0; p->elastic && k < p->equation_count; k++) {
        uint32_t link = p->t->link_of[p->equations[k]];
        if (link == 0)
            continue;
        p->t->loose[link - 1] |= p->kept[elastic] + p->kept[elastic + 1] > 0;
        elastic += 2;
    }
}

static void keep(const struct programme *p)
{
    struct joint_table *t = p->t;
    for (size_t i = 0; i < p->cell_count; i++) {
        uint32_t cell = p->cells[i];
        if (p->short_form && !joint_is_count(t->joint, cell))
            continue;
        t->counts[cell] = (int64_t)p->kept[t->column[cell]];
        t->unknown[cell] = 0;
    }
    mark_loose(p);
}

int joint_programme(struct joint_table *t, const struct parts *parts, size_t part, bool short_form,
                    bool elastic, bool *found, struct err *err)
{
    uint32_t first_cell = parts->cell_start[part], first_equation = parts->equation_start[part];
    struct programme p = {.t = t,
                          .cells = parts->cells + first_cell,
                          .cell_count = parts->cell_start[part + 1] - first_cell,
                          .equations = parts->equations + first_equation,
                          .equation_count = parts->equation_start[part + 1] - first_equation,
                          .short_form = short_form,
                          .elastic = elastic};
    *found = false;
    int rc = programme_open(&p, err);
    if (rc == 0)
        rc = whole_solve(p.lp, p.kept, found, err);
    if (rc != 0)
        p.lp = NULL; /* see solver.h */
    if (*found)
        keep(&p);
    programme_close(&p);
    return rc;
}

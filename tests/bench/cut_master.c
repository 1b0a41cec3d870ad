/* SPDX-License-Identifier: EUPL-1.2 */
/* See cut_master.h. */
#include "cut_master.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double NEAR = 1e-6;
static const uint64_t HASH_START = UINT64_C(14695981039346656037);

struct part_answer {
    uint64_t hash; /* of the part's cells and cuts; 0: none */
    double bound;
};

int master_open(struct cut_master *m, size_t cells, const int64_t *costs, struct err *err)
{
    *m = (struct cut_master){.cells = cells, .costs = costs};
    m->x = calloc(cells + 1, sizeof *m->x);
    m->part_of = calloc(cells + 1, sizeof *m->part_of);
    m->answers = calloc(cells + 1, sizeof *m->answers);
    m->whole = calloc(cells + 1, sizeof *m->whole);
    if (!m->x || !m->part_of || !m->answers || !m->whole)
        return err_memory(err);
    m->lp = glp_create_prob();
    glp_add_cols(m->lp, (int)cells);
    for (size_t i = 0; i < cells; i++) {
        glp_set_col_bnds(m->lp, (int)i + 1, GLP_DB, 0, 1);
        glp_set_obj_coef(m->lp, (int)i + 1, (double)costs[i]);
    }
    return 0;
}

void master_close(struct cut_master *m)
{
    if (m->lp)
        glp_delete_prob(m->lp);
    for (size_t i = 0; i < m->count; i++)
        cut_release(&m->cuts[i]);
    free(m->cuts);
    free(m->hashes);
    free(m->x);
    free(m->part_of);
    free(m->answers);
    free(m->whole);
    *m = (struct cut_master){0};
}

static uint64_t hash_bytes(uint64_t hash, const void *bytes, size_t length)
{
    const unsigned char *at = bytes;
    for (size_t i = 0; i < length; i++)
        hash = (hash ^ at[i]) * UINT64_C(1099511628211);
    return hash;
}

static uint64_t cut_hash(const struct cut *c)
{
    uint64_t hash = hash_bytes(HASH_START, c->cells, c->count * sizeof *c->cells);
    return hash_bytes(hash, c->factors, c->count * sizeof *c->factors);
}

static bool cut_known(const struct cut_master *m, uint64_t hash)
{
    for (size_t i = 0; i < m->count; i++)
        if (m->hashes[i] == hash)
            return true;
    return false;
}

static int make_room(struct cut_master *m, struct err *err)
{
    if (m->count < m->capacity)
        return 0;
    size_t capacity = m->capacity ? 2 * m->capacity : 1024;
    struct cut *cuts = realloc(m->cuts, capacity * sizeof *cuts);
    if (!cuts)
        return err_memory(err);
    m->cuts = cuts;
    uint64_t *hashes = realloc(m->hashes, capacity * sizeof *hashes);
    if (!hashes)
        return err_memory(err);
    m->hashes = hashes;
    m->capacity = capacity;
    return 0;
}

/* As a row "at least 1"; column_of: 1 + cell if NULL; cells of column 0 are left out. */
static int add_row(glp_prob *lp, const struct cut *c, const int *column_of, struct err *err)
{
    int *columns = calloc(c->count + 1, sizeof *columns), n = 0;
    double *values = calloc(c->count + 1, sizeof *values);
    if (!columns || !values) {
        free(columns);
        free(values);
        return err_memory(err);
    }
    for (size_t i = 0; i < c->count; i++) {
        int column = column_of ? column_of[c->cells[i]] : (int)c->cells[i] + 1;
        if (column == 0)
            continue;
        columns[++n] = column;
        values[n] = c->factors[i];
    }
    int row = glp_add_rows(lp, 1);
    glp_set_row_bnds(lp, row, GLP_LO, 1, 0);
    glp_set_mat_row(lp, row, n, columns, values);
    free(columns);
    free(values);
    return 0;
}

int master_add(struct cut_master *m, struct cut *cut, bool *is_new, struct err *err)
{
    uint64_t hash = cut_hash(cut);
    *is_new = !cut_known(m, hash);
    if (!*is_new)
        return 0;
    if (make_room(m, err) != 0 || add_row(m->lp, cut, NULL, err) != 0)
        return -1;
    m->cuts[m->count] = *cut;
    m->hashes[m->count++] = hash;
    *cut = (struct cut){0, NULL, NULL};
    return 0;
}

int master_solve(struct cut_master *m, struct err *err)
{
    glp_smcp parameters;
    glp_init_smcp(&parameters);
    parameters.msg_lev = GLP_MSG_OFF;
    parameters.meth = GLP_DUALP;
    if (glp_simplex(m->lp, &parameters) != 0 || glp_get_status(m->lp) != GLP_OPT)
        return err_set(err, ERR_INTERNAL, "the cuts' linear programme could not be solved");
    for (size_t i = 0; i < m->cells; i++)
        m->x[i] = glp_get_col_prim(m->lp, (int)i + 1);
    m->bound = glp_get_obj_val(m->lp);
    return 0;
}

/* ---- whole numbers ---- */

static uint32_t root_of(uint32_t *part_of, uint32_t cell)
{
    while (part_of[cell] != cell) {
        part_of[cell] = part_of[part_of[cell]];
        cell = part_of[cell];
    }
    return cell;
}

/* Cells that may still be chosen, joined by the cuts. Left out: part_of = UINT32_MAX. */
static void find_parts(struct cut_master *m, int64_t best)
{
    double gap = (double)best - m->bound + NEAR;
    for (uint32_t i = 0; i < m->cells; i++)
        m->part_of[i] = glp_get_col_dual(m->lp, (int)i + 1) > gap ? UINT32_MAX : i;
    for (size_t c = 0; c < m->count; c++) {
        uint32_t first = UINT32_MAX;
        for (size_t i = 0; i < m->cuts[c].count; i++) {
            uint32_t cell = m->cuts[c].cells[i];
            if (m->part_of[cell] == UINT32_MAX)
                continue;
            uint32_t root = root_of(m->part_of, cell);
            first = first == UINT32_MAX ? root : root_of(m->part_of, first);
            m->part_of[root > first ? root : first] = root > first ? first : root;
        }
    }
    for (uint32_t i = 0; i < m->cells; i++)
        if (m->part_of[i] != UINT32_MAX)
            m->part_of[i] = root_of(m->part_of, i);
}

struct branching {
    uint64_t *nodes, most;
    double bound; /* of the whole tree */
};

static void on_node(glp_tree *tree, void *context)
{
    struct branching *b = context;
    int node = glp_ios_best_node(tree);
    if (node)
        b->bound = fmax(b->bound, glp_ios_node_bound(tree, node));
    if (glp_ios_reason(tree) == GLP_ISELECT && ++*b->nodes > b->most)
        glp_ios_terminate(tree);
}

struct part_programme {
    glp_prob *lp;
    int *column_of;    /* per cell of the system; 0: in another part */
    uint32_t *cell_of; /* per column */
    size_t count;
    double fractional; /* what the fractional solution costs here */
    uint64_t hash;
};

static void add_part_columns(const struct cut_master *m, uint32_t root, struct part_programme *p)
{
    for (uint32_t i = 0; i < m->cells; i++) {
        p->column_of[i] = m->part_of[i] == root ? (int)++p->count : 0;
        if (p->column_of[i] == 0)
            continue;
        p->cell_of[p->count] = i;
        p->fractional += (double)m->costs[i] * m->x[i];
        p->hash = hash_bytes(p->hash, &i, sizeof i);
        glp_add_cols(p->lp, 1);
        glp_set_col_kind(p->lp, (int)p->count, GLP_BV);
        glp_set_obj_coef(p->lp, (int)p->count, (double)m->costs[i]);
    }
}

static int build_part(const struct cut_master *m, uint32_t root, struct part_programme *p,
                      struct err *err)
{
    p->lp = glp_create_prob();
    p->count = 0;
    p->fractional = 0;
    p->hash = HASH_START;
    add_part_columns(m, root, p);
    for (size_t c = 0; c < m->count; c++) {
        bool here = false;
        for (size_t i = 0; i < m->cuts[c].count && !here; i++)
            here = p->column_of[m->cuts[c].cells[i]] != 0;
        if (here && add_row(p->lp, &m->cuts[c], p->column_of, err) != 0)
            return -1;
        if (here)
            p->hash = hash_bytes(p->hash, &m->hashes[c], sizeof m->hashes[c]);
    }
    return 0;
}

/* The part's bound, rounded up since costs are whole; its best choice goes into m->whole. */
static double solve_part(struct cut_master *m, const struct part_programme *p, uint64_t most_nodes,
                         bool *complete)
{
    struct branching branching = {&m->nodes, most_nodes, p->fractional};
    glp_iocp parameters;
    glp_init_iocp(&parameters);
    parameters.msg_lev = GLP_MSG_OFF;
    parameters.presolve = GLP_ON;
    parameters.gmi_cuts = parameters.mir_cuts = parameters.clq_cuts = GLP_ON;
    parameters.br_tech = GLP_BR_PCH;
    parameters.bt_tech = GLP_BT_BLB;
    parameters.cb_func = on_node;
    parameters.cb_info = &branching;
    bool solved = glp_intopt(p->lp, &parameters) == 0;
    int status = glp_mip_status(p->lp);
    *complete = solved && status == GLP_OPT;
    for (size_t j = 1; j <= p->count; j++)
        m->whole[p->cell_of[j]] = status == GLP_OPT || status == GLP_FEAS
                                      ? rint(glp_mip_col_val(p->lp, (int)j))
                                      : ceil(m->x[p->cell_of[j]] - NEAR);
    return ceil((*complete ? glp_mip_obj_val(p->lp) : branching.bound) - NEAR);
}

/* As solve_part, unless the part is the same as when it was last solved completely. */
static void answer_part(struct cut_master *m, uint32_t root, const struct part_programme *p,
                        uint64_t most_nodes)
{
    struct part_answer *answer = &m->answers[root];
    if (glp_get_num_rows(p->lp) == 0) {
        for (size_t j = 1; j <= p->count; j++)
            m->whole[p->cell_of[j]] = 0;
        return;
    }
    if (answer->hash != p->hash) {
        bool complete;
        answer->bound = solve_part(m, p, most_nodes, &complete);
        answer->hash = complete ? p->hash : 0;
        m->complete = m->complete && complete;
    }
    m->bound += answer->bound;
}

static int solve_parts(struct cut_master *m, struct part_programme *p, uint64_t most_nodes,
                       struct err *err)
{
    int rc = 0;
    m->bound = 0;
    m->complete = true;
    for (uint32_t i = 0; i < m->cells && rc == 0; i++) {
        if (m->part_of[i] == UINT32_MAX)
            m->whole[i] = 0;
        if (m->part_of[i] != i)
            continue;
        rc = build_part(m, i, p, err);
        if (rc == 0)
            answer_part(m, i, p, most_nodes);
        glp_delete_prob(p->lp);
    }
    return rc;
}

int master_solve_whole(struct cut_master *m, int64_t best, uint64_t most_nodes, struct err *err)
{
    int rc = -1;
    struct part_programme p = {.column_of = calloc(m->cells + 1, sizeof *p.column_of),
                               .cell_of = calloc(m->cells + 1, sizeof *p.cell_of)};
    if (!p.column_of || !p.cell_of) {
        err_memory(err);
        goto out;
    }
    find_parts(m, best);
    rc = solve_parts(m, &p, most_nodes, err);
    if (rc == 0)
        memcpy(m->x, m->whole, m->cells * sizeof *m->x);
out:
    free(p.column_of);
    free(p.cell_of);
    return rc;
}

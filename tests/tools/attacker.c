/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * attacker [--ranges] RELEASE...: what somebody can work out from a release of a government, or
 * from several, the oldest first: from rules.json, tables/NAME.csv and turnover.csv of each, and
 * nothing else. For every hidden sensitive cell of every release, its least and greatest value over
 * all tables of all releases that agree with everything published; then README "What is protected".
 * Exit 0: everything is protected; 1: a violation; 2: cannot tell.
 *
 * BETWEEN TWO RELEASES. Who is in a group at both dates has the same sensitive categories at both.
 * So where a category has more people than before, at least the difference joined; and all
 * categories together had no more joiners than the group: sum of max(0, new - old) <= joined. The
 * same for those who left follows from head counts. Whole numbers of joiners can then always be
 * found, so it is enough that the cells are whole. A unit's past is that of its entities of today,
 * with the predecessors of each; releases of one date: nobody joined. A group whose published
 * figures contradict this tells the attacker nothing.
 *
 * A cell that the turnover rule hides (fewer than turnover_threshold joined or left since it was
 * last published) is exempt.
 *
 * Independent on purpose: no header and no code of herkomst, only what the published formats say.
 * One part of the system at a time; a whole-number table counts as seen for every cell. Memory is
 * never given back: the program ends soon. --ranges prints the whole-number range of every cell
 * instead of stopping where it is wide enough: for small governments.
 */
#include "attack_links.h"

#include <glpk.h>
#include <math.h>

enum { NODES = 5000 };
static const double NEAR = 1e-6;
static bool ranges_wanted;

/* ---- parts ---- */

static size_t root_of(size_t cell)
{
    while (cells[cell].part != cell) {
        cells[cell].part = cells[cells[cell].part].part;
        cell = cells[cell].part;
    }
    return cell;
}

static void join_parts(void)
{
    for (size_t i = 0; i < cell_count; i++)
        cells[i].part = i;
    for (size_t e = 0; e < row_count; e++) {
        size_t first = SIZE_MAX;
        for (size_t t = 0; t < rows[e].count; t++) {
            size_t cell = rows[e].terms[t].cell;
            if (cells[cell].count >= 0)
                continue;
            if (first == SIZE_MAX)
                first = cell;
            cells[root_of(cell)].part = root_of(first);
        }
    }
}

struct part {
    size_t *members, count, *rows, row_count;
    glp_prob *lp;
    glp_prob *moves; /* the same, as changes up and down of the table `base` */
    double *base;
};

/* The hidden terms of a row, in 1 .. n as GLPK counts; what is left on the right. */
static int row_terms(const struct row *r, int *columns, double *factors, double *right)
{
    int n = 0;
    *right = r->right;
    for (size_t t = 0; t < r->count; t++) {
        const struct cell *c = &cells[r->terms[t].cell];
        if (c->count >= 0) {
            *right -= r->terms[t].factor * (double)c->count;
        } else {
            columns[++n] = (int)c->column;
            factors[n] = r->terms[t].factor;
        }
    }
    return n;
}

static void build(struct part *p)
{
    static int columns[MEMBERS + 3];
    static double factors[MEMBERS + 3];
    p->lp = glp_create_prob();
    glp_add_cols(p->lp, (int)p->count);
    for (size_t i = 0; i < p->count; i++) {
        cells[p->members[i]].column = i + 1;
        glp_set_col_bnds(p->lp, (int)i + 1, GLP_LO, 0, 0);
        glp_set_col_kind(p->lp, (int)i + 1, cells[p->members[i]].joiners ? GLP_CV : GLP_IV);
    }
    if (p->row_count)
        glp_add_rows(p->lp, (int)p->row_count);
    for (size_t i = 0; i < p->row_count; i++) {
        const struct row *r = &rows[p->rows[i]];
        double right;
        int n = row_terms(r, columns, factors, &right);
        glp_set_mat_row(p->lp, (int)i + 1, n, columns, factors);
        glp_set_row_bnds(p->lp, (int)i + 1, r->at_most ? GLP_UP : GLP_FX, right, right);
    }
}

static void solve(struct part *p)
{
    glp_smcp parameters;
    glp_init_smcp(&parameters);
    parameters.msg_lev = GLP_MSG_OFF;
    if (glp_simplex(p->lp, &parameters) != 0)
        give_up("the solver failed");
    int status = glp_get_status(p->lp);
    if (status != GLP_OPT && status != GLP_UNBND)
        give_up("no tables agree with what is published: correct and name what was corrected");
}

static double moved(const struct part *p, int column)
{
    return p->base[column - 1] + glp_get_col_prim(p->moves, 2 * column - 1) -
           glp_get_col_prim(p->moves, 2 * column);
}

static double vertex_value(const struct part *p, int column)
{
    return glp_get_col_prim(p->lp, column);
}

static double whole_value(const struct part *p, int column)
{
    return glp_mip_col_val(p->lp, column);
}

/* Notes a whole-number table for all cells; false if it is none. */
static bool see(const struct part *p, double (*value)(const struct part *, int))
{
    for (size_t i = 0; i < p->count; i++) {
        double x = value(p, (int)i + 1);
        if (!cells[p->members[i]].joiners && fabs(x - nearbyint(x)) > NEAR)
            return false;
    }
    for (size_t i = 0; i < p->count; i++) {
        struct cell *c = &cells[p->members[i]];
        int64_t x = (int64_t)nearbyint(value(p, (int)i + 1));
        bool first = c->low > c->high;
        c->low = first || x < c->low ? x : c->low;
        c->high = first || x > c->high ? x : c->high;
    }
    return true;
}

/* ---- the criterion ---- */

struct needs {
    double reach, wide, floor;
};

static struct needs needs_of(const struct cell *c)
{
    const struct release *r = &releases[c->release];
    struct needs n = {r->interval ? (double)r->threshold : 0, r->interval ? (double)r->width : 1,
                      r->interval ? (double)r->threshold : HUGE_VAL};
    double group = c->group >= 0 ? (double)cells[c->group].count : -1;
    if (group >= 0) {
        n.reach = fmin(group, n.reach);
        n.wide = fmin(group, n.wide);
    }
    return n;
}

static bool range_protected(const struct cell *c, double low, double high)
{
    struct needs n = needs_of(c);
    return low >= n.floor || (high >= n.reach && high - low >= n.wide);
}

static bool is_target(const struct cell *c)
{
    return c->sensitive && !c->exempt;
}

static bool settled(const struct cell *c)
{
    return !is_target(c) ||
           (c->low <= c->high && range_protected(c, (double)c->low, (double)c->high));
}

/* ---- the attack ---- */

static void no_objective(const struct part *p)
{
    for (size_t i = 0; i < p->count; i++)
        glp_set_obj_coef(p->lp, (int)i + 1, 0);
}

static void count_nodes(glp_tree *tree, void *left)
{
    if (glp_ios_reason(tree) == GLP_ISELECT && --*(int *)left < 0)
        glp_ios_terminate(tree);
}

/* Branch and bound from the optimum at hand; true if it came to the end. */
static bool solve_whole(struct part *p)
{
    glp_iocp parameters;
    int left = NODES;
    glp_init_iocp(&parameters);
    parameters.msg_lev = GLP_MSG_OFF;
    parameters.cb_func = count_nodes;
    parameters.cb_info = &left;
    bool done = glp_intopt(p->lp, &parameters) == 0 && glp_mip_status(p->lp) == GLP_OPT;
    if (done || glp_mip_status(p->lp) == GLP_FEAS)
        (void)see(p, whole_value);
    return done;
}

/* Any whole-number table, to start from; with few joiners it is nearly always one at once. */
static bool find_base(struct part *p)
{
    no_objective(p);
    glp_set_obj_dir(p->lp, GLP_MIN);
    for (size_t i = 0; i < p->count; i++)
        glp_set_obj_coef(p->lp, (int)i + 1, cells[p->members[i]].joiners);
    solve(p);
    bool whole = see(p, vertex_value);
    if (!whole && !solve_whole(p))
        return false;
    p->base = zeroed(p->count, sizeof *p->base);
    for (size_t i = 0; i < p->count; i++) {
        double x = whole ? vertex_value(p, (int)i + 1) : whole_value(p, (int)i + 1);
        p->base[i] = cells[p->members[i]].joiners ? x : nearbyint(x);
    }
    return true;
}

/* A change of one cell with the least change of the others is nearly always a whole-number one. */
static void build_moves(struct part *p)
{
    static int columns[2 * MEMBERS + 5], of[MEMBERS + 3];
    static double values[2 * MEMBERS + 5], factors[MEMBERS + 3];
    p->moves = glp_create_prob();
    glp_add_cols(p->moves, (int)(2 * p->count));
    if (p->row_count)
        glp_add_rows(p->moves, (int)p->row_count);
    for (int i = 0; i < (int)p->count; i++) {
        for (int way = 1; way <= 2; way++)
            glp_set_obj_coef(p->moves, 2 * i + way, !cells[p->members[i]].joiners);
        glp_set_col_bnds(p->moves, 2 * i + 1, GLP_LO, 0, 0);
        glp_set_col_bnds(p->moves, 2 * i + 2, p->base[i] > 0 ? GLP_DB : GLP_FX, 0, p->base[i]);
    }
    for (size_t i = 0; i < p->row_count; i++) {
        const struct row *r = &rows[p->rows[i]];
        double rest;
        int n = row_terms(r, of, factors, &rest), terms = 0;
        for (int k = 1; k <= n; k++) {
            rest -= factors[k] * p->base[of[k] - 1];
            for (int way = 0; way < 2; way++) {
                columns[++terms] = 2 * of[k] - 1 + way;
                values[terms] = way ? -factors[k] : factors[k];
            }
        }
        glp_set_mat_row(p->moves, (int)i + 1, terms, columns, values);
        glp_set_row_bnds(p->moves, (int)i + 1, r->at_most ? GLP_UP : GLP_FX, rest, rest);
    }
}

static void try_value(struct part *p, const struct cell *c, double value)
{
    int up = (int)(2 * c->column) - 1;
    double base = p->base[c->column - 1], by = value - base;
    if (value < 0 || by == 0)
        return;
    glp_set_col_bnds(p->moves, up, GLP_FX, by > 0 ? by : 0, 0);
    glp_set_col_bnds(p->moves, up + 1, GLP_FX, by < 0 ? -by : 0, 0);
    glp_smcp parameters;
    glp_init_smcp(&parameters);
    parameters.msg_lev = GLP_MSG_OFF;
    parameters.meth = GLP_DUALP;
    glp_std_basis(p->moves);
    if (glp_simplex(p->moves, &parameters) == 0 && glp_get_status(p->moves) == GLP_OPT)
        (void)see(p, moved);
    glp_set_col_bnds(p->moves, up, GLP_LO, 0, 0);
    glp_set_col_bnds(p->moves, up + 1, base > 0 ? GLP_DB : GLP_FX, 0, base);
}

/* Shows the cell at the two ends that the criterion asks for, if moves can. */
static void attack_by_moves(struct part *p, const struct cell *c)
{
    struct needs n = needs_of(c);
    try_value(p, c, fmax((double)c->low + n.wide, n.reach));
    if (settled(c))
        return;
    try_value(p, c, n.reach);
    try_value(p, c, fmax(fmax((double)c->high, n.reach) - n.wide, 0));
}

/* One end of a cell's range: the linear bound, rounded inwards, or in whole numbers. */
static double extreme(struct part *p, const struct cell *c, int direction, bool whole)
{
    no_objective(p);
    glp_set_obj_coef(p->lp, (int)c->column, 1);
    glp_set_obj_dir(p->lp, direction);
    solve(p);
    if (glp_get_status(p->lp) == GLP_UNBND)
        return HUGE_VAL;
    double value = glp_get_obj_val(p->lp);
    if (!see(p, vertex_value) && whole && solve_whole(p))
        value = glp_mip_obj_val(p->lp);
    return (direction == GLP_MAX ? floor(value + NEAR) : ceil(value - NEAR)) + 0.0; /* not -0 */
}

static bool attack_cell(struct part *p, const struct cell *c)
{
    for (int whole = 0; whole < 2; whole++) {
        double high = extreme(p, c, GLP_MAX, whole), low = extreme(p, c, GLP_MIN, whole);
        if (!range_protected(c, low, high))
            return false;
        if (settled(c) || low >= needs_of(c).floor)
            return true;
    }
    return true; /* no violation in whole numbers either, as far as the search went */
}

static void print_range(struct part *p, const struct cell *c)
{
    double high = extreme(p, c, GLP_MAX, true), low = extreme(p, c, GLP_MIN, true);
    (void)printf("range %s %.0f %.0f%s\n", c->key, low, high, c->exempt ? " exempt" : "");
}

static size_t attack_part(struct part *p)
{
    size_t violations = 0;
    bool wanted = false;
    for (size_t i = 0; i < p->count; i++)
        wanted = wanted || cells[p->members[i]].sensitive;
    if (!wanted)
        return 0;
    build(p);
    if (find_base(p))
        build_moves(p);
    for (size_t i = 0; i < p->count; i++) {
        const struct cell *c = &cells[p->members[i]];
        if (ranges_wanted && c->sensitive)
            print_range(p, c);
        if (!settled(c) && p->moves)
            attack_by_moves(p, c);
        if (settled(c) || attack_cell(p, c))
            continue;
        violations++;
        (void)printf("violation %s\n", c->key);
    }
    glp_delete_prob(p->lp);
    if (p->moves)
        glp_delete_prob(p->moves);
    free(p->base);
    return violations;
}

/* Hidden cells and rows by part: chains that begin at the part's root. */
struct chain {
    size_t *first, *next;
};

static void chain_add(struct chain *c, size_t root, size_t item)
{
    c->next[item] = c->first[root];
    c->first[root] = item + 1;
}

static void chain_rows(struct chain *c)
{
    for (size_t e = row_count; e-- > 0;)
        for (size_t t = 0; t < rows[e].count; t++)
            if (cells[rows[e].terms[t].cell].count < 0) {
                chain_add(c, root_of(rows[e].terms[t].cell), e);
                break;
            }
}

static size_t attack_all(size_t *parts)
{
    size_t violations = 0;
    struct chain members = {zeroed(cell_count, sizeof(size_t)), zeroed(cell_count, sizeof(size_t))};
    struct chain equations = {zeroed(cell_count, sizeof(size_t)),
                              zeroed(row_count, sizeof(size_t))};
    struct part p = {.members = zeroed(cell_count, sizeof(size_t)),
                     .rows = zeroed(row_count, sizeof(size_t))};
    for (size_t i = cell_count; i-- > 0;)
        if (cells[i].count < 0)
            chain_add(&members, root_of(i), i);
    chain_rows(&equations);
    for (size_t root = 0; root < cell_count; root++) {
        p.count = p.row_count = 0;
        p.lp = p.moves = NULL;
        p.base = NULL;
        for (size_t i = members.first[root]; i; i = members.next[i - 1])
            p.members[p.count++] = i - 1;
        for (size_t e = equations.first[root]; e; e = equations.next[e - 1])
            p.rows[p.row_count++] = e - 1;
        if (p.count == 0)
            continue;
        violations += attack_part(&p);
        ++*parts;
    }
    free(members.first);
    free(members.next);
    free(equations.first);
    free(equations.next);
    free(p.members);
    free(p.rows);
    return violations;
}

/* ---- all of it ---- */

static void state_equations(void)
{
    for (size_t i = 0; i < cell_count; i++)
        if (cells[i].count == -2)
            give_up("%s is in no table", cells[i].key);
    for (size_t r = 0; r < release_count; r++) {
        size_t i;
        json_t *table;
        json_array_foreach(json_object_get(releases[r].rules, "tables"), i, table)
        {
            walk_table(r, table);
        }
    }
    for (size_t to = 1; to < release_count; to++) {
        bool *decided = zeroed(cell_count, sizeof *decided);
        for (size_t from = to; from-- > 0;) /* the latest first: it was last published there */
            if (releases[to].public_head_counts && releases[from].public_head_counts)
                link_releases(from, to, decided);
        free(decided);
    }
    join_parts();
}

int main(int argc, char **argv)
{
    ranges_wanted = argc > 1 && strcmp(argv[1], "--ranges") == 0;
    int first = ranges_wanted ? 2 : 1;
    if (argc < first + 1)
        give_up("usage: attacker [--ranges] RELEASE...");
    slot_count = 8000009;
    slots = zeroed(slot_count, sizeof *slots);
    (void)glp_term_out(GLP_OFF);
    for (int i = first; i < argc; i++)
        read_release(argv[i]);
    state_equations();
    size_t hidden = 0, targets = 0, exempt = 0, parts = 0;
    for (size_t i = 0; i < cell_count; i++) {
        hidden += cells[i].count < 0 && !cells[i].joiners;
        targets += cells[i].count < 0 && is_target(&cells[i]);
        exempt += cells[i].count < 0 && cells[i].exempt;
    }
    size_t violations = attack_all(&parts);
    (void)printf(
        "%zu releases, %zu hidden cells, %zu to be protected, %zu exempt, %zu groups linked, "
        "%zu contradicted, %zu rows, %zu parts: %zu violations\n",
        release_count, hidden, targets, exempt, linked_groups, contradicted_groups, row_count,
        parts, violations);
    return violations ? 1 : 0;
}

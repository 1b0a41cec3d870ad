/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Whatever agrees with a system of cells comes from some people: random families of populations
 * within each other, the cells of one entity, and whole numbers for them that a random objective
 * drives into a corner; people are then sought by kind, which is their categories and the
 * populations that they are in. Without the closing crossings there often are none.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <glpk.h>

#include "engine_world.h"

enum {
    VARIABLES = 3,
    CATEGORIES = 1 << VARIABLES,
    POPULATIONS = 4,
    MEMBERS_MOST = 64,
    MOST = 12,
    CELLS = 1024
};
enum { ENTITY = 2 }; /* below a government and a domain of nothing else */

static void add_random_table(struct structure *s, uint32_t *random, size_t population, int within)
{
    static const char *const populations[] = {"p0", "p1", "p2", "p3"};
    char name[] = {'t', (char)('a' + s->table_count), '\0'}, variables[2 * VARIABLES + 1] = "";
    size_t length = 0;
    for (int v = 0; v < VARIABLES; v++)
        if (world_random(random, 2)) {
            variables[length++] = (char)('a' + v);
            variables[length++] = ' ';
        }
    variables[length ? length - 1 : 0] = '\0';
    fixture_table(s, name, populations[population], variables, within);
}

/* Populations each within an earlier one; tangled: within several, or none. */
static void make_family(struct structure *s, uint32_t *random, bool tangled)
{
    static const struct world_estate ONE = {1, {1, 0}, false};
    size_t populations = 2 + world_random(random, POPULATIONS - 1);
    structure_init(s);
    add_units(s, &ONE, 1);
    for (char name[] = "a"; name[0] < 'a' + VARIABLES; name[0]++)
        fixture_variable(s, name, "1 2");
    for (size_t p = 0; p < populations; p++) {
        uint32_t earlier = (uint32_t)s->table_count;
        int whole = p ? (int)world_random(random, earlier) : -1;
        for (size_t t = 1 + world_random(random, 3); t > 0; t--) {
            bool other = tangled && p && world_random(random, 2);
            add_random_table(s, random, p, other ? (int)world_random(random, earlier) : whole);
        }
    }
}

static bool is_closing(const struct cells *c, size_t cell)
{
    return (c->flags[cell] & (CELL_UNPUBLISHED | CELL_SLACK)) == CELL_UNPUBLISHED;
}

static bool is_published_here(const struct cells *c, size_t cell)
{
    return c->unit[cell] == ENTITY && !(c->flags[cell] & CELL_UNPUBLISHED);
}

static bool solve(glp_prob *lp)
{
    glp_iocp how;
    glp_init_iocp(&how);
    how.presolve = GLP_ON;
    how.msg_lev = GLP_MSG_OFF;
    int rc = glp_intopt(lp, &how);
    if (rc != 0 && rc != GLP_ENOPFS && rc != GLP_ENODFS)
        fail_msg("GLPK gave up");
    return rc == 0 && glp_mip_status(lp) == GLP_OPT;
}

static void add_equation(glp_prob *lp, const struct cells *c, size_t e)
{
    int column[MEMBERS_MOST], n = 0;
    double by[MEMBERS_MOST];
    for (uint32_t i = c->equation_start[e]; i < c->equation_start[e + 1]; i++) {
        column[++n] = (int)c->equation_cell[i] + 1;
        by[n] = i == c->equation_start[e] ? -1 : 1;
    }
    int row = glp_add_rows(lp, 1);
    glp_set_mat_row(lp, row, n, column, by);
    glp_set_row_bnds(lp, row, GLP_FX, 0, 0);
}

static bool has_closing_member(const struct cells *c, size_t e)
{
    for (uint32_t i = c->equation_start[e]; i < c->equation_start[e + 1]; i++)
        if (is_closing(c, c->equation_cell[i]))
            return true;
    return false;
}

/* Whole numbers for the cells that keep the equations. closed: those of closing cells too. */
static bool find_values(const struct cells *c, bool closed, uint32_t *random, double *values)
{
    glp_prob *lp = glp_create_prob();
    glp_add_cols(lp, (int)c->count);
    for (size_t i = 0; i < c->count; i++) {
        glp_set_col_kind(lp, (int)i + 1, GLP_IV);
        glp_set_col_bnds(lp, (int)i + 1, GLP_DB, 0, MOST);
        if (is_published_here(c, i))
            glp_set_obj_coef(lp, (int)i + 1, (double)world_random(random, 11) - 5);
    }
    const uint16_t total[VARIABLES] = {0};
    for (int p = 0; p < (int)c->structure->population_count; p++)
        glp_set_col_bnds(lp, (int)cells_find(c, p, ENTITY, total) + 1, GLP_DB,
                         world_random(random, 2), p ? MOST : 2 + world_random(random, 4));
    for (size_t e = 0; e < c->equation_count; e++)
        if (closed || !has_closing_member(c, e))
            add_equation(lp, c, e);
    bool found = solve(lp);
    for (size_t i = 0; i < c->count && found; i++)
        values[i] = glp_mip_col_val(lp, (int)i + 1);
    glp_delete_prob(lp);
    return found;
}

static bool may_be_in(const struct structure *s, unsigned populations)
{
    for (size_t t = 0; t < s->table_count; t++)
        if (s->tables[t].within >= 0 && (populations >> s->tables[t].population & 1) &&
            !(populations >> s->tables[s->tables[t].within].population & 1))
            return false;
    return true;
}

/* Is somebody with these categories (a bit each) and in these populations counted in the cell? */
static bool counts(const struct cells *c, size_t cell, unsigned categories, unsigned populations)
{
    for (size_t v = 0; v < VARIABLES; v++) {
        unsigned category = c->categories[cell * c->stride + v];
        if (category && category != 1 + (categories >> v & 1))
            return false;
    }
    return populations >> c->population[cell] & 1;
}

static void add_cell(glp_prob *lp, const struct cells *c, size_t cell, double value)
{
    int column[1 + (CATEGORIES << POPULATIONS)], n = 0;
    double by[1 + (CATEGORIES << POPULATIONS)];
    for (unsigned kind = 0; kind < CATEGORIES << POPULATIONS; kind++)
        if (counts(c, cell, kind % CATEGORIES, kind / CATEGORIES)) {
            column[++n] = (int)kind + 1;
            by[n] = 1;
        }
    int row = glp_add_rows(lp, 1);
    glp_set_mat_row(lp, row, n, column, by);
    glp_set_row_bnds(lp, row, GLP_FX, value, value);
}

static bool people_exist(const struct cells *c, const double *values)
{
    glp_prob *lp = glp_create_prob();
    glp_add_cols(lp, CATEGORIES << POPULATIONS);
    for (unsigned kind = 0; kind < CATEGORIES << POPULATIONS; kind++) {
        bool may = may_be_in(c->structure, kind / CATEGORIES);
        glp_set_col_kind(lp, (int)kind + 1, GLP_IV);
        glp_set_col_bnds(lp, (int)kind + 1, may ? GLP_LO : GLP_FX, 0, 0);
    }
    for (size_t i = 0; i < c->count; i++)
        if (is_published_here(c, i))
            add_cell(lp, c, i, values[i]);
    bool exist = solve(lp);
    glp_delete_prob(lp);
    return exist;
}

static void run(uint32_t *random, bool tangled, size_t *tried, size_t *open, size_t *wrong)
{
    struct structure s;
    struct cells c;
    struct err err;
    double values[CELLS];
    make_family(&s, random, tangled);
    assert_int_equal(structure_check(&s, &err), 0);
    assert_int_equal(cells_build(&c, &s, true, &err), 0);
    assert_true(c.count <= CELLS);
    for (size_t round = 0; round < 6; round++) {
        if (find_values(&c, false, random, values))
            *open += !people_exist(&c, values);
        if (find_values(&c, true, random, values)) {
            *tried += 1;
            *wrong += !people_exist(&c, values);
        }
    }
    cells_release(&c);
    structure_release(&s);
}

static void run_all(bool tangled)
{
    uint32_t random = 1962;
    size_t tried = 0, open = 0, wrong = 0;
    (void)glp_term_out(GLP_OFF);
    for (size_t i = 0; i < 250; i++)
        run(&random, tangled, &tried, &open, &wrong);
    print_message("# %zu tables come from people; without closing crossings %zu do not\n",
                  tried - wrong, open);
    assert_int_equal(wrong, 0);
    assert_true(tried > 1000 && open > 50);
}

static void test_nested_populations(void **state)
{
    (void)state;
    run_all(false);
}

static void test_part_of_several(void **state)
{
    (void)state;
    run_all(true);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nested_populations),
        cmocka_unit_test(test_part_of_several),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    (void)glp_free_env();
    return failed;
}

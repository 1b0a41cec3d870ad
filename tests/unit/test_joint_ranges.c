/* SPDX-License-Identifier: EUPL-1.2 */
/* joint: the ranges that a joint system leaves its hidden cells are those of every whole-number
 * table of all releases that could be. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "joint_tables.h"

#include <glpk.h>
#include <math.h>

/* The joint system with its hidden cells as unknowns. */
static glp_prob *programme(const struct joint *j)
{
    const struct cells *c = &j->cells;
    glp_prob *lp = glp_create_prob();
    glp_add_cols(lp, (int)c->count);
    glp_add_rows(lp, (int)c->equation_count);
    for (size_t i = 0; i < c->count; i++) {
        double count = (double)j->counts[i];
        glp_set_col_kind(lp, (int)i + 1, GLP_IV);
        glp_set_col_bnds(lp, (int)i + 1, count < 0 ? GLP_LO : GLP_FX, count < 0 ? 0 : count, count);
    }
    for (size_t e = 0; e < c->equation_count; e++) {
        int columns[64], n = 0;
        double signs[64];
        for (uint32_t i = c->equation_start[e]; i < c->equation_start[e + 1]; i++) {
            signs[n + 1] = n == 0 ? -1 : 1;
            columns[++n] = (int)c->equation_cell[i] + 1;
        }
        glp_set_mat_row(lp, (int)e + 1, n, columns, signs);
        glp_set_row_bnds(lp, (int)e + 1, GLP_FX, 0, 0);
    }
    return lp;
}

/* The cell's least (GLP_MIN) or greatest value in whole numbers; -1: no table agrees. */
static int64_t extreme(glp_prob *lp, size_t cell, int direction)
{
    glp_iocp parameters;
    glp_init_iocp(&parameters);
    parameters.msg_lev = GLP_MSG_OFF;
    parameters.presolve = GLP_ON;
    for (int i = 1; i <= glp_get_num_cols(lp); i++)
        glp_set_obj_coef(lp, i, i == (int)cell + 1 ? 1 : 0);
    glp_set_obj_dir(lp, direction);
    int rc = glp_intopt(lp, &parameters);
    if (rc == GLP_ENOPFS)
        return -1;
    assert_int_equal(rc, 0);
    return glp_mip_status(lp) == GLP_OPT ? (int64_t)nearbyint(glp_mip_obj_val(lp)) : -1;
}

/* Every hidden cell of every release has exactly the range that enumeration finds. */
static void compare_ranges(struct world *w, const struct joint *j)
{
    size_t compared = 0;
    world_enumerate(w);
    glp_prob *lp = programme(j);
    for (size_t i = 0; i < j->cells.count; i++) {
        const struct joint_layer *layer = &j->layers[j->cells.layer[i]];
        if (layer->role != JOINT_CELL || j->counts[i] >= 0)
            continue;
        const struct world_release *r = &w->r[layer->to];
        assert_int_equal(extreme(lp, i, GLP_MIN), r->low[j->source[i]]);
        assert_int_equal(extreme(lp, i, GLP_MAX), r->high[j->source[i]]);
        compared++;
    }
    for (size_t i = 0; i < w->releases; i++)
        for (size_t c = 0; c < w->r[i].cells.count; c++)
            compared -= w->r[i].shown[c] < 0;
    assert_int_equal(compared, 0); /* none was missing */
    glp_delete_prob(lp);
}

static void compare(struct world *w)
{
    struct joint j;
    struct err err;
    if (joint_build(&j, world_input(w), &err) != 0)
        fail_msg("%s", err.text);
    assert_int_equal(j.left_out_count, 0);
    compare_ranges(w, &j);
    joint_release(&j);
}

/* What makes the structures of a world; returns how many people there are. */
typedef size_t build_world(struct world *w, int trial);

/* The people of a revision's release are where they are in that. */
static void compare_worlds(int trials, uint32_t random, size_t releases, build_world *build,
                           const char *const codes[WORLD_RELEASES][2])
{
    for (int trial = 0; trial < trials; trial++) {
        struct world w;
        world_init(&w, releases);
        size_t people = build(&w, trial);
        world_populate(&w, &random, people, codes);
        for (size_t p = 0; p < people && w.r[1].when == w.r[0].when; p++)
            w.person[p].unit[1] = w.person[p].unit[0];
        world_count(&w);
        world_hide_some(&w, &random);
        compare(&w);
        world_release(&w);
    }
}

/* E1 and, where `second` is a domain, E2 in that one: 1 is D1, 2 the other. */
static void add_units(struct world_release *r, const char *domain2, int second)
{
    world_units(&r->structure, domain2);
    fixture_unit(&r->structure, LEVEL_ENTITY, "E1", 1, true);
    if (second)
        fixture_unit(&r->structure, LEVEL_ENTITY, "E2", second, true);
}

static size_t build_two_entities(struct world *w, int trial)
{
    (void)trial;
    for (size_t i = 0; i < 2; i++) {
        add_units(&w->r[i], NULL, 1);
        world_tables(&w->r[i].structure, NULL);
    }
    return 9;
}

static void test_two_releases(void **state)
{
    (void)state;
    static const char *const codes[WORLD_RELEASES][2] = {{"E1", "E2"}, {"E1", "E2"}};
    compare_worlds(100, 1, 2, build_two_entities, codes);
}

/* A second variable, sensitive or not: then it makes groups of its own. */
static size_t build_two_variables(struct world *w, int trial)
{
    for (size_t i = 0; i < 2; i++) {
        add_units(&w->r[i], NULL, 0);
        world_tables(&w->r[i].structure, trial % 2 ? "f* m*" : "f m");
    }
    return trial % 2 ? 6 : 8;
}

static void test_two_variables(void **state)
{
    (void)state;
    static const char *const codes[WORLD_RELEASES][2] = {{"E1", "E1"}, {"E1", "E1"}};
    compare_worlds(200, 2, 2, build_two_variables, codes);
}

static size_t build_three_releases(struct world *w, int trial)
{
    (void)trial;
    for (size_t i = 0; i < 3; i++) {
        add_units(&w->r[i], NULL, 0);
        world_tables(&w->r[i].structure, NULL);
    }
    return 9;
}

static void test_three_releases(void **state)
{
    (void)state;
    static const char *const codes[WORLD_RELEASES][2] = {{"E1", "E1"}, {"E1", "E1"}, {"E1", "E1"}};
    compare_worlds(100, 3, 3, build_three_releases, codes);
}

/* A release and its revision hide different cells of the same people. */
static size_t build_revision(struct world *w, int trial)
{
    w->r[1].when = w->r[0].when;
    return build_two_entities(w, trial);
}

static void test_revision(void **state)
{
    (void)state;
    static const char *const codes[WORLD_RELEASES][2] = {{"E1", "E2"}, {"E1", "E2"}};
    compare_worlds(100, 6, 2, build_revision, codes);
}

/* E2 merges into E1; what E1 was is two cells, or the domain's own where nothing else is in it. */
static size_t build_merger(struct world *w, int trial)
{
    (void)trial;
    add_units(&w->r[0], NULL, 1);
    add_units(&w->r[1], NULL, 0);
    world_predecessor(&w->r[1].structure, 2, "E2");
    for (size_t i = 0; i < 2; i++)
        world_tables(&w->r[i].structure, NULL);
    return 9;
}

static void test_merged_unit(void **state)
{
    (void)state;
    static const char *const codes[WORLD_RELEASES][2] = {{"E1", "E2"}, {"E1", "E1"}};
    compare_worlds(100, 4, 2, build_merger, codes);
}

/* E2 moves to another domain: the old domain's cell no longer is what the new one was. */
static size_t build_move(struct world *w, int trial)
{
    (void)trial;
    add_units(&w->r[0], NULL, 1);
    add_units(&w->r[1], "D2", 2);
    for (size_t i = 0; i < 2; i++)
        world_tables(&w->r[i].structure, NULL);
    return 8;
}

static void test_moved_unit(void **state)
{
    (void)state;
    static const char *const codes[WORLD_RELEASES][2] = {{"E1", "E2"}, {"E1", "E2"}};
    compare_worlds(100, 5, 2, build_move, codes);
}

int main(void)
{
    (void)glp_term_out(GLP_OFF);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_two_releases),   cmocka_unit_test(test_two_variables),
        cmocka_unit_test(test_three_releases), cmocka_unit_test(test_revision),
        cmocka_unit_test(test_merged_unit),    cmocka_unit_test(test_moved_unit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

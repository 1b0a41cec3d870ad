/* SPDX-License-Identifier: EUPL-1.2 */
/* joint: what is linked, what is not, and how cells are called. The ranges that follow are
 * test_joint_ranges.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "joint_world.h"

static void build(struct joint *j, struct world *w)
{
    struct err err;
    if (joint_build(j, world_input(w), &err) != 0)
        fail_msg("%s", err.text);
}

/* Two releases of E1 alone: 4 eu, 3 belgian then; one eu left and two belgian joined. */
static void small_world(struct world *w)
{
    static const char *const codes[WORLD_RELEASES][2] = {{"E1", "E1"}, {"E1", NULL}, {NULL, "E1"}};
    world_init(w, 2);
    for (size_t i = 0; i < 2; i++) {
        fixture_unit(&w->r[i].structure, LEVEL_GOVERNMENT, "VO", -1, true);
        fixture_unit(&w->r[i].structure, LEVEL_DOMAIN, "D1", 0, true);
        fixture_unit(&w->r[i].structure, LEVEL_ENTITY, "E1", 1, true);
        world_tables(&w->r[i].structure, NULL);
    }
    w->people = 9;
    for (size_t p = 0; p < 9; p++) {
        size_t course = p == 0 ? 1 : p < 7 ? 0 : 2;
        w->person[p] = (struct world_person){
            {codes[course][0], codes[course][1], NULL}, "f", p < 4 ? "eu" : "belgian"};
    }
    world_count(w);
    world_hide(w, 0, "staff|entity:E1|origin=eu");
    world_hide(w, 0, "staff|entity:E1|origin=other");
}

static size_t find(const struct joint *j, const char *key)
{
    size_t cell = cell_by_key(&j->cells, key);
    if (cell == SIZE_MAX)
        fail_msg("no cell %s", key);
    return cell;
}

static void test_cells_flags_groups_and_counts(void **state)
{
    (void)state;
    struct world w;
    struct joint j;
    small_world(&w);
    w.r[0].exempt[world_cell(&w, 0, "staff|entity:E1|origin=other")] = 1;
    build(&j, &w);
    const struct cells *now = &w.r[1].cells, *c = &j.cells;
    assert_int_equal(memcmp(c->flags, now->flags, now->count), 0);
    assert_int_equal(memcmp(c->group, now->group, now->count * sizeof *c->group), 0);
    assert_int_equal(memcmp(c->unit, now->unit, now->count * sizeof *c->unit), 0);
    size_t eu = find(&j, "R1/staff|entity:E1|origin=eu");
    assert_true(eu >= now->count);
    assert_int_equal(c->flags[eu], CELL_SENSITIVE | CELL_EARLIER);
    assert_int_equal(j.counts[eu], -1);
    assert_int_equal(c->group[eu], find(&j, "R1/staff|entity:E1"));
    assert_int_equal(j.counts[c->group[eu]], 7);
    assert_int_equal(c->unit[eu], 2);
    size_t other = find(&j, "R1/staff|entity:E1|origin=other");
    assert_int_equal(c->flags[other], CELL_EARLIER | CELL_EXEMPT);
    size_t published = find(&j, "R1/staff|entity:E1|origin=belgian");
    assert_int_equal(c->flags[published], CELL_SENSITIVE | CELL_EARLIER);
    assert_int_equal(j.counts[published], 3);
    size_t joined = find(&j, "R1>R2+/staff|entity:E1"), left = find(&j, "R1>R2-/staff|entity:E1");
    assert_int_equal(c->flags[joined], CELL_PUBLIC);
    assert_int_equal(j.counts[joined], 2);
    assert_int_equal(j.counts[left], 1);
    size_t in = find(&j, "R1>R2+/staff|entity:E1|origin=eu");
    size_t out = find(&j, "R1>R2-/staff|entity:E1|origin=eu");
    assert_int_equal(c->flags[in], CELL_UNPUBLISHED);
    assert_int_equal(c->group[in], joined);
    assert_int_equal(c->group[out], left);
    assert_int_equal(c->flags[find(&j, "R1>R2=/staff|entity:E1|origin=eu")], CELL_UNPUBLISHED);
    assert_int_equal(cell_by_key(c, "R1>R2&/staff|entity:E1|origin=eu"), SIZE_MAX);
    joint_release(&j);
    world_release(&w);
}

static void test_keys_lead_back(void **state)
{
    (void)state;
    static const char *const wrong[] = {"R3/staff|entity:E1",      "R2/staff|entity:E1",
                                        "R1/staff|entity:E9",      "R1/",
                                        "/staff|entity:E1",        "R1>R2/staff|entity:E1",
                                        "R1>R2*/staff|entity:E1",  "R2>R1+/staff|entity:E1",
                                        "R1>R1+/staff|entity:E1",  "R1>/staff|entity:E1",
                                        "R1>+/staff|entity:E1",    "R1>R2=/staff|entity:E1",
                                        "R1>R2+/staff|entity:E9",  "R1/R1/staff|entity:E1",
                                        "R1>R2+R1/staff|entity:E1"};
    struct world w;
    struct joint j;
    struct text key;
    small_world(&w);
    world_hide(&w, 0, "staff|government:VO|origin=eu");
    build(&j, &w);
    text_init(&key);
    for (size_t i = 0; i < j.cells.count; i++) {
        text_clear(&key);
        cell_key(&key, &j.cells, i);
        assert_int_equal(cell_by_key(&j.cells, key.bytes), i);
        assert_int_equal(joint_is_key(key.bytes), j.cells.layer[i] != 0);
    }
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_true(cell_by_key(&j.cells, wrong[i]) == SIZE_MAX);
    assert_true(cell_by_key(&w.r[1].cells, "R1/staff|entity:E1|origin=eu") == SIZE_MAX);
    text_release(&key);
    joint_release(&j);
    world_release(&w);
}

/* Nobody came or left: new = old, in one equation, and nothing else. */
static void test_revision_is_equal(void **state)
{
    (void)state;
    struct world w;
    struct joint j;
    small_world(&w);
    w.r[0].when = w.r[1].when;
    for (size_t p = 0; p < w.people; p++)
        w.person[p].unit[0] = w.person[p].unit[1];
    cells_release(&w.r[0].cells);
    cells_release(&w.r[1].cells);
    memset(w.r[0].count, 0, sizeof w.r[0].count);
    memset(w.r[1].count, 0, sizeof w.r[1].count);
    memset(w.joined, 0, sizeof w.joined);
    memset(w.left, 0, sizeof w.left);
    world_count(&w);
    world_hide(&w, 0, "staff|entity:E1|origin=eu");
    world_hide(&w, 0, "staff|entity:E1|origin=other");
    world_hide(&w, 1, "staff|entity:E1|origin=eu");
    world_hide(&w, 1, "staff|entity:E1|origin=foreign");
    struct joint_input input = *world_input(&w);
    input.turnover_count = 0;
    struct err err;
    assert_int_equal(joint_build(&j, &input, &err), 0);
    for (size_t i = 0; i < j.cells.count; i++)
        assert_int_equal(j.layers[j.cells.layer[i]].role, JOINT_CELL);
    assert_int_equal(j.link_count, 3 * 4);
    const uint32_t *members = j.cells.equation_cell + j.cells.equation_start[j.links[0].equation];
    assert_int_equal(j.cells.equation_start[j.links[0].equation + 1] -
                         j.cells.equation_start[j.links[0].equation],
                     2);
    assert_int_equal(members[0], j.links[0].cell);
    joint_release(&j);
    world_release(&w);
}

static bool is_linked(const struct joint *j, const char *key)
{
    size_t cell = cell_by_key(j->present, key);
    for (size_t i = 0; i < j->link_count; i++)
        if (j->links[i].cell == cell)
            return true;
    return false;
}

static void test_contradiction_is_left_out(void **state)
{
    (void)state;
    struct world w;
    struct joint j;
    small_world(&w);
    build(&j, &w);
    assert_true(is_linked(&j, "staff|entity:E1|origin=eu"));
    joint_release(&j);

    /* a published cell that grew by more than joined */
    size_t belgian = world_cell(&w, 1, "staff|entity:E1|origin=belgian");
    w.r[1].shown[belgian] += 1;
    build(&j, &w);
    assert_int_equal(j.left_out_count, 1);
    assert_int_equal(j.left_out[0].cell, world_cell(&w, 1, "staff|entity:E1"));
    assert_false(is_linked(&j, "staff|entity:E1|origin=eu"));
    assert_true(is_linked(&j, "staff|domain:D1|origin=eu"));
    assert_true(cell_by_key(&j.cells, "R1>R2+/staff|entity:E1") == SIZE_MAX);
    joint_release(&j);
    w.r[1].shown[belgian] -= 1;

    /* head counts that differ by something else than turnover */
    size_t domain = world_cell(&w, 1, "staff|domain:D1");
    w.joined[0][1][domain] = 3;
    build(&j, &w);
    assert_int_equal(j.left_out_count, 1);
    assert_int_equal(j.left_out[0].cell, domain);
    assert_false(is_linked(&j, "staff|domain:D1|origin=eu"));
    joint_release(&j);

    /* not known is no contradiction, and no link */
    w.joined[0][1][domain] = -1;
    build(&j, &w);
    assert_int_equal(j.left_out_count, 0);
    assert_false(is_linked(&j, "staff|domain:D1|origin=eu"));
    joint_release(&j);
    w.joined[0][1][domain] = 2;

    /* what the caller drops */
    struct joint_unit drop = {0, 1, 2};
    struct joint_input input = *world_input(&w);
    struct err err;
    input.dropped = &drop;
    input.dropped_count = 1;
    assert_int_equal(joint_build(&j, &input, &err), 0);
    assert_int_equal(j.left_out_count, 0);
    assert_false(is_linked(&j, "staff|entity:E1|origin=eu"));
    assert_true(is_linked(&j, "staff|domain:D1|origin=eu"));
    joint_release(&j);
    world_release(&w);
}

/* Another definition, another tree of categories, another population: another thing. */
static void test_what_is_not_the_same(void **state)
{
    (void)state;
    for (int kind = 0; kind < 3; kind++) {
        struct world w;
        struct joint j;
        small_world(&w);
        struct structure *s = &w.r[0].structure;
        if (kind == 0)
            fixture_name(s->variables[0].definition, "FL2012", 6);
        else if (kind == 1)
            s->variables[0].categories[3].parent = 0; /* other: no longer foreign */
        else
            fixture_name(s->populations[0].id, "people", 6);
        build(&j, &w);
        assert_int_equal(j.link_count, 0);
        assert_int_equal(j.left_out_count, 0);
        const char *key =
            kind == 2 ? "R1/people|entity:E1|origin=eu" : "R1/staff|entity:E1|origin=eu";
        assert_int_equal(j.counts[find(&j, key)], -1);
        joint_release(&j);
        world_release(&w);
    }
}

/* A group that two earlier releases published in full says nothing more. */
static void test_earlier_pairs_only_where_something_is_hidden(void **state)
{
    (void)state;
    struct world w;
    struct joint j;
    world_init(&w, 3);
    for (size_t i = 0; i < 3; i++) {
        world_units(&w.r[i].structure, NULL);
        fixture_unit(&w.r[i].structure, LEVEL_ENTITY, "E1", 1, true);
        fixture_unit(&w.r[i].structure, LEVEL_ENTITY, "E2", 1, true);
        world_tables(&w.r[i].structure, NULL);
    }
    uint32_t random = 7;
    static const char *const codes[WORLD_RELEASES][2] = {{"E1", "E2"}, {"E1", "E2"}, {"E1", "E2"}};
    world_populate(&w, &random, 30, codes);
    world_count(&w);
    world_hide(&w, 0, "staff|entity:E1|origin=eu");
    build(&j, &w);
    size_t links[3][3] = {{0}};
    for (size_t i = 0; i < j.link_count; i++)
        links[j.links[i].from][j.links[i].to]++;
    assert_int_equal(links[0][1], 4);
    assert_int_equal(links[0][2], 4 * 4);
    assert_int_equal(links[1][2], 4 * 4);
    joint_release(&j);
    world_release(&w);
}

/* With as many joiners in one step as in two, the one step's link follows; with one less it tells
 * something of its own. */
static void test_what_follows_is_left_out(void **state)
{
    (void)state;
    for (int again = 0; again < 2; again++) {
        struct world w;
        struct joint j;
        world_init(&w, 3);
        for (size_t i = 0; i < 3; i++) {
            world_units(&w.r[i].structure, NULL);
            fixture_unit(&w.r[i].structure, LEVEL_ENTITY, "E1", 1, true);
            world_tables(&w.r[i].structure, NULL);
        }
        w.people = 9;
        for (size_t p = 0; p < 9; p++)
            w.person[p] = (struct world_person){{"E1", "E1", "E1"}, "f", p % 2 ? "eu" : "belgian"};
        w.person[0].unit[0] = NULL; /* came in the first step, */
        w.person[1].unit[1] = w.person[1].unit[2] = NULL;
        if (again)
            w.person[0].unit[2] = NULL; /* and left in the second */
        world_count(&w);
        for (size_t i = 0; i < 3; i++)
            world_hide(&w, i, "staff|entity:E1|origin=eu");
        build(&j, &w);
        size_t links[3][3] = {{0}};
        for (size_t i = 0; i < j.link_count; i++)
            links[j.links[i].from][j.links[i].to]++;
        assert_int_equal(links[0][1], 4); /* only the entity hid something */
        assert_int_equal(links[1][2], 3 * 4);
        assert_int_equal(links[0][2], again ? 3 * 4 : 0);
        joint_release(&j);
        world_release(&w);
    }
}

static void test_broken_input_is_a_bug(void **state)
{
    (void)state;
    struct world w;
    struct joint j;
    struct err err;
    small_world(&w);
    struct joint_input input = *world_input(&w);
    input.release_count = 0;
    assert_int_equal(joint_build(&j, &input, &err), -1);
    joint_release(&j);
    w.r[1].id = "R1";
    assert_int_equal(joint_build(&j, world_input(&w), &err), -1);
    assert_int_equal(err.kind, ERR_INTERNAL);
    joint_release(&j);
    w.r[1].id = "R2";
    input = *world_input(&w);
    w.turnovers[0].from = 1;
    assert_int_equal(joint_build(&j, &input, &err), -1);
    joint_release(&j);
    world_release(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cells_flags_groups_and_counts),
        cmocka_unit_test(test_keys_lead_back),
        cmocka_unit_test(test_revision_is_equal),
        cmocka_unit_test(test_contradiction_is_left_out),
        cmocka_unit_test(test_what_is_not_the_same),
        cmocka_unit_test(test_earlier_pairs_only_where_something_is_hidden),
        cmocka_unit_test(test_what_follows_is_left_out),
        cmocka_unit_test(test_broken_input_is_a_bug),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

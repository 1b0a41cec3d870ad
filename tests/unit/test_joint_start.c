/* SPDX-License-Identifier: EUPL-1.2 */
/* joint_start: a table to start from agrees with everything published; where there is none, the
 * units that are named are enough, and are those whose data were corrected. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "joint_world.h"
#include "sdc/joint_start.h"

static const char *const CODES[WORLD_RELEASES][2] = {{"E1", "E2"}, {"E1", "E2"}, {"E1", "E2"}};

static void make(struct world *w, size_t releases, const char *sex)
{
    world_init(w, releases);
    for (size_t i = 0; i < releases; i++) {
        world_units(&w->r[i].structure, NULL);
        fixture_unit(&w->r[i].structure, LEVEL_ENTITY, "E1", 1, true);
        fixture_unit(&w->r[i].structure, LEVEL_ENTITY, "E2", 1, true);
        world_tables(&w->r[i].structure, sex);
    }
}

/* The present release, while nothing is decided: head counts alone. */
static void hide_present(struct world *w)
{
    struct world_release *r = &w->r[w->releases - 1];
    for (size_t c = 0; c < r->cells.count; c++)
        if (!(r->cells.flags[c] & CELL_PUBLIC))
            r->shown[c] = -1;
}

static void build(struct joint *j, const struct joint_input *input)
{
    struct err err;
    if (joint_build(j, input, &err) != 0)
        fail_msg("%s", err.text);
}

static void start(struct joint_start *s, const struct joint *j, const struct world *w)
{
    struct err err;
    if (joint_counts(s, j, w->r[w->releases - 1].count, &err) != 0)
        fail_msg("%s", err.text);
}

static void check_agrees(const struct joint_start *s, const struct joint *j, const struct world *w)
{
    struct err err;
    assert_true(s->found);
    assert_int_equal(s->drop_count, 0);
    assert_int_equal(cells_additive(&j->cells, s->counts, &err), 0);
    for (size_t i = 0; i < j->cells.count; i++) {
        assert_true(s->counts[i] >= 0);
        if (j->counts[i] >= 0)
            assert_int_equal(s->counts[i], j->counts[i]);
        if (j->cells.layer[i] == 0)
            assert_int_equal(s->counts[i], w->r[w->releases - 1].count[i]);
    }
}

static void test_a_table_is_found(void **state)
{
    (void)state;
    uint32_t random = 11;
    for (int trial = 0; trial < 200; trial++) {
        struct world w;
        struct joint j;
        struct joint_start s;
        make(&w, trial % 2 ? 2 : 3, trial % 3 == 0 ? NULL : trial % 3 == 1 ? "f m" : "f* m*");
        world_populate(&w, &random, 5 + (size_t)trial % 30, CODES);
        world_count(&w);
        world_hide_some(&w, &random);
        hide_present(&w);
        build(&j, world_input(&w));
        start(&s, &j, &w);
        check_agrees(&s, &j, &w);
        joint_start_release(&s);
        joint_release(&j);
        world_release(&w);
    }
}

/* Of E1, `people` were eu in the first release and are belgian now, and nobody came or left. */
static void corrected_world(struct world *w, size_t people)
{
    make(w, 2, NULL);
    w->people = 20;
    for (size_t p = 0; p < w->people; p++) {
        const char *unit = p < 10 ? "E1" : "E2";
        w->person[p] = (struct world_person){{unit, unit, NULL}, "f", p % 2 ? "eu" : "belgian"};
    }
    world_count(w);
    for (size_t c = 0; c < w->r[0].cells.count; c++)
        w->r[0].shown[c] = w->r[0].count[c];
    const char *const units[] = {"entity:E1", "domain:D1", "government:VO"};
    for (size_t u = 0; u < 3; u++) {
        char key[64];
        (void)snprintf(key, sizeof key, "staff|%s|origin=eu", units[u]);
        w->r[1].count[world_cell(w, 1, key)] -= (int64_t)people;
        (void)snprintf(key, sizeof key, "staff|%s|origin=foreign", units[u]);
        w->r[1].count[world_cell(w, 1, key)] -= (int64_t)people;
        (void)snprintf(key, sizeof key, "staff|%s|origin=belgian", units[u]);
        w->r[1].count[world_cell(w, 1, key)] += (int64_t)people;
    }
    hide_present(w);
}

static void test_corrected_data_name_units(void **state)
{
    (void)state;
    for (int hidden = 0; hidden < 2; hidden++) {
        struct world w;
        struct joint j;
        struct joint_start s;
        corrected_world(&w, 2);
        if (hidden) { /* E1 hides the difference from E1's link, not from the ones above */
            world_hide(&w, 0, "staff|entity:E1|origin=eu");
            world_hide(&w, 0, "staff|entity:E1|origin=foreign");
            world_hide(&w, 0, "staff|entity:E1|origin=belgian");
            world_hide(&w, 0, "staff|entity:E2|origin=eu");
            world_hide(&w, 0, "staff|entity:E2|origin=foreign");
            world_hide(&w, 0, "staff|entity:E2|origin=belgian");
        }
        struct joint_input input = *world_input(&w);
        build(&j, &input);
        assert_int_equal(j.left_out_count, 0); /* nothing published contradicts it */
        start(&s, &j, &w);
        assert_false(s.found);
        assert_true(s.drop_count >= 2 && s.drop_count <= 4);
        for (size_t i = 0; i < s.drop_count; i++) {
            assert_int_equal(s.drops[i].from, 0);
            assert_int_equal(s.drops[i].to, 1);
            if (!hidden)
                assert_string_not_equal(w.r[1].structure.units[s.drops[i].unit].code, "E2");
        }
        struct joint again;
        struct joint_start better;
        input.dropped = s.drops;
        input.dropped_count = s.drop_count;
        build(&again, &input);
        assert_true(again.link_count < j.link_count);
        start(&better, &again, &w);
        check_agrees(&better, &again, &w);
        joint_start_release(&better);
        joint_release(&again);
        joint_start_release(&s);
        joint_release(&j);
        world_release(&w);
    }
}

/* An earlier release whose published cells do not add up. */
static void test_an_earlier_release_that_contradicts_itself(void **state)
{
    (void)state;
    struct world w;
    struct joint j;
    struct joint_start s;
    struct err err;
    uint32_t random = 12;
    make(&w, 2, NULL);
    world_populate(&w, &random, 12, CODES);
    world_count(&w);
    hide_present(&w);
    world_hide(&w, 0, "staff|entity:E1|origin=eu");
    world_hide(&w, 0, "staff|entity:E1|origin=other");
    w.r[0].shown[world_cell(&w, 0, "staff|entity:E1|origin=foreign")] = 40;
    build(&j, world_input(&w));
    assert_int_equal(joint_counts(&s, &j, w.r[1].count, &err), -1);
    assert_int_equal(err.kind, ERR_INTERNAL);
    joint_start_release(&s);
    joint_release(&j);
    world_release(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_table_is_found),
        cmocka_unit_test(test_corrected_data_name_units),
        cmocka_unit_test(test_an_earlier_release_that_contradicts_itself),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: EUPL-1.2 */
/* over_time: after a second release that the cumulative rule protected, every hidden sensitive cell
 * of both has a protected range over all whole-number tables of both that could be: by enumeration.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "joint_tables.h"
#include "sdc/over_time.h"

enum { THRESHOLD = 2, TRIALS = 80 };

static const struct disclosure RULES = {.threshold = THRESHOLD,
                                        .protect_zeros = true,
                                        .interval = true,
                                        .protection_width = THRESHOLD,
                                        .public_head_counts = true,
                                        .turnover_threshold = THRESHOLD,
                                        .cost = COST_COUNT};

static void make(struct world *w, uint32_t *random)
{
    static const char *const codes[WORLD_RELEASES][2] = {{"E1", "E2"}, {"E1", "E2"}};
    world_init(w, 2);
    for (size_t i = 0; i < 2; i++) {
        world_units(&w->r[i].structure, NULL);
        fixture_unit(&w->r[i].structure, LEVEL_ENTITY, "E1", 1, true);
        fixture_unit(&w->r[i].structure, LEVEL_ENTITY, "E2", 1, true);
        world_tables(&w->r[i].structure, NULL);
    }
    world_populate(w, random, 12, codes);
    world_count(w);
}

static void show(struct world_release *r, const struct suppression *s)
{
    for (size_t c = 0; c < r->cells.count; c++)
        r->shown[c] = s->hidden[c] ? -1 : r->count[c];
}

/* What the turnover rule names in the second release: the cells of both have the same indexes. */
static void name(const struct world *w, uint8_t *named)
{
    const struct world_release *r = &w->r[1];
    for (size_t c = 0; c < r->cells.count; c++) {
        int64_t moved = w->joined[0][1][r->cells.group[c]] + w->left[0][1][r->cells.group[c]];
        named[c] = r->cells.flags[c] & CELL_SENSITIVE && w->r[0].shown[c] >= 0 && moved > 0 &&
                   moved < THRESHOLD;
    }
}

static bool is_protected(const struct world_release *r, size_t c)
{
    int64_t people = r->count[r->cells.group[c]], least = people < THRESHOLD ? people : THRESHOLD;
    return r->low[c] >= THRESHOLD || (r->high[c] >= least && r->high[c] - r->low[c] >= least);
}

/* How many cells of both releases are not protected, those that the rule names aside. */
static size_t violations(struct world *w, const uint8_t *named)
{
    size_t count = 0;
    world_enumerate(w);
    for (size_t i = 0; i < 2; i++)
        for (size_t c = 0; c < w->r[i].cells.count; c++)
            count += w->r[i].shown[c] < 0 && w->r[i].cells.flags[c] & CELL_SENSITIVE &&
                     !(i == 1 && named[c]) && !is_protected(&w->r[i], c);
    return count;
}

static void suppressed(struct suppression *s, const struct world_release *r, const uint8_t *named)
{
    struct err err;
    if (suppress(s, &r->cells, r->count, &RULES, named, NULL, 1, &err) != 0)
        fail_msg("%s", err.text);
}

struct tally {
    size_t undone, refused, more;
};

static void second_release(struct world *w, struct tally *t)
{
    struct suppression alone, s;
    struct over_time o;
    struct err err;
    uint8_t named[WORLD_CELLS];
    name(w, named);
    suppressed(&alone, &w->r[1], named);
    show(&w->r[1], &alone);
    t->undone += violations(w, named) > 0;
    memcpy(w->r[1].exempt, named, sizeof named);
    if (over_time_open(&o, world_input(w), w->r[1].count, &RULES, &err) != 0)
        fail_msg("%s", err.text);
    assert_int_equal(o.dropped_count, 0); /* nobody's data were corrected */
    if (over_time_suppress(&o, &s, 1, &err) != 0) {
        if (err.kind != ERR_REFUSED)
            fail_msg("%s", err.text);
        t->refused++;
    } else {
        show(&w->r[1], &s);
        assert_int_equal(violations(w, named), 0);
        for (size_t c = 0; c < w->r[1].cells.count; c++)
            t->more += s.hidden[c] && !alone.hidden[c];
    }
    over_time_release(&o);
    suppression_release(&s);
    suppression_release(&alone);
}

static void test_nothing_is_undone(void **state)
{
    (void)state;
    uint32_t random = 21;
    struct tally t = {0};
    for (int trial = 0; trial < TRIALS; trial++) {
        struct world w;
        struct suppression first;
        make(&w, &random);
        suppressed(&first, &w.r[0], NULL);
        show(&w.r[0], &first);
        second_release(&w, &t);
        suppression_release(&first);
        world_release(&w);
    }
    print_message("alone %zu of %d undo the first; %zu refused, %zu cells more are hidden\n",
                  t.undone, TRIALS, t.refused, t.more);
    assert_true(t.undone > 5); /* there was something to protect */
    assert_true(t.more > 5);
    assert_true(t.refused < TRIALS / 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nothing_is_undone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

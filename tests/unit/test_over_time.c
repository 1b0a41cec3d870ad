/* SPDX-License-Identifier: EUPL-1.2 */
/* over_time, judged by all whole-number tables of all releases that could be: after each release
 * every hidden sensitive cell of all of them has a protected range; and where a release is refused,
 * none is possible.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "joint_tables.h"
#include "sdc/over_time.h"

struct judge {
    struct disclosure rules;
    struct world w;
    bool named[WORLD_RELEASES][WORLD_CELLS]; /* by the turnover rule */
    size_t undone, refused, made, more;
};

static struct disclosure rules_of(int64_t threshold, int64_t turnover, int64_t effort)
{
    return (struct disclosure){.threshold = threshold,
                               .protect_zeros = true,
                               .interval = true,
                               .protection_width = threshold,
                               .public_head_counts = true,
                               .turnover_threshold = turnover,
                               .cost = COST_COUNT,
                               .suppress_effort = effort};
}

static void make(struct world *w, size_t releases, size_t people, uint32_t *random)
{
    static const char *const codes[WORLD_RELEASES][2] = {{"E1", "E2"}, {"E1", "E2"}, {"E1", "E2"}};
    world_init(w, releases);
    for (size_t i = 0; i < releases; i++) {
        world_units(&w->r[i].structure, NULL);
        fixture_unit(&w->r[i].structure, LEVEL_ENTITY, "E1", 1, true);
        fixture_unit(&w->r[i].structure, LEVEL_ENTITY, "E2", 1, true);
        world_tables(&w->r[i].structure, NULL);
    }
    world_populate(w, random, people, codes);
    world_count(w);
}

static void show(struct world_release *r, const uint8_t *hidden)
{
    for (size_t c = 0; c < r->cells.count; c++)
        r->shown[c] = hidden[c] ? -1 : r->count[c];
}

/* What the turnover rule names in release i: all releases have the same cells. */
static void name(struct judge *j, size_t i)
{
    struct world *w = &j->w;
    struct world_release *r = &w->r[i];
    for (size_t c = 0; c < r->cells.count; c++) {
        size_t last = i;
        while (last > 0 && w->r[last - 1].shown[c] < 0)
            last--;
        uint32_t group = r->cells.group[c];
        int64_t moved = last ? w->joined[last - 1][i][group] + w->left[last - 1][i][group] : 0;
        j->named[i][c] =
            r->cells.flags[c] & CELL_SENSITIVE && moved > 0 && moved < j->rules.turnover_threshold;
        r->exempt[c] = j->named[i][c];
    }
}

static bool meets(const struct judge *j, const struct world_release *r, size_t c, int64_t low,
                  int64_t high)
{
    int64_t k = j->rules.threshold, people = r->count[r->cells.group[c]],
            least = people < k ? people : k;
    return low >= k || (high >= least && high - low >= least);
}

static bool is_asked(const struct world_release *r, size_t c)
{
    return r->shown[c] < 0 && r->cells.flags[c] & CELL_SENSITIVE;
}

/* Protected over time; and if the rule names it, in its own release. */
static bool is_protected(const struct judge *j, size_t i, size_t c)
{
    const struct world_release *r = &j->w.r[i];
    if (!j->named[i][c])
        return meets(j, r, c, r->low[c], r->high[c]);
    int64_t low = INT64_MAX, high = -1;
    for (size_t t = 0; t < r->table_count; t++) {
        int64_t x = r->tables[t * WORLD_CELLS + c];
        low = x < low ? x : low;
        high = x > high ? x : high;
    }
    return meets(j, r, c, low, high);
}

/* How many cells of all releases are not protected. */
static size_t violations(struct judge *j)
{
    size_t count = 0;
    world_enumerate(&j->w);
    for (size_t i = 0; i < j->w.releases; i++)
        for (size_t c = 0; c < j->w.r[i].cells.count; c++)
            count += is_asked(&j->w.r[i], c) && !is_protected(j, i, c);
    return count;
}

static bool is_unsafe(const struct judge *j, size_t i, size_t c)
{
    const struct world_release *r = &j->w.r[i];
    return (r->count[c] < j->rules.threshold && r->count[r->cells.group[c]] > 0) || j->named[i][c];
}

/* Is there any pattern of the last release that protects all? What is not protected though
 * everything is hidden that may be never is: it must be published, or there is none. */
static bool is_possible(struct judge *j)
{
    size_t last = j->w.releases - 1;
    struct world_release *r = &j->w.r[last];
    bool published;
    for (size_t c = 0; c < r->cells.count; c++)
        r->shown[c] = r->cells.flags[c] & CELL_PUBLIC ? r->count[c] : -1;
    do {
        if (violations(j) == 0)
            return true;
        published = false;
        for (size_t c = 0; c < r->cells.count; c++)
            if (is_asked(r, c) && !is_unsafe(j, last, c) && !is_protected(j, last, c)) {
                r->shown[c] = r->count[c];
                published = true;
            }
    } while (published);
    return false;
}

static void suppressed(struct judge *j, size_t i, struct suppression *s)
{
    struct err err;
    uint8_t *named = j->w.r[i].exempt;
    if (suppress(s, &j->w.r[i].cells, j->w.r[i].count, &j->rules, named, NULL, 1, &err) != 0)
        fail_msg("%s", err.text);
    show(&j->w.r[i], s->hidden);
}

/* The last release of the world; false: it is refused. */
static bool next_release(struct judge *j)
{
    struct world_release *r = &j->w.r[j->w.releases - 1];
    struct suppression alone, s;
    struct over_time o;
    struct err err;
    name(j, j->w.releases - 1);
    suppressed(j, j->w.releases - 1, &alone);
    j->undone += violations(j) > 0;
    if (over_time_open(&o, world_input(&j->w), r->count, &j->rules, &err) != 0)
        fail_msg("%s", err.text);
    assert_int_equal(o.dropped_count, 0); /* nobody's data were corrected */
    bool made = over_time_suppress(&o, &s, 1, &err) == 0;
    if (!made) {
        if (err.kind != ERR_REFUSED)
            fail_msg("%s", err.text);
        j->refused++;
        assert_false(is_possible(j));
    } else {
        j->made++;
        show(r, s.hidden);
        assert_int_equal(violations(j), 0);
        for (size_t c = 0; c < r->cells.count; c++)
            j->more += s.hidden[c] && !alone.hidden[c];
    }
    over_time_release(&o);
    suppression_release(&s);
    suppression_release(&alone);
    return made;
}

static void series(struct judge *j, size_t releases, size_t people, uint32_t *random)
{
    struct world *w = &j->w;
    struct suppression first;
    make(w, releases, people, random);
    memset(j->named, 0, sizeof j->named);
    suppressed(j, 0, &first);
    suppression_release(&first);
    for (w->releases = 2; w->releases <= releases && next_release(j); w->releases++)
        ;
    w->releases = releases;
    world_release(w);
}

static void test_two_releases(void **state)
{
    (void)state;
    uint32_t random = 21;
    struct judge j = {.rules = rules_of(2, 2, 0)};
    for (int trial = 0; trial < 80; trial++)
        series(&j, 2, 12, &random);
    print_message("%zu made, of which %zu would undo the first if protected alone; %zu refused, "
                  "%zu cells more are hidden\n",
                  j.made, j.undone, j.refused, j.more);
    assert_true(j.undone > 5); /* there was something to protect */
    assert_true(j.more > 5);
    assert_true(j.refused < j.made / 4);
}

/* A release was refused, since a safe cell was hidden that all releases together bound too
 * narrowly; there is one that shows it. */
static void test_what_is_bounded_is_shown(void **state)
{
    (void)state;
    uint32_t first = 4278137650, second = 898520638;
    struct judge j = {.rules = rules_of(3, 2, 0)};
    series(&j, 2, 9, &first);
    j.rules = rules_of(3, 3, 0);
    series(&j, 3, 10, &second);
    assert_int_equal(j.made, 3);
    assert_int_equal(j.refused, 0);
}

/* Thresholds beside the numbers of people; a turnover rule, or none; and where exchanges must do
 * instead of programmes. */
static void test_refusals_are_true(void **state)
{
    (void)state;
    uint32_t random = 77;
    size_t made = 0, refused = 0;
    for (int trial = 0; trial < 240; trial++) {
        struct judge j = {.rules = rules_of(2 + trial % 3, trial % 4, trial % 5 == 0)};
        series(&j, 2 + (size_t)(trial % 2), 7 + (size_t)(trial % 4), &random);
        made += j.made;
        refused += j.refused;
    }
    print_message("%zu made, %zu refused\n", made, refused);
    assert_true(made > 100);
    assert_true(refused > 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_two_releases),
        cmocka_unit_test(test_what_is_bounded_is_shown),
        cmocka_unit_test(test_refusals_are_true),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

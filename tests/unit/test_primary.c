/* SPDX-License-Identifier: EUPL-1.2 */
/* Tests of sdc/primary.h: each rule at its edges. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sdc/primary.h"

#include "past_fixture.h"
#include "sdc_system.h"

static struct disclosure rules(void)
{
    return (struct disclosure){.threshold = 5, .protect_zeros = true, .public_head_counts = true};
}

/* Is a sensitive count n in a group of g unsafe? A second entity keeps the first apart. */
static bool unsafe_count(int64_t n, int64_t group, const struct disclosure *r)
{
    struct sdc_system s;
    uint8_t unsafe[SYSTEM_CELLS];
    system_build(&s, 2, 2, 1, 1);
    s.counts[system_cell(&s, 1, 1, 0)] = n;
    s.counts[system_cell(&s, 1, 2, 0)] = group - n;
    s.counts[system_cell(&s, 2, 1, 0)] = 50;
    system_add_up(&s, s.counts);
    assert_int_equal(primary_find(unsafe, &s.cells, s.counts, r, NULL, NULL), 0);
    assert_false(unsafe[system_cell(&s, 1, 0, 0)]); /* public */
    assert_false(unsafe[system_cell(&s, 1, 2, 0)]); /* not sensitive */
    return unsafe[system_cell(&s, 1, 1, 0)];
}

static void test_threshold(void **state)
{
    (void)state;
    struct disclosure r = rules();
    for (int64_t n = 1; n < 5; n++)
        assert_true(unsafe_count(n, 20, &r));
    assert_false(unsafe_count(5, 20, &r));
    assert_true(unsafe_count(4, 4, &r)); /* the whole group */
    r.threshold = 1;
    assert_false(unsafe_count(1, 20, &r));
}

static void test_zeros(void **state)
{
    (void)state;
    struct disclosure r = rules();
    assert_true(unsafe_count(0, 20, &r));
    assert_true(unsafe_count(0, 1, &r));
    assert_false(unsafe_count(0, 0, &r)); /* a group of nobody has nothing to say */
    r.protect_zeros = false;
    assert_false(unsafe_count(0, 20, &r));
    assert_true(unsafe_count(1, 20, &r));
}

static void test_minimum_population(void **state)
{
    (void)state;
    struct disclosure r = rules();
    r.minimum_population = 30;
    assert_true(unsafe_count(12, 29, &r));
    assert_false(unsafe_count(12, 30, &r));
}

static void test_unpublished_cells_are_nobodys(void **state)
{
    (void)state;
    struct sdc_system s;
    uint8_t unsafe[SYSTEM_CELLS];
    struct disclosure r = rules();
    system_build(&s, 2, 2, 1, 1);
    size_t cell = system_cell(&s, 1, 1, 0);
    s.counts[cell] = 2;
    system_add_up(&s, s.counts);
    s.flags[cell] = CELL_SENSITIVE | CELL_UNPUBLISHED;
    assert_int_equal(primary_find(unsafe, &s.cells, s.counts, &r, NULL, NULL), 0);
    assert_false(unsafe[cell]);
    assert_true(unsafe[system_cell(&s, 0, 1, 0)]);
}

/* ---- the turnover rule ---- */

enum { REFERENCE = 18000, CELLS = 64 };

struct over_time { /* E1 and E2, published at dates of the caller's choice */
    struct rules rules;
    struct cells cells;
    struct past past;
    struct turnover turnover;
    size_t foreign, group; /* E1's */
};

static void open_time(struct over_time *o, size_t releases)
{
    struct err err;
    memset(o, 0, sizeof *o);
    fixture_dated(&o->rules, "now", REFERENCE);
    struct structure *s = &o->rules.structure;
    fixture_unit(s, LEVEL_GOVERNMENT, "VO", -1, true);
    fixture_unit(s, LEVEL_DOMAIN, "D1", 0, true);
    fixture_unit(s, LEVEL_ENTITY, "E1", 1, true);
    fixture_unit(s, LEVEL_ENTITY, "E2", 1, true);
    fixture_finish(s);
    fixture_variable(s, "origin", "foreign* belgian* unknown");
    fixture_table(s, "origin", "staff", "origin", -1);
    assert_int_equal(cells_build(&o->cells, s, true, &err), 0);
    assert_true(o->cells.count <= CELLS);
    o->foreign = cell_by_key(&o->cells, "staff|entity:E1|origin=foreign");
    o->group = cell_by_key(&o->cells, "staff|entity:E1");
    assert_int_equal(past_reserve(&o->past, releases, &err), 0);
    assert_int_equal(turnover_open(&o->turnover, &o->cells, REFERENCE, NULL, 0, &err), 0);
}

/* A release that shows E1's foreign figure or not; T people came or went since. */
static void add_release(struct over_time *o, date reference, bool shown, int64_t moved)
{
    struct rules r = o->rules;
    struct err err;
    r.reference_date = reference;
    struct past_release *past = fixture_past(&o->past, &r);
    if (shown)
        fixture_show(past, "staff|entity:E1|origin=foreign", 9);
    if (reference == REFERENCE || turnover_find(&o->turnover, reference) != SIZE_MAX)
        return;
    assert_int_equal(turnover_extend(&o->turnover, reference, &err), 0);
    size_t at = turnover_find(&o->turnover, reference) * o->turnover.cells + o->group;
    o->turnover.joined[at] = moved / 2;
    o->turnover.left[at] = moved - moved / 2;
}

static void close_time(struct over_time *o)
{
    turnover_close(&o->turnover);
    past_clear(&o->past);
    cells_release(&o->cells);
    rules_release(&o->rules);
}

/* Is E1's foreign figure named, and nothing else? Releases it. */
static bool named(struct over_time *o, int64_t threshold)
{
    uint8_t cells[CELLS];
    struct err err;
    struct disclosure r = rules();
    r.turnover_threshold = threshold;
    assert_int_equal(primary_named(cells, &o->cells, &r, &o->turnover, &o->past, &err), 0);
    for (size_t i = 0; i < o->cells.count; i++)
        assert_true(i == o->foreign || !cells[i]);
    bool result = cells[o->foreign];
    close_time(o);
    return result;
}

static bool named_after(int64_t moved, int64_t threshold)
{
    struct over_time o;
    open_time(&o, 1);
    add_release(&o, REFERENCE - 184, true, moved);
    return named(&o, threshold);
}

static void test_turnover(void **state)
{
    (void)state;
    assert_false(named_after(0, 5)); /* nobody came or went: nothing is told */
    for (int64_t moved = 1; moved < 5; moved++)
        assert_true(named_after(moved, 5));
    assert_false(named_after(5, 5));
    assert_false(named_after(1, 0)); /* switched off */
    assert_false(named_after(1, 1));
}

static void test_last_publication(void **state)
{
    (void)state;
    struct over_time o;
    open_time(&o, 0);
    assert_false(named(&o, 5)); /* nothing was published yet */
    open_time(&o, 2);           /* hidden since the older one: that one counts */
    add_release(&o, REFERENCE - 365, true, 3);
    add_release(&o, REFERENCE - 184, false, 9);
    assert_true(named(&o, 5));
    open_time(&o, 2); /* shown in both: the newer one counts */
    add_release(&o, REFERENCE - 365, true, 3);
    add_release(&o, REFERENCE - 184, true, 9);
    assert_false(named(&o, 5));
    open_time(&o, 2);
    add_release(&o, REFERENCE - 365, true, 9);
    add_release(&o, REFERENCE - 184, true, 3);
    assert_true(named(&o, 5));
    open_time(&o, 2); /* never shown */
    add_release(&o, REFERENCE - 365, false, 3);
    add_release(&o, REFERENCE - 184, false, 3);
    assert_false(named(&o, 5));
}

static void test_revisions(void **state)
{
    (void)state;
    struct over_time o;
    open_time(&o, 2); /* shown in what is being revised: nobody came or went since */
    add_release(&o, REFERENCE - 184, true, 3);
    add_release(&o, REFERENCE, true, 0);
    assert_false(named(&o, 5));
    open_time(&o, 2); /* hidden there for its turnover since the one before: still so */
    add_release(&o, REFERENCE - 184, true, 3);
    add_release(&o, REFERENCE, false, 0);
    assert_true(named(&o, 5));
    open_time(&o, 2); /* a revision of an older date: what is published of a later one counts too */
    add_release(&o, REFERENCE, false, 0);
    add_release(&o, REFERENCE + 184, true, 4);
    assert_true(named(&o, 5));
    open_time(&o, 3); /* of several the earliest that shows it */
    add_release(&o, REFERENCE, true, 0);
    add_release(&o, REFERENCE + 184, true, 6);
    add_release(&o, REFERENCE + 365, true, 2);
    assert_false(named(&o, 5));
}

static void test_turnover_is_there(void **state)
{
    (void)state;
    struct over_time o;
    struct disclosure r = rules();
    uint8_t cells[CELLS];
    struct err err;
    open_time(&o, 1);
    (void)fixture_past(&o.past, &o.rules);
    o.past.releases[0].rules.reference_date = REFERENCE - 1;
    assert_int_equal(primary_named(cells, &o.cells, &r, &o.turnover, &o.past, &err), -1);
    assert_int_equal(err.kind, ERR_DATA);
    close_time(&o);
}

static void test_figures(void **state)
{
    (void)state;
    struct sdc_system s;
    struct disclosure r = rules();
    struct hidden_figures f;
    uint8_t turnover[SYSTEM_CELLS] = {0}, hidden[SYSTEM_CELLS] = {0}, unsafe[SYSTEM_CELLS];
    uint8_t cumulative[SYSTEM_CELLS] = {0};
    r.minimum_population = 20;
    system_build(&s, 3, 2, 1, 1);
    size_t few = system_cell(&s, 1, 1, 0), small = system_cell(&s, 2, 1, 0),
           moved = system_cell(&s, 3, 1, 0), other = system_cell(&s, 3, 2, 0),
           again = system_cell(&s, 1, 2, 0);
    s.counts[few] = 2;
    s.counts[again] = 40;
    s.counts[small] = 7;
    s.counts[system_cell(&s, 2, 2, 0)] = 9;
    s.counts[moved] = 11;
    s.counts[other] = 30;
    system_add_up(&s, s.counts);
    hidden[few] = hidden[small] = hidden[moved] = hidden[other] = hidden[again] = 1;
    cumulative[again] = cumulative[few] = 1;
    turnover[moved] = turnover[few] = 1; /* of a cell that is too small, that is the reason */
    assert_int_equal(primary_find(unsafe, &s.cells, s.counts, &r, turnover, NULL), 0);
    assert_true(unsafe[few] && unsafe[small] && unsafe[moved] && !unsafe[other]);
    assert_int_equal(
        primary_figures(&f, &s.cells, s.counts, &r, turnover, cumulative, hidden, NULL), 0);
    static const int64_t sums[HIDDEN_REASONS] = {2, 7, 11, 40, 30};
    for (size_t i = 0; i < HIDDEN_REASONS; i++) {
        assert_int_equal(f.cells[i], 1);
        assert_int_equal(f.sum[i], sums[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_threshold),
        cmocka_unit_test(test_zeros),
        cmocka_unit_test(test_minimum_population),
        cmocka_unit_test(test_unpublished_cells_are_nobodys),
        cmocka_unit_test(test_turnover),
        cmocka_unit_test(test_last_publication),
        cmocka_unit_test(test_revisions),
        cmocka_unit_test(test_turnover_is_there),
        cmocka_unit_test(test_figures),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

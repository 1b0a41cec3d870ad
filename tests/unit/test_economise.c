/* SPDX-License-Identifier: EUPL-1.2 */
/* Tests of sdc/economise_trial.h: trials are made side by side, so none may know of another. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sdc/economise_trial.h"

#include "engine_world.h"
#include "sdc/primary.h"

static const struct world_shape SHAPE = {
    {{"origin", "foreign* eu<foreign* non_eu<foreign* belgian* unknown"}, {"sex", "f m x"}},
    "origin sex",
    NULL,
    4};
static const struct world_estate ESTATE = {2, {2, 2}, false};
static const struct disclosure RULES = {.threshold = 5,
                                        .protect_zeros = true,
                                        .interval = true,
                                        .protection_width = 5,
                                        .public_head_counts = true};
static const struct trial_limits LIMITS = {.searches_most = 64, .iterations_most = SIZE_MAX};
enum { ROUNDS = 12 };

struct bench { /* somebody's own secondary, and the room for trials on it */
    struct secondary *s;
    struct trial_room *room;
    uint8_t hidden[WORLD_CELLS];
};

struct made { /* a trial, and the set that it is of */
    struct trial trial;
    uint32_t set[WORLD_CELLS];
};

static void bench_open(struct bench *b, const struct world *w, const uint8_t *hidden)
{
    struct err err = {0};
    memcpy(b->hidden, hidden, w->cells.count);
    assert_int_equal(secondary_open(&b->s, &w->cells, w->counts, &RULES, NULL, b->hidden, &err), 0);
    b->s->strict = true; /* or a cell may be protected by what nobody has seen in whole numbers */
    assert_int_equal(trial_room_open(&b->room, b->s, &LIMITS, &err), 0);
}

/* As another is, which knows how its pattern is protected. */
static void bench_copy(struct bench *b, const struct world *w, const struct bench *of)
{
    struct err err = {0};
    bench_open(b, w, of->hidden);
    assert_int_equal(evidence_copy(of->s->evidence, b->s->evidence, &err), 0);
}

static void bench_close(struct bench *b)
{
    trial_room_close(b->room);
    secondary_close(b->s);
}

/* A world, its unsafe cells, and all that is hidden with them. */
static void begin(struct world *w, uint32_t *random, uint8_t *unsafe, struct bench *b)
{
    struct err err = {0};
    world_shaped(w, &SHAPE, &ESTATE, true);
    world_settle(w, random, 10 + world_random(random, 40), 4 + world_random(random, 12));
    assert_int_equal(primary_find(unsafe, &w->cells, w->counts, &RULES, NULL, NULL), 0);
    bench_open(b, w, unsafe);
    assert_int_equal(secondary_protect_all(b->s, 1, &err), 0);
    secondary_forget_proofs(b->s);
}

static bool is_tried(const struct bench *b, const uint8_t *unsafe, uint32_t cell)
{
    return b->hidden[cell] && !unsafe[cell] && !(b->s->cells->flags[cell] & CELL_UNPUBLISHED);
}

static void make(struct bench *b, uint32_t cell, struct made *out)
{
    struct err err = {0};
    memset(out, 0, sizeof *out);
    out->set[0] = cell;
    out->trial.set = out->set;
    out->trial.count = out->trial.random = 1;
    assert_int_equal(trial_make(b->room, &out->trial, 0, &err), 0);
}

static void same_move(const struct move *a, const struct move *b)
{
    assert_int_equal(a->count, b->count);
    assert_memory_equal(a->cells, b->cells, a->count * sizeof *a->cells);
    assert_memory_equal(a->by, b->by, a->count * sizeof *a->by);
}

static void same_trial(const struct trial *a, const struct trial *b)
{
    assert_int_equal(a->gained, b->gained);
    assert_int_equal(a->iterations, b->iterations);
    assert_int_equal(a->opened_count, b->opened_count);
    assert_memory_equal(a->opened, b->opened, a->opened_count * sizeof *a->opened);
    assert_int_equal(a->move_count, b->move_count);
    for (size_t i = 0; i < a->move_count; i++)
        same_move(&a->moves[i], &b->moves[i]);
}

static void same_ranges(const struct bench *a, const struct bench *b)
{
    for (uint32_t i = 0; i < a->s->cells->count; i++) {
        int64_t low[2], high[2];
        secondary_range(a->s, i, &low[0], &high[0]);
        secondary_range(b->s, i, &low[1], &high[1]);
        assert_true(low[0] == low[1] && high[0] == high[1]);
    }
}

/* One bench makes them all; for each there is another that has never made any. */
static void test_no_trial_knows_of_those_before(void **state)
{
    (void)state;
    uint32_t random = 20261123;
    size_t gained = 0, kept = 0;
    for (int round = 0; round < ROUNDS; round++) {
        struct world w;
        struct bench one, other;
        struct made a, b;
        uint8_t unsafe[WORLD_CELLS];
        begin(&w, &random, unsafe, &one);
        for (uint32_t i = 0; i < w.cells.count; i++) {
            if (!is_tried(&one, unsafe, i))
                continue;
            bench_copy(&other, &w, &one);
            make(&one, i, &a);
            make(&other, i, &b);
            same_trial(&a.trial, &b.trial);
            assert_memory_equal(one.hidden, other.hidden, w.cells.count);
            gained += a.trial.gained;
            kept += !a.trial.gained;
            trial_release(&a.trial);
            trial_release(&b.trial);
            same_ranges(&one, &other);
            bench_close(&other);
        }
        bench_close(&one);
        world_release(&w);
    }
    assert_true(gained > 0 && kept > 0);
}

static void list_met(const struct bench *b, bool *met)
{
    for (uint32_t i = 0; i < b->s->cells->count; i++)
        met[i] = needs_any(b->s->cells, b->hidden, i) && secondary_is_met(b->s, i);
}

/* Who has made a trial and who has not are the same once both have adopted it, and nothing has lost
 * its protection. */
static void test_adopted_alike(void **state)
{
    (void)state;
    uint32_t random = 23112026;
    size_t gained = 0;
    for (int round = 0; round < ROUNDS; round++) {
        struct world w;
        struct bench one, other;
        uint8_t unsafe[WORLD_CELLS];
        bool met[WORLD_CELLS];
        struct err err = {0};
        begin(&w, &random, unsafe, &one);
        bench_copy(&other, &w, &one);
        list_met(&one, met);
        for (uint32_t i = 0; i < w.cells.count; i++) {
            struct made a;
            if (!is_tried(&one, unsafe, i))
                continue;
            make(&one, i, &a);
            gained += a.trial.gained;
            assert_int_equal(trial_adopt(one.s, &a.trial, &err), 0);
            assert_int_equal(trial_adopt(other.s, &a.trial, &err), 0);
            trial_release(&a.trial);
            assert_memory_equal(one.hidden, other.hidden, w.cells.count);
            same_ranges(&one, &other);
        }
        for (uint32_t i = 0; i < w.cells.count; i++)
            assert_true(!met[i] || !one.hidden[i] || secondary_is_met(one.s, i));
        bench_close(&other);
        bench_close(&one);
        world_release(&w);
    }
    assert_true(gained > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_no_trial_knows_of_those_before),
        cmocka_unit_test(test_adopted_alike),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

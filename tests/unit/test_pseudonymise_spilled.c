/* SPDX-License-Identifier: EUPL-1.2 */
/* Pseudonymising in little memory: whatever is spilled, in partitions and windows of whatever size,
 * the output has the bytes that it has when everything is in memory. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "intake_world.h"

#include "link/intake_spill.h"

#include <sodium.h>

static int run_to(const struct world *w, size_t files, unsigned threads,
                  const struct memory_plan *how, unsigned generations, struct text *zone)
{
    struct fixture f;
    struct pseudonymised out;
    struct memory_plan plan;
    fixture_start(&f);
    fixture_basics(&f);
    write_world(&f, w, files);
    if (how) {
        plan = *how;
        plan.folder = f.folder;
    }
    int rc = how ? intake_read_within(&f.in, &f.config, INPUT_KEY, threads, &plan, &f.err)
                 : intake_read(&f.in, &f.config, INPUT_KEY, threads, &f.err);
    assert_int_equal(rc, 0);
    assert_int_equal(f.in.spill != NULL, how && how->whole == 0);
    rc = pseudonymise(&out, &f.in, generations, &KEYS, threads, &f.err);
    struct sink sink = {append_bytes, zone};
    if (rc == 0)
        rc = pseudonymised_write(&out, &sink, &f.err);
    if (rc != 0)
        print_message("%s\n", f.err.text);
    pseudonymised_release(&out);
    fixture_end(&f); /* which fails if a file was left in the folder */
    return rc;
}

static void assert_same(const struct text *a, const struct text *b)
{
    assert_int_equal(a->length, b->length);
    assert_memory_equal(a->bytes, b->bytes, a->length);
}

/* Some people have no employment, and some rows are there several times. */
static void thin_out(struct world *w)
{
    w->count[0] /= 3;
    for (int d = 0; d < DATASETS_MADE; d++)
        for (size_t more = w->count[d] / 5; more > 0; more--) {
            uint32_t from = pick(w, (uint32_t)w->count[d]);
            memcpy(w->rows[d][w->count[d]++], w->rows[d][from], ROW_BYTES);
        }
}

static void test_every_plan_gives_the_same_bytes(void **state)
{
    struct world *w = calloc(1, sizeof *w);
    (void)state;
    assert_non_null(w);
    make_world(w);
    thin_out(w);
    for (unsigned generations = 0; generations < 3; generations++) {
        struct text plain;
        text_init(&plain);
        assert_int_equal(run_to(w, 1, 2, NULL, generations, &plain), 0);
        for (unsigned round = 0; round < 12; round++) {
            struct text spilled;
            struct memory_plan how = {.whole = 0,
                                      .tables = pick(w, 3) ? pick(w, 20000) : MEMORY_UNLIMITED,
                                      .part = 1 + pick(w, 4000),
                                      .partition = 200 + pick(w, 20000),
                                      .buffers = pick(w, 100000),
                                      .window = 1 + pick(w, round % 2 ? 400 : 60),
                                      .bucket = 1 + pick(w, 100)};
            text_init(&spilled);
            shuffle(w);
            assert_int_equal(run_to(w, 1 + round % 3, 1 + round % 4, &how, generations, &spilled),
                             0);
            assert_same(&plain, &spilled);
            text_release(&spilled);
        }
        text_release(&plain);
    }
    release_world(w);
    free(w);
}

/* Parts may begin within quotes: files are then read in one piece, whose rows go to the temporary
 * file as they come; and what is wrong in a later row is told all the same. */
static void test_files_in_one_piece(void **state)
{
    struct world *w = calloc(1, sizeof *w);
    struct text rows, out[2];
    struct fixture f;
    struct memory_plan plan = {
        .part = 100, .partition = 3000, .buffers = 1, .window = 50, .bucket = 20};
    (void)state;
    assert_non_null(w);
    make_world(w);
    text_init(&rows);
    text_string(&rows, "person,entity,start_date,note\n");
    for (size_t i = 0; i < PEOPLE; i++)
        text_format(&rows, "%011lu,E1,2010-01-01,\"one\n\"\"two\"\"\n%zu\"\n", w->numbers[i], i);
    for (int way = 0; way < 2; way++) {
        struct pseudonymised made;
        struct sink sink = {append_bytes, &out[way]};
        text_init(&out[way]);
        fixture_start(&f);
        fixture_basics(&f);
        fixture_dataset(&f, DATASET_PERSONNEL, rows.bytes);
        plan.folder = f.folder;
        int rc = way ? intake_read_within(&f.in, &f.config, INPUT_KEY, 3, &plan, &f.err)
                     : intake_read(&f.in, &f.config, INPUT_KEY, 3, &f.err);
        if (rc == 0)
            rc = pseudonymise(&made, &f.in, 1, &KEYS, 3, &f.err);
        assert_int_equal(rc, 0);
        assert_int_equal(pseudonymised_write(&made, &sink, &f.err), 0);
        pseudonymised_release(&made);
        fixture_end(&f);
    }
    assert_same(&out[0], &out[1]);
    text_string(&rows, "\"85073099932\n");
    fixture_start(&f);
    fixture_basics(&f);
    fixture_dataset(&f, DATASET_PERSONNEL, rows.bytes);
    plan.folder = f.folder;
    assert_int_equal(intake_read_within(&f.in, &f.config, INPUT_KEY, 3, &plan, &f.err), -1);
    assert_int_equal(f.err.kind, ERR_DATA);
    assert_int_equal(f.err.line, 2 + 3 * PEOPLE);
    fixture_end(&f);
    text_release(&rows);
    text_release(&out[0]);
    text_release(&out[1]);
    release_world(w);
    free(w);
}

static void test_what_fits_is_not_spilled(void **state)
{
    struct world *w = calloc(1, sizeof *w);
    struct memory_plan plan;
    struct text plain, within;
    (void)state;
    assert_non_null(w);
    make_world(w);
    text_init(&plain);
    text_init(&within);
    memory_plan_make(&plan, MEMORY_LEAST, 2, NULL);
    assert_int_equal(run_to(w, 2, 2, NULL, 1, &plain), 0);
    assert_int_equal(run_to(w, 2, 2, &plan, 1, &within), 0);
    assert_same(&plain, &within);
    text_release(&plain);
    text_release(&within);
    release_world(w);
    free(w);
}

int main(void)
{
    if (sodium_init() < 0)
        return 1;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_plan_gives_the_same_bytes),
        cmocka_unit_test(test_files_in_one_piece),
        cmocka_unit_test(test_what_fits_is_not_spilled),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: EUPL-1.2 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "base/parallel.h"

#include <stdatomic.h>
#include <string.h>

enum { TOTAL = 1000 };

struct visits {
    atomic_int times[TOTAL];
    size_t begin[PARALLEL_MOST], end[PARALLEL_MOST];
    atomic_int calls;
    int failing; /* bits: ranges that fail */
};

static int visit(void *context, unsigned range, size_t begin, size_t end, struct err *err)
{
    struct visits *v = context;
    v->begin[range] = begin;
    v->end[range] = end;
    atomic_fetch_add(&v->calls, 1);
    for (size_t i = begin; i < end; i++)
        atomic_fetch_add(&v->times[i], 1);
    if (range < 31 && v->failing >> range & 1)
        return err_set(err, ERR_DATA, "range %u", range);
    return 0;
}

static void every_index_once_in_order(void **state)
{
    static const unsigned threads[] = {0, 1, 2, 3, 7, 64, 1000};
    static const size_t totals[] = {0, 1, 2, 5, 64, 999, TOTAL};
    (void)state;
    for (size_t t = 0; t < sizeof threads / sizeof threads[0]; t++)
        for (size_t k = 0; k < sizeof totals / sizeof totals[0]; k++) {
            struct visits v;
            struct err err;
            memset(&v, 0, sizeof v);
            assert_int_equal(parallel_ranges(threads[t], totals[k], visit, &v, &err), 0);
            unsigned n = parallel_count(threads[t], totals[k]);
            assert_int_equal(atomic_load(&v.calls), (int)n);
            for (size_t i = 0; i < TOTAL; i++)
                assert_int_equal(atomic_load(&v.times[i]), i < totals[k]);
            for (unsigned r = 0; r < n; r++) {
                assert_int_equal(v.begin[r], r ? v.end[r - 1] : 0);
                assert_true(v.begin[r] < v.end[r]);
            }
            if (n > 0)
                assert_int_equal(v.end[n - 1], totals[k]);
        }
}

static void count_has_its_limits(void **state)
{
    (void)state;
    assert_int_equal(parallel_count(0, 10), 1);
    assert_int_equal(parallel_count(4, 0), 0);
    assert_int_equal(parallel_count(4, 3), 3);
    assert_int_equal(parallel_count(1000, SIZE_MAX), PARALLEL_MOST);
}

static int ends_at_total(void *context, unsigned range, size_t begin, size_t end, struct err *err)
{
    (void)err;
    ((size_t *)context)[range] = end - begin;
    return 0;
}

static void huge_totals_do_not_overflow(void **state)
{
    size_t length[PARALLEL_MOST] = {0}, sum = 0;
    struct err err;
    (void)state;
    assert_int_equal(parallel_ranges(7, SIZE_MAX, ends_at_total, length, &err), 0);
    for (int r = 0; r < 7; r++) {
        sum += length[r];
        assert_true(length[r] >= SIZE_MAX / 7 && length[r] <= SIZE_MAX / 7 + 1);
    }
    assert_true(sum == SIZE_MAX);
}

static void first_error_by_range_wins(void **state)
{
    (void)state;
    for (int i = 0; i < 20; i++) {
        struct visits v;
        struct err err;
        memset(&v, 0, sizeof v);
        v.failing = 1 << 3 | 1 << 2 | 1 << 5;
        assert_int_equal(parallel_ranges(6, TOTAL, visit, &v, &err), -1);
        assert_int_equal(err.kind, ERR_DATA);
        assert_string_equal(err.text, "range 2");
        assert_int_equal(atomic_load(&v.calls), 6);
    }
}

/* Pieces and queues: totals that are cut into more stretches than there are threads. */
enum { MANY = 1 << 18 };

struct stretches {
    struct parallel_queue queue;
    uint8_t times[MANY];
    size_t begin[PARALLEL_MOST], end[PARALLEL_MOST];
};

static int stretch(void *context, unsigned range, size_t begin, size_t end, struct err *err)
{
    struct stretches *s = context;
    s->begin[range] = begin;
    s->end[range] = end;
    for (size_t i = begin; i < end; i++)
        s->times[i]++;
    return begin > 0 ? err_set(err, ERR_DATA, "piece %u", range) : 0;
}

static int take_stretches(void *context, unsigned thread, size_t begin, size_t end, struct err *err)
{
    struct stretches *s = context;
    (void)thread;
    (void)err;
    while (parallel_take(&s->queue, &begin, &end))
        for (size_t i = begin; i < end; i++)
            s->times[i]++;
    return 0;
}

static void every_stretch_once(void **state)
{
    static const size_t totals[] = {0, 1, 5, 1000, MANY - 1, MANY};
    struct stretches *s = test_malloc(sizeof *s);
    (void)state;
    for (unsigned threads = 0; threads < 70; threads = 2 * threads + 1)
        for (size_t t = 0; t < sizeof totals / sizeof *totals; t++) {
            struct err err;
            unsigned n = parallel_pieces_count(threads, totals[t]);
            assert_true(n >= parallel_count(threads, totals[t]) && n <= PARALLEL_MOST);
            memset(s, 0, sizeof *s);
            int rc = parallel_pieces(threads, totals[t], stretch, s, &err);
            assert_int_equal(rc, n > 1 ? -1 : 0);
            if (n > 1)
                assert_string_equal(err.text, "piece 1");
            for (unsigned r = 0; r < n && s->end[r] > 0; r++)
                assert_int_equal(s->begin[r], r ? s->end[r - 1] : 0);
            for (size_t i = 0; i < MANY; i++)
                assert_true(s->times[i] == (i < totals[t]) || (rc != 0 && s->times[i] == 0));
            memset(s->times, 0, sizeof s->times);
            rc = parallel_takers(threads, totals[t], &s->queue, take_stretches, s, &err);
            assert_int_equal(rc, 0);
            for (size_t i = 0; i < MANY; i++)
                assert_int_equal(s->times[i], i < totals[t]);
        }
    assert_int_equal(parallel_pieces_count(1, MANY), 1);
    assert_true(parallel_pieces_count(2, MANY) > 2);
    test_free(s);
}

struct taken {
    atomic_int times[TOTAL];
    atomic_int busy[PARALLEL_MOST]; /* a worker does one item at a time */
    unsigned workers;
    size_t failing; /* items from here on fail */
};

static int take(void *context, unsigned worker, size_t item, struct err *err)
{
    struct taken *t = context;
    assert_true(worker < t->workers);
    assert_int_equal(atomic_fetch_add(&t->busy[worker], 1), 0);
    atomic_fetch_add(&t->times[item], 1);
    atomic_fetch_sub(&t->busy[worker], 1);
    return item >= t->failing ? err_set(err, ERR_DATA, "item %zu", item) : 0;
}

static void every_item_once(void **state)
{
    static const unsigned threads[] = {0, 1, 2, 7, 1000};
    static const size_t totals[] = {0, 1, 2, 64, TOTAL};
    (void)state;
    for (size_t t = 0; t < sizeof threads / sizeof threads[0]; t++)
        for (size_t k = 0; k < sizeof totals / sizeof totals[0]; k++) {
            struct taken v = {.failing = SIZE_MAX};
            struct err err;
            v.workers = parallel_count(threads[t], totals[k]);
            assert_int_equal(parallel_items(threads[t], totals[k], take, &v, &err), 0);
            for (size_t i = 0; i < TOTAL; i++)
                assert_int_equal(atomic_load(&v.times[i]), i < totals[k]);
        }
}

/* Items from 333 on fail: 333 is begun before any other of them, so that its error is the one. */
static void error_of_the_lowest_item(void **state)
{
    (void)state;
    for (unsigned threads = 1; threads <= 8; threads++) {
        struct taken v = {.failing = 333, .workers = threads};
        struct err err;
        assert_int_equal(parallel_items(threads, TOTAL, take, &v, &err), -1);
        assert_string_equal(err.text, "item 333");
        for (size_t i = 0; i <= 333; i++)
            assert_int_equal(atomic_load(&v.times[i]), 1);
        assert_int_equal(parallel_items(threads, TOTAL, take, &v, NULL), -1);
    }
}

struct sized {
    size_t sizes[6], seen[6], count;
};

static size_t size_of(const void *context, size_t item)
{
    return ((const struct sized *)context)->sizes[item];
}

/* Fails at items of size 2. */
static int note_item(void *context, unsigned worker, size_t item, struct err *err)
{
    struct sized *s = context;
    (void)worker;
    s->seen[s->count++] = item;
    return s->sizes[item] == 2 ? err_set(err, ERR_DATA, "item %zu", item) : 0;
}

static void largest_items_first(void **state)
{
    static const size_t order[] = {3, 0, 5, 1, 4, 2};
    struct sized s = {.sizes = {7, 5, 1, 9, 5, 7}};
    struct err err = {.kind = ERR_NONE};
    (void)state;
    assert_int_equal(parallel_largest_first(1, 6, size_of, note_item, &s, &err), 0);
    assert_int_equal(s.count, 6);
    assert_memory_equal(s.seen, order, sizeof order);
    assert_int_equal(parallel_largest_first(1, 0, size_of, note_item, &s, &err), 0);
    assert_int_equal(s.count, 6);
    s = (struct sized){.sizes = {1, 2, 3, 2, 1, 3}};
    assert_int_equal(parallel_largest_first(1, 6, size_of, note_item, &s, &err), -1);
    assert_string_equal(err.text, "item 1");
    assert_int_equal(s.count, 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_index_once_in_order),   cmocka_unit_test(count_has_its_limits),
        cmocka_unit_test(huge_totals_do_not_overflow), cmocka_unit_test(every_item_once),
        cmocka_unit_test(error_of_the_lowest_item),    cmocka_unit_test(first_error_by_range_wins),
        cmocka_unit_test(largest_items_first),         cmocka_unit_test(every_stretch_once),
    };
    return cmocka_run_group_tests_name("parallel", tests, NULL, NULL);
}

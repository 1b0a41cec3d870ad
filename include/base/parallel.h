/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * parallel: one task over contiguous ranges of [0, total), each in a thread of its own; or over the
 * items 0 .. total - 1, each taken by whichever thread is free.
 *
 *     parallel_ranges(threads, rows, task, &context, err)       0, or -1 with err filled
 *     parallel_items(threads, parts, task, &context, err)       0, or -1 with err filled
 *
 * The ranges are [total * r / n, total * (r + 1) / n) for r = 0 .. n - 1, n =
 * parallel_count(threads, total): they depend on nothing else. A task must give the same result
 * however the whole is cut; it may write only what belongs to its range, and finds room of its own
 * by `range`, a number below PARALLEL_MOST.
 *
 * Every range runs to its end even when another fails; the error of the lowest range that failed is
 * the one returned. A thread that cannot be started is no error: the caller's thread does its work.
 *
 * Items are taken in their order, for tasks whose sizes differ. A task finds room of its own by
 * `worker`, a number below parallel_count(threads, total), and may write only there and to what
 * belongs to its item. Once an item failed no other is begun; the error returned is that of the
 * lowest item that failed, which is the same one for any number of threads.
 */
#ifndef HERKOMST_BASE_PARALLEL_H
#define HERKOMST_BASE_PARALLEL_H

#include "base/err.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

enum { PARALLEL_MOST = 64 };

typedef int (*parallel_task)(void *context, unsigned range, size_t begin, size_t end,
                             struct err *err);

/* How many ranges there will be: threads, but at least 1 and at most PARALLEL_MOST, and no more
 * than total. Total 0: none. */
unsigned parallel_count(unsigned threads, size_t total);

int parallel_ranges(unsigned threads, size_t total, parallel_task task, void *context,
                    struct err *err);

/* The same with ranges that are several times as many as threads, where there is enough to do: n =
 * parallel_pieces_count(threads, total). Each is done by whichever thread is free, so that one that
 * something else on the machine slows down is not waited for. Errors: as parallel_items. */
unsigned parallel_pieces_count(unsigned threads, size_t total);
int parallel_pieces(unsigned threads, size_t total, parallel_task task, void *context,
                    struct err *err);

/* Stretches of [0, total) that threads take while any are left, for tasks that keep what they find
 * in room of their own, whichever stretches it comes from. The queue is the context's, for the task
 * to take from: while (parallel_take(&q, &begin, &end)); `range` is which of the
 * parallel_count(threads, total) threads it is. Errors: as parallel_ranges. */
struct parallel_queue {
    size_t total, step;
    atomic_size_t next;
};
int parallel_takers(unsigned threads, size_t total, struct parallel_queue *q, parallel_task task,
                    void *context, struct err *err);
bool parallel_take(struct parallel_queue *q, size_t *begin, size_t *end);

typedef int (*parallel_item_task)(void *context, unsigned worker, size_t item, struct err *err);

int parallel_items(unsigned threads, size_t total, parallel_item_task task, void *context,
                   struct err *err);
/* The same, largest items first, so that no thread waits for a late one; those of one size in their
 * order. Errors: that of the first in this order. */
typedef size_t (*parallel_item_size)(const void *context, size_t item);
int parallel_largest_first(unsigned threads, size_t total, parallel_item_size size,
                           parallel_item_task task, void *context, struct err *err);

#endif

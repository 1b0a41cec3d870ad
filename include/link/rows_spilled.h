/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * rows_spilled: rows in a temporary file get the ids of their persons, and are put in the order
 * that link/row_order.h says, partition by partition.
 *
 *     rows_spilled_resolve(rows, &in, &needed, &persons, &ids, threads, err)    all datasets
 *     rows_spilled_finish(&rows[d], &finishing, d, err)                         each dataset
 *     rows_spilled_write(&rows[d], &frame, sink, err)     the rows; `frame` has columns and words
 *     rows_spilled_release(&rows[d])                      always
 */
#ifndef HERKOMST_LINK_ROWS_SPILLED_H
#define HERKOMST_LINK_ROWS_SPILLED_H

#include "base/room.h"
#include "link/intake_spill.h"
#include "link/persons_spilled.h"

struct rows_spilled {
    struct record_lists parts; /* ids and cells as in the frame; a list a partition. Before the last
                                * window one list, with numbers behind them */
    struct record_lists done;  /* ids and cells, in order from list to list */
    size_t rows;               /* of done */
};

/* Of registers only rows of needed people. numbers: everybody's, ranked. rows: DATASET_COUNT. */
int rows_spilled_resolve(struct rows_spilled *rows, struct intake *in,
                         const struct number_set *needed, const struct number_set *numbers,
                         struct persons_spilled *ids, unsigned threads, struct err *err);

struct rows_finishing {
    const struct intake *in;
    size_t persons;
    unsigned threads;
    struct room *room;
};
/* Adds to duplicates. */
int rows_spilled_finish(struct rows_spilled *rows, const struct rows_finishing *how, enum dataset d,
                        uint64_t *duplicates, struct err *err);

int rows_spilled_write(struct rows_spilled *rows, const struct frame *head, const struct sink *to,
                       struct err *err);
void rows_spilled_release(struct rows_spilled *rows);

#endif

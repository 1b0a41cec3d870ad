/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * intake_spill: rows of the datasets with persons in a temporary file, when they are too many for
 * memory; the tables then hold nothing but words and issues.
 *
 *     intake_spill_watch(&in, d, err)           after rows were added to the table of d
 *     intake_spill_settle(&in, err)             all rows are there: may they stay in memory?
 *     intake_spill_sort(in.spill, &in, &aliases, err)     before any row is read back
 *     intake_spill_each(in.spill, d, threads, take, context, err)
 *     intake_spill_end(&in)                     always
 *
 * A row is a record of 4-byte words: its numbers, then every other cell in the frame's order (codes
 * of the table's dictionaries; what is I32 as it is). Those of alias stay in memory.
 */
#ifndef HERKOMST_LINK_INTAKE_SPILL_H
#define HERKOMST_LINK_INTAKE_SPILL_H

#include "link/alias.h"
#include "link/intake.h"
#include "link/memory_plan.h"
#include "secure/record_lists.h"

struct stored_rows {
    size_t number_count, cell_count;
    struct record_lists rows; /* one list */
    struct record_writer writer;
    uint32_t *recode[FRAME_COLUMNS]; /* of each cell: sorted code by code; NULL: not coded */
};

struct intake_spill {
    struct spill *file;
    struct stored_rows datasets[DATASET_COUNT];
    const struct alias_map *aliases;
};

int intake_spill_watch(struct intake *in, enum dataset d, struct err *err);
/* No row is there any more: in the end, or because reading begins anew. */
void intake_spill_end(struct intake *in);
int intake_spill_settle(struct intake *in, struct err *err);

/* Sorts the dictionaries: from here on rows have sorted codes, and the last numbers of persons. */
int intake_spill_sort(struct intake *in, const struct alias_map *aliases, struct err *err);

/* Some rows, by several threads (worker as in base/parallel.h), in any order. */
typedef int (*stored_take)(void *context, unsigned worker, const uint32_t *records, size_t count,
                           struct err *err);
int intake_spill_each(struct intake_spill *s, enum dataset d, unsigned threads, stored_take take,
                      void *context, struct err *err);
/* The same of any lists of records: of list `list`. adjust: NULL, or what is done to records
 * first. */
int record_list_each(struct record_lists *l, size_t list, unsigned threads,
                     void (*adjust)(void *context, uint32_t *records, size_t count),
                     void *adjusting, stored_take take, void *context, struct err *err);

#endif

/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * intake_table: the accepted rows of a dataset, while national numbers are still there.
 *
 *     intake_table_init(&t, dataset, config, err)   the columns of artefacts.h, no rows
 *     row = intake_table_add(&t, count, err)        the first of so many rows, whose cells are to
 *                                                   be set; SIZE_MAX: out of memory
 *     intake_table_append(&t, &more, file, above, err)    the rows of another one of the dataset
 *     intake_table_release(&t)                      always; wipes the numbers
 *
 * The frame has a column for every canonical field of the dataset, in the order of io/dataset.h,
 * then those of the configured attributes; alias has one too, though it stays inside pseudonymise.
 * Persons and parents are U32 columns that have no cells until pseudonymise gives them ids; their
 * numbers stand beside the frame, in memory that is wiped whenever it is given back, so that a
 * frame never holds a number.
 *
 *     intake_table_digest(&t, hasher, err)          once, when a file or a part of it is read
 */
#ifndef HERKOMST_LINK_INTAKE_TABLE_H
#define HERKOMST_LINK_INTAKE_TABLE_H

#include "base/err.h"
#include "io/config.h"
#include "io/frame.h"
#include "link/input_digest.h"
#include "link/issues.h"

#include <stddef.h>
#include <stdint.h>

#define NUMBER_NONE UINT32_C(0)     /* no number, or an invalid one */
#define NUMBER_NO_PARENT UINT32_MAX /* legally no such parent */

/* Where a row of a code list stands. */
struct intake_place {
    uint32_t file; /* index in the dataset's list of files */
    uint32_t line;
};

struct intake_table {
    enum dataset dataset;
    struct frame frame;
    size_t number_count;                 /* persons and parents in a row */
    struct column *ids[DATASET_PERSONS]; /* of the frame: what the numbers are mapped to */
    /* Of each of these columns: national_number_pack'ed, or NUMBER_NONE or NUMBER_NO_PARENT. */
    uint32_t *numbers[DATASET_PERSONS];
    struct intake_place *places; /* of each row; code lists only */
    size_t capacity;             /* rows that fit in numbers or places */
    struct issues issues;
    struct input_digest digest; /* of rows that were digested */
    struct input_rows *hashing; /* what was needed for that, or NULL */
};

/* On an error, too, the table is to be released. */
int intake_table_init(struct intake_table *t, enum dataset dataset, const struct config *config,
                      struct err *err);
void intake_table_release(struct intake_table *t);

size_t intake_table_add(struct intake_table *t, size_t count, struct err *err);

/* Adds all rows to the digest: those of a table that has been emptied since count too. Words are
 * hashed once, so that the hasher must be the same each time. */
int intake_table_digest(struct intake_table *t, const struct row_hasher *hasher, struct err *err);

/* The issues and places of `more` get the index `file`, and lines further down by `above`; its
 * digest is taken from it. `more` stays the caller's; when t has no rows and no room it takes those
 * of `more` instead of copying them. */
int intake_table_append(struct intake_table *t, struct intake_table *more, uint32_t file,
                        uint32_t above, struct err *err);
/* Takes all rows away, wiped; words and room stay. */
void intake_table_empty(struct intake_table *t);
/* Of a table without rows: gives its room back. */
int intake_table_shrink(struct intake_table *t, struct err *err);
/* Room for so many rows in all, so that they need not move as they become more. */
int intake_table_reserve(struct intake_table *t, size_t rows, struct err *err);

/* The number in column `field` of the row, or NUMBER_NONE or NUMBER_NO_PARENT. */
uint64_t intake_number(const struct intake_table *t, size_t field, size_t row);
/* Wipes and frees the numbers, and nothing else. */
void intake_table_forget(struct intake_table *t);
/* The numbers of a column have become ids: they are its cells now. */
void intake_table_settle(struct intake_table *t, size_t field);

#endif

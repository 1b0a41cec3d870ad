/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * row_parse: a row of a file as values, or the reason for which it is rejected; the part of
 * row_reader that looks at what fields say. Nothing is stored here.
 */
#ifndef HERKOMST_LINK_ROW_PARSE_H
#define HERKOMST_LINK_ROW_PARSE_H

#include "link/remembered.h"
#include "link/row_reader.h"

enum { ROW_PLANS = DATASET_FIELDS + CONFIG_ATTRIBUTES };
#define ROW_EMPLOYMENT "staff" /* the employment of a row that does not say it */

/* Where a field's value comes from and goes to. */
struct row_plan {
    const char *name;   /* canonical */
    const char *header; /* in the file */
    enum field_type type;
    bool must_exist; /* the header */
    bool required;   /* the value */
    int source;      /* column of the file, -1 = none */
    struct column *column;
    size_t number; /* of a person or parent: which of the table's numbers */
};

/* A parsed value; which member counts is the field's type's business. */
struct row_value {
    int32_t number;        /* dates and fte */
    uint32_t packed;       /* persons and parents */
    struct csv_field text; /* coded columns; length 0 = no value */
    struct csv_field file; /* the same as the file has it */
    uint32_t code;         /* of a word that was stored before, else 0; then text may be empty */
    char room[COUNTRY_TEXT];
};

struct row_reader {
    struct intake_table *table;
    const struct row_context *context;
    const char *path;
    const char *date_format;
    date reference, earliest_birth;
    size_t plan_count;
    struct row_plan plans[ROW_PLANS];
    /* Plans whose column the file has, in their order, numbers behind all others; then the others,
     * whose cells are filled in for many rows at once. */
    uint8_t order[ROW_PLANS];
    size_t value_count, present_count;
    size_t filled; /* rows of the table with cells of these */
    struct row_value values[ROW_PLANS];
    uint64_t number;                         /* that was parsed last; wiped with the values */
    struct remembered *remembered;           /* of each plan */
    struct row_batch *batch;                 /* the last one; wiped with the values */
    struct csv_field *fields;                /* of a row of it */
    enum reason doubts[DATASET_PERSONS + 2]; /* reasons that leave the row where it is */
    size_t doubt_count;
    /* indexes of plans, -1 = the dataset has none */
    int start, end, birth, entity, employment;
};

/* Parses a row into r->values and r->doubts. *field: the plan whose value gave the reason. */
enum reason row_parse(struct row_reader *r, const struct csv_field *fields, int *field);

/* A birth date nobody can have; not DATE_NONE. */
static inline bool row_birth_impossible(const struct row_reader *r, date birth)
{
    return birth > r->reference || birth < r->earliest_birth;
}

static inline bool row_is_number(const struct row_plan *p)
{
    return p->type == FIELD_PERSON || p->type == FIELD_PARENT;
}

#endif

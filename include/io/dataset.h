/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * dataset: the input datasets and their canonical fields, as data. The configuration, the intake,
 * `--describe` and the README's table all go by this list.
 */
#ifndef HERKOMST_IO_DATASET_H
#define HERKOMST_IO_DATASET_H

#include <stdbool.h>
#include <stddef.h>

enum dataset {
    DATASET_PERSONNEL,    /* a row an employment */
    DATASET_REGISTER,     /* a row a person */
    DATASET_NATIONALITY,  /* history: a row a person and period */
    DATASET_FILIATION,    /* a row a person with parents */
    DATASET_ALIAS,        /* renumbered persons */
    DATASET_ENTITIES,     /* code list */
    DATASET_COUNTRIES,    /* code list */
    DATASET_REGISTRATION, /* voluntary or administrative registers */
    DATASET_COUNT,
};

enum field_type {
    FIELD_PERSON,  /* national or BIS number of the row's person */
    FIELD_PARENT,  /* the same of a parent: empty = unknown, "none" = no such parent */
    FIELD_DATE,    /* by the dataset's date_format */
    FIELD_CODE,    /* a code (base/text.h is_code) */
    FIELD_TEXT,    /* free text: names of units, groups and countries */
    FIELD_FTE,     /* 0..1, decimal point or comma */
    FIELD_SEX,     /* m f x, either case */
    FIELD_COUNTRY, /* NIS code of a nationality */
};

enum { DATASET_FIELDS = 8, DATASET_PERSONS = 3 /* of these that name a person, at most */ };

struct field_spec {
    const char *name; /* NULL ends the list */
    enum field_type type;
    bool required; /* the header must be there, and every row needs a value */
};

struct dataset_spec {
    const char *name;
    bool has_persons; /* national numbers: zone 1, for pseudonymise alone */
    struct field_spec fields[DATASET_FIELDS + 1];
};

extern const struct dataset_spec DATASETS[DATASET_COUNT];

/* Its rows are linked by person: all that have persons, but alias. */
static inline bool dataset_is_linked(int d)
{
    return DATASETS[d].has_persons && d != DATASET_ALIAS;
}

/* DATASET_COUNT if there is none of that name; field: -1. */
enum dataset dataset_find(const char *name);
int dataset_field(enum dataset d, const char *name);

#endif

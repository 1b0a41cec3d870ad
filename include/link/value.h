/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * value: one field of an input row, parsed, and the reasons for which a value is refused.
 *
 * Every value is trimmed (spaces, tabs, no-break spaces) before it is parsed; nothing is guessed.
 * No function keeps a pointer to the text.
 */
#ifndef HERKOMST_LINK_VALUE_H
#define HERKOMST_LINK_VALUE_H

#include "base/date.h"
#include "io/csv_reader.h"
#include "io/dataset.h"
#include "link/national_number.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Why a row is rejected, or (reason_rejects) only doubted. */
enum reason {
    REASON_NONE,
    REASON_MISSING,        /* "missing": a required value is empty */
    REASON_DATE,           /* "date": not a date by the format, or a birth date nobody can have */
    REASON_DATE_ORDER,     /* "date_order": ends before it starts */
    REASON_FTE,            /* "fte" */
    REASON_SEX,            /* "sex" */
    REASON_CODE,           /* "code": not a code (base/text.h is_code) */
    REASON_TEXT,           /* "text": over VALUE_TEXT bytes, or control characters in a name */
    REASON_NATIONALITY,    /* "nationality": no number */
    REASON_UNKNOWN_ENTITY, /* "unknown_entity" */
    REASON_ENTITY_ENDED,   /* "entity_ended": in force, but the entity is not */
    REASON_NO_NUMBER,      /* "person_missing": personnel without a number; the row is kept */
    REASON_UNLISTED,       /* "nationality_unlisted": the countries list lacks it; kept as ?NNN */
    REASON_NUMBER,         /* + verdict: the row's own number, number_verdict_name */
    REASON_PARENT = REASON_NUMBER + NUMBER_VERDICTS, /* + verdict: "parent_check_digits", kept */
    REASONS = REASON_PARENT + NUMBER_VERDICTS,
};

enum { REASON_NAME = 48 };

/* Writes the reason's word into name and returns it. */
char *reason_name(enum reason reason, char name[static REASON_NAME]);

/* False for a reason that is counted while the row stays. */
bool reason_rejects(enum dataset dataset, enum reason reason);

enum {
    VALUE_TEXT = 200,         /* most bytes of a free text */
    VALUE_FTE_ONE = 10000,    /* a full-time employment */
    VALUE_COUNTRIES = 100000, /* NIS codes are 1..VALUE_COUNTRIES - 1 */
};

struct csv_field value_trim_spaces(struct csv_field f);
static inline struct csv_field value_trim(struct csv_field f)
{
    /* Most fields begin and end with a visible ASCII character. */
    return f.length > 0 && f.bytes[0] > ' ' && f.bytes[f.length - 1] > ' ' ? f
                                                                           : value_trim_spaces(f);
}

/* All of these take a trimmed field that is not empty, and return false if it is no such value. */

/* *d is DATE_NONE where a placeholder (0000-00-00, 0001-01-01 in the file's format) stands for an
 * empty field. */
bool value_date(struct csv_field f, const char *format, date *d);
bool value_fte(struct csv_field f, int32_t *fte); /* "0.8", "0,8", "1": 0..VALUE_FTE_ONE */
bool value_sex(struct csv_field f, char *sex);    /* 'm', 'f', 'x' */
bool value_code(struct csv_field f);
bool value_name(struct csv_field f); /* text of a name: no control characters, <= VALUE_TEXT */

/* A country's number without its leading zeros and a trailing ".0". 0 is no country. More digits
 * than a country needs are refused, so that a misplaced column of other numbers goes no further. */
bool value_country(struct csv_field f, uint32_t *country);

/* "none" in any case: a parent who legally does not exist. */
bool value_is_none(struct csv_field f);

#endif

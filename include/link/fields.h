/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * fields: the facts about a person and an employment that an expression may use, as data.
 *
 *   entity domain employment fte start_date end_date reference_date age sex linked
 *   own_current own_first parent1_first parent2_first grandparent1_first .. grandparent4_first
 *   attribute.NAME for each configured attribute (written in SQL as "attribute.NAME", or as NAME
 * alone when no other field is called so), registered_KIND for any kind
 *
 * link carries only the fields that some expression uses (fields_used), so a column that nobody
 * asks for costs nothing.
 */
#ifndef HERKOMST_LINK_FIELDS_H
#define HERKOMST_LINK_FIELDS_H

#include "io/config.h"

#include <stdbool.h>
#include <stddef.h>

enum field {
    FACT_ENTITY,
    FACT_DOMAIN,
    FACT_EMPLOYMENT,
    FACT_FTE,
    FACT_START_DATE,
    FACT_END_DATE,
    FACT_REFERENCE_DATE,
    FACT_AGE,
    FACT_SEX,
    FACT_LINKED,
    FACT_OWN_CURRENT,
    FACT_OWN_FIRST,
    FACT_PARENT1_FIRST,
    FACT_PARENT2_FIRST,
    FACT_GRANDPARENT1_FIRST,
    FACT_GRANDPARENT2_FIRST,
    FACT_GRANDPARENT3_FIRST,
    FACT_GRANDPARENT4_FIRST,
    FACT_FIXED_COUNT,
};
extern const char *const FACT_NAMES[FACT_FIXED_COUNT];

enum { FIELDS_MAX = 60 };

/* The names of fields, in a fixed order: fixed ones, attributes, registered_KIND by name. */
struct field_set {
    size_t count;
    char names[FIELDS_MAX][CONFIG_CODE + 12];
};
bool field_set_has(const struct field_set *s, const char *name);
int field_set_add(struct field_set *s, const char *name, struct err *err);

/* All fields that an expression of this configuration may use, besides registered_KIND. */
int fields_configured(struct field_set *s, const struct config *c, struct err *err);

/* Names the variable or table (kind) and its line in an ERR_CONFIG that its expression gave;
 * returns -1. */
int fields_blame(const struct config *c, const char *kind, const char *name, long line,
                 struct err *err);

/* Every field that a variable or a population of the configuration uses. Checks each expression on
 * the way: ERR_CONFIG naming the variable or table and the line. */
int fields_used(struct field_set *s, const struct config *c, struct err *err);

/* Those that decide who is in which group (tables/turnover.h): of the populations, and of the
 * variables without sensitive categories that a table uses. What is sensitive is looked at on the
 * reference date only. */
int fields_of_groups(struct field_set *s, const struct config *c, struct err *err);

/* How many generations of parents the fields ask about: 0 to 2. */
unsigned fields_generations(const struct field_set *s);

#endif

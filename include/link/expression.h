/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * expression: one SQL expression of the configuration, checked and evaluated by SQLite in memory.
 *
 *     expression_open(&e, sql, &fields, &countries, err)
 *     for i < expression_field_count(e): expression_field(e, i)       the fields it uses, by name
 *     expression_evaluate(e, values, &result, err)                   one value for each of those
 * fields expression_close(&e)
 *
 * An expression may use fields, literals, operators, CASE, CAST, BETWEEN, IN (list), LIKE and the
 * functions listed in expression.c, all of them pure, besides is_eu(code, date) and
 * country_group(code). Refused (ERR_CONFIG with SQLite's message, which names nothing but the
 * expression's own words): other functions, aggregates, window functions, subqueries, other tables,
 * parameters, comments, semicolons, brackets that do not fit, "text" in double quotes (those are
 * names), more than 8 KiB.
 *
 * Fields: a name of the set; attribute.NAME with or without double quotes, and NAME alone if no
 * other field is called so; and registered_KIND for any kind, which need not be in the set. Text,
 * except `age`, `linked`, registered_KIND (integers) and `fte` (a real number, 0.8). SQL names have
 * no case. Not thread-safe; several expressions are independent of each other.
 */
#ifndef HERKOMST_LINK_EXPRESSION_H
#define HERKOMST_LINK_EXPRESSION_H

#include "base/err.h"
#include "link/countries.h"
#include "link/fields.h"

#include <stddef.h>
#include <stdint.h>

enum { EXPRESSION_BYTES = 8192 };

enum sql_type { SQL_NULL, SQL_INTEGER, SQL_REAL, SQL_TEXT };
struct sql_value {
    enum sql_type type;
    int64_t integer;
    double real;
    const char *text; /* of a result: valid until the next call */
};

struct expression; /* opaque; owned by the caller through the pointer */

/* available: the fields that it may use. countries may be NULL where nothing is evaluated. Both
 * must outlive the expression. */
int expression_open(struct expression **e, const char *sql, const struct field_set *available,
                    const struct countries *countries, struct err *err);
void expression_close(struct expression **e);

size_t expression_field_count(const struct expression *e);
const char *expression_field(const struct expression *e, size_t i);

/* values[i] belongs to expression_field(e, i). Errors (ERR_CONFIG) tell the reason and no value. */
int expression_evaluate(struct expression *e, const struct sql_value *values,
                        struct sql_value *result, struct err *err);

/* The expression with every run of blanks outside quotes as one blank and small letters outside
 * quotes: two expressions of the same form are the same. ERR_CONFIG as expression_open for what
 * cannot be split into words. malloc'd in *form. */
int expression_form(const char *sql, char **form, struct err *err);

#endif

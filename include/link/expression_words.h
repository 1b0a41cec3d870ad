/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * expression_words: the words of an expression, before SQLite sees them. Private to expression*.c.
 */
#ifndef HERKOMST_LINK_EXPRESSION_WORDS_H
#define HERKOMST_LINK_EXPRESSION_WORDS_H

#include "base/text.h"
#include "link/fields.h"

#define EXPRESSION_REGISTERED "registered_"
#define EXPRESSION_ATTRIBUTE "attribute."

/* True if a name starts with a prefix of small letters; SQL names have no case. */
bool expression_starts_with(const char *name, const char *prefix);

/* Appends to out the expression as SQLite is to read it (attribute.NAME as one name), and to
 * registered the fields registered_KIND that stand in it. ERR_CONFIG for what sql_words refuses,
 * and for an empty or too long expression. */
int expression_rewrite(const char *sql, struct text *out, struct field_set *registered,
                       struct err *err);

#endif

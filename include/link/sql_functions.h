/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * sql_functions: is_eu(code, date) and country_group(code) as functions of SQLite: pure, over a
 * list of countries (link/countries.h), which may be NULL (they then give NULL) and must outlive
 * db.
 */
#ifndef HERKOMST_LINK_SQL_FUNCTIONS_H
#define HERKOMST_LINK_SQL_FUNCTIONS_H

#include "link/countries.h"

#include <sqlite3.h>

/* SQLite's result code. */
int sql_functions_add(sqlite3 *db, const struct countries *countries);

#endif

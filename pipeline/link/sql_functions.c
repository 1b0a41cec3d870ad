/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/link/sql_functions.h. What is not known gives NULL, as SQL has it. */
#include "link/sql_functions.h"

#include <string.h>

/* is_eu(code, date) */
static void sql_is_eu(sqlite3_context *context, int count, sqlite3_value **arguments)
{
    (void)count;
    const struct countries *countries = sqlite3_user_data(context);
    const char *code = (const char *)sqlite3_value_text(arguments[0]);
    const char *at = (const char *)sqlite3_value_text(arguments[1]);
    if (!countries || !code || !at)
        return;
    date day = date_parse(at, strlen(at), "%Y-%m-%d");
    int verdict = day == DATE_NONE ? -1 : countries_is_eu(countries, code, day);
    if (verdict >= 0)
        sqlite3_result_int(context, verdict);
}

/* country_group(code) */
static void sql_country_group(sqlite3_context *context, int count, sqlite3_value **arguments)
{
    (void)count;
    const struct countries *countries = sqlite3_user_data(context);
    const char *code = (const char *)sqlite3_value_text(arguments[0]);
    const char *group = countries && code ? countries_group(countries, code) : NULL;
    if (group)
        sqlite3_result_text(context, group, -1, SQLITE_STATIC);
}

int sql_functions_add(sqlite3 *db, const struct countries *countries)
{
    const int pure = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS;
    int rc = sqlite3_create_function_v2(db, "is_eu", 2, pure, (void *)countries, sql_is_eu, NULL,
                                        NULL, NULL);
    if (rc != SQLITE_OK)
        return rc;
    return sqlite3_create_function_v2(db, "country_group", 1, pure, (void *)countries,
                                      sql_country_group, NULL, NULL, NULL);
}

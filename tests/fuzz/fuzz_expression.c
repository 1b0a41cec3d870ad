/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * SQL expressions of a configuration: any text is an expression or ERR_CONFIG. Each connection that
 * is opened gets a table of its own with a secret word: no expression may bring that word, the
 * schema or SQLite's version to light.
 */
#include "fuzz_file.h"
#include "link/expression.h"

#include <sqlite3.h>

static const char SECRET[] = "plover-and-lapwing-in-the-hay";

static int plant_secret(sqlite3 *db, char **message, const struct sqlite3_api_routines *api)
{
    (void)message;
    (void)api;
    return sqlite3_exec(db,
                        "CREATE TABLE secret(word TEXT);"
                        "INSERT INTO secret VALUES ('plover-and-lapwing-' || 'in-the-hay')",
                        NULL, NULL, NULL);
}

static struct field_set fields;

static void set_up(void)
{
    for (size_t i = 0; i < FACT_FIXED_COUNT; i++)
        fuzz_demand(field_set_add(&fields, FACT_NAMES[i], NULL) == 0);
    fuzz_demand(field_set_add(&fields, "attribute.level", NULL) == 0);
    fuzz_demand(field_set_add(&fields, "attribute.sex", NULL) == 0);
    fuzz_demand(sqlite3_auto_extension((void (*)(void))plant_secret) == SQLITE_OK);
}

/* NULL, then small values of each field's own kind. */
static void evaluate(struct expression *e, const char *sql)
{
    struct sql_value values[2 * FIELDS_MAX];
    struct sql_value result;
    size_t count = expression_field_count(e);
    fuzz_demand(count <= sizeof values / sizeof *values);
    for (int round = 0; round < 2; round++) {
        struct err err = {.kind = ERR_NONE};
        for (size_t i = 0; i < count; i++)
            values[i] = round ? (struct sql_value){.type = SQL_TEXT, .text = "2017-12-31"}
                              : (struct sql_value){.type = SQL_NULL};
        int rc = expression_evaluate(e, values, &result, &err);
        fuzz_demand(rc == 0 || err.kind == ERR_CONFIG);
        if (rc == 0 && result.type == SQL_TEXT)
            fuzz_demand(strstr(sql, SECRET) || !strstr(result.text, SECRET));
        if (rc == 0 && result.type == SQL_TEXT)
            fuzz_demand(strstr(sql, "CREATE") || !strstr(result.text, "CREATE TABLE"));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    struct expression *e = NULL;
    struct err err = {.kind = ERR_NONE};
    if (fields.count == 0)
        set_up();
    char *sql = malloc(length + 1);
    fuzz_demand(sql != NULL);
    if (length)
        memcpy(sql, bytes, length);
    sql[length] = '\0';
    if (expression_open(&e, sql, &fields, NULL, &err) == 0)
        evaluate(e, sql);
    else
        fuzz_demand(err.kind == ERR_CONFIG && e == NULL);
    expression_close(&e);
    char *form = NULL;
    if (expression_form(sql, &form, &err) != 0)
        fuzz_demand(err.kind == ERR_CONFIG);
    free(form);
    free(sql);
    return 0;
}

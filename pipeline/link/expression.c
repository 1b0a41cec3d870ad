/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * See include/link/expression.h. Three guards, each enough for most of what must not pass: the
 * words of the expression (sql_words); a generated column of a table that is never read, for which
 * SQLite itself insists on a deterministic expression over one row; and an authorizer that lets the
 * real statement read the columns of one table and call the functions below. The table `facts` has
 * one row. Evaluating is an UPDATE of the columns used, and a SELECT.
 */
#include "link/expression.h"

#include "base/text.h"
#include "link/expression_words.h"
#include "link/sql_functions.h"
#include "link/sql_words.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const FUNCTIONS[] = {
    "abs",    "coalesce", "country_group", "glob",   "ifnull",    "iif",  "instr",  "is_eu",
    "length", "like",     "lower",         "ltrim",  "max",       "min",  "nullif", "replace",
    "round",  "rtrim",    "sign",          "substr", "substring", "trim", "upper",
};
enum { COLUMNS_MOST = 2 * FIELDS_MAX, NAME_SIZE = CONFIG_CODE + 12 };

struct fact_column {
    char name[NAME_SIZE];
    size_t field; /* index in e->fields */
    bool used;
};

enum guard { GUARD_SETUP, GUARD_PROBE, GUARD_EXPRESSION };

struct expression {
    sqlite3 *db;
    sqlite3_stmt *update, *select;
    const struct countries *countries;
    char (*fields)[NAME_SIZE];
    size_t field_count;
    struct fact_column columns[COLUMNS_MOST];
    size_t column_count;
    size_t used[COLUMNS_MOST]; /* field indexes, increasing, each once */
    size_t used_count;
    enum guard guard;
    int selects; /* seen by the authorizer */
};

/* ---- the fields as columns ---- */

static struct fact_column *column_find_name(struct expression *e, const char *name)
{
    for (size_t i = 0; i < e->column_count; i++)
        if (sql_same_name(e->columns[i].name, name))
            return &e->columns[i];
    return NULL;
}

static int add_column(struct expression *e, const char *name, size_t field, struct err *err)
{
    if (e->column_count == COLUMNS_MOST)
        return err_set(err, ERR_CONFIG, "too many fields");
    struct fact_column *c = &e->columns[e->column_count++];
    (void)snprintf(c->name, sizeof c->name, "%s", name);
    c->field = field;
    return 0;
}

static int add_field(struct expression *e, const char *name, struct err *err)
{
    char(*fields)[NAME_SIZE] = realloc(e->fields, (e->field_count + 1) * sizeof *fields);
    if (!fields)
        return err_memory(err);
    e->fields = fields;
    (void)snprintf(fields[e->field_count], NAME_SIZE, "%s", name);
    return add_column(e, name, e->field_count++, err);
}

/* Those of the set (registered_KIND comes from the expression's own words), then the registers,
 * then the short names of attributes where they are free. */
static int add_fields(struct expression *e, const struct field_set *available,
                      const struct field_set *registered, struct err *err)
{
    for (size_t i = 0; i < available->count; i++)
        if (!expression_starts_with(available->names[i], EXPRESSION_REGISTERED) &&
            add_field(e, available->names[i], err) != 0)
            return -1;
    for (size_t i = 0; i < registered->count; i++)
        if (add_field(e, registered->names[i], err) != 0)
            return -1;
    for (size_t i = 0, count = e->column_count; i < count; i++) {
        const char *name = e->columns[i].name;
        if (!expression_starts_with(name, EXPRESSION_ATTRIBUTE))
            continue;
        const char *alone = name + strlen(EXPRESSION_ATTRIBUTE);
        if (!column_find_name(e, alone) && add_column(e, alone, e->columns[i].field, err) != 0)
            return -1;
    }
    return 0;
}

static const char *column_type(const char *field)
{
    if (strcmp(field, FACT_NAMES[FACT_FTE]) == 0)
        return "REAL";
    bool integer = strcmp(field, FACT_NAMES[FACT_AGE]) == 0 ||
                   strcmp(field, FACT_NAMES[FACT_LINKED]) == 0 ||
                   expression_starts_with(field, EXPRESSION_REGISTERED);
    return integer ? "INTEGER" : "TEXT";
}

/* ---- SQLite ---- */

static int fail(const struct expression *e, int code, struct err *err)
{
    if (code == SQLITE_NOMEM || !e->db)
        return err_memory(err);
    return err_set(err, ERR_CONFIG, "%s", sqlite3_errmsg(e->db));
}

static bool is_function(const char *name)
{
    for (size_t i = 0; i < sizeof FUNCTIONS / sizeof *FUNCTIONS; i++)
        if (sql_same_name(FUNCTIONS[i], name))
            return true;
    return false;
}

static int authorize(void *context, int action, const char *first, const char *second,
                     const char *database, const char *trigger)
{
    struct expression *e = context;
    (void)database, (void)trigger;
    if (e->guard == GUARD_SETUP)
        return SQLITE_OK;
    if (action == SQLITE_FUNCTION)
        return is_function(second) ? SQLITE_OK : SQLITE_DENY;
    if (e->guard == GUARD_PROBE)
        return SQLITE_OK;
    if (action == SQLITE_SELECT)
        return ++e->selects == 1 ? SQLITE_OK : SQLITE_DENY;
    if (action != SQLITE_READ || strcmp(first, "facts") != 0)
        return SQLITE_DENY;
    struct fact_column *c = column_find_name(e, second);
    if (c)
        c->used = true;
    return c || second[0] == '\0' ? SQLITE_OK : SQLITE_DENY;
}

/* A database that can do no more than it must. */
static int open_database(struct expression *e)
{
    static const int LIMITS[][2] = {
        {SQLITE_LIMIT_LENGTH, 1 << 20},      {SQLITE_LIMIT_SQL_LENGTH, 1 << 17},
        {SQLITE_LIMIT_COLUMN, 256},          {SQLITE_LIMIT_EXPR_DEPTH, 500},
        {SQLITE_LIMIT_COMPOUND_SELECT, 2},   {SQLITE_LIMIT_FUNCTION_ARG, 50},
        {SQLITE_LIMIT_ATTACHED, 0},          {SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 200},
        {SQLITE_LIMIT_VARIABLE_NUMBER, 256}, {SQLITE_LIMIT_TRIGGER_DEPTH, 1},
        {SQLITE_LIMIT_WORKER_THREADS, 0},
    };
    static const int SWITCHES[][2] = {
        {SQLITE_DBCONFIG_DQS_DML, 0},        {SQLITE_DBCONFIG_DQS_DDL, 0},
        {SQLITE_DBCONFIG_DEFENSIVE, 1},      {SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0},
        {SQLITE_DBCONFIG_ENABLE_TRIGGER, 0}, {SQLITE_DBCONFIG_ENABLE_VIEW, 0},
    };
    int rc = sqlite3_open_v2(":memory:", &e->db,
                             SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_MEMORY |
                                 SQLITE_OPEN_NOMUTEX,
                             NULL);
    for (size_t i = 0; rc == SQLITE_OK && i < sizeof SWITCHES / sizeof *SWITCHES; i++)
        rc = sqlite3_db_config(e->db, SWITCHES[i][0], SWITCHES[i][1], (int *)NULL);
    for (size_t i = 0; rc == SQLITE_OK && i < sizeof LIMITS / sizeof *LIMITS; i++)
        (void)sqlite3_limit(e->db, LIMITS[i][0], LIMITS[i][1]);
    if (rc == SQLITE_OK)
        rc = sql_functions_add(e->db, e->countries);
    return rc == SQLITE_OK ? sqlite3_set_authorizer(e->db, authorize, e) : rc;
}

/* CREATE TABLE name("column" TYPE, ..., and, for the probe, the expression as a generated column).
 */
static int create_table(struct expression *e, const char *name, const char *expression,
                        struct err *err)
{
    struct text sql;
    text_init(&sql);
    text_format(&sql, "CREATE TABLE %s(", name);
    for (size_t i = 0; i < e->column_count; i++)
        text_format(&sql, "%s\"%s\" %s", i ? ", " : "", e->columns[i].name,
                    column_type(e->fields[e->columns[i].field]));
    if (expression)
        text_format(&sql, ", \"the expression itself\" AS (%s)", expression);
    text_char(&sql, ')');
    int rc = -1;
    if (sql.failed) {
        (void)err_memory(err);
    } else {
        int code = sqlite3_exec(e->db, sql.bytes, NULL, NULL, NULL);
        rc = code == SQLITE_OK ? 0 : fail(e, code, err);
    }
    text_release(&sql);
    return rc;
}

static int prepare_select(struct expression *e, const char *expression, struct err *err)
{
    struct text sql;
    text_init(&sql);
    text_format(&sql, "SELECT (%s) FROM facts", expression);
    int code = SQLITE_NOMEM;
    e->guard = GUARD_EXPRESSION;
    if (!sql.failed)
        code =
            sqlite3_prepare_v3(e->db, sql.bytes, -1, SQLITE_PREPARE_PERSISTENT, &e->select, NULL);
    e->guard = GUARD_SETUP;
    text_release(&sql);
    if (code != SQLITE_OK)
        return fail(e, code, err);
    if (sqlite3_column_count(e->select) != 1 || sqlite3_bind_parameter_count(e->select) != 0)
        return err_set(err, ERR_CONFIG, "not one expression");
    return 0;
}

/* UPDATE facts SET "column" = ?1, ...: parameter i + 1 is field used[i], for each of its columns.
 */
static int prepare_update(struct expression *e, struct err *err)
{
    for (size_t f = 0; f < e->field_count; f++)
        for (size_t i = 0; i < e->column_count; i++)
            if (e->columns[i].used && e->columns[i].field == f) {
                e->used[e->used_count++] = f;
                break;
            }
    if (e->used_count == 0)
        return 0;
    struct text sql;
    text_init(&sql);
    text_string(&sql, "UPDATE facts SET ");
    const char *separator = "";
    for (size_t u = 0; u < e->used_count; u++)
        for (size_t i = 0; i < e->column_count; i++)
            if (e->columns[i].used && e->columns[i].field == e->used[u]) {
                text_format(&sql, "%s\"%s\" = ?%zu", separator, e->columns[i].name, u + 1);
                separator = ", ";
            }
    int code = SQLITE_NOMEM;
    if (!sql.failed)
        code =
            sqlite3_prepare_v3(e->db, sql.bytes, -1, SQLITE_PREPARE_PERSISTENT, &e->update, NULL);
    text_release(&sql);
    return code == SQLITE_OK ? 0 : fail(e, code, err);
}

static int prepare(struct expression *e, const char *expression, struct err *err)
{
    int code = open_database(e);
    if (code != SQLITE_OK)
        return fail(e, code, err);
    e->guard = GUARD_PROBE;
    if (create_table(e, "probe", expression, err) != 0)
        return -1;
    e->guard = GUARD_SETUP;
    if (create_table(e, "facts", NULL, err) != 0)
        return -1;
    code = sqlite3_exec(e->db, "INSERT INTO facts DEFAULT VALUES; BEGIN", NULL, NULL, NULL);
    if (code != SQLITE_OK)
        return fail(e, code, err);
    return prepare_select(e, expression, err) == 0 ? prepare_update(e, err) : -1;
}

int expression_open(struct expression **out, const char *sql, const struct field_set *available,
                    const struct countries *countries, struct err *err)
{
    struct field_set *registered = calloc(1, sizeof *registered);
    struct expression *e = calloc(1, sizeof *e);
    struct text words;
    int rc = -1;
    text_init(&words);
    *out = NULL;
    if (!registered || !e) {
        (void)err_memory(err);
        goto out;
    }
    e->countries = countries;
    if (expression_rewrite(sql, &words, registered, err) == 0 &&
        add_fields(e, available, registered, err) == 0 && prepare(e, words.bytes, err) == 0)
        rc = 0;
    if (rc == 0) {
        *out = e;
        e = NULL;
    }
out:
    expression_close(&e);
    free(registered);
    text_release(&words);
    return rc;
}

void expression_close(struct expression **expression)
{
    struct expression *e = *expression;
    if (!e)
        return;
    (void)sqlite3_finalize(e->update);
    (void)sqlite3_finalize(e->select);
    (void)sqlite3_close(e->db);
    free(e->fields);
    free(e);
    *expression = NULL;
}

size_t expression_field_count(const struct expression *e)
{
    return e->used_count;
}

const char *expression_field(const struct expression *e, size_t i)
{
    return e->fields[e->used[i]];
}

static int bind(sqlite3_stmt *statement, int parameter, const struct sql_value *v)
{
    switch (v->type) {
    case SQL_INTEGER:
        return sqlite3_bind_int64(statement, parameter, v->integer);
    case SQL_REAL:
        return sqlite3_bind_double(statement, parameter, v->real);
    case SQL_TEXT:
        return sqlite3_bind_text(statement, parameter, v->text, -1, SQLITE_STATIC);
    case SQL_NULL:
        break;
    }
    return sqlite3_bind_null(statement, parameter);
}

static int take(sqlite3_stmt *statement, struct sql_value *v, struct err *err)
{
    *v = (struct sql_value){.type = SQL_NULL};
    switch (sqlite3_column_type(statement, 0)) {
    case SQLITE_INTEGER:
        v->type = SQL_INTEGER;
        v->integer = sqlite3_column_int64(statement, 0);
        return 0;
    case SQLITE_FLOAT:
        v->type = SQL_REAL;
        v->real = sqlite3_column_double(statement, 0);
        return 0;
    case SQLITE_TEXT:
        v->type = SQL_TEXT;
        v->text = (const char *)sqlite3_column_text(statement, 0);
        return v->text ? 0 : err_memory(err);
    case SQLITE_NULL:
        return 0;
    default:
        return err_set(err, ERR_CONFIG, "the result is a blob");
    }
}

int expression_evaluate(struct expression *e, const struct sql_value *values,
                        struct sql_value *result, struct err *err)
{
    int code = sqlite3_reset(e->select);
    for (size_t i = 0; code == SQLITE_OK && i < e->used_count; i++)
        code = bind(e->update, (int)i + 1, &values[i]);
    if (code == SQLITE_OK && e->update) {
        code = sqlite3_step(e->update);
        (void)sqlite3_reset(e->update);
        code = code == SQLITE_DONE ? SQLITE_OK : code;
    }
    if (code == SQLITE_OK)
        code = sqlite3_step(e->select);
    if (code == SQLITE_ROW)
        return take(e->select, result, err);
    (void)sqlite3_reset(e->select);
    if (code == SQLITE_NOMEM)
        return err_memory(err);
    return err_set(err, ERR_CONFIG, "cannot be evaluated: %s", sqlite3_errstr(code));
}

/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * ledger_sql: the ledger's database, for the files of the ledger itself (run/ledger.h is what
 * others use): its errors, and statements in one call.
 */
#ifndef HERKOMST_RUN_LEDGER_SQL_H
#define HERKOMST_RUN_LEDGER_SQL_H

#include "base/err.h"

#include <sqlite3.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct ledger {
    sqlite3 *db;
};

/* The application id makes `file` and us know it. Schema 1 (herkomst 0.1.0) had no rules,
 * no turnover, and did not say which cells the turnover rule named. */
enum { LEDGER_APPLICATION = 1212371791, LEDGER_SCHEMA = 2 };

/* Fills err from SQLite's result code; returns -1. */
int ledger_error(struct ledger *l, struct err *err, int code);
/* Statements without parameters or rows. */
int ledger_run(struct ledger *l, const char *sql, struct err *err);
/* A statement to be bound and stepped; the caller finalizes it. */
int ledger_statement(struct ledger *l, sqlite3_stmt **statement, const char *sql, struct err *err);
/* Runs a statement with one text parameter, or none (NULL); *number = the first column of its first
 * row, -1 if it has no row. */
int ledger_ask(struct ledger *l, const char *sql, const char *text, int64_t *number,
               struct err *err);
/* Copies a text column; NULL is "". */
void ledger_column(sqlite3_stmt *statement, int column, char *out, size_t size);

/* Is there a file? Anything else under that name is no ledger: ERR_DATA. */
int ledger_find_file(const char *path, bool *there, struct err *err);
/* The path with its folder resolved, malloc'd, or NULL. SQLite refuses a link anywhere in a path,
 * while the folders above the ledger are the operator's. */
char *ledger_resolve(const char *path, struct err *err);
/* Opens the file; ledger_close it whatever the result. flags: sqlite3_open_v2's. */
int ledger_open_file(struct ledger **l, const char *path, int flags, struct err *err);
/* Is it a ledger, and of which version? A newer one than ours is ERR_DATA. */
int ledger_read_version(struct ledger *l, int64_t *version, struct err *err);
/* Is it a ledger, of this version? */
int ledger_check_format(struct ledger *l, struct err *err);
/* The same; one of version 1 is brought up to date from the releases in `output`, or ERR_DATA. */
int ledger_update_format(struct ledger *l, const char *output, struct err *err);
int ledger_check_government(struct ledger *l, const char *name, struct err *err);

/* A release's columns, in the order of ledger_from_row. */
#define LEDGER_COLUMNS "id, reference_date, replaces, digest, software, definitions, configuration"
struct ledger_release;
void ledger_from_row(struct ledger_release *r, sqlite3_stmt *statement);

#endif

/* SPDX-License-Identifier: EUPL-1.2 */
/* The releases in the ledger: see include/run/ledger.h; ledger_open.c opens it. */
#include "run/ledger.h"

#include "base/text.h"
#include "run/ledger_sql.h"

#include <string.h>

#define RELEASE_COLUMNS "id, reference_date, replaces, digest, software, definitions, configuration"

static void release_from_row(struct ledger_release *r, sqlite3_stmt *statement)
{
    char reference[DATE_TEXT];
    ledger_column(statement, 0, r->id, sizeof r->id);
    ledger_column(statement, 1, reference, sizeof reference);
    r->reference_date = date_parse(reference, strlen(reference), "%Y-%m-%d");
    ledger_column(statement, 2, r->replaces, sizeof r->replaces);
    ledger_column(statement, 3, r->digest, sizeof r->digest);
    ledger_column(statement, 4, r->software, sizeof r->software);
    ledger_column(statement, 5, r->definitions, sizeof r->definitions);
    ledger_column(statement, 6, r->configuration, sizeof r->configuration);
}

int ledger_last(struct ledger *l, date reference, struct ledger_release *last, bool *found,
                struct err *err)
{
    sqlite3_stmt *statement = NULL;
    char wanted[DATE_TEXT];
    memset(last, 0, sizeof *last);
    if (ledger_statement(l, &statement,
                         "SELECT " RELEASE_COLUMNS " FROM release WHERE state = 'published' "
                         "AND (?1 = '' OR reference_date = ?1) ORDER BY number DESC LIMIT 1",
                         err) != 0)
        return -1;
    int code = sqlite3_bind_text(statement, 1, date_iso(reference, wanted), -1, SQLITE_STATIC);
    if (code == SQLITE_OK)
        code = sqlite3_step(statement);
    *found = code == SQLITE_ROW;
    if (*found)
        release_from_row(last, statement);
    (void)sqlite3_finalize(statement);
    return code == SQLITE_ROW || code == SQLITE_DONE ? 0 : ledger_error(l, err, code);
}

int ledger_check_unused(struct ledger *l, const char *id, struct err *err)
{
    int64_t count = 0;
    if (ledger_ask(l, "SELECT count(*) FROM release WHERE id = ?", id, &count, err) != 0)
        return -1;
    if (count == 0)
        return 0;
    (void)err_set(err, ERR_CREATE, "release id %s was used before; the ledger never uses one twice",
                  id);
    return err_hint(err, "a correction is a new revision: --set run.release=%s.r2", id);
}

static int insert_release(struct ledger *l, const struct ledger_release *r, int64_t *number,
                          struct err *err)
{
    sqlite3_stmt *statement = NULL;
    char reference[DATE_TEXT];
    if (ledger_statement(l, &statement,
                         "INSERT INTO release(" RELEASE_COLUMNS ", state) "
                         "VALUES(?, ?, ?, ?, ?, ?, ?, 'prepared')",
                         err) != 0)
        return -1;
    const char *values[7] = {r->id,           date_iso(r->reference_date, reference),
                             r->replaces,     r->digest,
                             r->software,     r->definitions,
                             r->configuration};
    int code = SQLITE_OK;
    for (int i = 0; i < 7 && code == SQLITE_OK; i++)
        code = sqlite3_bind_text(statement, i + 1, values[i], -1, SQLITE_STATIC);
    if (code == SQLITE_OK)
        code = sqlite3_step(statement);
    *number = sqlite3_last_insert_rowid(l->db);
    (void)sqlite3_finalize(statement);
    return code == SQLITE_DONE ? 0 : ledger_error(l, err, code);
}

/* count < 0: confidential. */
static int insert_cell(sqlite3_stmt *statement, int64_t number, const struct text *key,
                       int64_t count)
{
    int code = sqlite3_bind_int64(statement, 1, number);
    if (code == SQLITE_OK)
        code = sqlite3_bind_text(statement, 2, key->bytes, (int)key->length, SQLITE_STATIC);
    if (code == SQLITE_OK)
        code =
            count < 0 ? sqlite3_bind_null(statement, 3) : sqlite3_bind_int64(statement, 3, count);
    if (code == SQLITE_OK)
        code = sqlite3_step(statement);
    return code == SQLITE_DONE ? sqlite3_reset(statement) : code;
}

static int insert_cells(struct ledger *l, int64_t number, const struct cells *cells,
                        const int64_t *counts, const uint8_t *status, struct err *err)
{
    sqlite3_stmt *statement = NULL;
    struct text key;
    int code = SQLITE_OK;
    if (ledger_statement(l, &statement, "INSERT INTO cell VALUES(?, ?, ?)", err) != 0)
        return -1;
    text_init(&key);
    for (size_t c = 0; c < cells->count && code == SQLITE_OK; c++) {
        if (cells->flags[c] & CELL_UNPUBLISHED)
            continue;
        text_clear(&key);
        cell_key(&key, cells, c);
        code = key.failed ? SQLITE_NOMEM
                          : insert_cell(statement, number, &key, status[c] ? -1 : counts[c]);
    }
    (void)sqlite3_finalize(statement);
    text_release(&key);
    return code == SQLITE_OK ? 0 : ledger_error(l, err, code);
}

int ledger_prepare(struct ledger *l, const struct ledger_release *release,
                   const struct cells *cells, const int64_t *counts, const uint8_t *status,
                   struct err *err)
{
    int64_t number = 0;
    if (ledger_run(l, "BEGIN IMMEDIATE", err) != 0)
        return -1;
    if (insert_release(l, release, &number, err) != 0 ||
        insert_cells(l, number, cells, counts, status, err) != 0 ||
        ledger_run(l, "COMMIT", err) != 0) {
        (void)sqlite3_exec(l->db, "ROLLBACK", NULL, NULL, NULL);
        return -1;
    }
    return 0;
}

int ledger_confirm(struct ledger *l, const char *id, struct err *err)
{
    int64_t unused;
    if (ledger_ask(l, "UPDATE release SET state = 'published' WHERE id = ? AND state = 'prepared'",
                   id, &unused, err) != 0)
        return -1;
    return sqlite3_changes(l->db) == 1
               ? 0
               : err_set(err, ERR_INTERNAL, "ledger: no entry of that release was prepared");
}

int ledger_withdraw(struct ledger *l, const char *id, struct err *err)
{
    int64_t unused;
    if (ledger_run(l, "BEGIN IMMEDIATE", err) != 0)
        return -1;
    if (ledger_ask(l,
                   "DELETE FROM cell WHERE release = (SELECT number FROM release WHERE id = ? "
                   "AND state = 'prepared')",
                   id, &unused, err) != 0 ||
        ledger_ask(l, "DELETE FROM release WHERE id = ? AND state = 'prepared'", id, &unused,
                   err) != 0 ||
        ledger_run(l, "COMMIT", err) != 0) {
        (void)sqlite3_exec(l->db, "ROLLBACK", NULL, NULL, NULL);
        return -1;
    }
    return 0;
}

int ledger_history(const char *path,
                   int (*row)(void *context, const struct ledger_release *release, struct err *err),
                   void *context, struct err *err)
{
    struct ledger *l = NULL;
    sqlite3_stmt *statement = NULL;
    bool there = false;
    int rc = -1, code;
    if (ledger_find_file(path, &there, err) != 0)
        return -1;
    if (!there)
        return err_set(err, ERR_NOINPUT, "ledger: there is none");
    /* Read and write, where that is allowed: what a crash left half-written is rolled back. */
    if (ledger_open_file(&l, path, SQLITE_OPEN_READWRITE, err) != 0 ||
        ledger_check_format(l, err) != 0 ||
        ledger_statement(l, &statement,
                         "SELECT " RELEASE_COLUMNS " FROM release WHERE state = 'published' "
                         "ORDER BY reference_date, number",
                         err) != 0)
        goto out;
    while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
        struct ledger_release r;
        memset(&r, 0, sizeof r);
        release_from_row(&r, statement);
        if (row(context, &r, err) != 0)
            goto out;
    }
    rc = code == SQLITE_DONE ? 0 : ledger_error(l, err, code);
out:
    (void)sqlite3_finalize(statement);
    ledger_close(&l);
    return rc;
}

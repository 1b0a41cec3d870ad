/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/run/ledger_sql.h. */
#include "run/ledger_sql.h"

#include "base/text.h"
#include "run/ledger.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { WAIT_MS = 2000 };

int ledger_error(struct ledger *l, struct err *err, int code)
{
    int kind = code & 0xff;
    if (kind == SQLITE_BUSY || kind == SQLITE_LOCKED)
        return err_set(err, ERR_BUSY, "ledger: another program is using it");
    /* Our own statements are right: what they don't find was taken away. */
    if (kind == SQLITE_NOTADB || kind == SQLITE_CORRUPT || kind == SQLITE_ERROR)
        return err_set(err, ERR_DATA, "ledger: damaged, or no ledger");
    if (kind == SQLITE_NOMEM)
        return err_memory(err);
    if (kind == SQLITE_CANTOPEN || kind == SQLITE_READONLY || kind == SQLITE_PERM)
        return err_set(err, ERR_CREATE, "ledger: %s", sqlite3_errstr(code));
    return err_set(err, ERR_IO, "ledger: %s",
                   l && l->db ? sqlite3_errmsg(l->db) : sqlite3_errstr(code));
}

int ledger_run(struct ledger *l, const char *sql, struct err *err)
{
    int code = sqlite3_exec(l->db, sql, NULL, NULL, NULL);
    return code == SQLITE_OK ? 0 : ledger_error(l, err, code);
}

int ledger_statement(struct ledger *l, sqlite3_stmt **statement, const char *sql, struct err *err)
{
    int code = sqlite3_prepare_v2(l->db, sql, -1, statement, NULL);
    return code == SQLITE_OK ? 0 : ledger_error(l, err, code);
}

int ledger_ask(struct ledger *l, const char *sql, const char *text, int64_t *number,
               struct err *err)
{
    sqlite3_stmt *statement = NULL;
    if (ledger_statement(l, &statement, sql, err) != 0)
        return -1;
    int code = text ? sqlite3_bind_text(statement, 1, text, -1, SQLITE_STATIC) : SQLITE_OK;
    if (code == SQLITE_OK)
        code = sqlite3_step(statement);
    *number = code == SQLITE_ROW ? sqlite3_column_int64(statement, 0) : -1;
    int rc = code == SQLITE_ROW || code == SQLITE_DONE ? 0 : ledger_error(l, err, code);
    (void)sqlite3_finalize(statement);
    return rc;
}

char *ledger_resolve(const char *path, struct err *err)
{
    const char *slash = strrchr(path, '/');
    struct text folder, full;
    text_init(&folder);
    text_init(&full);
    text_append(&folder, slash ? path : ".", slash && slash > path ? (size_t)(slash - path) : 1);
    char *real = folder.failed ? NULL : realpath(folder.bytes, NULL);
    if (real)
        text_format(&full, "%s/%s", real, slash ? slash + 1 : path);
    if (folder.failed || full.failed || (!real && errno == ENOMEM))
        (void)err_memory(err);
    else if (!real)
        (void)err_errno(err, ERR_CREATE, "ledger: its folder");
    text_release(&folder);
    free(real);
    return full.bytes;
}

int ledger_open_file(struct ledger **l, const char *path, int flags, struct err *err)
{
    char *real = ledger_resolve(path, err);
    if (!real)
        return -1;
    *l = calloc(1, sizeof **l);
    int code =
        *l ? sqlite3_open_v2(real, &(*l)->db, flags | SQLITE_OPEN_NOFOLLOW, NULL) : SQLITE_NOMEM;
    free(real);
    if (code != SQLITE_OK)
        return ledger_error(*l, err, code);
    (void)sqlite3_extended_result_codes((*l)->db, 1);
    (void)sqlite3_busy_timeout((*l)->db, WAIT_MS);
    (void)sqlite3_db_config((*l)->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    (void)sqlite3_db_config((*l)->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    return ledger_run(*l, "PRAGMA synchronous = EXTRA; PRAGMA temp_store = MEMORY;", err);
}

int ledger_find_file(const char *path, bool *there, struct err *err)
{
    struct stat status;
    *there = lstat(path, &status) == 0;
    if (!*there && errno != ENOENT)
        return err_errno(err, ERR_CREATE, "ledger");
    return !*there || S_ISREG(status.st_mode)
               ? 0
               : err_set(err, ERR_DATA, "ledger: not a regular file");
}

void ledger_column(sqlite3_stmt *statement, int column, char *out, size_t size)
{
    const unsigned char *text = sqlite3_column_text(statement, column);
    (void)snprintf(out, size, "%s", text ? (const char *)text : "");
}

/* A journal that was rolled back in exclusive mode stays, emptied, until the mode ends; and who may
 * read the ledger alone, not its journal, must take it for a live one. */
void ledger_close(struct ledger **l)
{
    if (*l) {
        if (sqlite3_db_readonly((*l)->db, "main") == 0)
            (void)sqlite3_exec((*l)->db,
                               "PRAGMA locking_mode = NORMAL; SELECT 1 FROM sqlite_master; "
                               "PRAGMA journal_mode = PERSIST; PRAGMA journal_mode = DELETE",
                               NULL, NULL, NULL);
        (void)sqlite3_close((*l)->db);
    }
    free(*l);
    *l = NULL;
}

int ledger_read_version(struct ledger *l, int64_t *version, struct err *err)
{
    int64_t application = 0;
    if (ledger_ask(l, "PRAGMA application_id", NULL, &application, err) != 0 ||
        ledger_ask(l, "PRAGMA user_version", NULL, version, err) != 0)
        return -1;
    if (application != LEDGER_APPLICATION)
        return err_set(err, ERR_DATA, "ledger: the file is no ledger");
    if (*version > LEDGER_SCHEMA)
        return err_set(err, ERR_DATA, "ledger: made by a newer version of herkomst");
    return *version >= 1 ? 0 : ledger_error(l, err, SQLITE_CORRUPT);
}

int ledger_check_format(struct ledger *l, struct err *err)
{
    int64_t version = 0;
    if (ledger_read_version(l, &version, err) != 0)
        return -1;
    if (version == LEDGER_SCHEMA)
        return 0;
    (void)err_set(err, ERR_DATA, "ledger: made by an older version of herkomst");
    return err_hint(err, "the next run brings it up to date");
}

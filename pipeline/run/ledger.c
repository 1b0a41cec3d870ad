/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/run/ledger.h. */
#include "run/ledger.h"

#include "base/text.h"
#include "secure/files.h"

#include <dirent.h>
#include <errno.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

struct ledger {
    sqlite3 *db;
};

static const char SCHEMA[] =
    "PRAGMA application_id = 1212371791;" /* so that `file` and we know it */
    "PRAGMA user_version = 1;"
    "CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;"
    "CREATE TABLE release("
    "  number INTEGER PRIMARY KEY," /* order of making */
    "  id TEXT NOT NULL UNIQUE,"    /* never used twice */
    "  reference_date TEXT NOT NULL,"
    "  replaces TEXT NOT NULL,"
    "  digest TEXT NOT NULL,"
    "  software TEXT NOT NULL,"
    "  definitions TEXT NOT NULL,"
    "  configuration TEXT NOT NULL,"
    "  state TEXT NOT NULL CHECK(state IN ('prepared', 'published')));"
    "CREATE TABLE cell("
    "  release INTEGER NOT NULL REFERENCES release(number),"
    "  key TEXT NOT NULL,"
    "  count INTEGER," /* NULL: confidential */
    "  PRIMARY KEY(release, key)) WITHOUT ROWID;";
enum { APPLICATION_ID = 1212371791, SCHEMA_VERSION = 1 };

static int ledger_error(struct ledger *l, struct err *err, int code)
{
    int kind = code & 0xff;
    if (kind == SQLITE_BUSY || kind == SQLITE_LOCKED)
        return err_set(err, ERR_BUSY, "ledger: another program is using it");
    if (kind == SQLITE_NOTADB || kind == SQLITE_CORRUPT)
        return err_set(err, ERR_DATA, "ledger: damaged, or no ledger");
    if (kind == SQLITE_NOMEM)
        return err_memory(err);
    if (kind == SQLITE_CANTOPEN || kind == SQLITE_READONLY || kind == SQLITE_PERM)
        return err_set(err, ERR_CREATE, "ledger: %s", sqlite3_errstr(code));
    return err_set(err, ERR_IO, "ledger: %s",
                   l && l->db ? sqlite3_errmsg(l->db) : sqlite3_errstr(code));
}

static int run_sql(struct ledger *l, const char *sql, struct err *err)
{
    int code = sqlite3_exec(l->db, sql, NULL, NULL, NULL);
    return code == SQLITE_OK ? 0 : ledger_error(l, err, code);
}

static int prepare_sql(struct ledger *l, sqlite3_stmt **statement, const char *sql, struct err *err)
{
    int code = sqlite3_prepare_v2(l->db, sql, -1, statement, NULL);
    return code == SQLITE_OK ? 0 : ledger_error(l, err, code);
}

/* Runs a statement with up to two text parameters; *number = its first column, -1 if no row. */
static int ask_number(struct ledger *l, const char *sql, const char *a, const char *b,
                      int64_t *number, struct err *err)
{
    sqlite3_stmt *statement = NULL;
    if (prepare_sql(l, &statement, sql, err) != 0)
        return -1;
    if (a)
        (void)sqlite3_bind_text(statement, 1, a, -1, SQLITE_STATIC);
    if (b)
        (void)sqlite3_bind_text(statement, 2, b, -1, SQLITE_STATIC);
    int code = sqlite3_step(statement);
    *number = code == SQLITE_ROW ? sqlite3_column_int64(statement, 0) : -1;
    int rc = code == SQLITE_ROW || code == SQLITE_DONE ? 0 : ledger_error(l, err, code);
    (void)sqlite3_finalize(statement);
    return rc;
}

static int open_file(struct ledger **l, const char *path, int flags, struct err *err)
{
    *l = calloc(1, sizeof **l);
    if (!*l)
        return err_memory(err);
    int code = sqlite3_open_v2(path, &(*l)->db, flags | SQLITE_OPEN_NOFOLLOW, NULL);
    if (code != SQLITE_OK)
        return ledger_error(*l, err, code);
    (void)sqlite3_extended_result_codes((*l)->db, 1);
    (void)sqlite3_db_config((*l)->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    (void)sqlite3_db_config((*l)->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    return run_sql(*l, "PRAGMA synchronous = EXTRA; PRAGMA temp_store = MEMORY;", err);
}

/* Nothing in it: just made, or left by a crash before its first transaction. */
static int is_empty(struct ledger *l, bool *empty, struct err *err)
{
    int64_t tables = 0;
    int rc = ask_number(l, "SELECT count(*) FROM sqlite_master", NULL, NULL, &tables, err);
    *empty = tables == 0;
    return rc;
}

static int check_format(struct ledger *l, struct err *err)
{
    int64_t application = 0, version = 0;
    if (ask_number(l, "PRAGMA application_id", NULL, NULL, &application, err) != 0 ||
        ask_number(l, "PRAGMA user_version", NULL, NULL, &version, err) != 0)
        return -1;
    if (application != APPLICATION_ID)
        return err_set(err, ERR_DATA, "ledger: the file is no ledger");
    if (version != SCHEMA_VERSION)
        return err_set(err, ERR_DATA, "ledger: made by a newer version of herkomst");
    return 0;
}

static int check_government(struct ledger *l, const char *name, struct err *err)
{
    int64_t same = 0;
    if (ask_number(l, "SELECT value = ? FROM meta WHERE key = 'government'", name, NULL, &same,
                   err) != 0)
        return -1;
    return same == 1 ? 0 : err_set(err, ERR_CONFIG, "ledger: it is another government's");
}

static int make_new(struct ledger *l, const char *name, struct err *err)
{
    sqlite3_stmt *statement = NULL;
    int rc = -1;
    if (run_sql(l, "BEGIN IMMEDIATE", err) != 0 || run_sql(l, SCHEMA, err) != 0 ||
        prepare_sql(l, &statement, "INSERT INTO meta VALUES('government', ?)", err) != 0)
        goto out;
    (void)sqlite3_bind_text(statement, 1, name, -1, SQLITE_STATIC);
    int code = sqlite3_step(statement);
    if (code != SQLITE_DONE) {
        ledger_error(l, err, code);
        goto out;
    }
    rc = run_sql(l, "COMMIT", err);
out:
    (void)sqlite3_finalize(statement);
    return rc;
}

/* A folder with a manifest in it is a release. */
static bool holds_releases(const char *output)
{
    DIR *folder = opendir(output);
    bool found = false;
    for (struct dirent *entry; folder && !found && (entry = readdir(folder));) {
        struct text path;
        struct stat status;
        if (entry->d_name[0] == '.')
            continue;
        text_init(&path);
        text_format(&path, "%s/%s/manifest.json", output, entry->d_name);
        found = !path.failed && stat(path.bytes, &status) == 0;
        text_release(&path);
    }
    if (folder)
        (void)closedir(folder);
    return found;
}

/* Settles entries that a crash left prepared. */
static int settle(struct ledger *l, const char *output, struct err *err)
{
    for (;;) {
        sqlite3_stmt *statement = NULL;
        struct ledger_release r;
        memset(&r, 0, sizeof r);
        if (prepare_sql(l, &statement, "SELECT id, digest FROM release WHERE state = 'prepared'",
                        err) != 0)
            return -1;
        int code = sqlite3_step(statement);
        if (code == SQLITE_ROW) {
            (void)snprintf(r.id, sizeof r.id, "%s", sqlite3_column_text(statement, 0));
            (void)snprintf(r.digest, sizeof r.digest, "%s", sqlite3_column_text(statement, 1));
        }
        (void)sqlite3_finalize(statement);
        if (code == SQLITE_DONE)
            return 0;
        if (code != SQLITE_ROW)
            return ledger_error(l, err, code);
        struct text path;
        char digest[DIGEST_TEXT] = "";
        text_init(&path);
        text_format(&path, "%s/%s/SHA256SUMS", output, r.id);
        bool stands = !path.failed && digest_file(digest, path.bytes, NULL) == 0 &&
                      strcmp(digest, r.digest) == 0;
        text_release(&path);
        if ((stands ? ledger_confirm(l, r.id, err) : ledger_withdraw(l, r.id, err)) != 0)
            return -1;
    }
}

/* A ledger that is gone or empty although there are releases must not be begun anew: it is what
 * protects the past ones. */
static int refuse_lost(const char *output, struct err *err)
{
    if (!holds_releases(output))
        return 0;
    err_set(err, ERR_DATA, "the ledger is missing although the output folder holds releases");
    return err_hint(err, "restore the ledger from a backup: it is what protects past releases");
}

int ledger_open(struct ledger **l, const char *path, const char *name, const char *output,
                struct err *err)
{
    struct stat status;
    bool there = lstat(path, &status) == 0, empty = false;
    *l = NULL;
    if (there && !S_ISREG(status.st_mode))
        return err_set(err, ERR_DATA, "ledger: not a regular file");
    if (!there && refuse_lost(output, err) != 0)
        return -1;
    if (open_file(l, path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, err) != 0 ||
        is_empty(*l, &empty, err) != 0)
        goto fail;
    if (empty && (refuse_lost(output, err) != 0 || make_new(*l, name, err) != 0))
        goto fail;
    if (check_format(*l, err) != 0 || check_government(*l, name, err) != 0 ||
        settle(*l, output, err) != 0)
        goto fail;
    return 0;
fail:
    ledger_close(l);
    return -1;
}

void ledger_close(struct ledger **l)
{
    if (*l)
        (void)sqlite3_close((*l)->db);
    free(*l);
    *l = NULL;
}

static void copy_column(sqlite3_stmt *statement, int column, char *out, size_t size)
{
    const unsigned char *text = sqlite3_column_text(statement, column);
    (void)snprintf(out, size, "%s", text ? (const char *)text : "");
}

#define RELEASE_COLUMNS "id, reference_date, replaces, digest, software, definitions, configuration"

static void release_from_row(struct ledger_release *r, sqlite3_stmt *statement)
{
    char reference[DATE_TEXT];
    copy_column(statement, 0, r->id, sizeof r->id);
    copy_column(statement, 1, reference, sizeof reference);
    r->reference_date = date_parse(reference, strlen(reference), "%Y-%m-%d");
    copy_column(statement, 2, r->replaces, sizeof r->replaces);
    copy_column(statement, 3, r->digest, sizeof r->digest);
    copy_column(statement, 4, r->software, sizeof r->software);
    copy_column(statement, 5, r->definitions, sizeof r->definitions);
    copy_column(statement, 6, r->configuration, sizeof r->configuration);
}

int ledger_last(struct ledger *l, date reference, struct ledger_release *last, bool *found,
                struct err *err)
{
    sqlite3_stmt *statement = NULL;
    char wanted[DATE_TEXT];
    memset(last, 0, sizeof *last);
    if (prepare_sql(l, &statement,
                    "SELECT " RELEASE_COLUMNS " FROM release WHERE state = 'published' "
                    "AND (?1 = '' OR reference_date = ?1) ORDER BY number DESC LIMIT 1",
                    err) != 0)
        return -1;
    (void)sqlite3_bind_text(statement, 1, date_iso(reference, wanted), -1, SQLITE_STATIC);
    int code = sqlite3_step(statement);
    *found = code == SQLITE_ROW;
    if (*found)
        release_from_row(last, statement);
    (void)sqlite3_finalize(statement);
    return code == SQLITE_ROW || code == SQLITE_DONE ? 0 : ledger_error(l, err, code);
}

int ledger_check_unused(struct ledger *l, const char *id, struct err *err)
{
    int64_t count = 0;
    if (ask_number(l, "SELECT count(*) FROM release WHERE id = ?", id, NULL, &count, err) != 0)
        return -1;
    if (count == 0)
        return 0;
    err_set(err, ERR_CREATE, "release id %s was used before; the ledger never uses one twice", id);
    return err_hint(err, "a correction is a new revision: --set run.release=%s.r2", id);
}

static int insert_release(struct ledger *l, const struct ledger_release *r, int64_t *number,
                          struct err *err)
{
    sqlite3_stmt *statement = NULL;
    char reference[DATE_TEXT];
    if (prepare_sql(l, &statement,
                    "INSERT INTO release(" RELEASE_COLUMNS ", state) "
                    "VALUES(?, ?, ?, ?, ?, ?, ?, 'prepared')",
                    err) != 0)
        return -1;
    const char *values[7] = {r->id,           date_iso(r->reference_date, reference),
                             r->replaces,     r->digest,
                             r->software,     r->definitions,
                             r->configuration};
    for (int i = 0; i < 7; i++)
        (void)sqlite3_bind_text(statement, i + 1, values[i], -1, SQLITE_STATIC);
    int code = sqlite3_step(statement);
    *number = sqlite3_last_insert_rowid(l->db);
    (void)sqlite3_finalize(statement);
    return code == SQLITE_DONE ? 0 : ledger_error(l, err, code);
}

static int insert_cells(struct ledger *l, int64_t number, const struct cells *cells,
                        const int64_t *counts, const uint8_t *status, struct err *err)
{
    sqlite3_stmt *statement = NULL;
    struct text key;
    int rc = -1, code = SQLITE_OK;
    text_init(&key);
    if (prepare_sql(l, &statement, "INSERT INTO cell VALUES(?, ?, ?)", err) != 0)
        return -1;
    for (size_t c = 0; c < cells->count; c++) {
        if (cells->flags[c] & CELL_UNPUBLISHED)
            continue;
        text_clear(&key);
        cell_key(&key, cells, c);
        if (key.failed) {
            err_memory(err);
            goto out;
        }
        (void)sqlite3_bind_int64(statement, 1, number);
        (void)sqlite3_bind_text(statement, 2, key.bytes, (int)key.length, SQLITE_STATIC);
        if (status[c])
            (void)sqlite3_bind_null(statement, 3);
        else
            (void)sqlite3_bind_int64(statement, 3, counts[c]);
        if ((code = sqlite3_step(statement)) != SQLITE_DONE) {
            ledger_error(l, err, code);
            goto out;
        }
        (void)sqlite3_reset(statement);
    }
    rc = 0;
out:
    (void)sqlite3_finalize(statement);
    text_release(&key);
    return rc;
}

int ledger_prepare(struct ledger *l, const struct ledger_release *release,
                   const struct cells *cells, const int64_t *counts, const uint8_t *status,
                   struct err *err)
{
    int64_t number = 0;
    if (run_sql(l, "BEGIN IMMEDIATE", err) != 0)
        return -1;
    if (insert_release(l, release, &number, err) != 0 ||
        insert_cells(l, number, cells, counts, status, err) != 0 ||
        run_sql(l, "COMMIT", err) != 0) {
        (void)sqlite3_exec(l->db, "ROLLBACK", NULL, NULL, NULL);
        return -1;
    }
    return 0;
}

int ledger_confirm(struct ledger *l, const char *id, struct err *err)
{
    int64_t unused;
    return ask_number(l, "UPDATE release SET state = 'published' WHERE id = ?", id, NULL, &unused,
                      err);
}

int ledger_withdraw(struct ledger *l, const char *id, struct err *err)
{
    int64_t unused;
    if (run_sql(l, "BEGIN IMMEDIATE", err) != 0)
        return -1;
    if (ask_number(l,
                   "DELETE FROM cell WHERE release = (SELECT number FROM release WHERE id = ?1 "
                   "AND state = 'prepared')",
                   id, NULL, &unused, err) != 0 ||
        ask_number(l, "DELETE FROM release WHERE id = ?1 AND state = 'prepared'", id, NULL, &unused,
                   err) != 0 ||
        run_sql(l, "COMMIT", err) != 0) {
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
    struct stat status;
    int rc = -1, code;
    if (stat(path, &status) != 0)
        return err_errno(err, ERR_NOINPUT, "ledger");
    if (open_file(&l, path, SQLITE_OPEN_READONLY, err) != 0 || check_format(l, err) != 0 ||
        prepare_sql(l, &statement,
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

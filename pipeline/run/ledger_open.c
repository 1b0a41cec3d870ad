/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Opening the ledger (include/run/ledger.h): what it must be before anything is entered, and what a
 * crash left in it. Whoever has it open to enter something holds SQLite's exclusive lock until it
 * is closed: what lies between prepare and confirm is then nobody else's to settle.
 */
#include "run/ledger.h"

#include "base/text.h"
#include "run/ledger_sql.h"
#include "secure/files.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static const char SCHEMA[] =
    "PRAGMA application_id = 1212371791;" /* so that `file` and we know it */
    "PRAGMA user_version = 2;"
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
    "  rules TEXT NOT NULL,"    /* its rules.json */
    "  turnover TEXT NOT NULL," /* its turnover.csv; '' if it has none */
    "  state TEXT NOT NULL CHECK(state IN ('prepared', 'published')));"
    "CREATE TABLE cell("
    "  release INTEGER NOT NULL REFERENCES release(number),"
    "  key TEXT NOT NULL,"
    "  count INTEGER,"          /* NULL: confidential */
    "  named INTEGER NOT NULL," /* 1: the turnover rule named it */
    "  PRIMARY KEY(release, key)) WITHOUT ROWID;";

/* Nothing in it: just made, or left by a crash before its first transaction. */
static int is_empty(struct ledger *l, bool *empty, struct err *err)
{
    int64_t tables = 0;
    int rc = ledger_ask(l, "SELECT count(*) FROM sqlite_master", NULL, &tables, err);
    *empty = tables == 0;
    return rc;
}

/* Nothing may be added to a ledger of which a part cannot be read any more. */
static int check_undamaged(struct ledger *l, struct err *err)
{
    int64_t sound = 0;
    if (ledger_ask(l, "SELECT quick_check = 'ok' FROM pragma_quick_check(1)", NULL, &sound, err) !=
        0)
        return -1;
    return sound == 1 ? 0 : ledger_error(l, err, SQLITE_CORRUPT);
}

int ledger_check_government(struct ledger *l, const char *name, struct err *err)
{
    int64_t same = 0;
    if (ledger_ask(l, "SELECT value = ? FROM meta WHERE key = 'government'", name, &same, err) != 0)
        return -1;
    if (same < 0)
        return ledger_error(l, err, SQLITE_CORRUPT);
    return same == 1 ? 0 : err_set(err, ERR_CONFIG, "ledger: it is another government's");
}

static int make_new(struct ledger *l, const char *name, struct err *err)
{
    sqlite3_stmt *statement = NULL;
    int rc = -1;
    if (ledger_run(l, "BEGIN IMMEDIATE", err) != 0 || ledger_run(l, SCHEMA, err) != 0 ||
        ledger_statement(l, &statement, "INSERT INTO meta VALUES('government', ?)", err) != 0)
        goto out;
    int code = sqlite3_bind_text(statement, 1, name, -1, SQLITE_STATIC);
    if (code == SQLITE_OK)
        code = sqlite3_step(statement);
    if (code != SQLITE_DONE) {
        (void)ledger_error(l, err, code);
        goto out;
    }
    rc = ledger_run(l, "COMMIT", err);
out:
    (void)sqlite3_finalize(statement);
    return rc;
}

/* A folder with a manifest in it is a release. */
static int find_release(const char *output, bool *found, struct err *err)
{
    DIR *folder = opendir(output);
    *found = false;
    if (!folder)
        return errno == ENOENT ? 0 : err_errno(err, ERR_CREATE, "output folder");
    int rc = 0;
    while (rc == 0 && !*found) {
        struct text path;
        struct stat status;
        errno = 0;
        const struct dirent *entry = readdir(folder);
        if (!entry) { /* at the end, or unreadable */
            rc = errno ? err_errno(err, ERR_IO, "output folder") : 0;
            break;
        }
        if (entry->d_name[0] == '.')
            continue;
        text_init(&path);
        text_format(&path, "%s/%s/manifest.json", output, entry->d_name);
        rc = path.failed ? err_memory(err) : 0;
        *found = rc == 0 && lstat(path.bytes, &status) == 0;
        text_release(&path);
    }
    (void)closedir(folder);
    return rc;
}

/* Does the release that an entry was prepared for stand in its place? What cannot be read is an
 * error and no answer: the entry of a release that stands must not be lost. */
static int find_standing(const char *output, const struct ledger_release *r, bool *stands,
                         struct err *err)
{
    struct text path;
    struct err unread;
    char digest[DIGEST_TEXT] = "";
    int rc = 0;
    *stands = false;
    text_init(&path);
    text_format(&path, "%s/%s/SHA256SUMS", output, r->id);
    if (path.failed)
        rc = err_memory(err);
    else if (digest_file(digest, path.bytes, &unread) == 0)
        *stands = strcmp(digest, r->digest) == 0;
    else if (unread.kind != ERR_NOINPUT) {
        rc = -1;
        if (err)
            *err = unread;
    }
    text_release(&path);
    return rc;
}

/* An entry that is still marked prepared. */
static int find_prepared(struct ledger *l, struct ledger_release *r, bool *found, struct err *err)
{
    sqlite3_stmt *statement = NULL;
    memset(r, 0, sizeof *r);
    if (ledger_statement(l, &statement, "SELECT id, digest FROM release WHERE state = 'prepared'",
                         err) != 0)
        return -1;
    int code = sqlite3_step(statement);
    *found = code == SQLITE_ROW;
    if (*found) {
        ledger_column(statement, 0, r->id, sizeof r->id);
        ledger_column(statement, 1, r->digest, sizeof r->digest);
    }
    (void)sqlite3_finalize(statement);
    return code == SQLITE_ROW || code == SQLITE_DONE ? 0 : ledger_error(l, err, code);
}

/* Settles entries that a crash left prepared. */
static int settle(struct ledger *l, const char *output, struct err *err)
{
    struct ledger_release r;
    bool found = true, stands = false;
    while (found) {
        if (find_prepared(l, &r, &found, err) != 0)
            return -1;
        if (!found)
            break;
        if (find_standing(output, &r, &stands, err) != 0 ||
            (stands ? ledger_confirm(l, r.id, err) : ledger_withdraw(l, r.id, err)) != 0)
            return -1;
    }
    return 0;
}

/* A ledger that is gone or empty although there are releases must not be begun anew: it is what
 * protects the past ones. */
static int refuse_lost(const char *output, struct err *err)
{
    bool found = false;
    if (find_release(output, &found, err) != 0)
        return -1;
    if (!found)
        return 0;
    (void)err_set(err, ERR_DATA, "the ledger is missing although the output folder holds releases");
    return err_hint(err, "restore the ledger from a backup: it is what protects past releases");
}

int ledger_open(struct ledger **l, const char *path, const char *name, const char *output,
                struct err *err)
{
    bool there = false, empty = false;
    int64_t version = 0;
    *l = NULL;
    if (ledger_find_file(path, &there, err) != 0 || (!there && refuse_lost(output, err) != 0))
        return -1;
    if (ledger_open_file(l, path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, err) != 0 ||
        ledger_run(*l, "PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; COMMIT", err) != 0 ||
        is_empty(*l, &empty, err) != 0)
        goto fail;
    if (empty && (refuse_lost(output, err) != 0 || make_new(*l, name, err) != 0 ||
                  files_fsync_folder_of(path, err) != 0))
        goto fail;
    if (ledger_read_version(*l, &version, err) != 0 || check_undamaged(*l, err) != 0 ||
        ledger_check_government(*l, name, err) != 0 || settle(*l, output, err) != 0 ||
        ledger_update_format(*l, output, err) != 0)
        goto fail;
    return 0;
fail:
    ledger_close(l);
    return -1;
}

/* The reference dates of published releases other than this one. */
static int other_dates(struct ledger *l, date reference, struct ledger_dates *others,
                       struct err *err)
{
    sqlite3_stmt *statement = NULL;
    char own[DATE_TEXT], other[DATE_TEXT];
    if (ledger_statement(l, &statement,
                         "SELECT DISTINCT reference_date FROM release WHERE state = 'published' "
                         "AND reference_date <> ? ORDER BY reference_date",
                         err) != 0)
        return -1;
    int code = sqlite3_bind_text(statement, 1, date_iso(reference, own), -1, SQLITE_STATIC);
    while (code == SQLITE_OK || code == SQLITE_ROW) {
        code = sqlite3_step(statement);
        if (code != SQLITE_ROW)
            break;
        if (others->count == TURNOVER_DATES) {
            (void)sqlite3_finalize(statement);
            return err_set(err, ERR_DATA, "ledger: more than %d reference dates", TURNOVER_DATES);
        }
        ledger_column(statement, 0, other, sizeof other);
        others->dates[others->count++] = date_parse(other, strlen(other), "%Y-%m-%d");
    }
    (void)sqlite3_finalize(statement);
    return code == SQLITE_DONE ? 0 : ledger_error(l, err, code);
}

int ledger_check_ready(const char *path, const char *name, const char *output, const char *id,
                       date reference, struct ledger_dates *others, struct err *err)
{
    struct ledger *l = NULL;
    bool there = false;
    others->count = 0;
    if (ledger_find_file(path, &there, err) != 0)
        return -1;
    if (!there) {
        char *real = ledger_resolve(path, err);
        int missing = real ? refuse_lost(output, err) : -1;
        free(real);
        return missing;
    }
    int rc = ledger_open(&l, path, name, output, err);
    if (rc == 0 &&
        (ledger_check_unused(l, id, err) != 0 || ledger_check_order(l, id, reference, err) != 0 ||
         other_dates(l, reference, others, err) != 0))
        rc = -1;
    ledger_close(&l);
    return rc;
}

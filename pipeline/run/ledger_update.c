/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * A ledger of version 1 becomes one of version 2: each release's rules.json, which it did not keep,
 * is taken from the release itself, once the recorded digest has shown that it is the one that was
 * published; such releases have no turnover.csv. In one transaction, so that a crash leaves the old
 * version or the new one.
 */
#include "run/ledger.h"
#include "run/ledger_sql.h"
#include "secure/files.h"

#include <stdlib.h>
#include <string.h>

enum { FILE_BYTES = 32 << 20 };

/* The file of a release as a text; its digest too. */
static int read_file(const char *output, const char *id, const char *name, struct text *content,
                     char digest[static DIGEST_TEXT], struct err *err)
{
    struct text path;
    text_init(&path);
    text_format(&path, "%s/%s/%s", output, id, name);
    int rc = path.failed ? err_memory(err) : files_read_whole(path.bytes, FILE_BYTES, content, err);
    text_release(&path);
    if (rc != 0 || content->failed)
        return rc != 0 ? -1 : err_memory(err);
    digest_bytes(digest, content->bytes, content->length);
    return 0;
}

/* The rules of a release, as SHA256SUMS, whose digest the ledger has, says that they are. */
static int read_rules(const char *output, const struct ledger_release *r, struct text *rules,
                      struct err *err)
{
    struct text sums, line;
    char digest[DIGEST_TEXT] = "", of_rules[DIGEST_TEXT] = "";
    text_init(&sums);
    text_init(&line);
    int rc = -1;
    if (read_file(output, r->id, "SHA256SUMS", &sums, digest, err) != 0 ||
        read_file(output, r->id, "rules.json", rules, of_rules, err) != 0)
        goto out;
    text_format(&line, "%s  rules.json\n", of_rules);
    if (line.failed)
        (void)err_memory(err);
    else if (strcmp(digest, r->digest) != 0 || !sums.bytes || !strstr(sums.bytes, line.bytes))
        (void)err_set(err, ERR_DATA, "it is not the one that was published");
    else
        rc = 0;
out:
    text_release(&sums);
    text_release(&line);
    return rc;
}

static int store_rules(struct ledger *l, const char *id, const struct text *rules, struct err *err)
{
    sqlite3_stmt *statement = NULL;
    if (ledger_statement(l, &statement, "UPDATE release SET rules = ?1 WHERE id = ?2", err) != 0)
        return -1;
    int code = sqlite3_bind_text(statement, 1, rules->bytes, (int)rules->length, SQLITE_STATIC);
    if (code == SQLITE_OK)
        code = sqlite3_bind_text(statement, 2, id, -1, SQLITE_STATIC);
    if (code == SQLITE_OK)
        code = sqlite3_step(statement);
    (void)sqlite3_finalize(statement);
    return code == SQLITE_DONE ? 0 : ledger_error(l, err, code);
}

/* A release whose rules are not there yet. */
static int find_without(struct ledger *l, struct ledger_release *r, bool *found, struct err *err)
{
    sqlite3_stmt *statement = NULL;
    memset(r, 0, sizeof *r);
    if (ledger_statement(l, &statement,
                         "SELECT " LEDGER_COLUMNS " FROM release WHERE rules = '' "
                         "ORDER BY number LIMIT 1",
                         err) != 0)
        return -1;
    int code = sqlite3_step(statement);
    *found = code == SQLITE_ROW;
    if (*found)
        ledger_from_row(r, statement);
    (void)sqlite3_finalize(statement);
    return code == SQLITE_ROW || code == SQLITE_DONE ? 0 : ledger_error(l, err, code);
}

static int take_rules(struct ledger *l, const char *output, struct err *err)
{
    struct ledger_release r;
    bool found = true;
    while (found) {
        struct text rules;
        struct err reason = {.kind = ERR_NONE};
        if (find_without(l, &r, &found, err) != 0)
            return -1;
        if (!found)
            break;
        text_init(&rules);
        int rc = read_rules(output, &r, &rules, &reason);
        if (rc != 0) {
            (void)err_set(err, ERR_DATA,
                          "ledger: made by an older version, and release %s is needed to bring it "
                          "up to date: %s",
                          r.id, reason.text);
            (void)err_hint(err, "put the release back into the output folder");
        } else {
            rc = store_rules(l, r.id, &rules, err);
        }
        text_release(&rules);
        if (rc != 0)
            return -1;
    }
    return 0;
}

int ledger_update_format(struct ledger *l, const char *output, struct err *err)
{
    int64_t version = 0;
    if (ledger_read_version(l, &version, err) != 0)
        return -1;
    if (version == LEDGER_SCHEMA)
        return 0;
    if (ledger_run(l,
                   "BEGIN IMMEDIATE;"
                   "ALTER TABLE release ADD COLUMN rules TEXT NOT NULL DEFAULT '';"
                   "ALTER TABLE release ADD COLUMN turnover TEXT NOT NULL DEFAULT '';"
                   "ALTER TABLE cell ADD COLUMN named INTEGER NOT NULL DEFAULT 0;",
                   err) == 0 &&
        take_rules(l, output, err) == 0 &&
        ledger_run(l, "PRAGMA user_version = 2; COMMIT", err) == 0)
        return 0;
    (void)sqlite3_exec(l->db, "ROLLBACK", NULL, NULL, NULL);
    return -1;
}

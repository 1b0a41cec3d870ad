/* SPDX-License-Identifier: EUPL-1.2 */
/* The releases in the ledger: see include/run/ledger.h; ledger_open.c opens it. */
#include "run/ledger.h"

#include "base/text.h"
#include "run/ledger_sql.h"

#include <stdio.h>
#include <string.h>

void ledger_from_row(struct ledger_release *r, sqlite3_stmt *statement)
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

/* The first row of a statement with one text parameter, as a release. */
static int find_release(struct ledger *l, const char *sql, const char *text,
                        struct ledger_release *r, bool *found, struct err *err)
{
    sqlite3_stmt *statement = NULL;
    memset(r, 0, sizeof *r);
    if (ledger_statement(l, &statement, sql, err) != 0)
        return -1;
    int code = sqlite3_bind_text(statement, 1, text, -1, SQLITE_STATIC);
    if (code == SQLITE_OK)
        code = sqlite3_step(statement);
    *found = code == SQLITE_ROW;
    if (*found)
        ledger_from_row(r, statement);
    (void)sqlite3_finalize(statement);
    return code == SQLITE_ROW || code == SQLITE_DONE ? 0 : ledger_error(l, err, code);
}

int ledger_last(struct ledger *l, date reference, struct ledger_release *last, bool *found,
                struct err *err)
{
    char wanted[DATE_TEXT];
    return find_release(l,
                        "SELECT " LEDGER_COLUMNS " FROM release WHERE state = 'published' "
                        "AND (?1 = '' OR reference_date = ?1) ORDER BY number DESC LIMIT 1",
                        date_iso(reference, wanted), last, found, err);
}

/* X of an id X.rN, N a number of 2 or more; "" if it is no revision's. */
static void revised_id(const char *id, char base[static CONFIG_CODE])
{
    const char *end = strrchr(id, '.');
    base[0] = '\0';
    if (!end || end == id || end[1] != 'r' || end[2] < '1' || end[2] > '9' ||
        strcmp(end + 2, "1") == 0 || strlen(id) >= CONFIG_CODE)
        return;
    for (const char *c = end + 3; *c; c++)
        if (!is_digit(*c))
            return;
    (void)snprintf(base, CONFIG_CODE, "%.*s", (int)(end - id), id);
}

/* The release made last of the line that a revision belongs to. */
static int find_revised(struct ledger *l, const char *id, struct ledger_release *r, bool *found,
                        struct err *err)
{
    char base[CONFIG_CODE];
    revised_id(id, base);
    *found = false;
    if (!base[0])
        return 0;
    return find_release(l,
                        "SELECT " LEDGER_COLUMNS " FROM release WHERE state = 'published' "
                        "AND (id = ?1 OR substr(id, 1, length(?1) + 2) = ?1 || '.r') "
                        "ORDER BY number DESC LIMIT 1",
                        base, r, found, err);
}

int ledger_replaced(struct ledger *l, const char *id, date reference,
                    char replaced[static CONFIG_CODE], struct err *err)
{
    struct ledger_release r;
    bool found = false;
    replaced[0] = '\0';
    if (find_revised(l, id, &r, &found, err) != 0 ||
        (!found && ledger_last(l, reference, &r, &found, err) != 0))
        return -1;
    if (found)
        memcpy(replaced, r.id, sizeof r.id);
    return 0;
}

int ledger_check_order(struct ledger *l, const char *id, date reference, struct err *err)
{
    struct ledger_release revised, latest, same;
    bool is_revision = false, any = false, has_same = false;
    if (find_revised(l, id, &revised, &is_revision, err) != 0 ||
        find_release(l,
                     "SELECT " LEDGER_COLUMNS " FROM release WHERE state = 'published' "
                     "AND ?1 = '' ORDER BY reference_date DESC, number DESC LIMIT 1",
                     "", &latest, &any, err) != 0 ||
        ledger_last(l, reference, &same, &has_same, err) != 0)
        return -1;
    if (is_revision && revised.reference_date != reference)
        return err_set(err, ERR_CONFIG,
                       "release %s would revise %s, which is of another reference date", id,
                       revised.id);
    if (is_revision || !any || latest.reference_date <= reference)
        return 0;
    (void)err_set(err, ERR_CONFIG, "the reference date lies before that of release %s, the latest",
                  latest.id);
    if (has_same)
        return err_hint(err, "a correction is a new revision: --set run.release=%s.r2", same.id);
    return err_hint(err, "releases are made in the order of their reference dates");
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

static int insert_release(struct ledger *l, const struct ledger_release *r,
                          const struct ledger_cells *content, int64_t *number, struct err *err)
{
    sqlite3_stmt *statement = NULL;
    char reference[DATE_TEXT];
    if (ledger_statement(l, &statement,
                         "INSERT INTO release(" LEDGER_COLUMNS ", rules, turnover, state) "
                         "VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, 'prepared')",
                         err) != 0)
        return -1;
    const char *values[7] = {r->id,           date_iso(r->reference_date, reference),
                             r->replaces,     r->digest,
                             r->software,     r->definitions,
                             r->configuration};
    int code = SQLITE_OK;
    for (int i = 0; i < 7 && code == SQLITE_OK; i++)
        code = sqlite3_bind_text(statement, i + 1, values[i], -1, SQLITE_STATIC);
    const struct text *texts[2] = {content->rules, content->turnover};
    for (int i = 0; i < 2 && code == SQLITE_OK; i++)
        code = texts[i] ? sqlite3_bind_text64(statement, 8 + i, texts[i]->bytes, texts[i]->length,
                                              SQLITE_STATIC, SQLITE_UTF8)
                        : sqlite3_bind_text(statement, 8 + i, "", 0, SQLITE_STATIC);
    if (code == SQLITE_OK)
        code = sqlite3_step(statement);
    *number = sqlite3_last_insert_rowid(l->db);
    (void)sqlite3_finalize(statement);
    return code == SQLITE_DONE ? 0 : ledger_error(l, err, code);
}

/* count < 0: confidential. */
static int insert_cell(sqlite3_stmt *statement, int64_t number, const struct text *key,
                       int64_t count, bool named)
{
    int code = sqlite3_bind_int64(statement, 1, number);
    if (code == SQLITE_OK)
        code = sqlite3_bind_text(statement, 2, key->bytes, (int)key->length, SQLITE_STATIC);
    if (code == SQLITE_OK)
        code =
            count < 0 ? sqlite3_bind_null(statement, 3) : sqlite3_bind_int64(statement, 3, count);
    if (code == SQLITE_OK)
        code = sqlite3_bind_int(statement, 4, named);
    if (code == SQLITE_OK)
        code = sqlite3_step(statement);
    return code == SQLITE_DONE ? sqlite3_reset(statement) : code;
}

static int insert_cells(struct ledger *l, int64_t number, const struct ledger_cells *content,
                        struct err *err)
{
    const struct cells *cells = content->cells;
    sqlite3_stmt *statement = NULL;
    struct text key;
    int code = SQLITE_OK;
    if (ledger_statement(l, &statement,
                         "INSERT INTO cell(release, key, count, named) VALUES(?, ?, ?, ?)",
                         err) != 0)
        return -1;
    text_init(&key);
    for (size_t c = 0; c < cells->count && code == SQLITE_OK; c++) {
        if (cells->flags[c] & CELL_UNPUBLISHED)
            continue;
        text_clear(&key);
        cell_key(&key, cells, c);
        code = key.failed ? SQLITE_NOMEM
                          : insert_cell(statement, number, &key,
                                        content->status[c] ? -1 : content->counts[c],
                                        content->named && content->named[c]);
    }
    (void)sqlite3_finalize(statement);
    text_release(&key);
    return code == SQLITE_OK ? 0 : ledger_error(l, err, code);
}

int ledger_prepare(struct ledger *l, const struct ledger_release *release,
                   const struct ledger_cells *content, struct err *err)
{
    int64_t number = 0;
    if (ledger_run(l, "BEGIN IMMEDIATE", err) != 0)
        return -1;
    if (insert_release(l, release, content, &number, err) != 0 ||
        insert_cells(l, number, content, err) != 0 || ledger_run(l, "COMMIT", err) != 0) {
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

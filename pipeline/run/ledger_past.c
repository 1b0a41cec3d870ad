/* SPDX-License-Identifier: EUPL-1.2 */
/* Reading what was published: see include/run/ledger.h. Nothing is changed here. */
#include "run/ledger.h"

#include "run/ledger_sql.h"

#include <string.h>

#define PUBLISHED " FROM release WHERE state = 'published' ORDER BY reference_date, number"

static int bad_release(struct err *err, const char *id)
{
    struct err reason = {.kind = ERR_NONE};
    if (err)
        reason = *err;
    if (reason.kind != ERR_DATA)
        return -1;
    return err_set(err, ERR_DATA, "ledger: release %s: %s", id, reason.text);
}

/* The cells of one release; each that it published must be one of its rules'. */
static int read_cells(struct ledger *l, int64_t number, struct past_release *r, struct err *err)
{
    sqlite3_stmt *statement = NULL;
    if (ledger_statement(l, &statement, "SELECT key, count, named FROM cell WHERE release = ?",
                         err) != 0)
        return -1;
    int code = sqlite3_bind_int64(statement, 1, number);
    size_t read = 0;
    while (code == SQLITE_OK || code == SQLITE_ROW) {
        code = sqlite3_step(statement);
        if (code != SQLITE_ROW)
            break;
        const char *key = (const char *)sqlite3_column_text(statement, 0);
        size_t cell = key ? cell_by_key(&r->cells, key) : SIZE_MAX;
        if (cell == SIZE_MAX || r->cells.flags[cell] & CELL_UNPUBLISHED)
            break;
        if (sqlite3_column_type(statement, 1) != SQLITE_NULL)
            past_publish(r, cell, sqlite3_column_int64(statement, 1));
        else
            r->named[cell] = sqlite3_column_int(statement, 2) != 0;
        read++;
    }
    (void)sqlite3_finalize(statement);
    size_t cells = 0;
    for (size_t i = 0; i < r->cells.count; i++)
        cells += !(r->cells.flags[i] & CELL_UNPUBLISHED);
    if (code == SQLITE_ROW || (code == SQLITE_DONE && read != cells))
        return err_set(err, ERR_DATA, "its cells are not those of its rules");
    return code == SQLITE_DONE ? 0 : ledger_error(l, err, code);
}

static int read_release(struct ledger *l, sqlite3_stmt *statement, struct past *past,
                        struct err *err)
{
    struct ledger_release entry;
    memset(&entry, 0, sizeof entry);
    ledger_from_row(&entry, statement);
    const char *rules = (const char *)sqlite3_column_text(statement, 7);
    struct past_release *r = rules ? past_add(past, rules, strlen(rules), err) : NULL;
    if (!rules)
        return ledger_error(l, err, SQLITE_CORRUPT);
    if (!r)
        return bad_release(err, entry.id);
    memcpy(r->digest, entry.digest, sizeof r->digest);
    if (strcmp(r->rules.release, entry.id) != 0 ||
        r->rules.reference_date != entry.reference_date) {
        (void)err_set(err, ERR_DATA, "its rules are another one's");
        return bad_release(err, entry.id);
    }
    r->made = (size_t)sqlite3_column_int64(statement, 9);
    const char *turnover = (const char *)sqlite3_column_text(statement, 8);
    if (turnover && turnover[0] &&
        past_take_turnover(r, "turnover.csv", turnover, strlen(turnover), err) != 0)
        return bad_release(err, entry.id);
    return read_cells(l, (int64_t)r->made, r, err) == 0 ? 0 : bad_release(err, entry.id);
}

int ledger_past(struct ledger *l, struct past *past, struct err *err)
{
    sqlite3_stmt *statement = NULL;
    int64_t count = 0;
    if (ledger_ask(l, "SELECT count(*) FROM release WHERE state = 'published'", NULL, &count,
                   err) != 0 ||
        past_reserve(past, (size_t)(count > 0 ? count : 0), err) != 0 ||
        ledger_statement(l, &statement,
                         "SELECT " LEDGER_COLUMNS ", rules, turnover, number" PUBLISHED, err) != 0)
        return -1;
    int code, rc = 0;
    while (rc == 0 && (code = sqlite3_step(statement)) != SQLITE_DONE)
        rc =
            code == SQLITE_ROW ? read_release(l, statement, past, err) : ledger_error(l, err, code);
    (void)sqlite3_finalize(statement);
    return rc;
}

int ledger_read_past(const char *path, const char *name, struct past *past, struct err *err)
{
    struct ledger *l = NULL;
    bool there = false;
    if (ledger_find_file(path, &there, err) != 0)
        return -1;
    if (!there)
        return 0;
    int rc = -1;
    if (ledger_open_file(&l, path, SQLITE_OPEN_READONLY, err) == 0 &&
        ledger_check_format(l, err) == 0 && ledger_check_government(l, name, err) == 0 &&
        ledger_run(l, "BEGIN", err) == 0)
        rc = ledger_past(l, past, err);
    ledger_close(&l);
    return rc;
}

int ledger_check_past(struct ledger *l, const struct frame *past, struct err *err)
{
    const struct column *release = frame_find(past, "release");
    const struct column *digest = frame_find(past, "digest");
    sqlite3_stmt *statement = NULL;
    if (!release || !digest || !release->coded || !digest->coded)
        return err_set(err, ERR_DATA, "frame past: a column is missing");
    if (ledger_statement(l, &statement, "SELECT " LEDGER_COLUMNS PUBLISHED, err) != 0)
        return -1;
    size_t row = 0;
    bool same = true;
    int code;
    while ((code = sqlite3_step(statement)) == SQLITE_ROW && same) {
        struct ledger_release r;
        memset(&r, 0, sizeof r);
        ledger_from_row(&r, statement);
        const char *id = row < past->rows ? column_word(release, row) : NULL;
        const char *sums = id ? column_word(digest, row) : NULL;
        same = sums && strcmp(id, r.id) == 0 && strcmp(sums, r.digest) == 0;
        row++;
    }
    (void)sqlite3_finalize(statement);
    if (code != SQLITE_DONE && code != SQLITE_ROW)
        return ledger_error(l, err, code);
    if (same && row == past->rows)
        return 0;
    (void)err_set(err, ERR_DATA,
                  "the tables were protected against other earlier releases than "
                  "the ledger holds");
    return err_hint(err, "run the stages anew, with this ledger");
}

/* What the history tells of a release beside its entry. */
static int fill_row(struct ledger *l, sqlite3_stmt *statement, struct ledger_row *row,
                    struct err *err)
{
    struct rules rules;
    const char *json = (const char *)sqlite3_column_text(statement, 7);
    memset(row, 0, sizeof *row);
    ledger_from_row(&row->release, statement);
    row->cells = (size_t)sqlite3_column_int64(statement, 8);
    row->hidden = row->cells - (size_t)sqlite3_column_int64(statement, 9);
    if (!json)
        return ledger_error(l, err, SQLITE_CORRUPT);
    if (rules_read_json(&rules, json, strlen(json), err) != 0)
        return bad_release(err, row->release.id);
    row->rules = rules.disclosure;
    rules_release(&rules);
    return 0;
}

int ledger_history(const char *path,
                   int (*row)(void *context, const struct ledger_row *row, struct err *err),
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
                         "SELECT " LEDGER_COLUMNS ", rules, "
                         "(SELECT count(*) FROM cell WHERE release = number), "
                         "(SELECT count(count) FROM cell WHERE release = number)" PUBLISHED,
                         err) != 0)
        goto out;
    while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
        struct ledger_row next;
        if (fill_row(l, statement, &next, err) != 0 || row(context, &next, err) != 0)
            goto out;
    }
    rc = code == SQLITE_DONE ? 0 : ledger_error(l, err, code);
out:
    (void)sqlite3_finalize(statement);
    ledger_close(&l);
    return rc;
}

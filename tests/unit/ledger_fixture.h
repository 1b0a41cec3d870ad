/* SPDX-License-Identifier: EUPL-1.2 */
/* ledger_fixture: a ledger in the test's folder, and entries of the fixture's release in it.
 * Include it after cmocka.h. */
#ifndef HERKOMST_TESTS_LEDGER_FIXTURE_H
#define HERKOMST_TESTS_LEDGER_FIXTURE_H

#include "release_fixture.h"
#include "run/ledger.h"

#include <sqlite3.h>

static const char NAME[] = "Vlaamse overheid";

static inline int open_ledger(struct ledger **l, void **state, struct err *err)
{
    memset(err, 0, sizeof *err);
    return ledger_open(l, in_folder(state, "ledger.sqlite"), NAME, in_folder(state, "out"), err);
}

static inline struct ledger *opened(void **state)
{
    struct ledger *l = NULL;
    struct err err;
    if (open_ledger(&l, state, &err) != 0)
        fail_msg("%d: %s", (int)err.kind, err.text);
    return l;
}

static inline void check_refused(void **state, enum err_kind kind, const char *message)
{
    struct ledger *l = NULL;
    struct err err;
    assert_int_equal(open_ledger(&l, state, &err), -1);
    assert_null(l);
    if (err.kind != kind || !strstr(err.text, message))
        fail_msg("%d: %s", (int)err.kind, err.text);
}

/* By SQLite itself, past the ledger's code; the first column of the first row, or -1. */
static inline int64_t ask(void **state, const char *sql)
{
    sqlite3 *db = NULL;
    sqlite3_stmt *statement = NULL;
    assert_int_equal(sqlite3_open(in_folder(state, "ledger.sqlite"), &db), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &statement, NULL), SQLITE_OK);
    int code = sqlite3_step(statement);
    int64_t number = code == SQLITE_ROW ? sqlite3_column_int64(statement, 0) : -1;
    assert_true(code == SQLITE_ROW || code == SQLITE_DONE);
    assert_int_equal(sqlite3_finalize(statement), SQLITE_OK);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
    return number;
}

static inline struct ledger_release entry(const char *id, date reference, const char *replaces)
{
    struct ledger_release r;
    memset(&r, 0, sizeof r);
    (void)snprintf(r.id, sizeof r.id, "%s", id);
    (void)snprintf(r.replaces, sizeof r.replaces, "%s", replaces);
    (void)snprintf(r.digest, sizeof r.digest, FIXTURE_DIGEST);
    (void)snprintf(r.configuration, sizeof r.configuration, "c-%s", id);
    (void)snprintf(r.software, sizeof r.software, "herkomst 0");
    (void)snprintf(r.definitions, sizeof r.definitions, "origin=FL2016 sex=S1");
    r.reference_date = reference;
    return r;
}

static inline int prepare(struct ledger *l, const struct ledger_release *r, struct err *err)
{
    struct release f;
    struct text rules;
    fixture_release(&f, r->id);
    f.rules.reference_date = r->reference_date;
    f.named[cell_by_key(&f.cells, "staff|entity:E1|origin=foreign")] = 1;
    text_init(&rules);
    assert_int_equal(rules_write_json(&f.rules, &rules, err), 0);
    int rc = ledger_prepare(
        l, r, &(struct ledger_cells){&rules, NULL, &f.cells, f.counts, f.status, f.named}, err);
    text_release(&rules);
    release_free(&f);
    return rc;
}

static inline void publish(struct ledger *l, const char *id, date reference, const char *replaces)
{
    struct err err;
    const struct ledger_release r = entry(id, reference, replaces);
    assert_int_equal(prepare(l, &r, &err), 0);
    assert_int_equal(ledger_confirm(l, id, &err), 0);
}

/* OUT/ID with a SHA256SUMS of that text; its digest into r. */
static inline void place(void **state, const char *id, const char *sums, struct ledger_release *r)
{
    char name[64];
    (void)mkdir(in_folder(state, "out"), 0700);
    (void)snprintf(name, sizeof name, "out/%s", id);
    assert_int_equal(mkdir(in_folder(state, name), 0700), 0);
    (void)snprintf(name, sizeof name, "out/%s/SHA256SUMS", id);
    put_file(in_folder(state, name), sums, strlen(sums), 0600);
    digest_bytes(r->digest, sums, strlen(sums));
}

#endif

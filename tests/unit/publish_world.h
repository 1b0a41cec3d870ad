/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * A place to publish in (run/publish.h), and what is there afterwards. The calls that flush and
 * rename are the test's own, so that each in turn can be made to fail. Include it after cmocka.h,
 * in one file of a program.
 */
#ifndef HERKOMST_TESTS_PUBLISH_WORLD_H
#define HERKOMST_TESTS_PUBLISH_WORLD_H

#include "audit/audit.h"
#include "certificate_fixture.h"
#include "release_fixture.h"
#include "run/publish.h"
#include "secure/files.h"
#include "secure/keyfile.h"
#include "secure/secret.h"

#include <dirent.h>
#include <errno.h>
#include <sqlite3.h>
#include <sys/syscall.h>

/* ---- Faults */

enum { NEVER = 1 << 30 };
static int fsync_calls, fsync_fails = NEVER, rename_calls, rename_fails = NEVER;
static bool for_ever;

static inline bool fails(int call, int failing)
{
    return call == failing || (for_ever && call > failing);
}

int fsync(int fd)
{
    if (fails(++fsync_calls, fsync_fails)) {
        errno = EIO;
        return -1;
    }
    return (int)syscall(SYS_fsync, fd);
}

int fdatasync(int fd)
{
    return fsync(fd);
}

/* Of the release's files, all at once. */
int syncfs(int fd)
{
    if (fails(++fsync_calls, fsync_fails)) {
        errno = EIO;
        return -1;
    }
    return (int)syscall(SYS_syncfs, fd);
}

int renameat2(int from_folder, const char *from, int to_folder, const char *to, unsigned flags)
{
    if (fails(++rename_calls, rename_fails)) {
        errno = EIO;
        return -1;
    }
    return (int)syscall(SYS_renameat2, from_folder, from, to_folder, to, flags);
}

static inline void fail_at(int fsync_number, int rename_number, bool ever)
{
    fsync_calls = rename_calls = 0;
    fsync_fails = fsync_number;
    rename_fails = rename_number;
    for_ever = ever;
}

/* ---- A place to publish in */

static inline int setup(void **state)
{
    struct err err;
    fail_at(NEVER, NEVER, false);
    return folder_setup(state) == 0 && mkdir(in_folder(state, "releases"), 0755) == 0 &&
                   keyfile_new_signing(in_folder(state, "signing.key"), &err) == 0
               ? 0
               : -1;
}

/* As suppress does: the releases that the ledger holds. One that cannot be read has none to tell.
 */
static inline void know_past(struct release *r, const struct config *c)
{
    struct past past = {0};
    struct err err;
    frame_release(&r->past);
    if (ledger_read_past(c->ledger, c->name, &past, &err) != 0)
        past_clear(&past);
    assert_int_equal(past_list(&past, &r->past, &err), 0);
    if (past.count > 0) {
        const char *earlier[8] = {0};
        assert_true(past.count <= 8);
        for (size_t i = 0; i < past.count; i++)
            earlier[i] = past.releases[i].rules.release;
        char *json = certificate_after(column_word(frame_find(&r->certificate, "json"), 0), earlier,
                                       past.count);
        fixture_word(&r->certificate, 0, "json", json);
        free(json);
    }
    past_clear(&past);
}

static inline int publish_one(void **state, const char *release, void (*spoil)(struct release *r),
                              struct err *err)
{
    struct release r;
    struct config c;
    memset(err, 0, sizeof *err);
    fixture_release(&r, release);
    fixture_config(&c, state, release);
    know_past(&r, &c);
    if (spoil)
        spoil(&r);
    int rc = publish(&r, &c, 2, err);
    release_free(&r);
    config_release(&c);
    return rc;
}

static inline void published(void **state, const char *release)
{
    struct err err;
    if (publish_one(state, release, NULL, &err) != 0)
        fail_msg("%d: %s", (int)err.kind, err.text);
}

static inline void refused(void **state, const char *release, enum err_kind kind,
                           const char *message)
{
    struct err err;
    assert_int_equal(publish_one(state, release, NULL, &err), -1);
    if (err.kind != kind || !strstr(err.text, message))
        fail_msg("%d: %s", (int)err.kind, err.text);
}

/* How many entries of the folder of releases begin like that. */
static inline int entries(void **state, const char *prefix)
{
    int count = 0;
    DIR *folder = opendir(in_folder(state, "releases"));
    assert_non_null(folder);
    for (const struct dirent *e; (e = readdir(folder));)
        count += strncmp(e->d_name, prefix, strlen(prefix)) == 0;
    (void)closedir(folder);
    return count;
}

/* By SQLite itself; -1 where there is no table yet. */
static inline int64_t ask(void **state, const char *sql)
{
    sqlite3 *db = NULL;
    sqlite3_stmt *statement = NULL;
    assert_int_equal(sqlite3_open(in_folder(state, "releases/ledger.sqlite"), &db), SQLITE_OK);
    bool asked = sqlite3_prepare_v2(db, sql, -1, &statement, NULL) == SQLITE_OK &&
                 sqlite3_step(statement) == SQLITE_ROW;
    int64_t number = asked ? sqlite3_column_int64(statement, 0) : -1;
    assert_int_equal(sqlite3_finalize(statement), SQLITE_OK);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
    return number;
}

/* The auditor says yes to a release, signed by our key. */
static inline void audited(void **state, const char *release)
{
    struct public_key key;
    struct audit_result result;
    struct err err;
    char name[64];
    (void)snprintf(name, sizeof name, "releases/%s", release);
    assert_int_equal(keyfile_read_public(in_folder(state, "signing.key.pub"), &key, &err), 0);
    assert_int_equal(audit_release(in_folder(state, name), &key, &result, &err), 0);
    if (!audit_passed(&result))
        fail_msg("%s", result.kept ? result.findings[0].text : "a rule is not checked");
    audit_result_release(&result);
}

static inline void nothing_left(void **state)
{
    assert_int_equal(entries(state, "r1"), 0);
    assert_int_equal(entries(state, ".new-"), 0);
    if (entries(state, "ledger.sqlite"))
        assert_true(ask(state, "SELECT count(*) FROM release") <= 0);
}

#define IN_PLACE(test) cmocka_unit_test_setup_teardown(test, setup, folder_teardown)

static inline int begin(void **state)
{
    (void)state;
    struct err err;
    return secret_setup(&err);
}

#endif

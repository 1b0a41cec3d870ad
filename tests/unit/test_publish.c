/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Tests of run/publish.h: a release appears as a whole, with its ledger entry, or not at all. The
 * calls that flush and rename are the test's own, so that each in turn can be made to fail.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "audit/audit.h"
#include "certificate_fixture.h"
#include "release_fixture.h"
#include "run/publish.h"
#include "secure/files.h"
#include "secure/keyfile.h"
#include "secure/secret.h"

#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <sqlite3.h>
#include <sys/syscall.h>

/* ---- Faults */

enum { NEVER = 1 << 30 };
static int fsync_calls, fsync_fails = NEVER, rename_calls, rename_fails = NEVER;
static bool for_ever;

static bool fails(int call, int failing)
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

static void fail_at(int fsync_number, int rename_number, bool ever)
{
    fsync_calls = rename_calls = 0;
    fsync_fails = fsync_number;
    rename_fails = rename_number;
    for_ever = ever;
}

/* ---- A place to publish in */

static int setup(void **state)
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
static void know_past(struct release *r, const struct config *c)
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

static int publish_one(void **state, const char *release, void (*spoil)(struct release *r),
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

static void published(void **state, const char *release)
{
    struct err err;
    if (publish_one(state, release, NULL, &err) != 0)
        fail_msg("%d: %s", (int)err.kind, err.text);
}

static void refused(void **state, const char *release, enum err_kind kind, const char *message)
{
    struct err err;
    assert_int_equal(publish_one(state, release, NULL, &err), -1);
    if (err.kind != kind || !strstr(err.text, message))
        fail_msg("%d: %s", (int)err.kind, err.text);
}

/* How many entries of the folder of releases begin like that. */
static int entries(void **state, const char *prefix)
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
static int64_t ask(void **state, const char *sql)
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
static void audited(void **state, const char *release)
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

static void nothing_left(void **state)
{
    assert_int_equal(entries(state, "r1"), 0);
    assert_int_equal(entries(state, ".new-"), 0);
    if (entries(state, "ledger.sqlite"))
        assert_true(ask(state, "SELECT count(*) FROM release") <= 0);
}

/* ---- Tests */

static void test_whole(void **state)
{
    struct stat st;
    struct ledger_release last;
    struct ledger *l = NULL;
    struct err err;
    struct text sums;
    char digest[DIGEST_TEXT];
    bool found = false;
    mode_t before = umask(077);
    published(state, "r1");
    (void)umask(before);
    audited(state, "r1");
    assert_int_equal(entries(state, ".new-"), 0);
    assert_int_equal(stat(in_folder(state, "releases/r1"), &st), 0);
    assert_int_equal(st.st_mode & 07777, 0755);
    assert_int_equal(stat(in_folder(state, "releases/ledger.sqlite"), &st), 0);
    assert_int_equal(st.st_mode & 07777, 0600);
    assert_int_equal(ledger_open(&l, in_folder(state, "releases/ledger.sqlite"),
                                 "Dienst van de \"Proef\"", in_folder(state, "releases"), &err),
                     0);
    assert_int_equal(ledger_last(l, DATE_NONE, &last, &found, &err), 0);
    ledger_close(&l);
    assert_true(found);
    assert_string_equal(last.id, "r1");
    assert_string_equal(last.replaces, "");
    assert_string_equal(last.definitions, "origin=FL2016");
    assert_string_equal(last.configuration, FIXTURE_DIGEST);
    text_init(&sums);
    assert_int_equal(
        files_read_whole(in_folder(state, "releases/r1/SHA256SUMS"), 1 << 16, &sums, &err), 0);
    digest_bytes(digest, sums.bytes, sums.length);
    assert_string_equal(last.digest, digest);
    text_release(&sums);
}

static void test_revision(void **state)
{
    struct err err;
    struct text manifest;
    char expected[200], digest[DIGEST_TEXT];
    published(state, "r1");
    published(state, "r1.r2");
    audited(state, "r1");
    audited(state, "r1.r2");
    text_init(&manifest);
    assert_int_equal(files_read_whole(in_folder(state, "releases/r1.r2/manifest.json"), 1 << 16,
                                      &manifest, &err),
                     0);
    assert_int_equal(digest_file(digest, in_folder(state, "releases/r1/SHA256SUMS"), &err), 0);
    (void)snprintf(expected, sizeof expected,
                   " \"previous\": {\"release\": \"r1\", \"sha256sums_sha256\": \"%s\"}}", digest);
    assert_non_null(strstr(manifest.bytes, expected));
    assert_non_null(strstr(manifest.bytes, "\"replaces\": \"r1\""));
    text_release(&manifest);
    assert_int_equal(ask(state, "SELECT count(*) FROM release WHERE state = 'published'"), 2);
}

static void test_id_used(void **state)
{
    published(state, "r1");
    refused(state, "r1", ERR_CREATE, "exists already");
    audited(state, "r1");
    assert_int_equal(rename(in_folder(state, "releases/r1"), in_folder(state, "releases/r2")), 0);
    refused(state, "r1", ERR_CREATE, "used before");
    assert_int_equal(entries(state, "r1"), 0);
    assert_int_equal(entries(state, ".new-"), 0);
    audited(state, "r2");
    assert_int_equal(ask(state, "SELECT count(*) FROM release"), 1);
}

static void test_existing_folder(void **state)
{
    assert_int_equal(mkdir(in_folder(state, "releases/r1"), 0700), 0);
    refused(state, "r1", ERR_CREATE, "exists already");
    assert_int_equal(rmdir(in_folder(state, "releases/r1")), 0); /* it was left empty */
    nothing_left(state);
}

static void test_signing_key(void **state)
{
    assert_int_equal(chmod(in_folder(state, "signing.key"), 0640), 0);
    refused(state, "r1", ERR_KEY, "");
    nothing_left(state);
    assert_int_equal(unlink(in_folder(state, "signing.key")), 0);
    refused(state, "r1", ERR_KEY, "");
    nothing_left(state);
    put_file(in_folder(state, "signing.key"), "no key", 6, 0600);
    refused(state, "r1", ERR_KEY, "");
    nothing_left(state);
}

static void show_unsafe_cell(struct release *r)
{
    fixture_cell(r, "staff|entity:E1|origin=foreign", 3);
    fixture_cell(r, "staff|entity:E1|origin=belgian", 27);
    fixture_cell(r, "staff|entity:E2|origin=foreign", 10);
    fixture_cell(r, "staff|entity:E2|origin=belgian", 30);
}
static void change_a_sum(struct release *r)
{
    fixture_cell(r, "staff|domain:D1|origin=foreign", 14);
}
static void hide_a_head_count(struct release *r)
{
    fixture_cell(r, "staff|entity:E1", -1);
}
static void show_one_of_two(struct release *r)
{
    fixture_cell(r, "staff|entity:E2|origin=foreign", 10);
}
static void forget_the_proof(struct release *r)
{
    fixture_word(&r->certificate, 0, "json",
                 "{\"format\": \"herkomst-certificate/1\", \"release\": \"r1\", "
                 "\"witnesses\": [], \"proofs\": []}\n");
}
static void show_a_small_figure(struct release *r)
{
    column_set(frame_find(&r->quality, "count"), 0, 2);
    column_set(frame_find(&r->quality, "status"), 0, 0);
}

static void test_audit_refuses(void **state)
{
    static void (*const spoils[])(struct release *) = {show_unsafe_cell,  change_a_sum,
                                                       hide_a_head_count, show_one_of_two,
                                                       forget_the_proof,  show_a_small_figure};
    for (size_t i = 0; i < sizeof spoils / sizeof spoils[0]; i++) {
        struct err err;
        assert_int_equal(publish_one(state, "r1", spoils[i], &err), -1);
        if (err.kind != ERR_REFUSED)
            fail_msg("%zu: %d: %s", i, (int)err.kind, err.text);
        nothing_left(state);
    }
    published(state, "r1"); /* nothing of them stands in the way */
    audited(state, "r1");
}

static void of_another_release(struct release *r)
{
    fixture_name(r->rules.release, "r9", 2);
}
static void of_another_date(struct release *r)
{
    r->rules.reference_date++;
}

static void test_another_release(void **state)
{
    struct err err;
    assert_int_equal(publish_one(state, "r1", of_another_release, &err), -1);
    assert_int_equal(err.kind, ERR_DATA);
    assert_int_equal(publish_one(state, "r1", of_another_date, &err), -1);
    assert_int_equal(err.kind, ERR_DATA);
    nothing_left(state);
}

static void forget_the_past(struct release *r)
{
    assert_int_equal(frame_resize(&r->past, 0, NULL), 0);
}
static void of_june(struct release *r)
{
    r->rules.reference_date = date_make(2017, 6, 30);
}

/* What was protected against another past than the ledger's is not published. */
static void test_another_past(void **state)
{
    struct err err;
    published(state, "r1");
    assert_int_equal(publish_one(state, "r2", forget_the_past, &err), -1);
    assert_int_equal(err.kind, ERR_DATA);
    assert_non_null(strstr(err.text, "other earlier releases"));
    assert_int_equal(entries(state, "r2"), 0);
    assert_int_equal(entries(state, ".new-"), 0);
    assert_int_equal(ask(state, "SELECT count(*) FROM release"), 1);
    published(state, "r2");
    assert_int_equal(ask(state, "SELECT count(*) FROM release WHERE rules LIKE "
                                "'{\"format\": \"herkomst-rules/1\", \"release\": \"r_\"%'"),
                     2);
}

/* An older reference date is refused here too: a stage can be run by hand. */
static void test_out_of_order(void **state)
{
    struct release r;
    struct config c;
    struct err err;
    published(state, "r1");
    for (int revision = 0; revision < 2; revision++) {
        const char *id = revision ? "r1.r2" : "r2";
        fixture_release(&r, id);
        fixture_config(&c, state, id);
        know_past(&r, &c);
        of_june(&r);
        c.reference_date = r.rules.reference_date;
        assert_int_equal(publish(&r, &c, 2, &err), -1);
        assert_int_equal(err.kind, ERR_CONFIG);
        assert_non_null(strstr(err.text, revision ? "would revise r1" : "before that of"));
        release_free(&r);
        config_release(&c);
    }
    assert_int_equal(ask(state, "SELECT count(*) FROM release"), 1);
    assert_int_equal(entries(state, ".new-"), 0);
}

static void test_locked(void **state)
{
    int lock = -1;
    struct err err;
    struct config c;
    assert_int_equal(files_lock(in_folder(state, "releases/.publish.lock"), &lock, &err), 0);
    refused(state, "r1", ERR_BUSY, "lock");
    fixture_config(&c, state, "r1");
    assert_int_equal(publish_remove_leftovers(&c, &err), -1);
    assert_int_equal(err.kind, ERR_BUSY);
    files_unlock(&lock);
    nothing_left(state);
    published(state, "r1");
    config_release(&c);
}

static void test_leftovers(void **state)
{
    struct err err;
    struct config c;
    published(state, "r0");
    assert_int_equal(mkdir(in_folder(state, "releases/.new-r1"), 0700), 0);
    put_file(in_folder(state, "releases/.new-r1/rules.json"), "{", 1, 0600);
    assert_int_equal(mkdir(in_folder(state, "releases/.new-other"), 0700), 0);
    fixture_config(&c, state, "r1");
    assert_int_equal(publish_remove_leftovers(&c, &err), 0);
    assert_int_equal(entries(state, ".new-"), 0);
    assert_int_equal(mkdir(in_folder(state, "releases/.new-other"), 0700), 0);
    published(state, "r1");
    assert_int_equal(entries(state, ".new-"), 0);
    audited(state, "r0");
    audited(state, "r1");
    config_release(&c);
}

static void clear_releases(void **state)
{
    struct err err;
    assert_int_equal(files_remove_tree(in_folder(state, "releases"), &err), 0);
    assert_int_equal(mkdir(in_folder(state, "releases"), 0755), 0);
}

/* After a failure: no release and no entry, or where even that could not be made sure, what the
 * next publication settles. Then the same release can be published. */
static void check_after_failure(void **state, bool is_sure)
{
    struct err err;
    fail_at(NEVER, NEVER, false);
    if (is_sure)
        nothing_left(state);
    int rc = publish_one(state, "r1", NULL, &err);
    if (rc != 0 && (is_sure || err.kind != ERR_CREATE))
        fail_msg("%d: %s", (int)err.kind, err.text);
    audited(state, "r1");
    assert_int_equal(entries(state, ".new-"), 0);
    assert_int_equal(ask(state, "SELECT count(*) FROM release WHERE state = 'published'"), 1);
    assert_int_equal(ask(state, "SELECT count(*) FROM release"), 1);
    clear_releases(state);
}

static void test_flush_fails(void **state)
{
    struct err err;
    for (int ever = 0; ever < 2; ever++) {
        int heard = 0, n = 1;
        for (;; n++) {
            fail_at(n, NEVER, ever);
            int rc = publish_one(state, "r1", NULL, &err);
            if (fsync_calls < n)
                break; /* the fault did not fire: n - 1 points are all */
            if (rc != 0 && err.kind != ERR_IO)
                fail_msg("fsync %d: %d: %s", n, (int)err.kind, err.text);
            /* Not heard: SQLite's flush of the folder that its journal is made in (the second),
             * and what fails when the release and its entry are there already. */
            heard += rc != 0;
            if (rc == 0 && n != 2)
                assert_int_equal(rename_calls, 1);
            check_after_failure(state, rc != 0 && !ever);
        }
        assert_true(n > 20 && heard < n);
        assert_true(heard >= n - 7); /* the one of the folder, and five of what comes after */
        fail_at(NEVER, NEVER, false);
        clear_releases(state);
    }
}

static void test_rename_fails(void **state)
{
    struct err err;
    fail_at(NEVER, 1, false);
    assert_int_equal(publish_one(state, "r1", NULL, &err), -1);
    assert_int_equal(err.kind, ERR_CREATE);
    check_after_failure(state, true);
}

/* It is in its place, but that cannot be flushed, and it cannot be moved back: the entry stays, and
 * whoever opens the ledger next confirms it. */
static void test_cannot_be_taken_back(void **state)
{
    struct err err;
    int seen = 0;
    fail_at(NEVER, NEVER, false);
    published(state, "r1");
    int all = fsync_calls;
    clear_releases(state);
    for (int n = all; n > all - 10; n--) { /* the flush of the folder is one of them */
        fail_at(n, 2, true);
        int rc = publish_one(state, "r1", NULL, &err);
        bool moved = rename_calls == 2;
        fail_at(NEVER, NEVER, false);
        if (rc != 0 && moved) {
            seen++;
            assert_int_equal(entries(state, "r1"), 1);
            assert_int_equal(entries(state, ".new-"), 0);
            assert_int_equal(ask(state, "SELECT count(*) FROM release"), 1);
            refused(state, "r1", ERR_CREATE, "exists already");
        }
        check_after_failure(state, false);
    }
    assert_int_equal(seen, 1);
}

/* Signals to stop are held back only for a publication that has happened. */
static void test_signals(void **state)
{
    sigset_t before, now;
    struct err err;
    assert_int_equal(sigprocmask(SIG_BLOCK, NULL, &before), 0);
    fail_at(NEVER, 1, false);
    assert_int_equal(publish_one(state, "r1", NULL, &err), -1);
    assert_int_equal(sigprocmask(SIG_BLOCK, NULL, &now), 0);
    assert_int_equal(sigismember(&now, SIGTERM), sigismember(&before, SIGTERM));
    published(state, "r1");
    assert_int_equal(sigprocmask(SIG_BLOCK, NULL, &now), 0);
    assert_int_equal(sigismember(&now, SIGTERM), 1);
    assert_int_equal(sigismember(&now, SIGINT), 1);
    assert_int_equal(sigprocmask(SIG_SETMASK, &before, NULL), 0);
}

#define IN_PLACE(test) cmocka_unit_test_setup_teardown(test, setup, folder_teardown)

static int begin(void **state)
{
    (void)state;
    struct err err;
    return secret_setup(&err);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_PLACE(test_signals), /* first: those after it run with the signals held back */
        IN_PLACE(test_whole),           IN_PLACE(test_revision),
        IN_PLACE(test_id_used),         IN_PLACE(test_existing_folder),
        IN_PLACE(test_signing_key),     IN_PLACE(test_audit_refuses),
        IN_PLACE(test_another_release), IN_PLACE(test_another_past),
        IN_PLACE(test_out_of_order),    IN_PLACE(test_locked),
        IN_PLACE(test_leftovers),       IN_PLACE(test_flush_fails),
        IN_PLACE(test_rename_fails),    IN_PLACE(test_cannot_be_taken_back),
    };
    return cmocka_run_group_tests(tests, begin, NULL);
}

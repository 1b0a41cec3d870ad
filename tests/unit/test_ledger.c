/* SPDX-License-Identifier: EUPL-1.2 */
/* Tests of run/ledger.h: what it keeps, what it refuses, and what it makes of a crash. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "ledger_fixture.h"

static int check_ready(const char *path, const char *name, const char *out, const char *id,
                       struct err *err)
{
    struct ledger_dates others;
    return ledger_check_ready(path, name, out, id, date_make(2017, 12, 31), &others, err);
}

static void test_new(void **state)
{
    struct err err;
    struct stat st;
    struct ledger_release last;
    bool found = true;
    mode_t before = umask(077);
    struct ledger *l = opened(state);
    (void)umask(before);
    assert_int_equal(ledger_last(l, DATE_NONE, &last, &found, &err), 0);
    assert_false(found);
    assert_int_equal(ledger_check_unused(l, "r1", &err), 0);
    ledger_close(&l);
    assert_null(l);
    ledger_close(&l);
    assert_int_equal(stat(in_folder(state, "ledger.sqlite"), &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
}

static void test_entry(void **state)
{
    struct err err;
    struct ledger_release last, r = entry("r1", date_make(2017, 12, 31), "r0");
    bool found = false;
    struct ledger *l = opened(state);
    memset(r.definitions, 'd', sizeof r.definitions - 1); /* as long as it may be */
    assert_int_equal(prepare(l, &r, &err), 0);
    assert_int_equal(ledger_last(l, DATE_NONE, &last, &found, &err), 0);
    assert_false(found); /* prepared is not published */
    assert_int_equal(ledger_check_unused(l, "r1", &err), -1);
    assert_int_equal(err.kind, ERR_CREATE);
    assert_non_null(strstr(err.hint, "r1.r2"));
    assert_int_equal(ledger_confirm(l, "r1", &err), 0);
    ledger_close(&l);
    l = opened(state);
    assert_int_equal(ledger_last(l, DATE_NONE, &last, &found, &err), 0);
    assert_true(found);
    assert_memory_equal(&last, &r, sizeof r);
    ledger_close(&l);
    /* Every published cell, the hidden ones without a count. */
    assert_int_equal(ask(state, "SELECT count(*) FROM cell"), 12);
    assert_int_equal(ask(state, "SELECT count(*) FROM cell WHERE count IS NULL"), 4);
    assert_int_equal(
        ask(state, "SELECT count FROM cell WHERE key = 'staff|domain:D1|origin=foreign'"), 13);
    assert_int_equal(ask(state, "SELECT count(*) FROM cell WHERE count IS NULL AND key LIKE "
                                "'staff|entity:E_|origin=%'"),
                     4);
}

static void test_order_of_calls(void **state)
{
    struct err err;
    const struct ledger_release r = entry("r1", date_make(2017, 12, 31), "");
    struct ledger *l = opened(state);
    assert_int_equal(ledger_confirm(l, "r1", &err), -1);
    assert_int_equal(err.kind, ERR_INTERNAL);
    assert_int_equal(ledger_withdraw(l, "r1", &err), 0); /* nothing to undo */
    assert_int_equal(prepare(l, &r, &err), 0);
    assert_int_equal(prepare(l, &r, &err), -1); /* an id is used once */
    assert_int_equal(ledger_withdraw(l, "r1", &err), 0);
    assert_int_equal(prepare(l, &r, &err), 0); /* a withdrawn one was not used */
    assert_int_equal(ledger_confirm(l, "r1", &err), 0);
    assert_int_equal(ledger_confirm(l, "r1", &err), -1);
    assert_int_equal(ledger_withdraw(l, "r1", &err), 0); /* what is published stays */
    ledger_close(&l);
    assert_int_equal(ask(state, "SELECT count(*) FROM release WHERE state = 'published'"), 1);
    assert_int_equal(ask(state, "SELECT count(*) FROM cell"), 12);
}

static void test_last(void **state)
{
    struct err err;
    struct ledger_release last;
    bool found = false;
    const date june = date_make(2018, 6, 30), december = date_make(2017, 12, 31);
    struct ledger *l = opened(state);
    publish(l, "june", june, "");
    publish(l, "december", december, "");
    publish(l, "december.r2", december, "december");
    assert_int_equal(ledger_last(l, DATE_NONE, &last, &found, &err), 0);
    assert_true(found);
    assert_string_equal(last.id, "december.r2");
    assert_string_equal(last.replaces, "december");
    assert_int_equal(ledger_last(l, june, &last, &found, &err), 0);
    assert_true(found);
    assert_string_equal(last.id, "june");
    assert_int_equal(ledger_last(l, december, &last, &found, &err), 0);
    assert_string_equal(last.id, "december.r2");
    assert_int_equal(ledger_last(l, june + 1, &last, &found, &err), 0);
    assert_false(found);
    ledger_close(&l);
}

static int note_row(void *context, const struct ledger_row *row, struct err *err)
{
    struct text *out = context;
    assert_int_equal(row->cells, 12);
    assert_int_equal(row->hidden, 4);
    assert_int_equal(row->rules.threshold, 5);
    text_format(out, "%s ", row->release.id);
    return strcmp(row->release.id, "stop") == 0 ? err_set(err, ERR_IO, "enough") : 0;
}

static void test_history(void **state)
{
    struct err err;
    struct text rows;
    const date june = date_make(2018, 6, 30), december = date_make(2017, 12, 31);
    const char *path = in_folder(state, "ledger.sqlite");
    text_init(&rows);
    assert_int_equal(ledger_history(path, note_row, &rows, &err), -1);
    assert_int_equal(err.kind, ERR_NOINPUT);
    assert_false(file_exists(path));
    struct ledger *l = opened(state);
    publish(l, "june", june, "");
    publish(l, "z-december", december, "");
    publish(l, "a-december", december, "z-december");
    const struct ledger_release pending = entry("pending", december, "");
    assert_int_equal(prepare(l, &pending, &err), 0);
    ledger_close(&l);
    assert_int_equal(ledger_history(path, note_row, &rows, &err), 0);
    assert_string_equal(rows.bytes, "z-december a-december june ");
    /* What the caller's function says ends it. */
    l = opened(state);
    publish(l, "stop", december, "");
    ledger_close(&l);
    text_clear(&rows);
    assert_int_equal(ledger_history(path, note_row, &rows, &err), -1);
    assert_int_equal(err.kind, ERR_IO);
    assert_string_equal(rows.bytes, "z-december a-december stop ");
    put_file(in_folder(state, "other"), "no ledger at all, but long enough to be read", 44, 0600);
    assert_int_equal(ledger_history(in_folder(state, "other"), note_row, &rows, &err), -1);
    assert_int_equal(err.kind, ERR_DATA);
    put_file(in_folder(state, "empty"), "", 0, 0600);
    assert_int_equal(ledger_history(in_folder(state, "empty"), note_row, &rows, &err), -1);
    assert_int_equal(err.kind, ERR_DATA);
    assert_int_equal(ledger_history(in_folder(state, ""), note_row, &rows, &err), -1);
    assert_int_equal(err.kind, ERR_DATA);
    text_release(&rows);
}

/* A crash between the renaming and the confirmation. */
static void test_crash_after_the_renaming(void **state)
{
    struct err err;
    struct ledger_release r = entry("r1", date_make(2017, 12, 31), "");
    place(state, "r1", "abc\n", &r);
    struct ledger *l = opened(state);
    assert_int_equal(prepare(l, &r, &err), 0);
    ledger_close(&l);
    l = opened(state);
    ledger_close(&l);
    assert_int_equal(ask(state, "SELECT count(*) FROM release WHERE state = 'published'"), 1);
    assert_int_equal(ask(state, "SELECT count(*) FROM cell"), 12);
}

/* A crash before the renaming; of two entries, each is settled by itself. */
static void test_crash_before_the_renaming(void **state)
{
    struct err err;
    struct ledger_release gone = entry("gone", date_make(2017, 12, 31), "");
    struct ledger_release there = entry("there", date_make(2018, 12, 31), "");
    struct ledger_release other = entry("other", date_make(2019, 12, 31), "");
    place(state, "there", "abc\n", &there);
    place(state, "other", "abc\n", &other);
    other.digest[0] = other.digest[0] == 'x' ? 'y' : 'x'; /* another release is in its place */
    struct ledger *l = opened(state);
    assert_int_equal(prepare(l, &gone, &err), 0);
    assert_int_equal(prepare(l, &there, &err), 0);
    assert_int_equal(prepare(l, &other, &err), 0);
    ledger_close(&l);
    l = opened(state);
    assert_int_equal(ledger_check_unused(l, "gone", &err), 0);
    assert_int_equal(ledger_check_unused(l, "other", &err), 0);
    assert_int_equal(ledger_check_unused(l, "there", &err), -1);
    ledger_close(&l);
    assert_int_equal(ask(state, "SELECT count(*) FROM release"), 1);
    assert_int_equal(ask(state, "SELECT count(*) FROM cell"), 12);
}

/* The entry of a release that cannot be looked at is not thrown away. */
static void test_unreadable_release(void **state)
{
    struct err err;
    struct ledger_release r = entry("r1", date_make(2017, 12, 31), "");
    place(state, "r1", "abc\n", &r);
    struct ledger *l = opened(state);
    assert_int_equal(prepare(l, &r, &err), 0);
    ledger_close(&l);
    assert_int_equal(rename(in_folder(state, "out/r1/SHA256SUMS"), in_folder(state, "sums")), 0);
    assert_int_equal(symlink("../../sums", in_folder(state, "out/r1/SHA256SUMS")), 0);
    check_refused(state, ERR_IO, "symbolic link");
    assert_int_equal(ask(state, "SELECT count(*) FROM release WHERE state = 'prepared'"), 1);
}

static void test_lost(void **state)
{
    struct ledger_release r = entry("r1", date_make(2017, 12, 31), "");
    struct err err;
    place(state, "r1", "abc\n", &r);
    struct ledger *l = opened(state); /* a folder without a manifest is no release */
    ledger_close(&l);
    assert_int_equal(unlink(in_folder(state, "ledger.sqlite")), 0);
    put_file(in_folder(state, "out/r1/manifest.json"), "{}", 2, 0600);
    check_refused(state, ERR_DATA, "ledger is missing");
    assert_false(file_exists(in_folder(state, "ledger.sqlite")));
    put_file(in_folder(state, "ledger.sqlite"), "", 0, 0600);
    check_refused(state, ERR_DATA, "ledger is missing");
    assert_int_equal(unlink(in_folder(state, "ledger.sqlite")), 0);
    assert_int_equal(
        check_ready(in_folder(state, "ledger.sqlite"), NAME, in_folder(state, "out"), "r2", &err),
        -1);
    assert_int_equal(err.kind, ERR_DATA);
}

static void test_empty_file(void **state)
{
    put_file(in_folder(state, "ledger.sqlite"), "", 0, 0600);
    struct ledger *l = opened(state); /* a crash before the first transaction */
    publish(l, "r1", date_make(2017, 12, 31), "");
    ledger_close(&l);
    assert_int_equal(ask(state, "SELECT count(*) FROM cell"), 12);
}

static void test_no_ledger(void **state)
{
    char bytes[4096];
    memset(bytes, 'x', sizeof bytes);
    const char *path = in_folder(state, "ledger.sqlite");
    put_file(path, bytes, sizeof bytes, 0600);
    check_refused(state, ERR_DATA, "damaged, or no ledger");
    assert_int_equal(get_file(path, bytes, sizeof bytes), sizeof bytes); /* left alone */
    assert_int_equal(unlink(path), 0);
    (void)ask(state, "CREATE TABLE strange(x)");
    check_refused(state, ERR_DATA, "no ledger");
    assert_int_equal(unlink(path), 0);
    assert_int_equal(mkdir(path, 0700), 0);
    check_refused(state, ERR_DATA, "not a regular file");
    assert_int_equal(rmdir(path), 0);
    assert_int_equal(symlink("nowhere", path), 0);
    check_refused(state, ERR_DATA, "not a regular file");
    assert_false(file_exists(in_folder(state, "nowhere")));
}

static void test_versions_and_governments(void **state)
{
    struct ledger *l = opened(state);
    struct err err;
    ledger_close(&l);
    assert_int_equal(
        ledger_open(&l, in_folder(state, "ledger.sqlite"), "Elders", in_folder(state, "out"), &err),
        -1);
    assert_int_equal(err.kind, ERR_CONFIG);
    assert_null(l);
    (void)ask(state, "PRAGMA user_version = 3");
    check_refused(state, ERR_DATA, "newer version");
    (void)ask(state, "PRAGMA user_version = 0");
    check_refused(state, ERR_DATA, "damaged");
    (void)ask(state, "PRAGMA user_version = 2");
    (void)ask(state, "DELETE FROM meta");
    check_refused(state, ERR_DATA, "damaged");
    (void)ask(state, "DROP TABLE meta");
    check_refused(state, ERR_DATA, "damaged");
}

/* Damage far from what opening needs to read is found all the same. */
static void test_damage(void **state)
{
    char zeros[512] = {0}, name[32];
    struct stat st;
    struct ledger *l = opened(state);
    for (int i = 0; i < 20; i++) {
        (void)snprintf(name, sizeof name, "r%d", i);
        publish(l, name, date_make(2017, 12, 31), "");
    }
    ledger_close(&l);
    const char *path = in_folder(state, "ledger.sqlite");
    assert_int_equal(stat(path, &st), 0);
    assert_true(st.st_size > 5 * 4096);
    int fd = open(path, O_RDWR);
    assert_true(fd >= 0);
    assert_int_equal(pwrite(fd, zeros, sizeof zeros, st.st_size - 4096), sizeof zeros);
    assert_int_equal(close(fd), 0);
    check_refused(state, ERR_DATA, "damaged");
    assert_int_equal(truncate(path, st.st_size - 4096), 0);
    check_refused(state, ERR_DATA, "damaged");
}

/* Whoever has it open keeps all others out: what is prepared is not theirs to settle. */
static void test_one_at_a_time(void **state)
{
    struct err err;
    struct ledger_release r = entry("r1", date_make(2017, 12, 31), "");
    struct ledger *l = opened(state);
    assert_int_equal(prepare(l, &r, &err), 0);
    check_refused(state, ERR_BUSY, "another program");
    assert_int_equal(ledger_confirm(l, "r1", &err), 0);
    ledger_close(&l);
    l = opened(state);
    assert_int_equal(ledger_check_unused(l, "r1", &err), -1);
    ledger_close(&l);
}

static void test_folders(void **state)
{
    struct err err;
    struct ledger *l = NULL;
    assert_int_equal(
        ledger_open(&l, in_folder(state, "none/l"), NAME, in_folder(state, "out"), &err), -1);
    assert_int_equal(err.kind, ERR_CREATE);
    assert_null(l);
    /* The folders above it are the operator's: they may be links. */
    assert_int_equal(mkdir(in_folder(state, "real"), 0700), 0);
    assert_int_equal(symlink("real", in_folder(state, "link")), 0);
    assert_int_equal(
        ledger_open(&l, in_folder(state, "link/l"), NAME, in_folder(state, "out"), &err), 0);
    ledger_close(&l);
    assert_true(file_exists(in_folder(state, "real/l")));
}

static void test_check_ready(void **state)
{
    struct err err;
    const char *path = in_folder(state, "ledger.sqlite"), *out = in_folder(state, "out");
    assert_int_equal(check_ready(path, NAME, out, "r1", &err), 0);
    assert_false(file_exists(path)); /* asking makes none */
    struct ledger *l = opened(state);
    publish(l, "r1", date_make(2017, 12, 31), "");
    ledger_close(&l);
    assert_int_equal(check_ready(path, NAME, out, "r2", &err), 0);
    assert_int_equal(check_ready(path, NAME, out, "r1", &err), -1);
    assert_int_equal(err.kind, ERR_CREATE);
    assert_int_equal(check_ready(path, "Elders", out, "r2", &err), -1);
    assert_int_equal(err.kind, ERR_CONFIG);
    assert_int_equal(check_ready(in_folder(state, "none/l"), NAME, out, "r1", &err), -1);
    assert_int_equal(err.kind, ERR_CREATE);
}

#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, folder_setup, folder_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FOLDER(test_new),
        IN_FOLDER(test_entry),
        IN_FOLDER(test_order_of_calls),
        IN_FOLDER(test_last),
        IN_FOLDER(test_history),
        IN_FOLDER(test_crash_after_the_renaming),
        IN_FOLDER(test_crash_before_the_renaming),
        IN_FOLDER(test_unreadable_release),
        IN_FOLDER(test_lost),
        IN_FOLDER(test_empty_file),
        IN_FOLDER(test_no_ledger),
        IN_FOLDER(test_versions_and_governments),
        IN_FOLDER(test_damage),
        IN_FOLDER(test_one_at_a_time),
        IN_FOLDER(test_folders),
        IN_FOLDER(test_check_ready),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

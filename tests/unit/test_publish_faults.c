/* SPDX-License-Identifier: EUPL-1.2 */
/* Tests of run/publish.h: publication while flushing or renaming fails, and signals to stop. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "publish_world.h"

#include <signal.h>

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_PLACE(test_signals), /* first: those after it run with the signals held back */
        IN_PLACE(test_flush_fails),
        IN_PLACE(test_rename_fails),
        IN_PLACE(test_cannot_be_taken_back),
    };
    return cmocka_run_group_tests(tests, begin, NULL);
}

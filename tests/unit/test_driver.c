/* SPDX-License-Identifier: EUPL-1.2 */
/* Tests of run/driver.h: which stages run, with what, and how a run ends. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "driver_world.h"

#include <sys/stat.h>

static void test_order(void **state)
{
    check(state, "", 0, "");
    check_notes(state, STAGE_COUNT, " --key-fd 3 -- x.ini");
    assert_int_equal(entries(state, "releases", ".work-"), 0);
    /* one line: where to look */
    assert_non_null(strstr(messages, in_folder(state, "releases")));
    assert_ptr_equal(strchr(messages, '\n') + 1, messages + strlen(messages));
}

static void test_arguments(void **state)
{
    char expected[PATH_MAX + 200];
    check(state, "qjots", 0, "");
    (void)snprintf(expected, sizeof expected,
                   " --key-fd 3 --output %s --threads 2 --set run.languages=nl"
                   " --set disclosure.threshold=6 --quiet --log-json -- x.ini",
                   in_folder(state, "elsewhere"));
    check_notes(state, STAGE_COUNT, expected);
    assert_int_equal(entries(state, "elsewhere", ".work-"), 0);
    assert_false(file_exists(in_folder(state, "releases")));
}

/* Stages that see rows are told how much memory they may use, and no other ones. */
static void test_memory(void **state)
{
    static const char *const told[] = {"pseudonymise", "link", "derive", "aggregate"};
    char notes[16384], *rest = notes;
    size_t seen = 0;
    check(state, "m", 0, "");
    read_file(state, "notes", notes, sizeof notes);
    for (const char *line; (line = strsep(&rest, "\n")) && *line; seen++) {
        bool with = strstr(line, " --memory 300M ") != NULL;
        assert_int_equal(with, seen < sizeof told / sizeof *told);
        if (with)
            assert_memory_equal(line, told[seen], strlen(told[seen]));
    }
    assert_int_equal(seen, STAGE_COUNT);
}

/* check publishes nothing, makes no folder of releases, and leaves no work folder. */
static void test_check(void **state)
{
    char out[512];
    check(state, "c", 0, "");
    check_notes(state, 3, " -- x.ini");
    read_file(state, "out", out, sizeof out);
    assert_string_equal(out, "stage,dataset,check,count\npseudonymise,d,c,5\nlink,d,c,5\n"
                             "derive,d,c,5\n");
    assert_false(file_exists(in_folder(state, "releases")));
    assert_int_equal(entries(state, "tmp", ""), 0);
}

/* export runs what comes before the counts' protection, and convert; beside the file that it makes
 * nothing is left, whatever happens. */
static void test_export(void **state)
{
    char notes[16384], made[16];
    set_act(state, "convert", "make");
    check(state, "e", 0, "");
    read_file(state, "notes", notes, sizeof notes);
    const char *last = strstr(notes, "\nconvert ");
    assert_non_null(last);
    assert_non_null(strstr(last, " --format tauargus --for office.pub -- x.ini\n"));
    assert_true(strstr(notes, "\naggregate ") < last);
    assert_ptr_equal(strstr(notes, "--format"), strstr(last, "--format"));
    assert_null(strstr(notes, "suppress"));
    read_file(state, "out.zone", made, sizeof made);
    assert_string_equal(made, "sealed");
    assert_false(file_exists(in_folder(state, "releases")));
    check(state, "e", 73, "out.zone: exists already");
    check_notes(state, 0, "");
    assert_int_equal(unlink(in_folder(state, "out.zone")), 0);
    set_act(state, "convert", "exit 65");
    check(state, "e", 65, "convert");
    assert_false(file_exists(in_folder(state, "out.zone")));
    assert_int_equal(entries(state, "", ".herkomst-"), 0);
}

static void test_failing_stage(void **state)
{
    static const struct {
        const char *act;
        int code;
    } cases[] = {{"exit 1", 1},   {"exit 65", 65},  {"exit 77", 77},
                 {"exit 78", 78}, {"exit 70", 70},  {"exit 127", 70},
                 {"exit 2", 70},  {"exit 255", 70}, {"kill", 71}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        set_act(state, "derive", cases[i].act);
        check(state, "", cases[i].code, "derive");
        check_notes(state, 3, "");
        assert_int_equal(entries(state, "releases", ".work-"), 0);
    }
    set_act(state, "derive", NULL);
    assert_int_equal(unlink(in_folder(state, "herkomst-link")), 0);
    check(state, "", 71, "cannot start a stage");
    check_notes(state, 1, "");
    assert_int_equal(entries(state, "releases", ".work-"), 0);
}

/* Until the stage's line is there: a moment before, there is a file without one. */
static void wait_for_stage(void **state)
{
    const struct timespec moment = {0, 5000000};
    struct stat notes;
    for (int i = 0; i < 2000; i++) {
        if (stat(in_folder(state, "notes"), &notes) == 0 && notes.st_size > 0)
            return;
        (void)nanosleep(&moment, NULL);
    }
    fail_msg("no stage began");
}

static void test_signals(void **state)
{
    static const int numbers[] = {SIGTERM, SIGINT, SIGHUP};
    set_act(state, "pseudonymise", "sleep");
    for (size_t i = 0; i < 3; i++) {
        (void)signal(numbers[i], SIG_DFL); /* whoever runs the tests may ignore it (nohup) */
        pid_t child = start(state, "");
        wait_for_stage(state);
        assert_int_equal(kill(child, numbers[i]), 0);
        assert_int_equal(finish(state, child), 71);
        assert_non_null(strstr(messages, "stopped by a signal"));
        check_notes(state, 1, "");
        assert_int_equal(entries(state, "releases", ".work-"), 0);
    }
}

/* What was ignored when the run began stays so (nohup). */
static void test_ignored_signal(void **state)
{
    struct sigaction ignore = {.sa_handler = SIG_IGN}, before;
    set_act(state, "pseudonymise", "sleep");
    assert_int_equal(sigaction(SIGHUP, &ignore, &before), 0);
    pid_t child = start(state, "");
    assert_int_equal(sigaction(SIGHUP, &before, NULL), 0);
    wait_for_stage(state);
    const struct timespec moment = {0, 50000000};
    assert_int_equal(kill(child, SIGHUP), 0);
    (void)nanosleep(&moment, NULL);
    assert_int_equal(waitpid(child, NULL, WNOHANG), 0); /* goes on */
    assert_int_equal(kill(child, SIGTERM), 0);
    assert_int_equal(finish(state, child), 71);
}

static void test_one_run(void **state)
{
    check(state, "", 0, "");
    int lock = open(in_folder(state, "releases/.herkomst.lock"), O_RDWR | O_CLOEXEC);
    assert_true(lock >= 0);
    assert_int_equal(flock(lock, LOCK_EX | LOCK_NB), 0); /* nobody holds it any more */
    check(state, "", 75, "another run holds the lock");
    check_notes(state, 0, "");
    check(state, "c", 0, ""); /* needs no lock */
    (void)close(lock);
}

/* What would be refused at the end is refused before any stage has run. */
static void test_refused_at_once(void **state)
{
    assert_int_equal(mkdir(in_folder(state, "releases"), 0755), 0);
    assert_int_equal(mkdir(in_folder(state, "releases/2017-12-31"), 0755), 0);
    check(state, "", 73, "exists already");
    put_file(in_folder(state, "releases/2017-12-31/manifest.json"), "{}", 2, 0600);
    assert_int_equal(
        rename(in_folder(state, "releases/2017-12-31"), in_folder(state, "releases/2016-12-31")),
        0);
    check(state, "", 65, "ledger is missing");
    put_file(in_folder(state, "releases/ledger.sqlite"), "this is no ledger", 17, 0600);
    check(state, "", 65, "no ledger");
    check_notes(state, 0, "");
    assert_int_equal(entries(state, "releases", ".work-"), 0);
}

static void test_leftovers(void **state)
{
    assert_int_equal(mkdir(in_folder(state, "releases"), 0755), 0);
    assert_int_equal(mkdir(in_folder(state, "releases/.work-2016-AbCdEf"), 0700), 0);
    put_file(in_folder(state, "releases/.work-2016-AbCdEf/linked.zone"), "x", 1, 0600);
    assert_int_equal(mkdir(in_folder(state, "releases/.new-2016"), 0700), 0);
    assert_int_equal(mkdir(in_folder(state, "releases/other"), 0700), 0);
    check(state, "", 0, "");
    assert_int_equal(entries(state, "releases", ".work-"), 0);
    assert_int_equal(entries(state, "releases", ".new-"), 0);
    assert_int_equal(entries(state, "releases", "other"), 1);
}

static void test_changed_configuration(void **state)
{
    set_act(state, "aggregate", "edit");
    check(state, "", 78, "configuration was changed during the run");
    check_notes(state, 4, "");
    assert_int_equal(entries(state, "releases", ".work-"), 0);
}

int main(int argc, char **argv)
{
    be_another(argc, argv);
    const struct CMUnitTest tests[] = {
        IN_FOLDER(test_order),     IN_FOLDER(test_arguments),
        IN_FOLDER(test_memory),    IN_FOLDER(test_check),
        IN_FOLDER(test_export),    IN_FOLDER(test_failing_stage),
        IN_FOLDER(test_signals),   IN_FOLDER(test_ignored_signal),
        IN_FOLDER(test_one_run),   IN_FOLDER(test_refused_at_once),
        IN_FOLDER(test_leftovers), IN_FOLDER(test_changed_configuration),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

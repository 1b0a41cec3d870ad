/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Tests of run/driver.h. The driver starts the programs beside its own: so this program copies
 * itself into the test's folder, once as the driver and once as each stage. A stage notes what it
 * was given in FOLDER/notes, and does what FOLDER/act-STAGE says ("exit N", "sleep", "edit",
 * "make": its output file).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/report.h"
#include "release_fixture.h"
#include "run/driver.h"
#include "run/stage.h"
#include "secure/files.h"
#include "secure/secret.h"

#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/wait.h>
#include <time.h>

static const char INI[] = "[run]\nname = Dienst van de Proef\nreference_date = 2017-12-31\n"
                          "authorisation = besluit 2004-12-24\noutput = releases\n\n"
                          "[keys]\npseudonym = pseudonym.key\nsigning = signing.key\n\n"
                          "[dataset personnel]\npath = data/personnel.csv\n\n"
                          "[dataset entities]\npath = data/entities.csv\n\n"
                          "[variable sex]\nsql = sex\ncategories = f, m, x\n\n"
                          "[table all]\npopulation = employment = 'staff'\nvariables = sex\n";

/* ---- A stage */

static void note(const char *folder, const char *line)
{
    char path[PATH_MAX + 16];
    (void)snprintf(path, sizeof path, "%s/notes", folder);
    int fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (fd < 0 || write(fd, line, strlen(line)) != (ssize_t)strlen(line))
        _exit(98);
    (void)close(fd);
}

/* "name fds=0123 key=32 args: ..." */
static void note_start(const char *folder, const char *name, int argc, char **argv)
{
    char line[2048];
    struct recipient r;
    int used = snprintf(line, sizeof line, "%s fds=", name);
    for (int fd = 0; fd < 200; fd++)
        if (fcntl(fd, F_GETFD) >= 0)
            used += snprintf(line + used, sizeof line - (size_t)used, "%d", fd);
    int key = secret_setup(NULL) == 0 ? recipient_receive(&r, 3, NULL) : -1;
    used += snprintf(line + used, sizeof line - (size_t)used, " key=%s", key == 0 ? "yes" : "no");
    for (int i = 1; i < argc; i++)
        used += snprintf(line + used, sizeof line - (size_t)used, " %s", argv[i]);
    (void)snprintf(line + used, sizeof line - (size_t)used, "\n");
    note(folder, line);
    recipient_release(&r);
}

static int act(const char *folder, const char *name, int argc, char **argv)
{
    char path[PATH_MAX + 64], words[64] = "";
    const struct timespec long_time = {20, 0};
    note_start(folder, name, argc, argv);
    (void)snprintf(path, sizeof path, "%s/act-%s", folder, name);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd >= 0) {
        (void)!read(fd, words, sizeof words - 1);
        (void)close(fd);
    }
    if (strncmp(words, "exit ", 5) == 0)
        return (int)strtol(words + 5, NULL, 10);
    if (strcmp(words, "sleep") == 0)
        (void)nanosleep(&long_time, NULL);
    if (strcmp(words, "kill") == 0)
        (void)raise(SIGKILL);
    if (strcmp(words, "edit") == 0) {
        (void)snprintf(path, sizeof path, "%s/x.ini", folder);
        fd = open(path, O_WRONLY | O_APPEND | O_CLOEXEC);
        if (fd < 0 || write(fd, "; more\n", 7) != 7)
            return 98;
    }
    if (strcmp(words, "make") == 0) {
        (void)snprintf(path, sizeof path, "%s/export.zone", argv[2]); /* behind --work */
        fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
        if (fd < 0 || write(fd, "sealed", 6) != 6)
            return 98;
    }
    (void)snprintf(path, sizeof path, "%s/quality/2017-12-31/%s.csv", folder, name);
    fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd >= 0 && write(fd, "dataset,check,count\nd,c,5\n", 26) != 26)
        return 98;
    return 0;
}

/* ---- The driver: argv[1] says how. */

static int drive(int argc, char **argv)
{
    struct err err = {.kind = ERR_NONE};
    struct run_request request = {.config = "x.ini"};
    const char *how = argc > 1 ? argv[1] : "";
    const struct export_request export = {"tauargus", "office.pub", "out.zone"};
    if (strchr(how, 'e'))
        request.export = &export;
    request.check_only = strchr(how, 'c') != NULL;
    request.quiet = strchr(how, 'q') != NULL;
    request.json = strchr(how, 'j') != NULL;
    if (strchr(how, 'o'))
        request.output = "elsewhere/";
    if (strchr(how, 't'))
        request.threads = "2";
    if (strchr(how, 's')) {
        request.overrides[request.override_count++] = "run.languages=nl";
        request.overrides[request.override_count++] = "disclosure.threshold=6";
    }
    report_setup("herkomst", false, false, 0, 0);
    if (secret_setup(&err) == 0 && driver_run(&request, &err) == 0)
        return 0;
    report_error(&err);
    return (int)err.kind;
}

/* ---- The tests */

static void copy_self(void **state, const char *name)
{
    struct text self;
    struct err err;
    text_init(&self);
    int fd = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
    assert_true(fd >= 0);
    char buffer[65536];
    for (ssize_t n; (n = read(fd, buffer, sizeof buffer)) > 0;)
        text_append(&self, buffer, (size_t)n);
    (void)close(fd);
    assert_false(self.failed);
    assert_int_equal(files_write_new(in_folder(state, name), 0700, self.bytes, self.length, &err),
                     0);
    text_release(&self);
}

static int setup(void **state)
{
    if (folder_setup(state) != 0)
        return -1;
    copy_self(state, "driver");
    for (size_t i = 0; i < STAGE_COUNT; i++) {
        char name[64];
        (void)snprintf(name, sizeof name, "herkomst-%s", STAGES[i]->name);
        if (link(in_folder(state, "driver"), in_folder(state, name)) != 0)
            return -1;
    }
    if (link(in_folder(state, "driver"), in_folder(state, "herkomst-convert")) != 0)
        return -1;
    put_file(in_folder(state, "x.ini"), INI, sizeof INI - 1, 0600);
    return mkdir(in_folder(state, "quality"), 0700) == 0 &&
                   mkdir(in_folder(state, "quality/2017-12-31"), 0700) == 0 &&
                   mkdir(in_folder(state, "tmp"), 0700) == 0
               ? 0
               : -1;
}

static char messages[8192];

/* Starts the driver; its standard output and error go to FOLDER/out and FOLDER/err. */
static pid_t start(void **state, const char *how)
{
    (void)unlink(in_folder(state, "notes"));
    pid_t child = fork();
    assert_true(child >= 0);
    if (child > 0)
        return child;
    int out = open(in_folder(state, "out"), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    int err = open(in_folder(state, "err"), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    if (out < 0 || err < 0 || dup2(out, 1) != 1 || dup2(err, 2) != 2 ||
        dup2(err, 57) != 57 || /* one that our parent forgot */
        chdir(in_folder(state, "")) != 0 || setenv("TMPDIR", in_folder(state, "tmp"), 1) != 0)
        _exit(99);
    (void)execl(in_folder(state, "driver"), "driver", how, (char *)NULL);
    _exit(97);
}

static void read_file(void **state, const char *name, char *to, size_t capacity)
{
    const char *path = in_folder(state, name);
    size_t n = file_exists(path) ? get_file(path, to, capacity - 1) : 0;
    to[n] = '\0';
}

static int finish(void **state, pid_t child)
{
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    read_file(state, "err", messages, sizeof messages);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
}

static void check(void **state, const char *how, int code, const char *message)
{
    int got = finish(state, start(state, how));
    if (got != code || !strstr(messages, message))
        fail_msg("%s: exit %d, %d expected: %s", how, got, code, messages);
}

/* Names in the folder that begin like that. */
static int entries(void **state, const char *folder, const char *prefix)
{
    int count = 0;
    DIR *stream = opendir(in_folder(state, folder));
    assert_non_null(stream);
    for (const struct dirent *e; (e = readdir(stream));)
        count += strncmp(e->d_name, prefix, strlen(prefix)) == 0 && e->d_name[1] != '\0' &&
                 strcmp(e->d_name, "..") != 0;
    (void)closedir(stream);
    return count;
}

static void set_act(void **state, const char *stage, const char *words)
{
    char name[64];
    (void)snprintf(name, sizeof name, "act-%s", stage);
    if (words)
        put_file(in_folder(state, name), words, strlen(words), 0600);
    else
        assert_int_equal(unlink(in_folder(state, name)), 0);
}

/* Each line of the notes begins with the stage, its descriptors and that it got the key. */
static void check_notes(void **state, size_t stages, const char *arguments)
{
    char notes[16384], expected[64], *rest = notes;
    read_file(state, "notes", notes, sizeof notes);
    for (size_t i = 0; i < stages; i++) {
        const char *line = strsep(&rest, "\n");
        (void)snprintf(expected, sizeof expected, "%s fds=0123 key=yes --work ", STAGES[i]->name);
        if (!line || strncmp(line, expected, strlen(expected)) != 0 || !strstr(line, arguments))
            fail_msg("stage %zu: %s", i, line ? line : "not started");
    }
    assert_string_equal(rest, "");
}

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

static void wait_for_stage(void **state)
{
    const struct timespec moment = {0, 5000000};
    for (int i = 0; i < 2000 && !file_exists(in_folder(state, "notes")); i++)
        (void)nanosleep(&moment, NULL);
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

/* A release of the driver's government in its ledger. */
static void put_release(void **state, const char *id, date reference)
{
    struct release f;
    struct text rules;
    struct ledger *l = NULL;
    struct ledger_release entry;
    struct err err;
    memset(&entry, 0, sizeof entry);
    fixture_release(&f, id);
    f.rules.reference_date = entry.reference_date = reference;
    (void)snprintf(entry.id, sizeof entry.id, "%s", id);
    text_init(&rules);
    assert_int_equal(rules_write_json(&f.rules, &rules, &err), 0);
    const struct ledger_cells content = {&rules, NULL, &f.cells, f.counts, f.status, NULL};
    (void)mkdir(in_folder(state, "releases"), 0755);
    assert_int_equal(ledger_open(&l, in_folder(state, "releases/ledger.sqlite"),
                                 "Dienst van de Proef", in_folder(state, "releases"), &err),
                     0);
    assert_int_equal(ledger_prepare(l, &entry, &content, &err), 0);
    assert_int_equal(ledger_confirm(l, id, &err), 0);
    ledger_close(&l);
    text_release(&rules);
    release_free(&f);
}

/* The stage that looks at other dates gets those of the ledger, and no other stage does. */
static void test_since(void **state)
{
    char notes[16384];
    put_release(state, "2016-12-31", date_make(2016, 12, 31));
    put_release(state, "2017-06-30", date_make(2017, 6, 30));
    put_release(state, "2017-06-30.r2", date_make(2017, 6, 30));
    check(state, "", 0, "");
    check_notes(state, STAGE_COUNT, " -- x.ini");
    read_file(state, "notes", notes, sizeof notes);
    const char *given = strstr(notes, " --since 2016-12-31,2017-06-30 -- x.ini\n");
    assert_non_null(given);
    assert_null(strstr(given + 2, "--since"));
    assert_ptr_equal(strstr(notes, "--since"), given + 1);
    assert_true(strstr(notes, "\nlink ") < given && given < strstr(notes, "\nderive "));
    check(state, "c", 0, ""); /* a check publishes nothing and asks no ledger */
    read_file(state, "notes", notes, sizeof notes);
    assert_null(strstr(notes, "--since"));
}

/* Reference dates never go back. */
static void test_out_of_order(void **state)
{
    put_release(state, "2018-06-30", date_make(2018, 6, 30));
    check(state, "", 78, "before that of release 2018-06-30");
    check_notes(state, 0, "");
}

static void test_changed_configuration(void **state)
{
    set_act(state, "aggregate", "edit");
    check(state, "", 78, "configuration was changed during the run");
    check_notes(state, 4, "");
    assert_int_equal(entries(state, "releases", ".work-"), 0);
}

#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, setup, folder_teardown)

int main(int argc, char **argv)
{
    const char *slash = strrchr(argv[0], '/'), *name = slash ? slash + 1 : argv[0];
    if (strcmp(name, "driver") == 0)
        return drive(argc, argv);
    if (strncmp(name, "herkomst-", 9) == 0) {
        char folder[PATH_MAX];
        (void)snprintf(folder, sizeof folder, "%.*s", (int)(slash - argv[0]), argv[0]);
        _exit(act(folder, name + 9, argc, argv));
    }
    const struct CMUnitTest tests[] = {
        IN_FOLDER(test_order),
        IN_FOLDER(test_arguments),
        IN_FOLDER(test_check),
        IN_FOLDER(test_export),
        IN_FOLDER(test_failing_stage),
        IN_FOLDER(test_signals),
        IN_FOLDER(test_ignored_signal),
        IN_FOLDER(test_one_run),
        IN_FOLDER(test_refused_at_once),
        IN_FOLDER(test_leftovers),
        IN_FOLDER(test_changed_configuration),
        IN_FOLDER(test_since),
        IN_FOLDER(test_out_of_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

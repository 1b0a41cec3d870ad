/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * driver_world: a place to test run/driver.h in. The driver starts the programs beside its own: so
 * the test's program copies itself into the test's folder, once as the driver and once as each
 * stage. A stage notes what it was given in FOLDER/notes, and does what FOLDER/act-STAGE says
 * ("exit N", "sleep", "edit", "make": its output file). Include it after cmocka.h, in one file of a
 * program, whose main calls be_another first.
 */
#ifndef HERKOMST_TESTS_DRIVER_WORLD_H
#define HERKOMST_TESTS_DRIVER_WORLD_H

#include "base/report.h"
#include "release_fixture.h"
#include "run/driver.h"
#include "run/stage.h"
#include "run_ini.h"
#include "secure/files.h"
#include "secure/secret.h"

#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/wait.h>
#include <time.h>

/* ---- A stage */

static inline void note(const char *folder, const char *line)
{
    char path[PATH_MAX + 16];
    (void)snprintf(path, sizeof path, "%s/notes", folder);
    int fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (fd < 0 || write(fd, line, strlen(line)) != (ssize_t)strlen(line))
        _exit(98);
    (void)close(fd);
}

/* "name fds=0123 key=32 args: ..." */
static inline void note_start(const char *folder, const char *name, int argc, char **argv)
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

static inline int act(const char *folder, const char *name, int argc, char **argv)
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

static inline int drive(int argc, char **argv)
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
    if (strchr(how, 'm'))
        request.memory = "300M";
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

static inline void copy_self(void **state, const char *name)
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

static inline int setup(void **state)
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
static inline pid_t start(void **state, const char *how)
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

static inline void read_file(void **state, const char *name, char *to, size_t capacity)
{
    const char *path = in_folder(state, name);
    size_t n = file_exists(path) ? get_file(path, to, capacity - 1) : 0;
    to[n] = '\0';
}

static inline int finish(void **state, pid_t child)
{
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    read_file(state, "err", messages, sizeof messages);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
}

static inline void check(void **state, const char *how, int code, const char *message)
{
    int got = finish(state, start(state, how));
    if (got != code || !strstr(messages, message))
        fail_msg("%s: exit %d, %d expected: %s", how, got, code, messages);
}

/* Names in the folder that begin like that. */
static inline int entries(void **state, const char *folder, const char *prefix)
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

static inline void set_act(void **state, const char *stage, const char *words)
{
    char name[64];
    (void)snprintf(name, sizeof name, "act-%s", stage);
    if (words)
        put_file(in_folder(state, name), words, strlen(words), 0600);
    else
        assert_int_equal(unlink(in_folder(state, name)), 0);
}

/* Each line of the notes begins with the stage, its descriptors and that it got the key. */
static inline void check_notes(void **state, size_t stages, const char *arguments)
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

/* Does not return where the program was started as the driver or as a stage. */
static inline void be_another(int argc, char **argv)
{
    const char *slash = strrchr(argv[0], '/'), *name = slash ? slash + 1 : argv[0];
    if (strcmp(name, "driver") == 0)
        exit(drive(argc, argv));
    if (strncmp(name, "herkomst-", 9) == 0) {
        char folder[PATH_MAX];
        (void)snprintf(folder, sizeof folder, "%.*s", (int)(slash - argv[0]), argv[0]);
        _exit(act(folder, name + 9, argc, argv));
    }
}

#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, setup, folder_teardown)

#endif

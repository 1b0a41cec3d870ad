/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/run/driver.h. */
#include "run/driver.h"

#include "base/report.h"
#include "io/config.h"
#include "link/fields.h"
#include "run/ledger.h"
#include "run/output.h"
#include "run/profile.h"
#include "run/publish.h"
#include "run/stage.h"
#include "secure/files.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

/* What the names of a run's work folders begin with. */
#define WORK ".work-"

enum { ARGUMENTS = 2 * PROGRAM_VALUES + 30, KEY_FD = 3, PROFILE_FD = 4 };
enum { CHECK_STAGES = 3, EXPORT_STAGES = 4 }; /* so many of the first; export adds its own */

/* A stage's process. It is started while the stage before it still works: it loads itself, and
 * looks at nothing until it gets the key. */
struct started {
    const struct stage_spec *spec; /* NULL: none */
    pid_t pid;
    int key_fd;  /* the pipe's end that we write to */
    int rows[2]; /* what the stage says of its rows; -1: nobody asks */
};
static const struct started NO_STAGE = {.key_fd = -1, .rows = {-1, -1}};

struct run {
    const struct run_request *request;
    struct config config;
    struct recipient recipient;
    struct text programs; /* folder */
    struct text work;
    struct text since; /* the other reference dates in the ledger, "2016-12-31,2017-06-30" */
    struct profile profile;
    bool work_made;
    int lock;
    struct started next;
    const struct stage_spec *done; /* whose input is to be removed; NULL: none */
};

/* SIGINT, SIGTERM and SIGHUP: the stage is asked to stop, and the run ends through its normal
 * clean-up. A stage that is just publishing finishes first (run/publish.h), and the run is done. */
static volatile sig_atomic_t stage_pid, stopped_by;

static void on_signal(int number)
{
    int saved = errno;
    stopped_by = number;
    if (stage_pid > 0)
        (void)kill((pid_t)stage_pid, SIGTERM);
    errno = saved;
}

static int catch_signals(struct err *err)
{
    struct sigaction action = {.sa_handler = on_signal}, before;
    static const int caught[] = {SIGINT, SIGTERM, SIGHUP};
    for (size_t i = 0; i < sizeof caught / sizeof caught[0]; i++) {
        if (sigaction(caught[i], NULL, &before) != 0)
            return err_errno(err, ERR_SYSTEM, "sigaction");
        /* nohup, or a background job: it stays ignored */
        if (before.sa_handler != SIG_IGN && sigaction(caught[i], &action, NULL) != 0)
            return err_errno(err, ERR_SYSTEM, "sigaction");
    }
    /* A stage that died early must not kill us as we hand it the key. */
    action.sa_handler = SIG_IGN;
    return sigaction(SIGPIPE, &action, NULL) == 0 ? 0 : err_errno(err, ERR_SYSTEM, "sigaction");
}

int driver_program_folder(struct text *folder, struct err *err)
{
    char path[PATH_MAX];
    ssize_t length = readlink("/proc/self/exe", path, sizeof path - 1);
    if (length <= 0)
        return err_errno(err, ERR_SYSTEM, "/proc/self/exe");
    path[length] = '\0';
    char *slash = strrchr(path, '/');
    text_append(folder, path, (size_t)(slash - path));
    return folder->failed ? err_memory(err) : 0;
}

static int make_work_folder(struct run *r, struct err *err)
{
    const struct export_request *export = r->request->export;
    if (export) {
        const char *slash = strrchr(export->file, '/');
        int folder = slash ? (int)(slash - export->file) + 1 : 0;
        text_format(&r->work, "%.*s.herkomst-XXXXXX", folder, export->file);
    } else if (r->request->check_only) {
        const char *temporary = getenv("TMPDIR");
        text_format(&r->work, "%s/herkomst-XXXXXX", temporary && *temporary ? temporary : "/tmp");
    } else {
        text_format(&r->work, "%s/" WORK "%s-XXXXXX", r->config.output, r->config.release);
    }
    if (r->work.failed)
        return err_memory(err);
    if (!mkdtemp(r->work.bytes))
        return err_errno(err, ERR_CREATE, "work folder");
    r->work_made = true;
    return 0;
}

/* Could this release be entered? And of which other dates is something published? */
static int ask_ledger(struct run *r, struct err *err)
{
    const struct config *c = &r->config;
    struct ledger_dates others;
    char day[DATE_TEXT];
    if (ledger_check_ready(c->ledger, c->name, c->output, c->release, c->reference_date, &others,
                           err) != 0)
        return -1;
    for (size_t i = 0; i < others.count; i++)
        text_format(&r->since, "%s%s", i ? "," : "", date_iso(others.dates[i], day));
    return r->since.failed ? err_memory(err) : 0;
}

/* The folder of releases, for this run alone; what would be refused at the end is refused now. */
static int open_output(struct run *r, struct err *err)
{
    const struct config *c = &r->config;
    struct text lock;
    text_init(&lock);
    text_format(&lock, "%s/.herkomst.lock", c->output);
    int rc = lock.failed ? err_memory(err) : 0;
    if (rc == 0 && (output_ensure_folder(c->output, 0755, err) != 0 ||
                    files_lock(lock.bytes, &r->lock, err) != 0 || output_check_free(c, err) != 0 ||
                    ask_ledger(r, err) != 0 || output_remove_leftovers(c, WORK, err) != 0 ||
                    publish_remove_leftovers(c, err) != 0))
        rc = -1;
    text_release(&lock);
    return rc;
}

static int open_run(struct run *r, struct err *err)
{
    const struct run_request *q = r->request;
    struct field_set fields;
    if (config_load(&r->config, q->config, q->overrides, q->override_count, err) != 0)
        return -1;
    /* Every expression is tried before anything is read. */
    if (fields_used(&fields, &r->config, err) != 0)
        return -1;
    if (q->output && output_relocate(&r->config, q->output, err) != 0)
        return -1;
    if (driver_program_folder(&r->programs, err) != 0 || catch_signals(err) != 0)
        return -1;
    if (q->export && access(q->export->file, F_OK) == 0)
        return err_set(err, ERR_CREATE, "exists already"), err_at(err, q->export->file, 0);
    if (!q->export && !q->check_only && open_output(r, err) != 0)
        return -1;
    return make_work_folder(r, err) != 0 ? -1 : recipient_generate(&r->recipient, err);
}

/* Each stage reads the configuration by itself: it must still be the one that the run began with,
 * or the manifest would speak of another one. */
static int check_unchanged(const struct run *r, struct err *err)
{
    const struct run_request *q = r->request;
    struct config now;
    int rc = config_load(&now, q->config, q->overrides, q->override_count, err);
    if (rc == 0 && strcmp(now.digest, r->config.digest) != 0)
        rc = err_set(err, ERR_CONFIG, "the configuration was changed during the run");
    config_release(&now);
    return rc;
}

/* The stage's command line; `program` must outlive it. */
static void stage_arguments(const struct run *r, const struct stage_spec *spec, const char *program,
                            char **arguments)
{
    const struct run_request *q = r->request;
    size_t n = 0;
    arguments[n++] = (char *)(uintptr_t)program;
    arguments[n++] = "--work";
    arguments[n++] = r->work.bytes;
    arguments[n++] = "--key-fd";
    arguments[n++] = "3";
    if (spec->takes_since && r->since.length > 0) {
        arguments[n++] = "--since";
        arguments[n++] = r->since.bytes;
    }
    if (spec->takes_format) {
        arguments[n++] = "--format";
        arguments[n++] = (char *)(uintptr_t)q->export->format;
        arguments[n++] = "--for";
        arguments[n++] = (char *)(uintptr_t)q->export->recipient;
    }
    if (q->output) {
        arguments[n++] = "--output";
        arguments[n++] = r->config.output; /* absolute by now */
    }
    if (q->threads) {
        arguments[n++] = "--threads";
        arguments[n++] = (char *)(uintptr_t)q->threads;
    }
    if (q->memory && spec->takes_memory) {
        arguments[n++] = "--memory";
        arguments[n++] = (char *)(uintptr_t)q->memory;
    }
    for (size_t i = 0; i < q->override_count; i++) {
        arguments[n++] = "--set";
        arguments[n++] = q->overrides[i];
    }
    if (q->profile) {
        arguments[n++] = "--profile-fd";
        arguments[n++] = "4";
    }
    if (q->quiet)
        arguments[n++] = "--quiet";
    if (q->json)
        arguments[n++] = "--log-json";
    arguments[n++] = "--";
    arguments[n++] = (char *)(uintptr_t)q->config;
    arguments[n] = NULL;
}

/* Starts the program with the read end of a pipe as descriptor 3; *key_fd is the write end. rows_fd
 * becomes descriptor 4, unless it is -1. */
static int spawn(char **arguments, int rows_fd, pid_t *pid, int *key_fd, struct err *err)
{
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0)
        return err_errno(err, ERR_SYSTEM, "pipe");
    posix_spawn_file_actions_t actions;
    int code = posix_spawn_file_actions_init(&actions);
    if (code == 0) {
        /* dup2 onto itself would keep the close-on-exec flag: posix_spawn clears it then. */
        code = posix_spawn_file_actions_adddup2(&actions, ends[0], KEY_FD);
        if (code == 0 && rows_fd >= 0)
            code = posix_spawn_file_actions_adddup2(&actions, rows_fd, PROFILE_FD);
        /* What our own parent left open is none of a stage's business. */
        if (code == 0)
            code = posix_spawn_file_actions_addclosefrom_np(
                &actions, (rows_fd >= 0 ? PROFILE_FD : KEY_FD) + 1);
        if (code == 0)
            code = posix_spawn(pid, arguments[0], &actions, NULL, arguments, environ);
        (void)posix_spawn_file_actions_destroy(&actions);
    }
    (void)close(ends[0]);
    if (code != 0) {
        (void)close(ends[1]);
        errno = code;
        return err_errno(err, ERR_SYSTEM, "cannot start a stage");
    }
    *key_fd = ends[1];
    return 0;
}

/* The exit codes that a stage can mean; any other one (a library is missing, say) is a bug. */
static enum err_kind kind_of(int code)
{
    static const enum err_kind known[] = {ERR_REFUSED, ERR_USAGE,  ERR_DATA, ERR_NOINPUT,
                                          ERR_SYSTEM,  ERR_CREATE, ERR_IO,   ERR_BUSY,
                                          ERR_KEY,     ERR_CONFIG};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (code == (int)known[i])
            return known[i];
    return ERR_INTERNAL;
}

/* Waits; the stage has printed its own error, so ours is only the code. */
static int await(pid_t pid, const char *name, struct rusage *used, struct err *err)
{
    int status = 0;
    siginfo_t ended;
    /* Not reaped yet, its number cannot be another process's when the handler uses it. */
    while (waitid(P_PID, (id_t)pid, &ended, WEXITED | WNOWAIT) != 0)
        if (errno != EINTR)
            return err_errno(err, ERR_SYSTEM, "waitid");
    stage_pid = 0;
    while (wait4(pid, &status, 0, used) < 0)
        if (errno != EINTR)
            return err_errno(err, ERR_SYSTEM, "wait4");
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
        return 0;
    if (stopped_by)
        return err_set(err, ERR_SYSTEM, "stopped by a signal");
    if (WIFSIGNALED(status))
        return err_set(err, ERR_SYSTEM, "stage %s was killed by signal %d", name, WTERMSIG(status));
    return err_set(err, kind_of(WEXITSTATUS(status)), "stage %s failed, nothing was published",
                   name);
}

static uint64_t input_bytes(const struct run *r, const struct stage_spec *spec)
{
    return profile_artefact_bytes(r->work.bytes, spec->input) +
           (spec->rights & RIGHT_DATASETS ? profile_dataset_bytes(&r->config) : 0);
}

/* Its process has ended, or there is none. */
static void forget(struct started *s)
{
    for (int i = 0; i < 2; i++)
        if (s->rows[i] >= 0)
            (void)close(s->rows[i]);
    *s = NO_STAGE;
}

/* It waits for the key from then on. */
static int start(const struct run *r, const struct stage_spec *spec, struct started *s,
                 struct err *err)
{
    char *arguments[ARGUMENTS];
    struct text program;
    *s = NO_STAGE;
    text_init(&program);
    text_format(&program, "%s/herkomst-%s", r->programs.bytes, spec->name);
    int rc = program.failed ? err_memory(err) : 0;
    if (rc == 0 && r->request->profile && pipe2(s->rows, O_CLOEXEC | O_NONBLOCK) != 0)
        rc = err_errno(err, ERR_SYSTEM, "pipe");
    if (rc == 0) {
        stage_arguments(r, spec, program.bytes, arguments);
        rc = spawn(arguments, s->rows[1], &s->pid, &s->key_fd, err);
    }
    text_release(&program);
    if (rc == 0)
        s->spec = spec;
    else
        forget(s);
    return rc;
}

/* One that never got the key: it has nothing to say about that. */
static void abandon(struct started *s)
{
    if (s->spec) {
        (void)kill(s->pid, SIGKILL);
        while (waitpid(s->pid, NULL, 0) < 0 && errno == EINTR)
            ;
        (void)close(s->key_fd);
    }
    forget(s);
}

/* The stage does its work; meanwhile what the one before it has read is removed, and the one after
 * it is started. */
static int work(struct run *r, const struct started *now, const struct stage_spec *spec,
                const struct stage_spec *after, struct err *err)
{
    struct rusage used = {0};
    stage_pid = now->pid;
    if (stopped_by) /* before the handler knew the stage */
        (void)kill(now->pid, SIGTERM);
    if (r->request->profile)
        profile_begin(&r->profile, spec->name, input_bytes(r, spec));
    /* If the stage died before it took the key, its exit code says why. */
    (void)recipient_send(&r->recipient, now->key_fd, NULL);
    if (r->done)
        stage_input_done(r->done, r->work.bytes);
    if (after) /* if it cannot be, that is said when it is its turn */
        (void)start(r, after, &r->next, NULL);
    int rc = await(now->pid, spec->name, &used, err);
    r->done = rc == 0 ? spec : NULL;
    if (r->request->profile)
        profile_end(&r->profile, &used, profile_artefact_bytes(r->work.bytes, spec->output),
                    now->rows[0]);
    return rc;
}

static int run_stage(struct run *r, const struct stage_spec *spec, const struct stage_spec *after,
                     struct err *err)
{
    if (stopped_by)
        return err_set(err, ERR_SYSTEM, "stopped by a signal");
    if (!r->next.spec && start(r, spec, &r->next, err) != 0)
        return -1;
    struct started now = r->next;
    r->next = NO_STAGE;
    int rc = work(r, &now, spec, after, err);
    forget(&now);
    return rc;
}

/* The i-th stage of what is asked for; NULL past the last. */
static const struct stage_spec *stage_at(const struct run_request *q, size_t i)
{
    if (q->export)
        return i < EXPORT_STAGES ? STAGES[i] : i == EXPORT_STAGES ? &STAGE_CONVERT : NULL;
    return i < (q->check_only ? CHECK_STAGES : STAGE_COUNT) ? STAGES[i] : NULL;
}

/* The finished export leaves the work folder, which is beside its place. */
static int deliver(const struct run *r, struct err *err)
{
    struct text made;
    text_init(&made);
    text_format(&made, "%s/%s.zone", r->work.bytes, STAGE_CONVERT.output->schema);
    int rc =
        made.failed ? err_memory(err) : output_move_new(made.bytes, r->request->export->file, err);
    text_release(&made);
    return rc;
}

/* What is left to do when all stages are done. */
static int conclude(const struct run *r, struct err *err)
{
    const struct config *c = &r->config;
    if (r->request->check_only)
        return output_print_quality(c, CHECK_STAGES, err);
    if (r->request->export)
        return deliver(r, err);
    report_note("release %s is in %s, what was rejected and counted in %s", c->release, c->output,
                c->quality);
    return r->request->profile ? profile_print(&r->profile, err) : 0;
}

int driver_run(const struct run_request *request, struct err *err)
{
    struct run r = {.request = request, .lock = -1, .next = NO_STAGE};
    int rc = open_run(&r, err);
    const struct stage_spec *spec;
    for (size_t s = 0; rc == 0 && (spec = stage_at(request, s)) != NULL; s++)
        rc = s > 0 && check_unchanged(&r, err) != 0
                 ? -1
                 : run_stage(&r, spec, stage_at(request, s + 1), err);
    abandon(&r.next);
    if (r.done)
        stage_input_done(r.done, r.work.bytes);
    if (stopped_by && rc != 0 && r.lock >= 0) /* of a publication that was stopped */
        (void)publish_remove_leftovers(&r.config, NULL);
    if (rc == 0)
        rc = conclude(&r, err);
    recipient_release(&r.recipient);
    if (r.work_made && files_remove_tree(r.work.bytes, NULL) != 0)
        report_warning(
            "the work folder could not be removed; it is unreadable without this run's key");
    files_unlock(&r.lock);
    text_release(&r.work);
    text_release(&r.since);
    text_release(&r.programs);
    config_release(&r.config);
    return rc;
}

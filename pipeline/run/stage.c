/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/run/stage.h: what every stage program does around its run function. */
#include "run/stage.h"

#include "base/report.h"
#include "io/csv_writer.h"
#include "io/quality.h"
#include "run/confine.h"
#include "run/output.h"
#include "run/profile.h"
#include "secure/files.h"
#include "secure/keyfile.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

enum { THREADS_MAX = 64 };

static const struct option_spec OPTIONS[] = {
    {"work", "DIR", "folder of the intermediate files (required)", false},
    {"key-file", "FILE", "recipient's key pair for the intermediate files", false},
    {"key-fd", "N", "the same, from an open file descriptor (used by herkomst run)", false},
    {"recipient", "FILE", "recipient's public key: write only (pseudonymise at a data holder)",
     false},
    {"output", "DIR", "folder of the releases (default: the configuration's)", false},
    {"threads", "N", "worker threads (default: the processors there are)", false},
    {"set", "SECTION.KEY=VALUE", "overrides a value of the configuration; may be repeated", true},
    {"profile-fd", "N", "where to say how many rows there were (used by herkomst run)", false},
    {"describe", NULL, "print the stage's declaration as JSON and stop", false},
    {"quiet", NULL, "no notes, no progress", false},
    {"log-json", NULL, "messages as JSON, one object a line", false},
    {NULL, NULL, NULL, false},
};

/* A stage's own option comes first. */
static void list_options(const struct stage_spec *spec, struct option_spec out[PROGRAM_OPTIONS])
{
    size_t count = 0;
    if (spec->takes_memory)
        out[count++] = (struct option_spec)MEMORY_OPTION;
    if (spec->takes_since)
        out[count++] = (struct option_spec){
            "since", "DATE[,DATE]...",
            "the other reference dates in the ledger (herkomst run gives them; default: none)",
            false};
    if (spec->takes_format) {
        out[count++] =
            (struct option_spec){"format", "TOOL", "tauargus or sdctable (required)", false};
        out[count++] = (struct option_spec){
            "for", "FILE", "public key of who may open the output (default: the key pair's)",
            false};
    }
    memcpy(out + count, OPTIONS, sizeof OPTIONS);
}

/* Its place among those that make a release, from 1; 0: it is none of them. */
static int stage_number(const struct stage_spec *spec)
{
    size_t i = 0;
    while (i < STAGE_COUNT && STAGES[i] != spec)
        i++;
    return i < STAGE_COUNT ? (int)i + 1 : 0;
}

static void describe_artefact(struct text *t, const char *role, const struct artefact *a)
{
    if (a)
        text_format(t, " \"%s\": {\"file\": \"%s.zone\", \"zone\": \"%s\"},\n", role, a->schema,
                    zone_name(a->zone));
    else
        text_format(t, " \"%s\": null,\n", role);
}

static void describe(const struct stage_spec *spec, struct text *t)
{
    static const struct {
        unsigned right;
        const char *name;
    } names[] = {{RIGHT_DATASETS, "read datasets"},
                 {RIGHT_PSEUDONYM_KEY, "read pseudonym key"},
                 {RIGHT_PRIVATE_QUALITY, "write private quality figures"},
                 {RIGHT_SIGNING_KEY, "read signing key"},
                 {RIGHT_RELEASES, "write releases and ledger"},
                 {RIGHT_LEDGER, "read ledger"}};
    text_format(t, "{\"stage\": \"%s\",\n \"purpose\": \"%s\",\n", spec->name, spec->purpose);
    describe_artefact(t, "input", spec->input);
    describe_artefact(t, "output", spec->output);
    text_string(t, " \"rights\": [");
    bool first = true;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (spec->rights & names[i].right) {
            text_format(t, "%s\"%s\"", first ? "" : ", ", names[i].name);
            first = false;
        }
    text_string(t, "]}\n");
}

static int print_declaration(const struct stage_spec *spec, struct err *err)
{
    struct text text;
    text_init(&text);
    describe(spec, &text);
    int rc = 0;
    if (text.failed)
        rc = err_memory(err);
    else if (fwrite(text.bytes, 1, text.length, stdout) != text.length || fflush(stdout) != 0)
        rc = err_errno(err, ERR_IO, "standard output");
    text_release(&text);
    return rc;
}

static int key_descriptor(const struct command_line *line, int *fd, struct err *err)
{
    long number = 0;
    if (command_number(line, "key-fd", 3, 1023, 0, &number, err) != 0)
        return -1;
    *fd = (int)number;
    return 0;
}

static int take_key(struct stage *s, const struct command_line *line, struct err *err)
{
    int descriptor = -1;
    bool file = command_has(line, "key-file"), fd = command_has(line, "key-fd"),
         only_public = command_has(line, "recipient");
    if (file + fd + only_public != 1)
        return err_set(err, ERR_USAGE,
                       "exactly one of --key-file, --key-fd and --recipient is needed");
    if (only_public && s->spec->input)
        return err_set(err, ERR_USAGE, "--recipient: this stage must read its input as well");
    if (file)
        return keyfile_read_recipient(command_value(line, "key-file"), &s->recipient, err);
    if (only_public)
        return keyfile_read_recipient_public(command_value(line, "recipient"), &s->recipient, err);
    return key_descriptor(line, &descriptor, err) == 0
               ? recipient_receive(&s->recipient, descriptor, err)
               : -1;
}

/* The output is for whom the input was, unless --for names somebody else. */
static int take_output_key(struct stage *s, const char *file, bool key_fd, struct err *err)
{
    struct recipient outside = {.secret_key = NULL};
    if (file && keyfile_read_recipient_public(file, &outside, err) != 0)
        return -1;
    s->passing = key_fd && !file;
    memcpy(s->output_key, file ? outside.public_key : s->recipient.public_key,
           sizeof s->output_key);
    return 0;
}

/* Started by the driver (--key-fd): when that is killed, nothing may go on behind it. parent: who
 * it was when we began; somebody else by now means that it is dead already. It starts a stage while
 * the one before still works, and sends the key when that has ended: before, nothing is looked at.
 */
static int follow_driver(pid_t parent, const struct command_line *line, struct err *err)
{
    struct pollfd key = {.events = POLLIN};
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0)
        return err_errno(err, ERR_SYSTEM, "prctl");
    if (getppid() != parent)
        return err_set(err, ERR_SYSTEM, "the run has ended");
    if (command_has(line, "key-file") || command_has(line, "recipient"))
        return 0; /* take_key refuses it */
    if (key_descriptor(line, &key.fd, err) != 0)
        return -1;
    while (poll(&key, 1, -1) < 0)
        if (errno != EINTR)
            return err_errno(err, ERR_SYSTEM, "poll");
    return 0;
}

static int by_date(const void *a, const void *b)
{
    date x = *(const date *)a, y = *(const date *)b;
    return (x > y) - (x < y);
}

/* --since: days other than the reference date, each once, in any order. */
static int take_since(struct stage *s, const char *list, struct err *err)
{
    while (list) {
        size_t length = strcspn(list, ",");
        date day = date_parse(list, length, "%Y-%m-%d");
        if (day == DATE_NONE || day == s->config.reference_date || s->since_count == TURNOVER_DATES)
            return err_set(err, ERR_USAGE, "--since: not a list of other days, YYYY-MM-DD,...");
        s->since[s->since_count++] = day;
        list = list[length] ? list + length + 1 : NULL;
    }
    qsort(s->since, s->since_count, sizeof *s->since, by_date);
    for (size_t i = 1; i < s->since_count; i++)
        if (s->since[i] == s->since[i - 1])
            return err_set(err, ERR_USAGE, "--since: a day is there twice");
    return 0;
}

static int prepare(struct stage *s, const struct command_line *line, struct err *err)
{
    const char *work = command_value(line, "work");
    if (!work)
        return err_set(err, ERR_USAGE, "--work DIR is needed");
    char *overrides[PROGRAM_VALUES];
    size_t override_count = command_values(line, "set", overrides, PROGRAM_VALUES);
    if (config_load(&s->config, line->arguments[0], overrides, override_count, err) != 0)
        return -1;
    const char *output = command_value(line, "output");
    if (output && output_relocate(&s->config, output, err) != 0)
        return -1;
    s->work = realpath(work, NULL);
    if (!s->work)
        return err_errno(err, ERR_NOINPUT, "--work folder");
    long processors = sysconf(_SC_NPROCESSORS_ONLN), threads = 1;
    if (processors < 1 || processors > THREADS_MAX)
        processors = processors < 1 ? 1 : THREADS_MAX;
    if (command_number(line, "threads", 1, THREADS_MAX, processors, &threads, err) != 0)
        return -1;
    s->threads = (unsigned)threads;
    if (s->spec->takes_memory && command_memory(line, &s->memory, err) != 0)
        return -1;
    long profile_fd = -1;
    if (command_number(line, "profile-fd", 3, 1023, -1, &profile_fd, err) != 0)
        return -1;
    s->profile_fd = (int)profile_fd;
    if (take_since(s, command_value(line, "since"), err) != 0)
        return -1;
    if (s->spec->rights & RIGHT_RELEASES && output_ensure_folder(s->config.output, 0755, err) != 0)
        return -1;
    if (s->spec->rights & RIGHT_PRIVATE_QUALITY &&
        output_make_private_quality(&s->config, err) != 0)
        return -1;
    s->format = command_value(line, "format");
    return take_key(s, line, err) == 0
               ? take_output_key(s, command_value(line, "for"), command_has(line, "key-fd"), err)
               : -1;
}

static int run_confined(struct stage *s, stage_run run, struct err *err)
{
    int rc = -1;
    if (confine_stage(s, err) != 0 || run(s, err) != 0)
        goto out;
    if (stage_finish_input(s, err) != 0)
        goto out;
    if (s->writer && zone_commit(&s->writer, err) != 0)
        goto out;
    if (s->profile_fd >= 0)
        profile_say_rows(s->profile_fd, s->rows);
    rc = 0;
out:
    zone_close(&s->reader);
    zone_discard(&s->writer);
    return rc;
}

static void stage_release(struct stage *s)
{
    recipient_release(&s->recipient);
    config_release(&s->config);
    free(s->work);
}

static int finish(int rc, const struct err *err)
{
    int code = rc == 0 ? 0 : err->kind == ERR_NONE ? ERR_INTERNAL : (int)err->kind;
    if (rc != 0)
        report_error(err);
    report_exit(code);
    return code;
}

int stage_main(const struct stage_spec *spec, stage_run run, int argc, char **argv)
{
    char name[48];
    struct option_spec options[PROGRAM_OPTIONS];
    (void)snprintf(name, sizeof name, "herkomst-%s", spec->name);
    list_options(spec, options);
    const struct program program = {.name = name,
                                    .purpose = spec->purpose,
                                    .arguments = "CONFIG",
                                    .least = 1,
                                    .most = 1,
                                    .description = spec->description,
                                    .options = options};
    struct err err = {.kind = ERR_NONE};
    struct command_line line;
    struct stage stage = {.spec = spec};
    bool done = false;
    const pid_t parent = getppid();
    report_setup(spec->name, false, program_wants_json(argc, argv), 0, 0);
    /* --describe needs no configuration. */
    if (argc == 2 && strcmp(argv[1], "--describe") == 0)
        return finish(print_declaration(spec, &err), &err);
    int rc = secret_setup(&err);
    if (rc == 0)
        rc = program_parse(&line, &program, argc, argv, &done, &err);
    if (rc == 0 && !done && command_has(&line, "describe"))
        rc = err_set(&err, ERR_USAGE, "--describe stands alone");
    if (rc == 0 && !done && command_has(&line, "key-fd"))
        rc = follow_driver(parent, &line, &err);
    if (rc != 0 || done)
        return finish(rc, &err);
    const int number = stage_number(spec);
    report_setup(spec->name, command_has(&line, "quiet"), command_has(&line, "log-json"), number,
                 number ? (int)STAGE_COUNT : 0);
    rc = prepare(&stage, &line, &err);
    if (rc == 0)
        rc = run_confined(&stage, run, &err);
    progress_end();
    stage_release(&stage);
    return finish(rc, &err);
}

static int artefact_path(const struct stage *s, const struct artefact *a, struct text *path,
                         struct err *err)
{
    text_init(path);
    text_format(path, "%s/%s.zone", s->work, a->schema);
    return path->failed ? err_memory(err) : 0;
}

void stage_input_done(const struct stage_spec *spec, const char *work)
{
    struct text path;
    if (!spec->input)
        return;
    text_init(&path);
    text_format(&path, "%s/%s.zone", work, spec->input->schema);
    if (!path.failed)
        (void)unlink(path.bytes); /* or it goes with its folder */
    text_release(&path);
}

int stage_open_input(struct stage *s, struct source *source, struct err *err)
{
    const struct artefact *a = s->spec->input;
    struct text path;
    int rc = artefact_path(s, a, &path, err);
    if (rc == 0)
        rc = zone_open(&s->reader, path.bytes, a->zone, a->schema, s->config.release, &s->recipient,
                       err);
    if (rc == 0)
        *source = zone_source(s->reader);
    text_release(&path);
    return rc;
}

int stage_finish_input(struct stage *s, struct err *err)
{
    int rc = s->reader ? zone_finish(s->reader, err) : 0;
    zone_close(&s->reader);
    return rc;
}

int stage_open_output(struct stage *s, struct sink *sink, struct err *err)
{
    const struct artefact *a = s->spec->output;
    struct text path;
    int rc = artefact_path(s, a, &path, err);
    if (rc == 0)
        rc = zone_create(&s->writer, path.bytes, a->zone, a->schema, s->config.release,
                         s->output_key, err);
    if (rc == 0)
        *sink = zone_sink(s->writer);
    if (rc == 0 && s->passing)
        zone_passing(s->writer);
    text_release(&path);
    return rc;
}

int stage_write_quality(const struct stage *s, const struct quality *q, struct err *err)
{
    struct text csv, name;
    text_init(&csv);
    text_init(&name);
    bool first = true;
    csv_put(&csv, &first, "dataset");
    csv_put(&csv, &first, "check");
    csv_put(&csv, &first, "count");
    csv_end(&csv, &first);
    for (size_t i = 0; i < q->count; i++) {
        csv_put(&csv, &first, q->figures[i].dataset);
        csv_put(&csv, &first, q->figures[i].check);
        csv_put_number(&csv, &first, (int64_t)q->figures[i].count);
        csv_end(&csv, &first);
    }
    text_format(&name, "%s.csv", s->spec->name);
    int rc = csv.failed || name.failed ? err_memory(err)
                                       : output_write_private(&s->config, name.bytes, &csv, err);
    text_release(&csv);
    text_release(&name);
    return rc;
}

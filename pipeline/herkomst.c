/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * herkomst: the driver's command line. `run` and `check` start the stages; every other stage name
 * starts the program of that name; `keygen` and `history` are small enough to live here.
 */
#include "base/report.h"
#include "io/csv_writer.h"
#include "run/driver.h"
#include "run/exporting.h"
#include "run/ledger.h"
#include "run/stage.h"
#include "secure/keyfile.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const struct option_spec RUN_OPTIONS[] = {
    {"output", "DIR", "folder of the releases (default: the configuration's)", false},
    {"threads", "N", "worker threads (default: the processors there are)", false},
    MEMORY_OPTION,
    {"set", "SECTION.KEY=VALUE", "overrides a value of the configuration; may be repeated", true},
    {"profile", NULL, "print rows, seconds, MB/s and peak memory of each stage at the end", false},
    {"quiet", NULL, "no notes, no progress", false},
    {"log-json", NULL, "messages as JSON, one object a line", false},
    {NULL, NULL, NULL, false},
};
static const struct option_spec CHECK_OPTIONS[] = {
    {"threads", "N", "worker threads (default: the processors there are)", false},
    MEMORY_OPTION,
    {"set", "SECTION.KEY=VALUE", "overrides a value of the configuration; may be repeated", true},
    {"quiet", NULL, "no notes, no progress", false},
    {"log-json", NULL, "messages as JSON, one object a line", false},
    {NULL, NULL, NULL, false},
};
static const struct option_spec HISTORY_OPTIONS[] = {
    {"log-json", NULL, "messages as JSON, one object a line", false},
    {NULL, NULL, NULL, false},
};
static const struct option_spec KEYGEN_OPTIONS[] = {
    {"signing", NULL, "a signing key pair FILE and FILE.pub, in minisign's formats", false},
    {"recipient", NULL, "a key pair FILE and FILE.pub for intermediate files", false},
    {"split", "N", "a pseudonym key as N share files FILE.1 to FILE.N; all are needed", false},
    {"log-json", NULL, "messages as JSON, one object a line", false},
    {NULL, NULL, NULL, false},
};

static const struct program MAIN_PROGRAM = {
    .name = "herkomst",
    .purpose = "privacy-preserving socio-economic monitoring",
    .arguments = "COMMAND [ARGUMENT]...",
    .least = 1,
    .most = -1,
    .description =
        "keygen FILE       make a pseudonym key, or with an option another kind of key\n"
        "check CONFIG      validate configuration and inputs, print the quality figures\n"
        "run CONFIG        make a release: all stages in order, as separate processes\n"
        "audit RELEASE     check a release from its published files alone\n"
        "export CONFIG     the counts for tau-ARGUS or sdcTable, as an encrypted file\n"
        "decrypt FILE      what export made, as a ZIP archive\n"
        "history LEDGER    what was released, when, with which definition and rules\n"
        "help COMMAND      the help of a command or stage; help config: every configuration key\n\n"
        "The stages pseudonymise, link, derive, aggregate, suppress and publish, and convert, "
        "which\n"
        "export uses, can be run by hand under their own names: herkomst link is herkomst-link.",
    .examples = "  herkomst keygen keys/pseudonym.key\n"
                "  herkomst keygen --signing keys/signing.key\n"
                "  herkomst run config/vlaanderen.ini\n"
                "  herkomst audit releases/2017-12-31 --public-key keys/signing.key.pub\n",
};
static const struct program RUN_PROGRAM = {
    .name = "herkomst run",
    .purpose = "make a release",
    .arguments = "CONFIG",
    .least = 1,
    .most = 1,
    .description = "Runs all stages in order and publishes a signed, audited release, or nothing.",
    .options = RUN_OPTIONS,
};
static const struct program CHECK_PROGRAM = {
    .name = "herkomst check",
    .purpose = "validate configuration and inputs",
    .arguments = "CONFIG",
    .least = 1,
    .most = 1,
    .description =
        "Reads and links everything, prints the quality figures as CSV, publishes nothing.",
    .options = CHECK_OPTIONS,
};
static const struct program KEYGEN_PROGRAM = {
    .name = "herkomst keygen",
    .purpose = "make a key",
    .arguments = "FILE",
    .least = 1,
    .most = 1,
    .description =
        "Without an option: a pseudonym key, 32 random bytes. Files are made with mode 0600\n"
        "and never replaced.",
    .options = KEYGEN_OPTIONS,
};
static const struct program HISTORY_PROGRAM = {
    .name = "herkomst history",
    .purpose = "what was released",
    .arguments = "LEDGER",
    .least = 1,
    .most = 1,
    .description =
        "Prints every published release of a ledger as CSV, oldest reference date first: what it\n"
        "replaces, its definitions and disclosure rules, how many cells it has and hides, and the\n"
        "digests that an auditor compares.",
    .options = HISTORY_OPTIONS,
};

static int command_run(const struct command_line *line, bool check_only, struct err *err)
{
    struct run_request request = {.config = line->arguments[0],
                                  .output = command_value(line, "output"),
                                  .threads = command_value(line, "threads"),
                                  .memory = command_value(line, "memory"),
                                  .quiet = command_has(line, "quiet"),
                                  .json = command_has(line, "log-json"),
                                  .profile = command_has(line, "profile"),
                                  .check_only = check_only};
    uint64_t memory;
    report_setup("herkomst", request.quiet, request.json, 0, 0);
    if (command_memory(line, &memory, err) != 0) /* before anything is begun */
        return -1;
    request.override_count = command_values(line, "set", request.overrides, PROGRAM_VALUES);
    return driver_run(&request, err);
}

static int command_keygen(const struct command_line *line, struct err *err)
{
    const char *file = line->arguments[0];
    bool signing = command_has(line, "signing"), recipient = command_has(line, "recipient");
    bool split = command_has(line, "split");
    long shares = 0;
    if (signing + recipient + split > 1)
        return err_set(err, ERR_USAGE, "--signing, --recipient and --split exclude each other");
    if (command_number(line, "split", 2, 16, 0, &shares, err) != 0)
        return -1;
    if (signing)
        return keyfile_new_signing(file, err);
    if (recipient)
        return keyfile_new_recipient(file, err);
    if (split)
        return keyfile_new_shares(file, (unsigned)shares, err);
    return keyfile_new_pseudonym(file, err);
}

/* "threshold=5 zeros=protect ...": the disclosure rules of a release in one field. */
static void append_rules(struct text *out, const struct disclosure *d)
{
    text_format(out,
                "threshold=%" PRId64 " zeros=%s minimum_population=%" PRId64
                " protection=%s protection_width=%" PRId64 " public=%s turnover_threshold=%" PRId64,
                d->threshold, d->protect_zeros ? "protect" : "publish", d->minimum_population,
                d->interval ? "interval" : "exact", d->protection_width,
                d->public_head_counts ? "head_counts" : "nothing", d->turnover_threshold);
}

static int print_release(void *context, const struct ledger_row *row, struct err *err)
{
    struct text *out = context, rules;
    const struct ledger_release *r = &row->release;
    char reference[DATE_TEXT];
    bool first = true;
    text_init(&rules);
    append_rules(&rules, &row->rules);
    csv_put(out, &first, r->id);
    csv_put(out, &first, date_iso(r->reference_date, reference));
    csv_put(out, &first, r->replaces);
    csv_put(out, &first, r->definitions);
    csv_put(out, &first, rules.bytes);
    csv_put_number(out, &first, (int64_t)row->cells);
    csv_put_number(out, &first, (int64_t)row->hidden);
    csv_put(out, &first, r->software);
    csv_put(out, &first, r->configuration);
    csv_put(out, &first, r->digest);
    csv_end(out, &first);
    bool failed = out->failed || rules.failed;
    text_release(&rules);
    return failed ? err_memory(err) : 0;
}

static int command_history(const struct command_line *line, struct err *err)
{
    struct text out;
    text_init(&out);
    text_string(&out, "release,reference_date,replaces,definitions,rules,cells,hidden,software,"
                      "configuration_sha256,sha256sums_sha256\n");
    int rc =
        out.failed ? err_memory(err) : ledger_history(line->arguments[0], print_release, &out, err);
    if (rc == 0 && (fwrite(out.bytes, 1, out.length, stdout) != out.length || fflush(stdout) != 0))
        rc = err_errno(err, ERR_IO, "standard output");
    text_release(&out);
    return rc;
}

static int is_sister(const char *name)
{
    for (size_t i = 0; i < STAGE_COUNT; i++)
        if (strcmp(name, STAGES[i]->name) == 0)
            return 1;
    return strcmp(name, STAGE_CONVERT.name) == 0 || strcmp(name, "audit") == 0;
}

/* Becomes the program herkomst-NAME. */
static int become(const char *name, char **argv, struct err *err)
{
    struct text path;
    text_init(&path);
    int rc = driver_program_folder(&path, err);
    text_format(&path, "/herkomst-%s", name);
    if (rc == 0 && path.failed)
        rc = err_memory(err);
    if (rc == 0) {
        argv[0] = path.bytes;
        (void)execv(path.bytes, argv);
        rc = err_errno(err, ERR_SYSTEM, "cannot start herkomst-%s", name);
    }
    text_release(&path);
    return rc;
}

static int command_release(const struct command_line *line, struct err *err)
{
    return command_run(line, false, err);
}

static int command_check(const struct command_line *line, struct err *err)
{
    return command_run(line, true, err);
}

static const struct {
    const char *name;
    const struct program *program;
    int (*run)(const struct command_line *line, struct err *err);
} COMMANDS[] = {
    {"run", &RUN_PROGRAM, command_release},      {"check", &CHECK_PROGRAM, command_check},
    {"export", &EXPORT_PROGRAM, export_command}, {"decrypt", &DECRYPT_PROGRAM, decrypt_command},
    {"keygen", &KEYGEN_PROGRAM, command_keygen}, {"history", &HISTORY_PROGRAM, command_history}};
enum { COMMAND_COUNT = sizeof COMMANDS / sizeof COMMANDS[0] };

static int command(int argc, char **argv, struct err *err)
{
    struct command_line line;
    bool done = false;
    for (size_t i = 0; i < COMMAND_COUNT; i++) {
        if (strcmp(argv[0], COMMANDS[i].name) != 0)
            continue;
        if (program_parse(&line, COMMANDS[i].program, argc, argv, &done, err) != 0 || done)
            return done ? 0 : -1;
        return COMMANDS[i].run(&line, err);
    }
    if (is_sister(argv[0]))
        return become(argv[0], argv, err);
    (void)err_set(err, ERR_USAGE, "unknown command %.40s", argv[0]);
    return err_hint(err, "herkomst --help");
}

/* Every key of the configuration, from the table that its reader goes by. */
static int help_config(struct err *err)
{
    struct text out;
    text_init(&out);
    config_describe(&out);
    int rc = out.failed ? err_memory(err) : 0;
    if (rc == 0 && (fwrite(out.bytes, 1, out.length, stdout) != out.length || fflush(stdout) != 0))
        rc = err_errno(err, ERR_IO, "standard output");
    text_release(&out);
    return rc;
}

/* herkomst help COMMAND = herkomst COMMAND --help */
static int help(int argc, char **argv, struct err *err)
{
    char *again[3] = {argc > 1 ? argv[1] : NULL, "--help", NULL};
    if (argc > 2)
        return err_set(err, ERR_USAGE, "help takes one command");
    if (argc > 1 && strcmp(argv[1], "config") == 0)
        return help_config(err);
    if (argc > 1)
        return command(2, again, err);
    struct command_line line;
    bool done = false;
    return program_parse(&line, &MAIN_PROGRAM, 2, (char *[]){"herkomst", "--help", NULL}, &done,
                         err);
}

int main(int argc, char **argv)
{
    struct err err = {.kind = ERR_NONE};
    struct command_line line;
    bool done = false;
    report_setup("herkomst", false, program_wants_json(argc, argv), 0, 0);
    int rc = secret_setup(&err);
    if (rc == 0 && (argc < 2 || argv[1][0] == '-')) {
        rc = program_parse(&line, &MAIN_PROGRAM, argc, argv, &done, &err);
        if (rc == 0 && !done) { /* "--" before the command */
            (void)err_set(&err, ERR_USAGE, "the command comes first");
            rc = err_hint(&err, "herkomst --help");
        }
    } else if (rc == 0) {
        rc = strcmp(argv[1], "help") == 0 ? help(argc - 1, argv + 1, &err)
                                          : command(argc - 1, argv + 1, &err);
    }
    if (rc != 0)
        report_error(&err);
    int code = rc == 0 ? 0 : err.kind == ERR_NONE ? ERR_INTERNAL : (int)err.kind;
    report_exit(code);
    return code;
}

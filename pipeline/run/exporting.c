/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/run/exporting.h. */
#include "run/exporting.h"

#include "base/report.h"
#include "export/export.h"
#include "run/driver.h"
#include "secure/keyfile.h"

#include <stdio.h>
#include <unistd.h>

static const struct option_spec EXPORT_OPTIONS[] = {
    {"format", "TOOL", "tauargus or sdctable (required)", false},
    {"recipient", "FILE", "public key of who may open it (required)", false},
    {"to", "FILE", "the encrypted file to make (required)", false},
    {"threads", "N", "worker threads (default: the processors there are)", false},
    MEMORY_OPTION,
    {"set", "SECTION.KEY=VALUE", "overrides a value of the configuration; may be repeated", true},
    {"quiet", NULL, "no notes, no progress", false},
    {"log-json", NULL, "messages as JSON, one object a line", false},
    {NULL, NULL, NULL, false},
};
static const struct option_spec DECRYPT_OPTIONS[] = {
    {"key-file", "FILE", "key pair that the file was made for (required)", false},
    {"log-json", NULL, "messages as JSON, one object a line", false},
    {NULL, NULL, NULL, false},
};

const struct program EXPORT_PROGRAM = {
    .name = "herkomst export",
    .purpose = "the counts before suppression, for another tool",
    .arguments = "CONFIG",
    .least = 1,
    .most = 1,
    .description =
        "Runs the stages up to the counts and writes the tables as tau-ARGUS or the R package\n"
        "sdcTable read them, for an office that wants to compare. They are confidential: the\n"
        "output is one encrypted file, which only the recipient can open (herkomst keygen\n"
        "--recipient makes the key pair, herkomst decrypt opens the file). Publishes nothing.",
    .options = EXPORT_OPTIONS,
    .examples =
        "  herkomst keygen --recipient office.key      at the office; hand over office.key.pub\n"
        "  herkomst export config/vlaanderen.ini --format tauargus --recipient office.key.pub "
        "--to counts.zone\n"
        "  herkomst decrypt counts.zone --key-file office.key > counts.zip\n",
};
const struct program DECRYPT_PROGRAM = {
    .name = "herkomst decrypt",
    .purpose = "open an encrypted export",
    .arguments = "FILE",
    .least = 1,
    .most = 1,
    .description =
        "Writes what herkomst export made to standard output, as a ZIP archive. Nothing is "
        "written\n"
        "before the whole file has proved to be unaltered. The counts in it are confidential:\n"
        "keep them where only those who compare can read them.",
    .options = DECRYPT_OPTIONS,
};

/* An option that must be there. */
static int need(const struct command_line *line, const char *name, const char **value,
                struct err *err)
{
    *value = command_value(line, name);
    return *value ? 0 : err_set(err, ERR_USAGE, "--%s is needed", name);
}

int export_command(const struct command_line *line, struct err *err)
{
    struct export_request export;
    enum export_format format;
    struct run_request request = {.config = line->arguments[0],
                                  .threads = command_value(line, "threads"),
                                  .memory = command_value(line, "memory"),
                                  .quiet = command_has(line, "quiet"),
                                  .json = command_has(line, "log-json"),
                                  .export = &export};
    uint64_t memory;
    report_setup("herkomst", request.quiet, request.json, 0, 0);
    if (command_memory(line, &memory, err) != 0 || need(line, "format", &export.format, err) != 0 ||
        need(line, "recipient", &export.recipient, err) != 0 ||
        need(line, "to", &export.file, err) != 0 ||
        export_format_parse(export.format, &format, err) != 0)
        return -1;
    request.override_count = command_values(line, "set", request.overrides, PROGRAM_VALUES);
    return driver_run(&request, err);
}

int decrypt_command(const struct command_line *line, struct err *err)
{
    const char *key;
    struct recipient recipient = {.secret_key = NULL};
    struct text archive;
    text_init(&archive);
    if (isatty(STDOUT_FILENO))
        return err_set(err, ERR_USAGE, "standard output is a terminal: > FILE.zip is missing");
    int rc = need(line, "key-file", &key, err);
    if (rc == 0)
        rc = keyfile_read_recipient(key, &recipient, err);
    if (rc == 0)
        rc = export_open(line->arguments[0], &recipient, &archive, err);
    if (rc == 0 &&
        (fwrite(archive.bytes, 1, archive.length, stdout) != archive.length || fflush(stdout) != 0))
        rc = err_errno(err, ERR_IO, "standard output");
    recipient_release(&recipient);
    text_release(&archive);
    return rc;
}

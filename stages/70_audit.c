/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * herkomst-audit: says yes or no to a release, from its files, a public key and earlier releases.
 * It holds no secret and reads no configuration. All rules are in pipeline/audit.
 */
#include "audit/audit.h"
#include "base/report.h"
#include "run/program.h"
#include "secure/files.h"
#include "secure/keyfile.h"
#include "secure/secret.h"

#include <stdio.h>
#include <string.h>

static const struct option_spec OPTIONS[] = {
    {"public-key", "FILE", "public key of the publisher, minisign format (required)", false},
    {"previous", "RELEASE", "an earlier release to compare with; may be repeated", true},
    {"thorough", NULL, "search every hidden cell, not only those that the certificate leaves open",
     false},
    {"report", "FILE.json", "write the same as JSON to a new file", false},
    {NULL, NULL, NULL, false},
};

static const struct program PROGRAM = {
    .name = "herkomst-audit",
    .purpose = "check a release from its published files alone",
    .arguments = "RELEASE",
    .least = 1,
    .most = 1,
    .description =
        "Checks that a release is signed by the publisher, complete, consistent and additive, that "
        "no published cell is unsafe, and that every hidden sensitive cell is protected, which its "
        "certificate must prove by additions. With earlier releases also that they are genuine, "
        "that "
        "turnover.csv leads from their head counts to these, that no figure is published again "
        "although too few people came or went, and that no hidden sensitive cell of any of them "
        "has lost its protection by what all of them show together. Give all of them: the "
        "manifests name the chain, and nothing is concluded across a gap; the line `cumulative` "
        "says when that was not asked.\n\n"
        "Prints one line a rule, with what was checked and PASS, FAIL or NOT CHECKED (because what "
        "it needs was refused), then a line a finding with file and cell, then the verdict. Any "
        "exit "
        "status but 0 and 1 means that the audit could not tell.",
    .options = OPTIONS,
    .examples = "herkomst-audit releases/2017-12-31 --public-key publisher.pub\n"
                "herkomst-audit releases/2018-06-30 --public-key publisher.pub --previous "
                "releases/2017-12-31 --report audit.json",
};

static int print(const struct audit_result *result, const char *report, struct err *err)
{
    struct text text, json;
    text_init(&text);
    text_init(&json);
    audit_text(result, &text);
    audit_json(result, &json);
    int rc = text.failed || json.failed ? err_memory(err) : 0;
    if (rc == 0 && report)
        rc = files_write_new(report, 0644, json.bytes, json.length, err);
    if (rc == 0 &&
        (fwrite(text.bytes, 1, text.length, stdout) != text.length || fflush(stdout) != 0))
        rc = err_errno(err, ERR_IO, "the result cannot be printed");
    text_release(&text);
    text_release(&json);
    return rc;
}

/* 0: everything holds; 1: it does not; -1: err. */
static int run(int argc, char **argv, struct err *err)
{
    struct command_line line;
    struct public_key key;
    struct audit_result result;
    char *previous[PROGRAM_VALUES];
    bool done = false;
    if (program_parse(&line, &PROGRAM, argc, argv, &done, err) != 0)
        return -1;
    if (done)
        return 0;
    const char *key_file = command_value(&line, "public-key");
    if (!key_file) {
        err_set(err, ERR_USAGE, "--public-key is missing");
        return err_hint(err, "an audit without the publisher's public key shows nothing");
    }
    if (secret_setup(err) != 0)
        return -1;
    if (keyfile_read_public(key_file, &key, err) != 0)
        return -1;
    size_t count = command_values(&line, "previous", previous, PROGRAM_VALUES);
    int rc = audit_release(line.arguments[0], &key, &result, err);
    if (rc == 0 && command_has(&line, "thorough"))
        rc = audit_thorough(line.arguments[0], &result, err);
    if (rc == 0 && count)
        rc = audit_history(line.arguments[0], previous, count, &key, &result, err);
    if (rc == 0)
        rc = print(&result, command_value(&line, "report"), err);
    if (rc == 0)
        rc = audit_passed(&result) ? 0 : 1;
    audit_result_release(&result);
    return rc;
}

int main(int argc, char **argv)
{
    struct err err = {.kind = ERR_NONE};
    report_setup("audit", false, false, 0, 0);
    int rc = run(argc, argv, &err);
    if (rc >= 0)
        return rc;
    report_error(&err);
    return err.kind == ERR_NONE || err.kind == ERR_REFUSED ? ERR_INTERNAL : (int)err.kind;
}

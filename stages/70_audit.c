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
    {"explain", "CELL", "tell what anybody can work out of a cell, and from what; may be repeated",
     true},
    {"report", "FILE.json", "write the same as JSON to a new file", false},
    {"html", "FILE", "write the same as a page to file, to a new file", false},
    {NULL, NULL, NULL, false},
};

static const struct program PROGRAM = {
    .name = "herkomst-audit",
    .purpose = "check a release from its published files alone",
    .arguments = "RELEASE",
    .least = 1,
    .most = 1,
    .description =
        "Answers yes or no from the release, the public key and earlier releases alone. One "
        "line a rule, with what was checked and PASS, FAIL or NOT CHECKED (because what it "
        "needs was refused), then a line a finding with file, line and cell, a summary and the "
        "verdict.\n\n"
        "signature, digests: the list of files is signed, and the folder is just what it says. "
        "What is not, is not even parsed. files, rules: what a release must have, one set of "
        "rules. tables, additivity: each cell once, equal in all tables, sums that hold. "
        "public, unsafe, quality: head counts published, no published count of too few people. "
        "turnover: joiners and leavers lead from the head counts of earlier releases to these, "
        "and no figure is published again although too few people came or went. derived: "
        "shares, changes, gaps, the units' own files and SDMX follow from published cells. "
        "reports: every number, bar and dot of pages and workbooks is what the tables say, or "
        "blank. certificate: for each hidden sensitive cell two tables of whole numbers that "
        "agree with everything published, checked by additions, show it as low and as high as "
        "the rules ask, or it is shown never to be small. protection: the audit's own search "
        "for cells that are not protected, of those that the certificate does not show, or with "
        "--thorough of all. cumulative: the same for this and all earlier releases together. "
        "history: earlier releases are genuine and lead to this one.\n\n"
        "Give all earlier releases: the manifests name the chain, and nothing is concluded "
        "across a gap; the line `cumulative` says when that was not asked.\n\n"
        "A pass promises exactly this. (1) Every file is the publisher's, who holds the private "
        "half of the given key, and none was changed, added or taken away. (2) The tables are "
        "whole, agree with one another and add up, no head count is hidden (unless the rules "
        "say that nothing is public), and no count that is shown is unsafe under the rules in "
        "rules.json. (3) Every number in indicators.csv, pages, charts, workbooks, SDMX and the "
        "units' data files is one that the tables say, that follows from them, or that the "
        "manifest declares, and where it would need a hidden count it is blank; those of "
        "earlier releases are only counted until --previous gives these. (4) For each hidden "
        "sensitive count there are two complete tables of whole numbers, not negative, that "
        "agree with everything published and show it as far apart as the rules ask, or it is at "
        "least the threshold in all such tables: whoever knows no more than what is published "
        "can come no nearer. (5) With --previous, as far as the line cumulative says that it "
        "was asked: (4) holds too with everything that the earlier releases and turnover.csv "
        "tell, and no figure came back too early. Of (4) and (5) nothing rests on the word of a "
        "solver: it only finds tables and bounds, which are then checked by additions and "
        "comparisons of whole numbers.\n\n"
        "A pass cannot promise: that the counts are true, since an audit sees what was "
        "published and not what was counted; that the rules in rules.json are strict enough "
        "(the line asked says what they ask); protection against who knows more, such as almost "
        "all members of a group, or a majority that puts its answers together; that two "
        "variables are not made of the same facts in a way that rules.json does not tell; "
        "anything once the signing key is stolen or when the key is not the publisher's; that "
        "witnesses were chosen without looking at hidden counts; anything about changes of the "
        "units that the certificate leaves out; that no release is missing before the first one "
        "given, unless the auditor keeps the digest of the last one. Leave the folder alone "
        "while it is audited.\n\n"
        "--report writes {format: herkomst-audit/1, release, result: pass or fail, summary, "
        "thorough, previous: id or null, rules: [{rule, result: pass, fail or not_checked, "
        "about, checked: {what: count}, findings: count}], findings: [{rule, file, cell, "
        "text}], finding_count}, and asked: what the rules ask, where they can be read. Members "
        "may be added; these stay. At most 1000 findings are listed. No finding holds a count.\n\n"
        "--explain tells of one cell its least and greatest possible count, the equations that "
        "bound it and a table at either end. It needs published files only, so it gives nothing "
        "away that they do not.\n\n"
        "Any exit status but 0 and 1 means that the audit could not tell.",
    .options = OPTIONS,
    .examples = "herkomst-audit releases/2017-12-31 --public-key publisher.pub\n"
                "herkomst-audit releases/2018-06-30 --public-key publisher.pub --previous "
                "releases/2017-12-31 --report audit.json --html audit.html\n"
                "herkomst-audit releases/2017-12-31 --public-key publisher.pub --explain "
                "'staff|entity:OMG-07|origin=foreign'",
};

static int print(const struct text *text, struct err *err)
{
    if (text->failed)
        return err_memory(err);
    return fwrite(text->bytes, 1, text->length, stdout) == text->length && fflush(stdout) == 0
               ? 0
               : err_errno(err, ERR_IO, "the result cannot be printed");
}

/* Writes or prints the result in one of its forms; file NULL: prints. */
static int tell(const struct audit_result *result,
                void (*form)(const struct audit_result *r, struct text *out), const char *file,
                struct err *err)
{
    struct text text;
    text_init(&text);
    form(result, &text);
    int rc = text.failed ? err_memory(err)
             : file      ? files_write_new(file, 0644, text.bytes, text.length, err)
                         : print(&text, err);
    text_release(&text);
    return rc;
}

static int tell_all(const struct audit_result *result, const struct command_line *line,
                    struct err *err)
{
    const char *json = command_value(line, "report"), *html = command_value(line, "html");
    if (json && tell(result, audit_json, json, err) != 0)
        return -1;
    if (html && tell(result, audit_html, html, err) != 0)
        return -1;
    return tell(result, audit_text, NULL, err);
}

static int explain(const struct audit_result *result, const struct command_line *line,
                   struct err *err)
{
    char *cells[PROGRAM_VALUES];
    size_t count = command_values(line, "explain", cells, PROGRAM_VALUES);
    int rc = 0;
    for (size_t i = 0; i < count && rc == 0; i++) {
        struct text text;
        text_init(&text);
        text_char(&text, '\n');
        rc = audit_explain(line->arguments[0], cells[i], result, &text, err);
        if (rc == 0)
            rc = print(&text, err);
        text_release(&text);
    }
    return rc;
}

static int audit(const struct command_line *line, const struct public_key *key,
                 struct audit_result *result, struct err *err)
{
    char *previous[PROGRAM_VALUES];
    const char *folder = line->arguments[0];
    size_t count = command_values(line, "previous", previous, PROGRAM_VALUES);
    progress_begin("cells", 0);
    int rc = audit_release(folder, key, result, err);
    if (rc == 0 && command_has(line, "thorough"))
        rc = audit_thorough(folder, result, err);
    if (rc == 0 && count)
        rc = audit_history(folder, previous, count, key, result, err);
    progress_end();
    return rc;
}

/* 0: everything holds; 1: it does not; -1: err. */
static int run(int argc, char **argv, struct err *err)
{
    struct command_line line;
    struct public_key key;
    struct audit_result result;
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
    int rc = audit(&line, &key, &result, err);
    if (rc == 0)
        rc = tell_all(&result, &line, err);
    if (rc == 0)
        rc = explain(&result, &line, err);
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

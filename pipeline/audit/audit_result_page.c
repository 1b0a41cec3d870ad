/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The result as one HTML page that can be read aloud, printed and filed: no script, no colour that
 * says what words do not, headings in order, tables with captions and header cells. See
 * include/audit/audit.h.
 */
#include "audit/audit.h"

static const char STYLE[] =
    "body{font:1rem/1.5 sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1a1a1a;"
    "background:#fff}\n"
    "table{border-collapse:collapse;width:100%;margin:1rem 0}\n"
    "caption{text-align:left;font-weight:bold;padding:.3rem 0}\n"
    "th,td{border:1px solid #767676;padding:.3rem .6rem;text-align:left;vertical-align:top;"
    "overflow-wrap:anywhere}\n"
    ".verdict{font-size:1.5rem;border:3px solid #1a1a1a;padding:.5rem 1rem;display:inline-block}\n"
    "@media print{body{margin:0}}\n";

static const char LIMITS[] =
    "<h2>What a pass promises</h2>\n"
    "<p>The files are the publisher's and unchanged. They are complete and add up. For every "
    "hidden sensitive count there are at least two complete tables of whole numbers that agree "
    "with everything published and show it at values as far apart as the rules in rules.json ask, "
    "or it is shown never to be small. Additions alone show this, and whoever doubts it can make "
    "them again.</p>\n"
    "<h2>What it cannot promise</h2>\n"
    "<ul>\n"
    "<li>That the counts are true: an audit sees what was published, not what was counted.</li>\n"
    "<li>Protection against people who know something else: almost all members of a group, or "
    "their own and each other's answers.</li>\n"
    "<li>Anything once the signing key is stolen, or where this key is not the publisher's.</li>\n"
    "<li>That the witnesses of the proof were chosen without looking at hidden counts: only a "
    "run of the publisher's program on the published files shows that.</li>\n"
    "<li>That no release was left out of a chain, unless the auditor keeps the digest of the last "
    "one.</li>\n"
    "</ul>\n";

static void put(struct text *out, const char *plain)
{
    for (; *plain; plain++) {
        unsigned char c = (unsigned char)*plain;
        if (c == '<')
            text_string(out, "&lt;");
        else if (c == '>')
            text_string(out, "&gt;");
        else if (c == '&')
            text_string(out, "&amp;");
        else if (c == '"')
            text_string(out, "&quot;");
        else
            text_char(out, c < ' ' || c >= 0x7f ? '?' : *plain); /* names of files of anybody's */
    }
}

static const char *verdict_of(const struct audit_check *check)
{
    return check->findings ? "FAIL" : check->checked ? "PASS" : "NOT CHECKED";
}

static void put_rule(struct text *out, enum audit_rule rule, const struct audit_check *check)
{
    text_format(out, "<tr><th scope=\"row\">%s</th><td>%s</td><td>", audit_rule_name(rule),
                audit_rule_about(rule));
    for (size_t i = 0; i < check->figure_count; i++)
        text_format(out, "%s%zu %s", i ? ", " : "", check->figures[i].count,
                    check->figures[i].what);
    text_format(out, "</td><td>%s</td></tr>\n", verdict_of(check));
}

static void put_findings(struct text *out, const struct audit_result *r)
{
    text_format(out, "<h2>Findings</h2>\n");
    if (r->finding_count == 0) {
        text_string(out, "<p>None.</p>\n");
        return;
    }
    text_string(out, "<table>\n<caption>What does not hold, and where</caption>\n<thead><tr><th "
                     "scope=\"col\">Rule</th><th scope=\"col\">File</th><th scope=\"col\">Cell</th>"
                     "<th scope=\"col\">Finding</th></tr></thead>\n<tbody>\n");
    for (size_t i = 0; i < r->kept; i++) {
        const struct audit_finding *f = &r->findings[i];
        text_format(out, "<tr><td>%s</td><td>", audit_rule_name(f->rule));
        put(out, f->file);
        text_string(out, "</td><td>");
        put(out, f->cell);
        text_string(out, "</td><td>");
        put(out, f->text);
        text_string(out, "</td></tr>\n");
    }
    text_string(out, "</tbody>\n</table>\n");
    if (r->kept < r->finding_count)
        text_format(out, "<p>And %zu more.</p>\n", r->finding_count - r->kept);
}

void audit_html(const struct audit_result *r, struct text *out)
{
    const char *verdict = audit_passed(r) ? "PASS" : "FAIL";
    const char *release = *r->release ? r->release : "(unknown)";
    struct text summary;
    text_init(&summary);
    audit_summary(r, &summary);
    text_format(out,
                "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                "<title>Audit of release %s: %s</title>\n<style>\n%s</style>\n</head>\n<body>\n"
                "<main>\n<h1>Audit of release %s</h1>\n<p class=\"verdict\"><strong>%s</strong></p>"
                "\n<h2>In short</h2>\n<p>",
                release, verdict, STYLE, release, verdict);
    if (!summary.failed)
        put(out, summary.bytes);
    text_string(out, "</p>\n<h2>Rules</h2>\n<p>");
    put(out, r->rules ? r->rules : "They cannot be read.");
    text_string(out, "</p>\n<table>\n<caption>What was checked</caption>\n<thead>"
                     "<tr><th scope=\"col\">Rule</th><th scope=\"col\">Meaning</th><th "
                     "scope=\"col\">Looked at</th><th scope=\"col\">Result</th></tr></thead>\n"
                     "<tbody>\n");
    for (size_t i = 0; i < AUDIT_RULES_COUNT; i++)
        if (r->checks[i].asked)
            put_rule(out, (enum audit_rule)i, &r->checks[i]);
    text_string(out, "</tbody>\n</table>\n");
    put_findings(out, r);
    text_string(out, LIMITS);
    text_string(out, "</main>\n</body>\n</html>\n");
    text_release(&summary);
}

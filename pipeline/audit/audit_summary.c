/* SPDX-License-Identifier: EUPL-1.2 */
/* What the rules mean, and what an audit found, in words for people who read nothing else. See
 * include/audit/audit.h. */
#include "audit/case.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

const char *audit_rule_about(enum audit_rule rule)
{
    static const char *const about[AUDIT_RULES_COUNT] = {
        [AUDIT_SIGNATURE] = "The list of files is signed with the publisher's key.",
        [AUDIT_DIGESTS] =
            "Every file is on that list, unchanged, and nothing else is in the folder.",
        [AUDIT_FILES] = "The release has the files that a release must have, and no other.",
        [AUDIT_RULES] = "The rules are consistent, and manifest and rules tell of one release.",
        [AUDIT_TABLES] = "Every cell is in its tables once, with the same count or blank in all.",
        [AUDIT_ADDITIVITY] = "Published parts add up to their published totals.",
        [AUDIT_PUBLIC] = "Head counts are all published.",
        [AUDIT_UNSAFE] = "No published count tells about too few people.",
        [AUDIT_QUALITY] = "The figures on data quality tell of no small group.",
        [AUDIT_REPORTS] = "Pages and workbooks say what the tables say, or leave it blank.",
        [AUDIT_TURNOVER] = "Joiners and leavers are told, and no figure came back too early.",
        [AUDIT_DERIVED] =
            "Shares, changes, gaps and the units' own files follow from published cells.",
        [AUDIT_CERTIFICATE] = "The publisher's proof shows that no hidden count can be worked out.",
        [AUDIT_PROTECTION] = "The audit's own search finds no hidden count that can be worked out.",
        [AUDIT_CUMULATIVE] = "Nor can one be with the help of earlier releases.",
        [AUDIT_HISTORY] = "The earlier releases are genuine and lead to this one.",
    };
    return about[rule];
}

static void tell_sensitive(const struct structure *s, struct text *out)
{
    bool any = false;
    text_string(out, "Sensitive are ");
    for (size_t v = 0; v < s->variable_count; v++) {
        const char *separator = " (";
        if (!s->variables[v].sensitive)
            continue;
        text_format(out, "%s%s", any ? ", " : "", s->variables[v].name);
        any = true;
        for (size_t k = 1; k < s->variables[v].category_count; k++)
            if (s->variables[v].categories[k].sensitive) {
                text_format(out, "%s%s", separator, s->variables[v].categories[k].name);
                separator = ", ";
            }
        text_char(out, ')');
    }
    text_string(out, any ? ". " : "no facts at all. ");
}

/* An audit asks what the release's own rules say, so who reads its answer must see them. */
int audit_tell_rules(struct audit_case *c, struct err *err)
{
    const struct disclosure *d = &c->rules.disclosure;
    struct text out;
    text_init(&out);
    tell_sensitive(&c->rules.structure, &out);
    text_format(&out, "Unsafe are counts below %" PRId64 "%s", d->threshold,
                d->protect_zeros ? ", and zeros" : "; zeros are published");
    if (d->minimum_population > 0)
        text_format(&out, ", and units of fewer than %" PRId64, d->minimum_population);
    text_string(&out, ". ");
    if (d->interval)
        text_format(&out, "A hidden count must be possible over a range of %" PRId64 " or more. ",
                    d->protection_width);
    else
        text_string(&out, "More than one value of a hidden count must be possible. ");
    text_string(&out, d->public_head_counts ? "Head counts are public. "
                                            : "Nothing is public, not even head counts. ");
    if (d->turnover_threshold > 0)
        text_format(&out,
                    "A figure is not published again while fewer than %" PRId64
                    " people came or went.",
                    d->turnover_threshold);
    else
        text_string(&out, "Nothing is asked of how many people came and went.");
    if (out.failed) {
        text_release(&out);
        return err_memory(err);
    }
    free(c->result->rules);
    c->result->rules = out.bytes;
    return 0;
}

static size_t figure_of(const struct audit_result *r, enum audit_rule rule, const char *what)
{
    const struct audit_check *check = &r->checks[rule];
    for (size_t i = 0; i < check->figure_count; i++)
        if (strcmp(check->figures[i].what, what) == 0)
            return check->figures[i].count;
    return 0;
}

static void tell_pass(const struct audit_result *r, struct text *out)
{
    size_t cells = figure_of(r, AUDIT_TABLES, "cells");
    size_t published = figure_of(r, AUDIT_TABLES, "published");
    size_t hidden = figure_of(r, AUDIT_CERTIFICATE, "hidden sensitive cells");
    if (r->checks[AUDIT_SIGNATURE].asked)
        text_string(out, "This release is the publisher's own and nothing in it was changed. ");
    text_format(out,
                "Of its %zu cells %zu are published. %zu sensitive counts are hidden, and none of "
                "them can be worked out from the published files: for each the audit checked that "
                "what is published leaves it as wide a range as the rules ask, or shows only that "
                "it is not small. ",
                cells, published, hidden);
    if (r->thorough)
        text_string(out, "It found that out by itself too, without the publisher's proof. ");
    size_t left_out = figure_of(r, AUDIT_CUMULATIVE, "units left out");
    if (r->checks[AUDIT_CUMULATIVE].asked && left_out > 0)
        text_format(out,
                    "The same holds with all earlier releases, but for %zu units' changes between "
                    "two of them, of which the publisher says that corrected data contradict them: "
                    "nothing is said of what those tell.",
                    left_out);
    else if (r->checks[AUDIT_CUMULATIVE].asked)
        text_string(out, "The same holds with all earlier releases.");
    else if (r->previous[0])
        text_string(out, "What the earlier releases show together with this one was not looked at: "
                         "they were not all given.");
    else
        text_string(out, "No release came before it.");
}

static void tell_fail(const struct audit_result *r, struct text *out)
{
    text_string(out, "Do not rely on this release. ");
    if (r->finding_count == 0) {
        text_string(out, "Some of the rules could not be looked at.");
        return;
    }
    text_format(out, "There %s %zu finding%s. ", r->finding_count == 1 ? "is" : "are",
                r->finding_count, r->finding_count == 1 ? "" : "s");
    text_string(out, "What does not hold: ");
    const char *separator = "";
    for (size_t i = 0; i < AUDIT_RULES_COUNT; i++)
        if (r->checks[i].findings > 0) {
            text_format(out, "%s%s", separator, audit_rule_about((enum audit_rule)i));
            separator = " ";
        }
    if (r->checks[AUDIT_SIGNATURE].findings > 0 || r->checks[AUDIT_DIGESTS].findings > 0)
        text_string(out, " What is in the files was not looked at, since they are not what the "
                         "publisher signed.");
}

void audit_summary(const struct audit_result *r, struct text *out)
{
    if (audit_passed(r))
        tell_pass(r, out);
    else
        tell_fail(r, out);
}

/* SPDX-License-Identifier: EUPL-1.2 */
/* What an audit looked at and found, and how it is told. See include/audit/audit.h. */
#include "audit/case.h"
#include "base/json_text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *audit_rule_name(enum audit_rule rule)
{
    static const char *const names[AUDIT_RULES_COUNT] = {
        "signature",   "digests",    "files",      "rules",   "tables",   "additivity",
        "public",      "unsafe",     "quality",    "reports", "turnover", "derived",
        "certificate", "protection", "cumulative", "history"};
    return names[rule];
}

void audit_begin(struct audit_result *r, enum audit_rule rule)
{
    r->checks[rule].asked = true;
    r->checks[rule].checked = false;
    r->checks[rule].figure_count = 0;
}

void audit_figure(struct audit_result *r, enum audit_rule rule, const char *what, size_t count)
{
    struct audit_check *check = &r->checks[rule];
    if (check->figure_count == AUDIT_FIGURES)
        return;
    check->figures[check->figure_count].what = what;
    check->figures[check->figure_count++].count = count;
}

void audit_end(struct audit_result *r, enum audit_rule rule)
{
    r->checks[rule].checked = true;
}

/* "file: cell: what", leaving out what is empty. */
static char *finding_text(const char *file, const char *cell, const char *what)
{
    struct text text;
    text_init(&text);
    text_format(&text, "%s%s%s%s%s", file, *file ? ": " : "", cell, *cell ? ": " : "", what);
    if (!text.failed)
        return text.bytes;
    text_release(&text);
    return NULL;
}

static int make_room(struct audit_result *r)
{
    if (!r->findings)
        r->findings = calloc(AUDIT_FINDINGS, sizeof *r->findings);
    return r->findings ? 0 : -1;
}

static int keep(struct audit_result *r, enum audit_rule rule, const char *file, const char *cell,
                const char *what)
{
    if (make_room(r) != 0)
        return -1;
    struct audit_finding *f = &r->findings[r->kept++];
    f->rule = rule;
    f->file = text_duplicate(file, strlen(file));
    f->cell = text_duplicate(cell, strlen(cell));
    f->text = finding_text(file, cell, what);
    return f->file && f->cell && f->text ? 0 : -1;
}

int audit_find(struct audit_result *r, enum audit_rule rule, const char *file, const char *cell,
               struct err *err, const char *format, ...)
{
    char what[sizeof err->text];
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(what, sizeof what, format, arguments);
    va_end(arguments);
    r->checks[rule].asked = true;
    r->checks[rule].findings++;
    r->finding_count++;
    if (r->kept < AUDIT_FINDINGS && keep(r, rule, file, cell, what) != 0)
        return err_memory(err);
    return 0;
}

/* The first table that a cell stands in: all its categories are of the table's variables. */
static const struct frequency_table *table_of(const struct cells *c, size_t cell)
{
    const struct structure *s = c->structure;
    for (size_t t = 0; t < s->table_count; t++) {
        size_t strange = 0;
        for (size_t v = 0; v < c->stride; v++)
            strange += c->categories[cell * c->stride + v] != 0;
        for (size_t i = 0; i < s->tables[t].variable_count; i++)
            strange -= c->categories[cell * c->stride + (size_t)s->tables[t].variables[i]] != 0;
        if (s->tables[t].population == (int)c->population[cell] && strange == 0)
            return &s->tables[t];
    }
    return NULL;
}

int audit_find_cell(struct audit_case *c, enum audit_rule rule, size_t cell, struct err *err,
                    const char *what)
{
    struct text key, file;
    text_init(&key);
    text_init(&file);
    cell_key(&key, &c->cells, cell);
    const struct frequency_table *table = table_of(&c->cells, cell);
    text_format(&file, table ? "tables/%s.csv" : "rules.json", table ? table->name : "");
    int rc = key.failed || file.failed
                 ? err_memory(err)
                 : audit_find(c->result, rule, file.bytes, key.bytes, err, "%s", what);
    text_release(&key);
    text_release(&file);
    return rc;
}

int audit_find_error(struct audit_result *r, enum audit_rule rule, const char *file,
                     struct err *err)
{
    if (err->kind != ERR_DATA && err->kind != ERR_REFUSED && err->kind != ERR_NOINPUT)
        return -1;
    struct err was = *err;
    if (was.line && was.column)
        return audit_find(r, rule, file, "", err, "line %ld column %ld: %s", was.line, was.column,
                          was.text);
    if (was.line)
        return audit_find(r, rule, file, "", err, "line %ld: %s", was.line, was.text);
    return audit_find(r, rule, file, "", err, "%s", was.text);
}

int audit_result_join(struct audit_result *r, struct audit_result *more, enum audit_rule rule,
                      struct err *err)
{
    struct audit_check *to = &r->checks[rule];
    const struct audit_check *from = &more->checks[rule];
    to->asked |= from->asked;
    to->checked |= from->checked;
    to->findings += from->findings;
    for (size_t i = 0; i < from->figure_count; i++)
        audit_figure(r, rule, from->figures[i].what, from->figures[i].count);
    r->finding_count += more->finding_count;
    if (more->kept > 0 && make_room(r) != 0)
        return err_memory(err);
    size_t moved = 0;
    while (moved < more->kept && r->kept < AUDIT_FINDINGS)
        r->findings[r->kept++] = more->findings[moved++];
    for (size_t i = moved; i < more->kept; i++)
        more->findings[i - moved] = more->findings[i];
    more->kept -= moved;
    return 0;
}

bool audit_passed(const struct audit_result *r)
{
    for (size_t i = 0; i < AUDIT_RULES_COUNT; i++)
        if (r->checks[i].asked && (!r->checks[i].checked || r->checks[i].findings > 0))
            return false;
    return r->finding_count == 0;
}

void audit_result_release(struct audit_result *r)
{
    for (size_t i = 0; i < r->kept; i++) {
        free(r->findings[i].file);
        free(r->findings[i].cell);
        free(r->findings[i].text);
    }
    free(r->findings);
    free(r->rules);
    memset(r, 0, sizeof *r);
}

static const char *verdict_of(const struct audit_check *check)
{
    return check->findings ? "FAIL" : check->checked ? "PASS" : "NOT CHECKED";
}

void audit_text(const struct audit_result *r, struct text *out)
{
    for (size_t i = 0; i < AUDIT_RULES_COUNT; i++) {
        const struct audit_check *check = &r->checks[i];
        if (!check->asked)
            continue;
        text_format(out, "%-11s  %s", audit_rule_name((enum audit_rule)i), verdict_of(check));
        for (size_t f = 0; f < check->figure_count; f++)
            text_format(out, "%s%zu %s", f ? ", " : "  ", check->figures[f].count,
                        check->figures[f].what);
        if (check->findings)
            text_format(out, "%s%zu finding%s", check->figure_count ? ", " : "  ", check->findings,
                        check->findings == 1 ? "" : "s");
        text_char(out, '\n');
    }
    if (r->previous[0] && !r->checks[AUDIT_CUMULATIVE].asked)
        text_format(out, "%-11s  NOT ASKED  %s was made before: give it, and all before it\n",
                    audit_rule_name(AUDIT_CUMULATIVE), r->previous);
    for (size_t i = 0; i < r->kept; i++)
        text_format(out, "finding: %s: %s\n", audit_rule_name(r->findings[i].rule),
                    r->findings[i].text);
    if (r->kept < r->finding_count)
        text_format(out, "and %zu more findings\n", r->finding_count - r->kept);
    if (r->rules)
        text_format(out, "asked: %s\n", r->rules);
    text_string(out, "summary: ");
    audit_summary(r, out);
    text_format(out, "\n%s %s\n", *r->release ? r->release : "release",
                audit_passed(r) ? "PASS" : "FAIL");
}

static void json_summary(struct text *out, const struct audit_result *r)
{
    struct text summary;
    text_init(&summary);
    audit_summary(r, &summary);
    text_string(out, " \"summary\": ");
    json_put_string(out, summary.failed ? "" : summary.bytes);
    if (r->rules) {
        text_string(out, ",\n \"asked\": ");
        json_put_string(out, r->rules);
    }
    text_format(out, ",\n \"thorough\": %s, \"previous\": ", r->thorough ? "true" : "false");
    if (*r->previous)
        json_put_string(out, r->previous);
    else
        text_string(out, "null");
    text_release(&summary);
}

static void json_member(struct text *out, const char *key, const char *value)
{
    json_put_string(out, key);
    text_string(out, ": ");
    json_put_string(out, value);
}

static void json_check(struct text *out, enum audit_rule rule, const struct audit_check *check)
{
    text_char(out, '{');
    json_member(out, "rule", audit_rule_name(rule));
    text_string(out, ", ");
    json_member(out, "result", check->findings ? "fail" : check->checked ? "pass" : "not_checked");
    text_string(out, ", ");
    json_member(out, "about", audit_rule_about(rule));
    text_string(out, ", \"checked\": {");
    for (size_t f = 0; f < check->figure_count; f++) {
        text_string(out, f ? ", " : "");
        json_put_string(out, check->figures[f].what);
        text_format(out, ": %zu", check->figures[f].count);
    }
    text_format(out, "}, \"findings\": %zu}", check->findings);
}

void audit_json(const struct audit_result *r, struct text *out)
{
    text_string(out, "{\"format\": \"herkomst-audit/1\", ");
    json_member(out, "release", r->release);
    text_string(out, ", ");
    json_member(out, "result", audit_passed(r) ? "pass" : "fail");
    text_string(out, ",\n");
    json_summary(out, r);
    text_string(out, ",\n \"rules\": [");
    const char *separator = "\n  ";
    for (size_t i = 0; i < AUDIT_RULES_COUNT; i++) {
        if (!r->checks[i].asked)
            continue;
        text_string(out, separator);
        json_check(out, (enum audit_rule)i, &r->checks[i]);
        separator = ",\n  ";
    }
    text_string(out, "],\n \"findings\": [");
    for (size_t i = 0; i < r->kept; i++) {
        const struct audit_finding *f = &r->findings[i];
        text_string(out, i ? ",\n  {" : "\n  {");
        json_member(out, "rule", audit_rule_name(f->rule));
        text_string(out, ", ");
        json_member(out, "file", f->file);
        text_string(out, ", ");
        json_member(out, "cell", f->cell);
        text_string(out, ", ");
        json_member(out, "text", f->text);
        text_char(out, '}');
    }
    text_format(out, "],\n \"finding_count\": %zu}\n", r->finding_count);
}

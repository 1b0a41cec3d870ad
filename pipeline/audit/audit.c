/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The order of the rules: what the release is, before what it says. A rule whose ground another one
 * has refused is left unchecked, and so not passed. See include/audit/audit.h.
 */
#include "audit/audit.h"

#include "audit/case.h"
#include "base/parallel.h"

#include <stdlib.h>
#include <string.h>

typedef int (*rule_check)(struct audit_case *c, struct err *err);

/* Runs a rule if everything that it stands on was looked at. */
static int check(struct audit_case *c, enum audit_rule rule, bool ground, rule_check run,
                 struct err *err)
{
    audit_begin(c->result, rule);
    return ground ? run(c, err) : 0;
}

static bool passed(const struct audit_case *c, enum audit_rule rule)
{
    return c->result->checks[rule].checked;
}

/* Figures and reports are looked at at the same time: a page takes as long as a table. */
struct sides {
    struct audit_case *figures, *reports; /* of results of their own */
    bool tables;
};
enum { SIDE_FIGURES, SIDE_REPORTS, SIDES };

static int check_side(void *context, unsigned worker, size_t side, struct err *err)
{
    const struct sides *s = context;
    struct audit_case *c = s->figures;
    (void)worker;
    if (side == SIDE_REPORTS)
        return s->tables && audit_has_reports(s->reports)
                   ? check(s->reports, AUDIT_REPORTS, passed(s->reports, AUDIT_TURNOVER),
                           audit_reports, err)
                   : 0;
    if (check(c, AUDIT_DERIVED, s->tables, audit_derived, err) != 0 ||
        check(c, AUDIT_CERTIFICATE, s->tables, audit_certificate, err) != 0)
        return -1;
    return check(c, AUDIT_PROTECTION, s->tables, audit_protection, err);
}

static int check_content(struct audit_case *c, bool is_plain, struct err *err)
{
    if (check(c, AUDIT_RULES, is_plain, audit_rules, err) != 0 ||
        check(c, AUDIT_FILES, is_plain && passed(c, AUDIT_RULES), audit_files, err) != 0 ||
        check(c, AUDIT_TABLES, passed(c, AUDIT_RULES), audit_tables, err) != 0)
        return -1;
    bool tables = passed(c, AUDIT_TABLES);
    if (check(c, AUDIT_ADDITIVITY, tables, audit_additivity, err) != 0 ||
        check(c, AUDIT_PUBLIC, tables, audit_public, err) != 0 ||
        check(c, AUDIT_UNSAFE, tables, audit_unsafe, err) != 0 ||
        check(c, AUDIT_QUALITY, tables, audit_quality, err) != 0 ||
        check(c, AUDIT_TURNOVER, tables, audit_turnover, err) != 0)
        return -1;
    struct audit_result of_reports = {.finding_count = 0};
    struct audit_case again = *c; /* what it reads nobody writes any more */
    struct sides sides = {.figures = c, .reports = &again, .tables = tables};
    again.result = &of_reports;
    of_reports.checks[AUDIT_TURNOVER] = c->result->checks[AUDIT_TURNOVER];
    int rc = parallel_items(AUDIT_THREADS, SIDES, check_side, &sides, err);
    if (rc == 0)
        rc = audit_result_join(c->result, &of_reports, AUDIT_REPORTS, err);
    audit_result_release(&of_reports);
    return rc;
}

void audit_case_release(struct audit_case *c)
{
    turnover_close(&c->turnover);
    cells_release(&c->cells);
    rules_release(&c->rules);
    audit_tree_release(&c->tree);
    free(c->counts);
    free(c->hidden);
    free(c->shown);
}

int audit_release(const char *folder, const struct public_key *key, struct audit_result *result,
                  struct err *err)
{
    struct audit_case c = {.folder = folder, .key = key, .result = result};
    char digest[CONFIG_DIGEST_TEXT];
    memset(result, 0, sizeof *result);
    rules_init(&c.rules);
    int rc = audit_tree_list(&c.tree, folder, result, err);
    /* Nothing is read through a link: a folder with strange entries is looked at no further. */
    bool is_plain = result->finding_count == 0;
    if (rc == 0 && key && is_plain)
        rc = audit_sums(folder, &c.tree, key, AUDIT_SIGNATURE, AUDIT_DIGESTS, result, digest, err);
    /* What the publisher did not sign is not even parsed: its content says nothing. */
    bool is_theirs = !key || result->finding_count == 0;
    if (rc == 0)
        rc = check_content(&c, is_plain && is_theirs, err);
    audit_case_release(&c);
    return rc;
}

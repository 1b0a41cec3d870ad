/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The order of the rules: what the release is, before what it says. A rule whose ground another one
 * has refused is left unchecked, and so not passed. See include/audit/audit.h.
 */
#include "audit/audit.h"

#include "audit/case.h"

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
        check(c, AUDIT_CERTIFICATE, tables, audit_certificate, err) != 0)
        return -1;
    return 0;
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
    if (rc == 0)
        rc = check_content(&c, is_plain, err);
    cells_release(&c.cells);
    rules_release(&c.rules);
    audit_tree_release(&c.tree);
    free(c.counts);
    free(c.hidden);
    return rc;
}

/* One earlier release: its signature and digests; *is_named when the manifest's chain leads to it.
 */
static int check_earlier(const char *folder, const struct public_key *key,
                         struct audit_result *result, bool *is_named, struct err *err)
{
    struct audit_tree tree = {0};
    struct audit_result own = {0};
    char digest[CONFIG_DIGEST_TEXT] = "";
    int rc = audit_tree_list(&tree, folder, &own, err);
    if (rc == 0 && own.finding_count == 0)
        rc = audit_sums(folder, &tree, key, AUDIT_SIGNATURE, AUDIT_DIGESTS, &own, digest, err);
    for (size_t i = 0; i < own.kept && rc == 0; i++)
        rc = audit_find(result, AUDIT_HISTORY, folder, "", err, "%s", own.findings[i].text);
    *is_named = strcmp(digest, result->previous_digest) == 0 && digest[0];
    audit_tree_release(&tree);
    audit_result_release(&own);
    return rc;
}

int audit_history(char *const *previous, size_t count, const struct public_key *key,
                  struct audit_result *result, struct err *err)
{
    bool is_chained = false;
    audit_begin(result, AUDIT_HISTORY);
    for (size_t i = 0; i < count; i++) {
        bool is_named;
        if (check_earlier(previous[i], key, result, &is_named, err) != 0)
            return -1;
        is_chained = is_chained || is_named;
    }
    if (!is_chained &&
        audit_find(result, AUDIT_HISTORY, "manifest.json", "", err,
                   result->previous[0] ? "none of the earlier releases is the one it names"
                                       : "it names no earlier release") != 0)
        return -1;
    audit_figure(result, AUDIT_HISTORY, "earlier releases", count);
    audit_end(result, AUDIT_HISTORY);
    return 0;
}

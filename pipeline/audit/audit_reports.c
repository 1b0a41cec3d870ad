/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The files that people and tools read besides the tables: a release has all of them or, as before
 * herkomst 0.3.0, none. See include/audit/case.h.
 */
#include "audit/case.h"

#include "report/paths.h"

#include <string.h>

/* Any of these says that there are reports. */
bool audit_has_reports(const struct audit_case *c)
{
    for (size_t i = 0; i < c->tree.count; i++)
        if (strcmp(c->tree.paths[i], "indicators.csv") == 0 ||
            strncmp(c->tree.paths[i], "units/", 6) == 0)
            return true;
    return false;
}

int audit_report_files(struct audit_case *c, struct report_paths *expected, struct err *err)
{
    memset(expected, 0, sizeof *expected);
    if (!audit_has_reports(c))
        return 0;
    if (report_paths_list(expected, &c->rules.structure, err) != 0)
        return -1;
    for (size_t i = 0; i < expected->count; i++)
        if (!audit_tree_has(&c->tree, expected->paths[i]) &&
            audit_find(c->result, AUDIT_FILES, expected->paths[i], "", err, "missing") != 0)
            return -1;
    return 0;
}

int audit_reports(struct audit_case *c, struct err *err)
{
    if (audit_pages(c, NULL, err) != 0 || audit_written(c, err) != 0 ||
        audit_workbooks(c, NULL, err) != 0)
        return -1;
    audit_end(c->result, AUDIT_REPORTS);
    return 0;
}

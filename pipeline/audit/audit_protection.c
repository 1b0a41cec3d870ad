/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The rule on protection, found out by the audit itself: of the hidden sensitive cells those that
 * the certificate does not show protected, or all of them if the audit is to be thorough. See
 * include/audit/search.h.
 */
#include "audit/search.h"

#include <stdlib.h>

static int find_verdicts(struct audit_case *c, const struct audit_search *s, struct err *err)
{
    for (size_t i = 0; i < c->cells.count; i++) {
        enum audit_verdict v = s->verdict[i];
        if (v != SEARCH_NOT_ASKED && v != SEARCH_SHOWN &&
            audit_find_cell(c, AUDIT_PROTECTION, i, err, audit_verdict_text(v)) != 0)
            return -1;
    }
    return 0;
}

int audit_protection(struct audit_case *c, struct err *err)
{
    struct audit_index index = {0};
    uint8_t *asked = calloc(c->cells.count + 1, sizeof *asked);
    struct audit_search s = {
        .c = c, .index = &index, .asked = asked, .limit = c->result->thorough ? 0 : SEARCH_LIMIT};
    int rc = 0;
    size_t wanted = 0;
    if (!asked)
        return err_memory(err);
    for (size_t i = 0; i < c->cells.count; i++) {
        asked[i] = audit_asks(c, i) && (c->result->thorough || !c->shown || !c->shown[i]);
        wanted += asked[i];
    }
    if (wanted > 0)
        rc = audit_index_build(&index, &c->cells, err);
    if (rc == 0 && wanted > 0)
        rc = audit_search(&s, err) == 0 ? find_verdicts(c, &s, err) : -1;
    audit_figure(c->result, AUDIT_PROTECTION, "cells searched", s.cells);
    audit_figure(c->result, AUDIT_PROTECTION, "parts", s.parts);
    audit_figure(c->result, AUDIT_PROTECTION, "programmes", s.programmes);
    audit_figure(c->result, AUDIT_PROTECTION, "tables", s.tables);
    if (rc == 0)
        audit_end(c->result, AUDIT_PROTECTION);
    audit_search_release(&s);
    audit_index_release(&index);
    free(asked);
    return rc;
}

/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * What "protected" means: the one place where the audit reads the criterion from the rules. See
 * include/audit/case.h and the README's "What is protected".
 */
#include "audit/case.h"

static int64_t lesser(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

bool audit_protects(const struct audit_case *c, size_t cell, int64_t low, int64_t high)
{
    const struct disclosure *d = &c->rules.disclosure;
    int64_t group = c->counts[c->cells.group[cell]];
    if (!d->interval) /* in a group of nobody, hidden for its unit's size, there is nothing to pin
                       */
        return high > low || group == 0;
    int64_t most = group >= 0 ? group : INT64_MAX; /* hidden: no limit */
    return high >= lesser(d->threshold, most) && high - low >= lesser(d->protection_width, most);
}

bool audit_protects_floor(const struct audit_case *c, int64_t floor)
{
    return c->rules.disclosure.interval && floor >= c->rules.disclosure.threshold;
}

bool audit_asks(const struct audit_case *c, size_t cell)
{
    return c->hidden[cell] &&
           (c->cells.flags[cell] & (CELL_SENSITIVE | CELL_UNPUBLISHED)) == CELL_SENSITIVE;
}

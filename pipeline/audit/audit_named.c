/* SPDX-License-Identifier: EUPL-1.2 */
/* audit_named of include/audit/case.h. */
#include "audit/case.h"

#include <stdlib.h>
#include <string.h>

struct naming {
    const struct audit_named *n;
    uint8_t *named;
    uint8_t *settled; /* per cell: the release that counts was met */
    int64_t *shown;   /* of one release: past_counts */
};

static int look_at(struct naming *k, const struct past_release *r, struct err *err)
{
    const struct audit_named *n = k->n;
    const struct cells *c = n->cells;
    bool one_date = r->rules.reference_date == n->reference;
    size_t d = n->turnover ? turnover_find(n->turnover, r->rules.reference_date) : SIZE_MAX;
    if (past_counts(r, c, k->shown, err) != 0)
        return -1;
    for (size_t i = 0; i < c->count; i++) {
        if (k->settled[i] || k->shown[i] < 0 || !(c->flags[i] & CELL_SENSITIVE))
            continue;
        k->settled[i] = 1;
        if (one_date || d == SIZE_MAX)
            continue;
        size_t at = d * n->turnover->cells + c->group[i];
        int64_t moved = n->turnover->joined[at] + n->turnover->left[at];
        if (moved > 0 && moved < n->threshold)
            k->named[i] = 1;
    }
    return 0;
}

/* By distance in time; of one date the one made last first. */
static int compare(date own, const struct past_release *a, const struct past_release *b)
{
    date x = a->rules.reference_date, y = b->rules.reference_date;
    if (x != y)
        return x <= own ? (x > y ? -1 : 1) : (x < y ? -1 : 1);
    return a->made > b->made ? -1 : 1;
}

/* Those up to the own date, or those after it, in the order in which they count. */
static size_t line_up(const struct audit_named *n, bool after, const struct past_release **line)
{
    size_t count = 0;
    for (size_t i = 0; i < n->past->count; i++) {
        const struct past_release *r = &n->past->releases[i];
        if (r->made >= n->made || (r->rules.reference_date > n->reference) != after)
            continue;
        size_t at = count++;
        for (; at > 0 && compare(n->reference, r, line[at - 1]) < 0; at--)
            line[at] = line[at - 1];
        line[at] = r;
    }
    return count;
}

int audit_named(const struct audit_named *n, uint8_t *named, struct err *err)
{
    struct naming k = {.n = n, .named = named};
    const struct past_release **line = calloc(n->past->count + 1, sizeof(struct past_release *));
    k.settled = malloc(n->cells->count + 1);
    k.shown = malloc((n->cells->count + 1) * sizeof *k.shown);
    int rc = 0;
    if (!line || !k.settled || !k.shown) {
        rc = err_memory(err);
        goto out;
    }
    memset(named, 0, n->cells->count);
    for (int after = 0; rc == 0 && after < 2; after++) {
        size_t count = line_up(n, after, line);
        memset(k.settled, 0, n->cells->count);
        for (size_t i = 0; rc == 0 && i < count; i++)
            rc = look_at(&k, line[i], err);
    }
out:
    free((void *)line);
    free(k.settled);
    free(k.shown);
    return rc;
}

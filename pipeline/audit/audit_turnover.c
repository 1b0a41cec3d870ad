/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The rule on who came and went: turnover.csv by itself, and against earlier releases. See
 * include/audit/case.h and the README's "Over time".
 */
#include "audit/case.h"

#include "tables/turnover_csv.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static int find(struct audit_case *c, const char *cell, const char *what, struct err *err)
{
    return audit_find(c->result, AUDIT_TURNOVER, "turnover.csv", cell, err, "%s", what);
}

int audit_turnover(struct audit_case *c, struct err *err)
{
    struct text path;
    text_init(&path);
    text_format(&path, "%s/turnover.csv", c->folder);
    int rc = path.failed ? err_memory(err)
                         : turnover_csv_read(path.bytes, &c->rules, &c->cells, &c->turnover, err);
    text_release(&path);
    if (rc != 0)
        return audit_find_error(c->result, AUDIT_TURNOVER, "turnover.csv", err);
    audit_figure(c->result, AUDIT_TURNOVER, "periods", c->turnover.count);
    if (c->turnover.count > 0 && !c->result->previous[0])
        return find(c, "", "periods although the manifest names no earlier release", err);
    audit_end(c->result, AUDIT_TURNOVER);
    return 0;
}

/* ---- with earlier releases ---- */

struct comparison {
    struct audit_case *c;
    const struct audit_past *past; /* made last first */
    size_t count;
    bool complete;
    date horizon;         /* what releases that were not given may be of: this date or before */
    int64_t **shown;      /* of each: past_counts */
    size_t groups, again; /* looked at */
};

static date date_of(const struct comparison *m, size_t i)
{
    return m->past[i].release->rules.reference_date;
}

/* Was another release of its date made later? */
static bool is_superseded(const struct comparison *m, size_t i)
{
    for (size_t k = 0; k < i; k++)
        if (date_of(m, k) == date_of(m, i))
            return true;
    return false;
}

static int find_at(struct comparison *m, size_t cell, size_t i, const char *what, struct err *err)
{
    struct text key;
    text_init(&key);
    cell_key(&key, &m->c->cells, cell);
    int rc = key.failed ? err_memory(err)
                        : audit_find(m->c->result, AUDIT_TURNOVER, "turnover.csv", key.bytes, err,
                                     "%s %s", what, m->past[i].place->release);
    text_release(&key);
    return rc;
}

/* new = old + joined - left, for every head count that is in both. */
static int compare_heads(struct comparison *m, size_t i, struct err *err)
{
    const struct audit_case *c = m->c;
    size_t d = turnover_find(&c->turnover, date_of(m, i));
    if (d == SIZE_MAX)
        return date_of(m, i) == c->rules.reference_date
                   ? 0
                   : audit_find(c->result, AUDIT_TURNOVER, "turnover.csv", "", err,
                                "no period since release %s", m->past[i].place->release);
    if (date_of(m, i) > c->rules.reference_date || is_superseded(m, i))
        return 0;
    for (size_t cell = 0; cell < c->cells.count; cell++) {
        int64_t then = m->shown[i][cell];
        size_t at = d * c->turnover.cells + cell;
        if (!(c->cells.flags[cell] & CELL_PUBLIC) || then < 0 || c->hidden[cell])
            continue;
        m->groups++;
        if (c->counts[cell] != then + c->turnover.joined[at] - c->turnover.left[at] &&
            find_at(m, cell, i, "does not lead to this head count from release", err) != 0)
            return -1;
    }
    return 0;
}

/* The release of the latest date, up to this one's, that showed the cell; of one date the one made
 * last. With `later`: of the earliest date after it. SIZE_MAX: none is known. */
static size_t last_shown(const struct comparison *m, size_t cell, bool later)
{
    date own = m->c->rules.reference_date;
    size_t found = SIZE_MAX;
    for (size_t i = 0; i < m->count; i++) {
        date then = date_of(m, i);
        if (m->shown[i][cell] < 0 || (then > own) != later)
            continue;
        if (found == SIZE_MAX || (later ? then < date_of(m, found) : then > date_of(m, found)))
            found = i;
    }
    if (found == SIZE_MAX || m->complete)
        return found;
    return !later && date_of(m, found) >= m->horizon ? found : SIZE_MAX;
}

static int check_again(struct comparison *m, size_t cell, bool later, struct err *err)
{
    const struct audit_case *c = m->c;
    size_t last = last_shown(m, cell, later);
    size_t d = last == SIZE_MAX ? SIZE_MAX : turnover_find(&c->turnover, date_of(m, last));
    if (d == SIZE_MAX)
        return 0;
    m->again++;
    size_t at = d * c->turnover.cells + c->cells.group[cell];
    int64_t moved = c->turnover.joined[at] + c->turnover.left[at];
    if (moved == 0 || moved >= c->rules.disclosure.turnover_threshold)
        return 0;
    return find_at(m, cell, last, "published again too early after release", err);
}

static int compare_all(struct comparison *m, struct err *err)
{
    const struct audit_case *c = m->c;
    for (size_t i = 0; i < m->count; i++) {
        m->shown[i] = calloc(c->cells.count + 1, sizeof *m->shown[i]);
        if (!m->shown[i])
            return err_memory(err);
        if (past_counts(m->past[i].release, &c->cells, m->shown[i], err) != 0 ||
            compare_heads(m, i, err) != 0)
            return -1;
    }
    for (size_t cell = 0; cell < c->cells.count; cell++)
        if ((c->cells.flags[cell] & CELL_SENSITIVE) && !c->hidden[cell] &&
            (check_again(m, cell, false, err) != 0 || check_again(m, cell, true, err) != 0))
            return -1;
    return 0;
}

/* Reference dates go back in revisions only, so what was made before a release that is none is of
 * its date or an earlier one. */
static date find_horizon(const struct comparison *m)
{
    for (size_t i = m->count; i > 0; i--)
        if (!m->past[i - 1].place->replaces[0])
            return date_of(m, i - 1);
    return INT32_MAX;
}

int audit_compare(struct audit_case *c, const struct audit_past *past, size_t count, bool complete,
                  struct err *err)
{
    struct comparison m = {.c = c, .past = past, .count = count, .complete = complete};
    m.horizon = find_horizon(&m);
    m.shown = calloc(count + 1, sizeof *m.shown);
    int rc = m.shown ? compare_all(&m, err) : err_memory(err);
    for (size_t i = 0; m.shown && i < count; i++)
        free(m.shown[i]);
    free((void *)m.shown);
    audit_figure(c->result, AUDIT_TURNOVER, "head counts compared", m.groups);
    audit_figure(c->result, AUDIT_TURNOVER, "figures published again", m.again);
    return rc;
}

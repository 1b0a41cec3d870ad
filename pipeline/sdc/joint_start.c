/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/sdc/joint_start.h. First the earlier releases, one after the other, then who came,
 * went and stayed, group by group. */
#include "sdc/joint_start.h"

#include "sdc/joint_programme.h"

#include <stdlib.h>
#include <string.h>

/* Sums of published cells are known. */
static void know_sums(struct joint_table *t)
{
    const struct cells *c = &t->joint->cells;
    for (size_t e = 0; e < c->equation_count; e++) {
        const uint32_t *member = c->equation_cell + c->equation_start[e];
        size_t members = c->equation_start[e + 1] - c->equation_start[e];
        if (t->joint->layers[c->layer[member[0]]].role != JOINT_BEFORE || !t->unknown[member[0]])
            continue;
        bool known = true;
        int64_t sum = 0;
        for (size_t m = 1; m < members; m++) {
            known = known && !t->unknown[member[m]];
            sum += t->counts[member[m]];
        }
        if (known && joint_is_count(t->joint, member[1])) {
            t->counts[member[0]] = sum;
            t->unknown[member[0]] = 0;
        }
    }
}

/* Links between cells that are all known: they hold, or are loose. */
static void check_known(struct joint_table *t)
{
    const struct cells *c = &t->joint->cells;
    for (size_t i = 0; i < t->joint->link_count; i++) {
        uint32_t e = t->joint->links[i].equation;
        const uint32_t *member = c->equation_cell + c->equation_start[e];
        size_t members = c->equation_start[e + 1] - c->equation_start[e];
        bool known = !t->unknown[member[0]];
        int64_t rest = t->counts[member[0]];
        for (size_t m = 1; m < members; m++) {
            known = known && !t->unknown[member[m]];
            rest -= t->counts[member[m]];
        }
        t->loose[i] = known && rest != 0;
    }
}

static bool any_loose(const struct joint_table *t)
{
    return memchr(t->loose, 1, t->joint->link_count) != NULL;
}

static bool has_counts(const struct joint *j, const struct parts *parts, size_t part)
{
    for (uint32_t i = parts->cell_start[part]; i < parts->cell_start[part + 1]; i++)
        if (joint_is_count(j, parts->cells[i]))
            return true;
    return false;
}

/* Solves every part of the active cells; in short form those that have counts. *all: each was
 * found.
 */
static int solve_active(struct joint_table *t, bool short_form, bool elastic, bool *all,
                        struct err *err)
{
    struct parts parts;
    if (parts_build(&parts, &t->joint->cells, t->active, err) != 0)
        return -1;
    int rc = 0;
    *all = true;
    for (size_t part = 0; part < parts.count && rc == 0; part++) {
        bool found = true;
        if (!short_form || has_counts(t->joint, &parts, part))
            rc = joint_programme(t, &parts, part, short_form, elastic, &found, err);
        *all = *all && found;
    }
    parts_release(&parts);
    return rc;
}

/* ---- the earlier releases, the latest first ---- */

/* The unknown cells of these releases, and who came and stayed, of all pairs. */
static void activate(struct joint_table *t, size_t first, size_t last)
{
    const struct joint *j = t->joint;
    for (uint32_t i = 0; i < j->cells.count; i++) {
        const struct joint_layer *layer = &j->layers[j->cells.layer[i]];
        bool active = joint_is_count(j, i) ? layer->from >= first && layer->from <= last
                                           : layer->role != JOINT_OUT;
        t->active[i] = active && t->unknown[i];
    }
}

/* Whether what was hidden by these releases is known. */
static void set_unknown(struct joint_table *t, size_t first, size_t last, bool unknown)
{
    const struct joint *j = t->joint;
    for (uint32_t i = 0; i < j->cells.count; i++) {
        const struct joint_layer *layer = &j->layers[j->cells.layer[i]];
        if (joint_is_count(j, i) && j->counts[i] < 0 && layer->from >= first && layer->from <= last)
            t->unknown[i] = unknown;
    }
}

/* Some table of the release that agrees with it, with the later ones as they are, and with what the
 * earlier ones published. If there is none, the later ones are found again with it; if that cannot
 * be either, as few links as can be are missed. */
static int find_release(struct joint_table *t, size_t release, struct err *err)
{
    size_t last = t->joint->release_count - 2;
    bool all;
    activate(t, release, release);
    if (solve_active(t, true, false, &all, err) != 0)
        return -1;
    if (!all && release < last) {
        set_unknown(t, release, last, true);
        activate(t, release, last);
        if (solve_active(t, true, false, &all, err) != 0)
            return -1;
        set_unknown(t, release + 1, last, false);
    }
    if (all)
        return 0;
    activate(t, release, release);
    if (solve_active(t, true, true, &all, err) != 0)
        return -1;
    return all ? 0
               : err_set(err, ERR_INTERNAL, "joint system: release %s contradicts itself",
                         t->joint->releases[release].id);
}

/* Who came, went and stayed between tables that are all known, group by group. */
static int find_changes(struct joint_table *t, struct err *err)
{
    bool all;
    memcpy(t->active, t->unknown, t->joint->cells.count);
    if (solve_active(t, false, false, &all, err) != 0)
        return -1;
    if (all)
        return 0;
    memcpy(t->active, t->unknown, t->joint->cells.count);
    if (solve_active(t, false, true, &all, err) != 0)
        return -1;
    return all ? 0 : err_set(err, ERR_INTERNAL, "joint system: turnover contradicts itself");
}

static int compare_units(const void *a, const void *b)
{
    const struct joint_unit *x = a, *y = b;
    if (x->from != y->from)
        return x->from < y->from ? -1 : 1;
    if (x->to != y->to)
        return x->to < y->to ? -1 : 1;
    return (x->unit > y->unit) - (x->unit < y->unit);
}

static int list_drops(struct joint_start *out, const struct joint_table *t, struct err *err)
{
    const struct joint *j = t->joint;
    out->drops = calloc(j->link_count + 1, sizeof *out->drops);
    if (!out->drops)
        return err_memory(err);
    size_t count = 0;
    for (size_t i = 0; i < j->link_count; i++) {
        const struct joint_link *l = &j->links[i];
        if (t->loose[i])
            out->drops[count++] =
                (struct joint_unit){l->from, l->to, j->releases[l->to].cells->unit[l->cell]};
    }
    qsort(out->drops, count, sizeof *out->drops, compare_units);
    for (size_t i = 0; i < count; i++)
        if (i == 0 || compare_units(&out->drops[i], &out->drops[i - 1]) != 0)
            out->drops[out->drop_count++] = out->drops[i];
    return 0;
}

static int find_table(struct joint_table *t, bool *found, struct err *err)
{
    know_sums(t);
    check_known(t);
    for (size_t r = t->joint->release_count - 1; r-- > 0;)
        if (find_release(t, r, err) != 0)
            return -1;
    *found = !any_loose(t);
    if (*found && find_changes(t, err) != 0)
        return -1;
    *found = !any_loose(t);
    return *found ? cells_additive(&t->joint->cells, t->counts, err) : 0;
}

int joint_counts(struct joint_start *out, const struct joint *j, const int64_t *counts,
                 struct err *err)
{
    struct joint_table t;
    memset(out, 0, sizeof *out);
    int rc = joint_table_init(&t, j, counts, err);
    if (rc == 0)
        rc = find_table(&t, &out->found, err);
    if (rc == 0 && !out->found)
        rc = list_drops(out, &t, err);
    if (rc == 0 && out->found) {
        out->counts = t.counts;
        t.counts = NULL;
    }
    joint_table_release(&t);
    return rc;
}

void joint_start_release(struct joint_start *s)
{
    free(s->counts);
    free(s->drops);
    memset(s, 0, sizeof *s);
}

/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/sdc/part_proof.h. */
#include "sdc/part_proof.h"

#include "sdc/fine_tables.h"
#include "sdc/part_search.h"

#include <stdlib.h>
#include <string.h>

/* ---- fewer tables ---- */

struct thinning {
    struct search *s;
    bool *kept;            /* per table */
    size_t *shown;         /* per table: targets whose low or high is seen there */
    size_t *order;         /* tables, those that show the fewest first */
    struct target *before; /* room for what is changed */
    size_t changed;
};

static bool shows(const struct target *t, size_t table)
{
    return t->low_at == (int)table || t->high_at == (int)table;
}

/* Leaves the table out, if others show what it shows. */
static void try_without(struct thinning *w, size_t table)
{
    struct search *s = w->s;
    bool needed = false;
    w->changed = 0;
    w->kept[table] = false;
    for (size_t i = 0; i < s->target_count && !needed; i++) {
        struct target *t = &s->targets[i];
        if (!target_paired(t) || !shows(t, table))
            continue;
        w->before[w->changed++] = *t;
        search_look_again(s, t, w->kept);
        needed = !target_paired(t);
    }
    for (size_t i = 0; needed && i < w->changed; i++)
        s->targets[s->target_of[w->before[i].unknown]] = w->before[i];
    w->kept[table] = needed;
}

static int by_shown(const void *a, const void *b, void *context)
{
    const struct thinning *w = context;
    size_t one = *(const size_t *)a, other = *(const size_t *)b;
    if (w->shown[one] != w->shown[other])
        return w->shown[one] < w->shown[other] ? -1 : 1;
    return one < other ? -1 : one > other;
}

static void thin(struct thinning *w)
{
    struct search *s = w->s;
    for (size_t k = 0; k < s->table_count; k++)
        w->order[k] = k;
    for (size_t i = 0; i < s->target_count; i++)
        if (target_paired(&s->targets[i])) {
            w->shown[s->targets[i].low_at]++;
            w->shown[s->targets[i].high_at]++;
        }
    for (size_t k = 0; k < s->table_count; k++)
        w->kept[k] = w->shown[k] > 0;
    qsort_r(w->order, s->table_count, sizeof *w->order, by_shown, w);
    for (size_t k = 0; k < s->table_count; k++)
        if (w->kept[w->order[k]])
            try_without(w, w->order[k]);
}

/* A table was kept for what it showed when it was found; later ones may show all of that. */
int search_leave_out_tables(struct search *s, struct err *err)
{
    size_t n = s->table_count + 1;
    struct thinning w = {.s = s,
                         .kept = calloc(n, sizeof *w.kept),
                         .shown = calloc(n, sizeof *w.shown),
                         .order = calloc(n, sizeof *w.order),
                         .before = calloc(s->target_count + 1, sizeof *w.before)};
    int rc = w.kept && w.shown && w.order && w.before ? 0 : err_memory(err);
    if (rc == 0)
        thin(&w);
    free(w.kept);
    free(w.shown);
    free(w.order);
    free(w.before);
    return rc;
}

/* ---- the proof ---- */

static struct cell_proof conclude(const struct target *t)
{
    struct cell_proof proof = {
        .cell = t->cell, .kind = PROOF_NONE, .seen_low = -1, .seen_high = -1};
    if (t->low_at != TABLE_NONE) {
        proof.seen_low = t->low;
        proof.seen_high = t->high;
    }
    if (target_paired(t)) {
        proof.kind = PROOF_PAIR;
        proof.low = (uint32_t)t->low_at;
        proof.high = (uint32_t)t->high_at;
    } else if (t->floor >= t->needs.floor) {
        proof.kind = PROOF_FLOOR;
        proof.floor = t->floor;
    }
    return proof;
}

/* Moves a table of the pool into the proof. */
static int keep_table(struct part_proof *out, const struct search *s, size_t table, struct err *err)
{
    struct witness *w = &out->witnesses[out->witness_count];
    size_t n = s->equations.unknowns;
    w->cells = malloc((n + 1) * sizeof *w->cells);
    w->values = malloc((n + 1) * sizeof *w->values);
    w->count = n;
    out->witness_count++;
    if (!w->cells || !w->values)
        return err_memory(err);
    memcpy(w->cells, s->cells, n * sizeof *w->cells);
    memcpy(w->values, s->tables[table], n * sizeof *w->values);
    return 0;
}

/* Only tables that a pair refers to are kept, and numbered anew. */
static int keep_tables(struct part_proof *out, const struct search *s, struct err *err)
{
    uint32_t *renumber = malloc((s->table_count + 1) * sizeof *renumber);
    if (!renumber)
        return err_memory(err);
    for (size_t t = 0; t < s->table_count; t++)
        renumber[t] = PART_NONE;
    for (size_t i = 0; i < out->cell_count; i++)
        if (out->cells[i].kind == PROOF_PAIR)
            renumber[out->cells[i].low] = renumber[out->cells[i].high] = 0;
    int rc = 0;
    for (size_t t = 0; t < s->table_count && rc == 0; t++)
        if (renumber[t] == 0) {
            renumber[t] = (uint32_t)out->witness_count;
            rc = keep_table(out, s, t, err);
        }
    for (size_t i = 0; i < out->cell_count; i++)
        if (out->cells[i].kind == PROOF_PAIR) {
            out->cells[i].low = renumber[out->cells[i].low];
            out->cells[i].high = renumber[out->cells[i].high];
        }
    free(renumber);
    return rc;
}

static int finish(struct part_proof *out, const struct search *s, struct err *err)
{
    out->cells = calloc(s->target_count + 1, sizeof *out->cells);
    out->witnesses = calloc(s->table_count + 1, sizeof *out->witnesses);
    if (!out->cells || !out->witnesses)
        return err_memory(err);
    for (size_t i = 0; i < s->target_count; i++)
        out->cells[out->cell_count++] = conclude(&s->targets[i]);
    return keep_tables(out, s, err);
}

int part_prove(struct part_proof *out, const struct view *view, const struct bounds *bounds,
               const struct disclosure *rules, const struct parts *parts, size_t part,
               struct transfer *transfer, unsigned threads, struct err *err)
{
    memset(out, 0, sizeof *out);
    struct search s;
    if (search_open(&s, view, bounds, rules, parts, part, transfer, err) != 0)
        return -1;
    int rc = 0;
    s.threads = threads;
    if (s.target_count > 0) {
        if (tables_are_fine(view->cells, view->hidden))
            rc = search_units(&s, bounds, rules, err);
        if (rc == 0)
            rc = search_run(&s, err);
        if (rc == 0)
            rc = search_leave_out_tables(&s, err);
        if (rc == 0)
            rc = finish(out, &s, err);
        out->programs = search_programmes(&s);
    }
    search_release(&s);
    if (rc != 0)
        part_proof_release(out);
    return rc;
}

void part_proof_release(struct part_proof *p)
{
    for (size_t i = 0; i < p->witness_count; i++) {
        free(p->witnesses[i].cells);
        free(p->witnesses[i].values);
    }
    free(p->witnesses);
    free(p->cells);
    memset(p, 0, sizeof *p);
}

/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/sdc/part_proof.h. */
#include "sdc/part_proof.h"

#include "sdc/part_search.h"

#include <stdlib.h>
#include <string.h>

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
        rc = search_run(&s, err);
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

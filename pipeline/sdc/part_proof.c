/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/sdc/part_proof.h. */
#include "sdc/part_proof.h"

#include "sdc/part_search.h"

#include <stdlib.h>
#include <string.h>

/* The pair for a target: from the tables already in use if two of them do, else its own extremes. */
static void choose_pair(const struct search *s, const struct target *t, const uint8_t *used,
                        int pair[static 2])
{
    pair[0] = pair[1] = TABLE_NONE;
    for (int i = 0; i < (int)s->table_count; i++) {
        if (!used[i])
            continue;
        int64_t x = s->tables[i][t->unknown];
        if (pair[0] == TABLE_NONE || x < s->tables[pair[0]][t->unknown])
            pair[0] = i;
        if (pair[1] == TABLE_NONE || x > s->tables[pair[1]][t->unknown])
            pair[1] = i;
    }
    if (pair[0] != TABLE_NONE && needs_met(&t->needs, s->tables[pair[0]][t->unknown],
                                           s->tables[pair[1]][t->unknown]))
        return;
    pair[0] = t->low_at;
    pair[1] = t->high_at;
}

/* Range in tables of the pool proves the pair criterion, or the floor proves the other. */
static struct cell_proof conclude(const struct search *s, const struct target *t, uint8_t *used)
{
    struct cell_proof proof = {
        .cell = t->cell, .kind = PROOF_NONE, .seen_low = -1, .seen_high = -1};
    if (t->low_at != TABLE_NONE) {
        proof.seen_low = t->low;
        proof.seen_high = t->high;
    }
    if (target_paired(t)) {
        int pair[2];
        choose_pair(s, t, used, pair);
        used[pair[0]] = used[pair[1]] = 1;
        proof.kind = PROOF_PAIR;
        proof.low = (uint32_t)pair[0];
        proof.high = (uint32_t)pair[1];
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

static int finish(struct part_proof *out, const struct search *s, struct err *err)
{
    int rc = -1;
    uint8_t *used = calloc(s->table_count + 1, 1);
    uint32_t *renumber = calloc(s->table_count + 1, sizeof *renumber);
    out->cells = calloc(s->target_count + 1, sizeof *out->cells);
    out->witnesses = calloc(s->table_count + 1, sizeof *out->witnesses);
    if (!used || !renumber || !out->cells || !out->witnesses) {
        err_memory(err);
        goto out;
    }
    for (size_t i = 0; i < s->target_count; i++)
        out->cells[out->cell_count++] = conclude(s, &s->targets[i], used);
    for (size_t i = 0; i < s->table_count; i++) {
        renumber[i] = (uint32_t)out->witness_count;
        if (used[i] && keep_table(out, s, i, err) != 0)
            goto out;
    }
    for (size_t i = 0; i < out->cell_count; i++)
        if (out->cells[i].kind == PROOF_PAIR) {
            out->cells[i].low = renumber[out->cells[i].low];
            out->cells[i].high = renumber[out->cells[i].high];
        }
    rc = 0;
out:
    free(used);
    free(renumber);
    return rc;
}

int part_prove(struct part_proof *out, const struct view *view, const struct disclosure *rules,
               const struct parts *parts, size_t part, struct err *err)
{
    memset(out, 0, sizeof *out);
    struct search s;
    if (search_open(&s, view, rules, parts, part, err) != 0)
        return -1;
    int rc = 0;
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

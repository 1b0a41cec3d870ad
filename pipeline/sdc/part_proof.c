/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/sdc/part_proof.h. */
#include "sdc/part_proof.h"

#include "sdc/part_search.h"

#include <stdlib.h>
#include <string.h>

/* Which tables the proof keeps, and what they show each target at. */
struct choice {
    const struct search *s;
    uint8_t *used;         /* per table */
    int *low_at, *high_at; /* per target, among the used ones */
};

static int64_t shown(const struct choice *c, size_t target, int table)
{
    return c->s->tables[table][c->s->targets[target].unknown];
}

/* Would the target be shown protected if this table were used too? (TABLE_NONE: as it is) */
static bool shown_with(const struct choice *c, size_t target, int table)
{
    int low = c->low_at[target], high = c->high_at[target];
    if (low == TABLE_NONE)
        low = high = table;
    if (low == TABLE_NONE)
        return false;
    int64_t least = shown(c, target, low), greatest = shown(c, target, high);
    if (table != TABLE_NONE) {
        int64_t x = shown(c, target, table);
        least = x < least ? x : least;
        greatest = x > greatest ? x : greatest;
    }
    return needs_met(&c->s->targets[target].needs, least, greatest);
}

static void use(struct choice *c, int table)
{
    c->used[table] = 1;
    for (size_t i = 0; i < c->s->target_count; i++) {
        if (shown_with(c, i, TABLE_NONE))
            continue; /* keeps its pair */
        if (c->low_at[i] == TABLE_NONE || shown(c, i, table) < shown(c, i, c->low_at[i]))
            c->low_at[i] = table;
        if (c->high_at[i] == TABLE_NONE || shown(c, i, table) > shown(c, i, c->high_at[i]))
            c->high_at[i] = table;
    }
}

/* How many targets a further table would settle. */
static size_t gain(const struct choice *c, int table)
{
    size_t count = 0;
    for (size_t i = 0; i < c->s->target_count; i++)
        count += target_paired(&c->s->targets[i]) && !shown_with(c, i, TABLE_NONE) &&
                 shown_with(c, i, table);
    return count;
}

/* The first target that has a pair in the pool but not among the used tables; SIZE_MAX: none. */
static size_t first_unshown(const struct choice *c)
{
    for (size_t i = 0; i < c->s->target_count; i++)
        if (target_paired(&c->s->targets[i]) && !shown_with(c, i, TABLE_NONE))
            return i;
    return SIZE_MAX;
}

/* Few tables: always the one that settles most targets (the earliest of several); when none settles
 * any by itself, the pair of the first target without. */
static void choose_tables(struct choice *c)
{
    size_t open;
    while ((open = first_unshown(c)) != SIZE_MAX) {
        int best = TABLE_NONE;
        size_t most = 0;
        for (int t = 0; t < (int)c->s->table_count; t++) {
            size_t g = c->used[t] ? 0 : gain(c, t);
            if (g > most) {
                most = g;
                best = t;
            }
        }
        if (best != TABLE_NONE) {
            use(c, best);
            continue;
        }
        use(c, c->s->targets[open].low_at);
        use(c, c->s->targets[open].high_at);
    }
}

static struct cell_proof conclude(const struct choice *c, size_t target)
{
    const struct target *t = &c->s->targets[target];
    struct cell_proof proof = {
        .cell = t->cell, .kind = PROOF_NONE, .seen_low = -1, .seen_high = -1};
    if (t->low_at != TABLE_NONE) {
        proof.seen_low = t->low;
        proof.seen_high = t->high;
    }
    if (target_paired(t)) {
        proof.kind = PROOF_PAIR;
        proof.low = (uint32_t)c->low_at[target];
        proof.high = (uint32_t)c->high_at[target];
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

static int choice_open(struct choice *c, const struct search *s)
{
    c->s = s;
    c->used = calloc(s->table_count + 1, 1);
    c->low_at = malloc((s->target_count + 1) * sizeof *c->low_at);
    c->high_at = malloc((s->target_count + 1) * sizeof *c->high_at);
    if (!c->used || !c->low_at || !c->high_at)
        return -1;
    for (size_t i = 0; i < s->target_count; i++)
        c->low_at[i] = c->high_at[i] = TABLE_NONE;
    return 0;
}

static void choice_close(struct choice *c)
{
    free(c->used);
    free(c->low_at);
    free(c->high_at);
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
    int rc = -1;
    struct choice c = {0};
    out->cells = calloc(s->target_count + 1, sizeof *out->cells);
    out->witnesses = calloc(s->table_count + 1, sizeof *out->witnesses);
    if (!out->cells || !out->witnesses || choice_open(&c, s) != 0) {
        err_memory(err);
        goto out;
    }
    choose_tables(&c);
    for (size_t i = 0; i < s->target_count; i++)
        out->cells[out->cell_count++] = conclude(&c, i);
    rc = keep_tables(out, s, err);
out:
    choice_close(&c);
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

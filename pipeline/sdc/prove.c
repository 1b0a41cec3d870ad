/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/sdc/prove.h. Each part by whichever thread is free; results are put together in the
 * order of the parts, so that the proof does not depend on who did what. */
#include "sdc/prove.h"

#include "base/parallel.h"
#include "sdc/part_proof.h"
#include "sdc/parts.h"

#include <stdlib.h>
#include <string.h>

void view_make(struct view *v, const struct cells *cells, const uint8_t *hidden,
               const int64_t *counts, int64_t *public_counts)
{
    for (size_t i = 0; i < cells->count; i++)
        public_counts[i] = hidden[i] ? -1 : counts[i];
    v->cells = cells;
    v->hidden = hidden;
    v->counts = public_counts;
    v->shown = NULL;
    v->table = NULL;
}

struct needs needs_of(const struct view *view, const struct disclosure *rules, size_t cell)
{
    struct needs n = {0, 1, INT64_MAX};
    if (rules->interval)
        n = (struct needs){rules->threshold, rules->protection_width, rules->threshold};
    uint32_t group = view->cells->group[cell];
    if (!view->hidden[group]) {
        int64_t people = view->counts[group];
        n.high = people < n.high ? people : n.high;
        n.width = people < n.width ? people : n.width;
    }
    return n;
}

bool needs_met(const struct needs *needs, int64_t low, int64_t high)
{
    return high >= needs->high && high - low >= needs->width;
}

bool needs_any(const struct cells *cells, const uint8_t *hidden, size_t cell)
{
    return hidden[cell] && (cells->flags[cell] & CELL_SENSITIVE) &&
           !(cells->flags[cell] & CELL_UNPUBLISHED);
}

bool view_asks(const struct view *view, size_t cell)
{
    return needs_any(view->cells, view->hidden, cell) && !(view->shown && view->shown[cell]);
}

struct work {
    const struct view *view;
    const struct disclosure *rules;
    const struct bounds *bounds;
    const struct parts *parts;
    struct part_proof *proofs; /* per part */
    const uint8_t *kept;       /* per part: an earlier proof serves */
    unsigned threads;
    const struct blocks *blocks;
    struct transfer *transfers[PARALLEL_MOST]; /* per worker: its room for exchanges */
};

/* Where one part is more than all the others, they are soon done. */
static unsigned threads_for(const struct work *w, size_t part)
{
    const uint32_t *start = w->parts->cell_start;
    size_t cells = start[part + 1] - start[part], all = start[w->parts->count];
    return 2 * cells > all ? w->threads : 1;
}

static int open_transfer(const struct work *w, struct transfer **transfer, struct err *err)
{
    if (transfer_open(transfer, w->blocks, w->rules->interval ? w->rules->protection_width : 1,
                      err) != 0)
        return -1;
    for (uint32_t i = 0; w->view->cells->joint && i < w->view->cells->count; i++)
        if (!w->view->hidden[i]) /* how much room there is depends on what is published too */
            transfer_set(*transfer, i, w->view->counts[i], CIRCUIT_NEVER);
    return 0;
}

static int prove_part(void *context, unsigned worker, size_t part, struct err *err)
{
    struct work *w = context;
    struct transfer **transfer = &w->transfers[worker];
    if (w->kept[part])
        return 0;
    if (!*transfer && open_transfer(w, transfer, err) != 0)
        return -1;
    return part_prove(&w->proofs[part], w->view, w->bounds, w->rules, w->parts, part, *transfer,
                      threads_for(w, part), err);
}

static size_t size_of(const void *context, size_t part)
{
    const struct work *w = context;
    return w->parts->cell_start[part + 1] - w->parts->cell_start[part];
}

static int search_parts(struct work *w, unsigned threads, struct err *err)
{
    w->threads = threads;
    int rc = parallel_largest_first(threads, w->parts->count, size_of, prove_part, w, err);
    for (unsigned k = 0; k < PARALLEL_MOST; k++)
        transfer_close(w->transfers[k]);
    return rc;
}

static const struct cell_proof *proof_of(const struct proof *p, uint32_t cell)
{
    size_t low = 0, high = p->cell_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (p->cells[middle].cell < cell)
            low = middle + 1;
        else
            high = middle;
    }
    return low < p->cell_count && p->cells[low].cell == cell ? &p->cells[low] : NULL;
}

static int copy_witness(struct witness *to, const struct witness *from)
{
    to->count = from->count;
    to->cells = malloc((from->count + 1) * sizeof *to->cells);
    to->values = malloc((from->count + 1) * sizeof *to->values);
    if (!to->cells || !to->values)
        return -1;
    memcpy(to->cells, from->cells, from->count * sizeof *to->cells);
    memcpy(to->values, from->values, from->count * sizeof *to->values);
    return 0;
}

/* May the part keep its earlier proof, with what that leaves open? Its cells must be the same:
 * those of its witnesses tell. */
static bool same_part(const struct proof *before, const struct view *view,
                      const struct parts *parts, size_t part, size_t *targets)
{
    const uint32_t *cells = parts->cells + parts->cell_start[part];
    size_t count = parts->cell_start[part + 1] - parts->cell_start[part];
    bool same = false;
    *targets = 0;
    for (size_t i = 0; i < count; i++) {
        if (!view_asks(view, cells[i]))
            continue;
        ++*targets;
        const struct cell_proof *p = proof_of(before, cells[i]);
        if (!p)
            return false;
        if (p->kind == PROOF_PAIR && !same) {
            const struct witness *w = &before->witnesses[p->low];
            if (w->count != count || memcmp(w->cells, cells, count * sizeof *cells) != 0)
                return false;
            same = true;
        }
    }
    return same;
}

/* The part's witnesses stand together in the earlier proof, all of them used: the copy is what a
 * new search would find. */
static int keep_part(struct part_proof *out, const struct proof *before, const uint32_t *cells,
                     size_t count, size_t targets, struct err *err)
{
    uint32_t first = UINT32_MAX, last = 0;
    out->cells = calloc(targets + 1, sizeof *out->cells);
    if (!out->cells)
        return err_memory(err);
    for (size_t i = 0; i < count; i++) {
        const struct cell_proof *p = proof_of(before, cells[i]);
        if (!p)
            continue;
        out->cells[out->cell_count++] = *p;
        if (p->kind == PROOF_PAIR) {
            first = p->low < first ? p->low : first;
            first = p->high < first ? p->high : first;
            last = p->low > last ? p->low : last;
            last = p->high > last ? p->high : last;
        }
    }
    out->witnesses = calloc(last - first + 1, sizeof *out->witnesses);
    if (!out->witnesses)
        return err_memory(err);
    for (uint32_t w = first; w <= last; w++)
        if (copy_witness(&out->witnesses[out->witness_count++], &before->witnesses[w]) != 0)
            return err_memory(err);
    for (size_t i = 0; i < out->cell_count; i++)
        if (out->cells[i].kind == PROOF_PAIR) {
            out->cells[i].low -= first;
            out->cells[i].high -= first;
        }
    return 0;
}

static int keep_parts(struct work *w, uint8_t *kept, const struct proof *before, struct err *err)
{
    for (size_t p = 0; before && p < w->parts->count; p++) {
        size_t targets;
        if (!same_part(before, w->view, w->parts, p, &targets))
            continue;
        const uint32_t *cells = w->parts->cells + w->parts->cell_start[p];
        size_t count = w->parts->cell_start[p + 1] - w->parts->cell_start[p];
        kept[p] = 1;
        if (keep_part(&w->proofs[p], before, cells, count, targets, err) != 0)
            return -1;
    }
    return 0;
}

static int by_cell(const void *a, const void *b)
{
    uint32_t x = ((const struct cell_proof *)a)->cell, y = ((const struct cell_proof *)b)->cell;
    return (x > y) - (x < y);
}

/* Puts the parts' proofs together; witnesses move over. */
static int gather(struct proof *p, struct part_proof *proofs, const struct parts *parts,
                  struct err *err)
{
    size_t cells = 0, witnesses = 0;
    for (size_t i = 0; i < parts->count; i++) {
        cells += proofs[i].cell_count;
        witnesses += proofs[i].witness_count;
    }
    p->cells = calloc(cells + 1, sizeof *p->cells);
    p->witnesses = calloc(witnesses + 1, sizeof *p->witnesses);
    if (!p->cells || !p->witnesses)
        return err_memory(err);
    p->parts = parts->count;
    for (size_t i = 0; i < parts->count; i++) {
        size_t size = parts->cell_start[i + 1] - parts->cell_start[i];
        p->largest_part = size > p->largest_part ? size : p->largest_part;
        p->programs += proofs[i].programs;
        for (size_t c = 0; c < proofs[i].cell_count; c++) {
            struct cell_proof *proof = &p->cells[p->cell_count++];
            *proof = proofs[i].cells[c];
            p->unprotected += proof->kind == PROOF_NONE;
            if (proof->kind == PROOF_PAIR) {
                proof->low += (uint32_t)p->witness_count;
                proof->high += (uint32_t)p->witness_count;
            }
        }
        for (size_t k = 0; k < proofs[i].witness_count; k++)
            p->witnesses[p->witness_count++] = proofs[i].witnesses[k];
        proofs[i].witness_count = 0;
    }
    if (p->cell_count)
        qsort(p->cells, p->cell_count, sizeof *p->cells, by_cell);
    return 0;
}

int prove_again(struct proof *p, const struct proof *before, const struct view *view,
                const struct disclosure *rules, unsigned threads, struct err *err)
{
    int rc = -1;
    uint8_t *kept = NULL;
    struct bounds bounds = {NULL, NULL};
    struct parts parts;
    struct blocks blocks = {0};
    struct work w = {
        .view = view, .rules = rules, .parts = &parts, .blocks = &blocks, .bounds = &bounds};
    memset(p, 0, sizeof *p);
    if (parts_build(&parts, view->cells, view->hidden, err) != 0)
        return -1;
    kept = calloc(parts.count + 1, 1);
    w.kept = kept;
    w.proofs = calloc(parts.count + 1, sizeof *w.proofs);
    if (!kept || !w.proofs) {
        err_memory(err);
        goto out;
    }
    if (bounds_find(&bounds, view, err) != 0 || blocks_build(&blocks, view->cells, err) != 0 ||
        keep_parts(&w, kept, before, err) != 0 || search_parts(&w, threads, err) != 0)
        goto out;
    rc = gather(p, w.proofs, &parts, err);
out:
    for (size_t i = 0; w.proofs && i < parts.count; i++)
        part_proof_release(&w.proofs[i]);
    free(w.proofs);
    free(kept);
    bounds_release(&bounds);
    parts_release(&parts);
    blocks_release(&blocks);
    if (rc != 0)
        proof_release(p);
    return rc;
}

int prove(struct proof *p, const struct view *view, const struct disclosure *rules,
          unsigned threads, struct err *err)
{
    return prove_again(p, NULL, view, rules, threads, err);
}

void proof_release(struct proof *p)
{
    for (size_t i = 0; i < p->witness_count; i++) {
        free(p->witnesses[i].cells);
        free(p->witnesses[i].values);
    }
    free(p->witnesses);
    free(p->cells);
    memset(p, 0, sizeof *p);
}

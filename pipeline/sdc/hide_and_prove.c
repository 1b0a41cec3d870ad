/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/sdc/hide_and_prove.h. */
#include "sdc/hide_and_prove.h"

#include <stdlib.h>

enum {
    REACH_MOST = 10, /* steps of widening for one cell */
    NAMED_MOST = 5   /* cells in a message */
};

struct loop {
    const struct hide_and_prove *h;
    struct proof rest;      /* of what was open */
    uint8_t *shown;         /* per cell: a proof showed that it is protected */
    uint8_t *reach;         /* per cell: how often it needed widening */
    int64_t *public_counts; /* of the view */
};

static void note_shown(struct loop *l, const struct proof *p)
{
    for (size_t i = 0; i < p->cell_count; i++)
        l->shown[p->cells[i].cell] = p->cells[i].kind != PROOF_NONE;
}

static int prove_all(struct loop *l, struct err *err)
{
    const struct hide_and_prove *h = l->h;
    struct view view;
    struct proof now;
    view_make(&view, h->cells, h->hidden, h->counts, l->public_counts);
    if (prove_again(&now, h->proof, &view, h->rules, h->threads, err) != 0)
        return -1;
    now.programs += h->proof->programs + l->rest.programs;
    l->rest.programs = 0;
    proof_release(h->proof);
    *h->proof = now;
    ++*h->rounds;
    note_shown(l, &now);
    return 0;
}

static int prove_rest(struct loop *l, struct err *err)
{
    const struct hide_and_prove *h = l->h;
    struct view view;
    struct proof now;
    view_make(&view, h->cells, h->hidden, h->counts, l->public_counts);
    view.shown = l->shown;
    if (prove(&now, &view, h->rules, h->threads, err) != 0)
        return -1;
    now.programs += l->rest.programs;
    proof_release(&l->rest);
    l->rest = now;
    note_shown(l, &now);
    return 0;
}

static size_t count_hidden(const struct hide_and_prove *h)
{
    size_t count = 0;
    for (size_t i = 0; i < h->cells->count; i++)
        count += h->hidden[i];
    return count;
}

/* Hides everything around each open cell, wider each time; false: nothing is left. */
static bool widen(struct loop *l, const struct proof *open)
{
    size_t more = 0;
    for (size_t i = 0; i < open->cell_count; i++) {
        uint32_t cell = open->cells[i].cell;
        for (size_t added = 0;
             open->cells[i].kind == PROOF_NONE && added == 0 && l->reach[cell] < REACH_MOST;)
            more += added = secondary_widen(l->h->secondary, cell, l->reach[cell]++);
    }
    return more > 0;
}

/* Hides more until what the proof leaves open is protected. *stuck: no more can be done. */
static int close_open(struct loop *l, bool *stuck, struct err *err)
{
    const struct proof *open = l->h->proof;
    *stuck = false;
    while (open->unprotected && !*stuck) {
        size_t before = count_hidden(l->h);
        if (secondary_protect_open(l->h->secondary, open, l->h->threads, err) != 0)
            return -1;
        if (count_hidden(l->h) == before)
            *stuck = l->h->held || !widen(l, open);
        if (!*stuck && prove_rest(l, err) != 0)
            return -1;
        open = *stuck ? open : &l->rest;
    }
    return 0;
}

int hide_and_prove(const struct hide_and_prove *h, size_t *open, struct err *err)
{
    size_t n = h->cells->count + 1;
    struct loop l = {.h = h,
                     .shown = calloc(n, 1),
                     .reach = calloc(n, 1),
                     .public_counts = malloc(n * sizeof *l.public_counts)};
    bool stuck = false;
    int rc = l.shown && l.reach && l.public_counts ? 0 : err_memory(err);
    if (rc == 0)
        rc = secondary_protect_bounded(h->secondary, err);
    if (rc == 0)
        rc = prove_all(&l, err);
    while (rc == 0 && h->proof->unprotected && !stuck) {
        size_t before = count_hidden(h);
        rc = close_open(&l, &stuck, err);
        if (rc == 0 && count_hidden(h) != before)
            rc = prove_all(&l, err);
    }
    *open = rc == 0 ? h->proof->unprotected : 0;
    proof_release(&l.rest);
    free(l.shown);
    free(l.reach);
    free(l.public_counts);
    return rc;
}

int hide_and_prove_refuse(const struct proof *proof, const struct cells *cells, struct err *err)
{
    struct text keys;
    size_t named = 0;
    text_init(&keys);
    for (size_t i = 0; i < proof->cell_count && named < NAMED_MOST; i++) {
        if (proof->cells[i].kind != PROOF_NONE)
            continue;
        text_string(&keys, named++ ? ", " : "");
        cell_key(&keys, cells, proof->cells[i].cell);
    }
    if (keys.failed)
        (void)err_memory(err);
    else
        (void)err_set(err, ERR_REFUSED,
                      "whatever is hidden now, what earlier releases show leaves %zu hidden "
                      "figures without protection: %s%s",
                      proof->unprotected, keys.bytes, named < proof->unprotected ? ", ..." : "");
    text_release(&keys);
    return -1;
}

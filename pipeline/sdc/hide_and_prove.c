/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/sdc/hide_and_prove.h. */
#include "sdc/hide_and_prove.h"

#include <stdlib.h>

enum {
    REACH_MOST = 10, /* steps of widening for one cell */
    NAMED_MOST = 5   /* cells in a message */
};

struct hiding {
    struct hide_and_prove h;
    struct proof rest;        /* of what was open */
    const struct proof *open; /* the last proof */
    bool whole;               /* it is of the whole of the last view */
    uint8_t *shown;           /* per cell: a pair of tables showed that it is protected */
    uint8_t *reach;           /* per cell: how often it needed widening */
    int64_t *public_counts;   /* of the view */
};

/* Pairs remain when more is hidden; a floor may not. */
static void note_shown(struct hiding *l)
{
    for (size_t i = 0; i < l->open->cell_count; i++)
        l->shown[l->open->cells[i].cell] = l->open->cells[i].kind == PROOF_PAIR;
}

static int prove_all(struct hiding *l, struct err *err)
{
    const struct hide_and_prove *h = &l->h;
    struct view view;
    struct proof now;
    secondary_coarsen(h->secondary);
    view_make(&view, h->cells, h->hidden, h->counts, l->public_counts);
    if (prove_again(&now, h->proof, &view, h->rules, h->threads, err) != 0)
        return -1;
    now.programs += h->proof->programs + l->rest.programs;
    l->rest.programs = 0;
    proof_release(h->proof);
    *h->proof = now;
    ++*h->rounds;
    l->open = h->proof;
    l->whole = true;
    note_shown(l);
    return 0;
}

static int prove_rest(struct hiding *l, struct err *err)
{
    const struct hide_and_prove *h = &l->h;
    struct view view;
    struct proof now;
    secondary_coarsen(h->secondary);
    view_make(&view, h->cells, h->hidden, h->counts, l->public_counts);
    view.shown = l->shown;
    if (prove(&now, &view, h->rules, h->threads, err) != 0)
        return -1;
    now.programs += l->rest.programs;
    proof_release(&l->rest);
    l->rest = now;
    l->open = &l->rest;
    l->whole = false;
    note_shown(l);
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
static bool widen(struct hiding *l)
{
    size_t more = 0;
    for (size_t i = 0; i < l->open->cell_count; i++) {
        uint32_t cell = l->open->cells[i].cell;
        for (size_t added = 0;
             l->open->cells[i].kind == PROOF_NONE && added == 0 && l->reach[cell] < REACH_MOST;)
            more += added = secondary_widen(l->h.secondary, cell, l->reach[cell]++);
    }
    return more > 0;
}

/* Hides more for what is open, and proves that. *stuck: no more can be done. */
static int close_open(struct hiding *l, bool held, bool *stuck, struct err *err)
{
    const struct hide_and_prove *h = &l->h;
    size_t before = count_hidden(h);
    if (secondary_protect_open(h->secondary, l->open, h->threads, err) != 0)
        return -1;
    *stuck = count_hidden(h) == before && (held || !widen(l));
    return *stuck ? 0 : prove_rest(l, err);
}

int hiding_open(struct hiding **out, const struct hide_and_prove *h, struct err *err)
{
    size_t n = h->cells->count + 1;
    struct hiding *l = *out = calloc(1, sizeof *l);
    if (!l)
        return err_memory(err);
    l->h = *h;
    l->shown = calloc(n, 1);
    l->reach = calloc(n, 1);
    l->public_counts = malloc(n * sizeof *l->public_counts);
    if (!l->shown || !l->reach || !l->public_counts)
        return err_memory(err);
    secondary_coarsen(h->secondary);
    return secondary_protect_bounded(h->secondary, err) == 0 ? prove_all(l, err) : -1;
}

int hiding_run(struct hiding *l, bool held, const struct proof **open, struct err *err)
{
    bool stuck = false;
    int rc = 0;
    while (rc == 0 && !stuck && (l->open->unprotected || !l->whole))
        rc = l->open->unprotected ? close_open(l, held, &stuck, err) : prove_all(l, err);
    *open = stuck ? l->open : NULL;
    return rc;
}

void hiding_close(struct hiding *l)
{
    if (!l)
        return;
    proof_release(&l->rest);
    free(l->shown);
    free(l->reach);
    free(l->public_counts);
    free(l);
}

int hiding_refuse(const struct proof *proof, const struct cells *cells, struct err *err)
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

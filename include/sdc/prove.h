/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * prove: is every hidden sensitive cell protected? Answered from the published view alone, by
 * whole-number witness tables.
 *
 * VIEW. What the attacker sees: for each cell its count, or that it is hidden. The counts of hidden
 * cells are not in it, so nothing here can depend on them (they are -1).
 *
 * CRITERION (one place: proof_protected). With group count G, threshold k, width w, and [lo, hi]
 * the least and greatest value over all whole-number, non-negative tables that agree with the view:
 *     lo >= k,  or  hi >= min(k, G) and hi - lo >= min(w, G)       protection = interval
 *     hi - lo >= min(1, G)                                        protection = exact
 * so that a group of nobody, whose zeros everybody knows, asks nothing in either.
 * G is public, so it is in the view (with nothing public: the government's total, hidden or not; if
 * it is hidden, its own upper bound is not needed: min(k, G) is taken as k and min(w, G) as w).
 *
 * PROOF. A witness gives a whole-number value to every hidden cell of one connected part of the
 * equations. A cell is proved by two witnesses (low and high), or by a floor N >= k below which no
 * table goes.
 */
#ifndef HERKOMST_SDC_PROVE_H
#define HERKOMST_SDC_PROVE_H

#include "io/disclosure.h"
#include "tables/structure.h"

struct view {
    const struct cells *cells;
    const uint8_t *hidden;
    const int64_t *counts; /* of published cells; -1 where hidden */
    const uint8_t *shown;  /* per cell: 1 = nothing is asked of it; NULL (view_make): all 0. Of no
                            * view that a certificate is made from */
    const int64_t *table;  /* counts that agree with the view, to search from, in haste: no cell is
                            * searched by itself, so more are left open; NULL: none. Likewise */
};

/* Copies the counts of published cells, -1 for hidden ones, into public_counts (cells->count). */
void view_make(struct view *v, const struct cells *cells, const uint8_t *hidden,
               const int64_t *counts, int64_t *public_counts);

/* What protection asks of one cell, as the attacker can compute it: high >= `high` and
 * high - low >= `width`, or low >= `floor`. */
struct needs {
    int64_t high, width, floor;
};

/* THE criterion. needs_of reads the group's count from the view; needs_met judges a range. */
struct needs needs_of(const struct view *view, const struct disclosure *rules, size_t cell);
bool needs_met(const struct needs *needs, int64_t low, int64_t high);

/* Does the criterion ask anything of this cell: hidden, sensitive, and in a published table? */
bool needs_any(const struct cells *cells, const uint8_t *hidden, size_t cell);
/* And does the view? */
bool view_asks(const struct view *view, size_t cell);

struct witness {
    size_t count;
    uint32_t *cells; /* increasing: every hidden cell of one part, CELL_UNPUBLISHED ones too */
    int64_t *values;
};

enum proof_kind { PROOF_NONE, PROOF_PAIR, PROOF_FLOOR };

struct cell_proof {
    uint32_t cell;
    enum proof_kind kind; /* PROOF_NONE: not protected, or not shown to be */
    uint32_t low, high;   /* witnesses */
    int64_t floor;
    int64_t seen_low, seen_high; /* the least and greatest value in any whole-number table that was
                                  * found; -1 if there was none. Not in the certificate. */
};

struct proof {
    size_t witness_count;
    struct witness *witnesses;
    size_t cell_count; /* every hidden sensitive cell, increasing */
    struct cell_proof *cells;
    size_t unprotected;                   /* how many have PROOF_NONE */
    size_t parts, largest_part, programs; /* connected parts, cells of the largest, LPs solved */
};

/* A view that no table agrees with is ERR_INTERNAL. Deterministic, whatever the number of threads.
 */
int prove(struct proof *p, const struct view *view, const struct disclosure *rules,
          unsigned threads, struct err *err);
/* As prove, but a part whose hidden cells are the same as in an earlier proof keeps that proof.
 * `before` may be NULL, and must be of a view of the same cells and true counts.
 */
int prove_again(struct proof *p, const struct proof *before, const struct view *view,
                const struct disclosure *rules, unsigned threads, struct err *err);
void proof_release(struct proof *p);

/* certificate.json. */
int proof_write_json(const struct proof *p, const struct view *view, const char *release,
                     struct text *out, struct err *err);

#endif

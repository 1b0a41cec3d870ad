/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * hide_and_prove: hides what a proof leaves open and proves again, until nothing is open.
 *
 *     hiding_open(&l, &what, err)
 *     hiding_run(l, held, &open, err)     once, or with held and, if that leaves cells open,
 * without hiding_close(l)
 *
 * The first proof is of the whole view. While more is hidden, only what is still open and what was
 * hidden since is proved: whatever two tables were shown to protect stays so when more is hidden.
 * At the end the whole view is proved again, since witnesses must follow from the last view alone.
 * Of fine tables (sdc/fine_tables.h), what stands above hidden cells is hidden before each proof.
 */
#ifndef HERKOMST_SDC_HIDE_AND_PROVE_H
#define HERKOMST_SDC_HIDE_AND_PROVE_H

#include "sdc/secondary.h"

struct hide_and_prove {
    const struct cells *cells;
    const int64_t *counts;
    const struct disclosure *rules;
    unsigned threads;
    uint8_t *hidden;             /* per cell; more is hidden */
    struct secondary *secondary; /* of these */
    struct proof
        *proof; /* in: an earlier proof, or an empty one; out: of the last view, by hiding_run */
    size_t *rounds; /* proofs are added */
};

struct hiding;

/* Close it whatever the result; what `h` points to must outlive it. */
int hiding_open(struct hiding **l, const struct hide_and_prove *h, struct err *err);
/* held: no widening; where no change helps, cells stay open. *open: NULL, or a proof that leaves
 * open what nothing protects, until the next run; then h->proof is not of the last view. */
int hiding_run(struct hiding *l, bool held, const struct proof **open, struct err *err);
void hiding_close(struct hiding *l);

/* ERR_REFUSED: earlier releases leave what the proof leaves open without protection; names a few of
 * these cells. Returns -1. */
int hiding_refuse(const struct proof *proof, const struct cells *cells, struct err *err);

#endif

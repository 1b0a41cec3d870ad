/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * hide_and_prove: hides what a proof leaves open and proves again, until nothing is open.
 *
 * The first proof is of the whole view. While more is hidden, only what is still open and what was
 * hidden since is proved: whatever was shown to be protected stays so when more is hidden. At the
 * end the whole view is proved again, since witnesses must follow from the last view alone.
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
    bool held;                   /* no widening: where no change helps, cells stay open */
    struct proof *proof;         /* in: an earlier proof, or an empty one; out: of the last view */
    size_t *rounds;              /* proofs are added */
};

/* *open: cells that nothing protects. */
int hide_and_prove(const struct hide_and_prove *h, size_t *open, struct err *err);

/* ERR_REFUSED: earlier releases leave what the proof leaves open without protection; names a few of
 * these cells. Returns -1. */
int hide_and_prove_refuse(const struct proof *proof, const struct cells *cells, struct err *err);

#endif

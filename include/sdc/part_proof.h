/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * part_proof: the proof of one part: what sdc/part_search.h found, with as few witnesses as a
 * simple choice gives. From the view alone.
 */
#ifndef HERKOMST_SDC_PART_PROOF_H
#define HERKOMST_SDC_PART_PROOF_H

#include "sdc/bounds.h"
#include "sdc/parts.h"
#include "sdc/prove.h"
#include "sdc/transfer.h"

struct part_proof {
    size_t witness_count;
    struct witness *witnesses;
    size_t cell_count;        /* cells of the part that need protection, increasing */
    struct cell_proof *cells; /* low and high: indexes in witnesses */
    size_t programs;
};

/* threads: how many it may use itself. */
int part_prove(struct part_proof *out, const struct view *view, const struct bounds *bounds,
               const struct disclosure *rules, const struct parts *parts, size_t part,
               struct transfer *transfer, unsigned threads, struct err *err);
void part_proof_release(struct part_proof *p);

#endif

/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * suppress: which cells are hidden. The one entry to the disclosure-control engine.
 *
 *   1 primary    sdc/primary.h    which sensitive cells are unsafe by themselves
 *   2 secondary  sdc/secondary.h  which others must be hidden with them
 *   3 prove      sdc/prove.h      from the published view alone: two whole-number tables for each
 * hidden sensitive cell that show it is protected, or the list of those without 2 and 3 repeat
 * until nothing is unprotected. Hiding every cell that is not public always protects, so this ends;
 * if it did not, that is ERR_INTERNAL and there is no pattern.
 */
#ifndef HERKOMST_SDC_SUPPRESS_H
#define HERKOMST_SDC_SUPPRESS_H

#include "io/disclosure.h"
#include "sdc/prove.h"
#include "tables/structure.h"

struct suppression {
    uint8_t *hidden; /* per cell: 1 = not published (CELL_UNPUBLISHED cells always) */
    size_t primary;  /* figures for the operator; they must not reach a release */
    size_t secondary;
    int64_t secondary_sum; /* of their counts */
    size_t rounds;
    size_t iterations;  /* of simplex, to find the pattern */
    bool limited;       /* these were all that suppress_effort allows, or tables are fine
                         * (sdc/fine_tables.h): more is hidden than need be */
    struct proof proof; /* that every hidden sensitive cell is protected */
};

/* named: 1 for each cell that is unsafe whatever its count (design section 8, turnover rule);
 * NULL = none. past: per cell, what earlier releases make of hiding it (sdc/cell_past.h); NULL =
 * there are none. First the pattern is found with what they made known standing as published, then
 * that is hidden where it is unsafe, and protected like everything. Where they leave too little to
 * hide for that: ERR_REFUSED, naming cells. */
int suppress(struct suppression *s, const struct cells *cells, const int64_t *counts,
             const struct disclosure *rules, const uint8_t *named, const uint8_t *past,
             unsigned threads, struct err *err);
/* More was hidden in s: proves that this protects, and hides more where it does not. past: as
 * above. */
int suppress_again(struct suppression *s, const struct cells *cells, const int64_t *counts,
                   const struct disclosure *rules, const uint8_t *past, unsigned threads,
                   struct err *err);
void suppression_release(struct suppression *s);

#endif

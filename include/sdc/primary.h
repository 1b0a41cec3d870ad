/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * primary: which sensitive cells are unsafe by themselves. With a cell's count n, its group's count
 * G and threshold k: 0 < n < k; n = 0 and G > 0, when zeros are protected; the people of its unit
 * (in its population) are fewer than minimum_population; or the turnover rule names it. Cells that
 * are in no published table of this release are never unsafe: nobody sees them.
 *
 * TURNOVER RULE. With T = joined + left of the cell's group since the release in which the cell was
 * last published: when 0 < T < turnover_threshold, publishing it again would tell about fewer than
 * turnover_threshold people. The cell is then unsafe whatever its count. Last published: in the
 * release of the latest reference date up to this one's; where a release of an older date is
 * revised, a release of a later date has to pass as well, the earliest that published the cell.
 * Which cell it was then: tables/past.h past_counts.
 */
#ifndef HERKOMST_SDC_PRIMARY_H
#define HERKOMST_SDC_PRIMARY_H

#include "base/err.h"
#include "io/disclosure.h"
#include "tables/structure.h"
#include "tables/turnover.h"

/* Fills named[cells->count] with 0 or 1. ERR_DATA if t lacks the date of a release of `past` that
 * is not the reference date. */
int primary_named(uint8_t *named, const struct cells *cells, const struct disclosure *rules,
                  const struct turnover *t, const struct past *past, struct err *err);

/* Fills unsafe[cells->count] with 0 or 1. turnover: of primary_named; NULL = none. */
int primary_find(uint8_t *unsafe, const struct cells *cells, const int64_t *counts,
                 const struct disclosure *rules, const uint8_t *turnover, struct err *err);

/* Why a cell is hidden: the first that holds. */
enum hidden_reason {
    HIDDEN_COUNT, /* too small, or a telling zero */
    HIDDEN_MINIMUM_POPULATION,
    HIDDEN_TURNOVER,
    HIDDEN_CUMULATIVE, /* not to undo the protection of an earlier release, or since that one undoes
                        * this one's */
    HIDDEN_SECONDARY,  /* to protect others */
    HIDDEN_REASONS,
};

/* For the operator; they must not reach a release. */
struct hidden_figures {
    size_t cells[HIDDEN_REASONS];
    int64_t sum[HIDDEN_REASONS]; /* of their counts */
};

/* hidden: the pattern; cells that are in no published table are not counted. cumulative: per cell,
 * 1 = hidden for the cumulative rule, unless it is unsafe; NULL = none. */
int primary_figures(struct hidden_figures *out, const struct cells *cells, const int64_t *counts,
                    const struct disclosure *rules, const uint8_t *turnover,
                    const uint8_t *cumulative, const uint8_t *hidden, struct err *err);

#endif

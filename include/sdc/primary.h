/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * primary: which sensitive cells are unsafe by themselves. With a cell's count n, its group's count
 * G and threshold k: 0 < n < k; n = 0 and G > 0, when zeros are protected; the people of its unit
 * (in its population) are fewer than minimum_population. Cells that are in no published table are
 * never unsafe: nobody sees them.
 */
#ifndef HERKOMST_SDC_PRIMARY_H
#define HERKOMST_SDC_PRIMARY_H

#include "base/err.h"
#include "io/disclosure.h"
#include "tables/structure.h"

/* Fills unsafe[cells->count] with 0 or 1. */
int primary_find(uint8_t *unsafe, const struct cells *cells, const int64_t *counts,
                 const struct disclosure *rules, struct err *err);

#endif

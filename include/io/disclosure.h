/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * disclosure: the parameters of disclosure control, as configured ([disclosure]) and as published
 * (rules.json). Their meaning is the README's section "What is protected".
 */
#ifndef HERKOMST_IO_DISCLOSURE_H
#define HERKOMST_IO_DISCLOSURE_H

#include <stdbool.h>
#include <stdint.h>

enum suppression_cost {
    COST_COUNT, /* hiding a cell costs its count (at least 1) */
    COST_CELLS, /* 1 each */
    COST_LOG,   /* the logarithm of its count */
};

/* How much dearer it is to hide a cell, in percent above its cost (0: as it is; -50: half as dear).
 */
struct suppression_weights {
    int64_t government, domain, entity; /* by the level of its unit */
    int64_t total;                      /* of a table that crosses more variables, on top of that */
};

struct disclosure {
    int64_t threshold;          /* k >= 1: a sensitive count 0 < n < k is unsafe */
    bool protect_zeros;         /* zeros = protect | publish */
    int64_t minimum_population; /* units smaller than this get no sensitive figure */
    bool interval;              /* protection = interval | exact */
    int64_t protection_width;   /* w >= 1; default: the threshold */
    int64_t turnover_threshold; /* 0 = off */
    bool public_head_counts;    /* public = head_counts | nothing */
    enum suppression_cost cost;
    struct suppression_weights weights;
    int64_t suppress_effort; /* solver iterations, 0 = no limit */
};

/* threshold 5, zeros protected, interval of width 5, head counts public, turnover 5, cost count, a
 * tenth more for the government and half that for a domain. */
void disclosure_defaults(struct disclosure *d);

#endif

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

struct disclosure {
    int64_t threshold;          /* k >= 1: a sensitive count 0 < n < k is unsafe */
    bool protect_zeros;         /* zeros = protect | publish */
    int64_t minimum_population; /* units smaller than this get no sensitive figure */
    bool interval;              /* protection = interval | exact */
    int64_t protection_width;   /* w >= 1; default: the threshold */
    int64_t turnover_threshold; /* 0 = off */
    bool public_head_counts;    /* public = head_counts | nothing */
    enum suppression_cost cost;
    int64_t suppress_effort; /* solver iterations, 0 = no limit */
};

/* threshold 5, zeros protected, interval of width 5, head counts public, turnover 5, cost count. */
void disclosure_defaults(struct disclosure *d);

#endif

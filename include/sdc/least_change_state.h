/* SPDX-License-Identifier: EUPL-1.2 */
/* least_change_state: what the files of sdc/least_change.h share. Private to pipeline/sdc. */
#ifndef HERKOMST_SDC_LEAST_CHANGE_STATE_H
#define HERKOMST_SDC_LEAST_CHANGE_STATE_H

#include "sdc/basis_order.h"
#include "sdc/eta_file.h"
#include "sdc/least_change.h"

#define SLACK UINT32_MAX

enum status { /* of a column */
              AT_ZERO,
              AT_FALL, /* as low as it can be */
              BASIC_RISE,
              BASIC_FALL
};

struct breakpoint { /* where a column's reduced price becomes 0 while the dual step grows */
    double at;
    double element; /* of the pivot row, its size */
    double slope;   /* by so much does the dual's slope fall when it is passed */
    uint32_t column;
    enum status enters;
};

struct least_change {
    const struct change_system *system;
    const struct change_limits *limits; /* per column */
    uint32_t target;
    uint8_t *status;    /* per column */
    struct sparse dual; /* per column: duals times the column */
    uint32_t *head;     /* per row: the basic column, or SLACK */
    double *weight;     /* per row: squared length of its row of the inverse */
    struct sparse x;    /* per row: the basic variable's value */
    uint32_t *suspects; /* rows whose value has changed, or was broken then: all that may be */
    bool *suspected;    /* per row: it is one */
    size_t suspect_count;
    struct sparse inverse_row, edge, column, jump; /* per row */
    struct sparse pivot_row;                       /* per column */
    struct breakpoint *points;                     /* a heap */
    size_t point_count;
    double last; /* no step goes further: a rise there has no bound */
    struct eta_file etas;
    size_t renewed; /* etas when they were last made anew */
    struct basis_order *order;
    uint32_t *basic, *basic_row; /* room for the basis's columns, their rows, */
    double *basic_x, *basic_weight;
    uint32_t *moved;
    size_t moved_count;
    double *by; /* per column, of the moved ones */
    size_t iterations, iterations_most;
};

/* v += times * column */
void least_change_add_column(const struct least_change *l, struct sparse *v, uint32_t column,
                             double times);

/* The dual step for a row whose variable is `by` above (more than 0) or below the *bound that it
 * goes to: which column enters; false: none, so that no change is possible. Falls that are passed
 * are in l->jump, and *bound may be another one then. The row's elements are in l->pivot_row. */
bool least_change_step(struct least_change *l, uint32_t row, double by, double *bound,
                       struct breakpoint *entering);

#endif

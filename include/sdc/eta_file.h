/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * eta_file: the inverse of a simplex basis that starts as the basis of slacks, in product form: one
 * elementary matrix (eta) for each pivot. For programmes of some hundreds of pivots on sparse
 * systems, whose vectors stay sparse too; it is never factorised again.
 *
 * Source: Dantzig and Orchard-Hays, The product form for the inverse in the simplex method (1954).
 * Private to sdc/least_change.
 */
#ifndef HERKOMST_SDC_ETA_FILE_H
#define HERKOMST_SDC_ETA_FILE_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A vector of which few values are not 0. */
struct sparse {
    double *value;  /* all of them; 0 unless listed */
    uint32_t *list; /* the listed ones, in the order in which they were met */
    bool *listed;
    size_t count;
};
int sparse_open(struct sparse *v, size_t length, struct err *err);
void sparse_release(struct sparse *v);
void sparse_clear(struct sparse *v);

static inline void sparse_add(struct sparse *v, uint32_t i, double by)
{
    if (!v->listed[i]) {
        v->listed[i] = true;
        v->list[v->count++] = i;
    }
    v->value[i] += by;
}

struct eta {
    uint32_t row;
    double pivot;
    size_t start, end; /* of its other elements */
};

struct eta_element {
    double value;
    uint32_t row;
};

struct eta_file {
    struct eta *etas;
    size_t count, capacity;
    struct eta_element *elements; /* all but the pivots */
    size_t element_count, room;
};
void eta_file_release(struct eta_file *f);
/* Back to the basis of slacks. */
void eta_file_clear(struct eta_file *f);

/* A pivot in this row; column: of the entering variable, in the present basis. */
int eta_file_add(struct eta_file *f, const struct sparse *column, uint32_t row, struct err *err);
/* v := inverse of the basis times v */
void eta_file_forward(const struct eta_file *f, struct sparse *v);
/* With the etas from this one on. */
void eta_file_forward_from(const struct eta_file *f, size_t first, struct sparse *v);
/* v := v times inverse of the basis */
void eta_file_back(const struct eta_file *f, struct sparse *v);

#endif

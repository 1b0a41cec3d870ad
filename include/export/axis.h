/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * axis: one dimension of a table as other tools want it: the units, or a variable, as a list of
 * codes in the order of a hierarchy file (each followed by those below it), the total first.
 *
 * A code names one thing only within its axis: a unit is "entity:OMG-07", since a domain and an
 * entity may have the same code. Units that were not delivered have no cells and are left out.
 */
#ifndef HERKOMST_EXPORT_AXIS_H
#define HERKOMST_EXPORT_AXIS_H

#include "tables/structure.h"

enum { AXIS_CODE = CONFIG_CODE + 16 };

struct axis {
    const char *name; /* "unit", or the variable's */
    size_t count;
    struct axis_node {
        char code[AXIS_CODE];
        size_t of;  /* index of the unit or category */
        int depth;  /* 0: the total */
        bool leaf;  /* nothing below it */
        bool alone; /* the only one below the one above it: always the same count */
    } * nodes;
    size_t *node_of; /* by index of the unit or category; SIZE_MAX: not in there */
    bool nested;     /* some node is deeper than 1 */
};

/* Release a whatever the result. */
int axis_of_units(struct axis *a, const struct structure *s, struct err *err);
int axis_of_variable(struct axis *a, const struct variable *v, struct err *err);
void axis_release(struct axis *a);

#endif

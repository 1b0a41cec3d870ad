/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * shapes: the simplest circuits (sdc/circuit.h) of a block: some people take the place of others
 * along some variables.
 *
 * Along a variable's tree of categories a WAY leads from a category without children, up through
 * its ancestors, over to a sibling of one of them and down to another category without children
 * (with the opposite sign): a difference; or all the way up to the total. A shape is one way along
 * each variable, seen in every table of the population: the product of the ways of its variables,
 * but nothing where a variable that the table lacks has a difference. Shapes that move a public
 * class are left out.
 */
#ifndef HERKOMST_SDC_SHAPES_H
#define HERKOMST_SDC_SHAPES_H

#include "sdc/blocks.h"

struct shape {
    uint32_t first, count; /* members [first, first + count) */
};

struct shapes {
    uint32_t *class_start; /* class c: shapes [class_start[c], class_start[c + 1]) */
    struct shape *shape;   /* in each, class c moves by +1 */
    uint32_t *member;      /* classes */
    int8_t *by;
};

int shapes_build(struct shapes *s, const struct blocks *b, struct err *err);
void shapes_release(struct shapes *s);

#endif

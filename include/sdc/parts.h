/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * parts: the connected parts of the hidden cells. Two hidden cells are in one part when an equation
 * holds both, or a chain of such equations does. What is published or hidden in one part says
 * nothing about another, so each is proved by itself.
 *
 * Parts are numbered by their smallest cell; nothing depends on the order of equations.
 */
#ifndef HERKOMST_SDC_PARTS_H
#define HERKOMST_SDC_PARTS_H

#include "base/err.h"
#include "tables/structure.h"

#define PART_NONE UINT32_MAX

struct parts {
    size_t count;
    uint32_t *of;         /* per cell of the system: its part, PART_NONE if it is published */
    uint32_t *cell_start; /* part p: cells[cell_start[p] .. cell_start[p + 1]), increasing */
    uint32_t *cells;
    uint32_t *equation_start; /* and the equations with a hidden member in it, increasing */
    uint32_t *equations;
};

int parts_build(struct parts *p, const struct cells *cells, const uint8_t *hidden, struct err *err);
void parts_release(struct parts *p);

#endif

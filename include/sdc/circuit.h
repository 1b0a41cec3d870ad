/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * circuit: the cheapest change of a block (sdc/blocks.h) by one person that moves a given class and
 * keeps every line.
 *
 * A circuit changes each class by +1, -1 or not at all. Found by depth first search with bounds: a
 * line that is out of balance is set right by one of its classes, the line with the fewest ways
 * first; what costs as much as the best so far is cut off. In a two-way table a circuit is a cycle
 * through rows and columns; in more dimensions the simplest are products of differences, and the
 * search finds these first because it prefers classes that set several lines right.
 */
#ifndef HERKOMST_SDC_CIRCUIT_H
#define HERKOMST_SDC_CIRCUIT_H

#include "sdc/blocks.h"

#define CIRCUIT_NEVER (INT64_MAX / 4)

struct circuit {
    size_t count;
    uint32_t *classes; /* room for class_count */
    int8_t *by;
    int64_t cost; /* CIRCUIT_NEVER: none was found */
};

struct circuit_search;

int circuit_open(struct circuit_search **s, const struct blocks *b, struct err *err);
void circuit_close(struct circuit_search *s);

/* What moving a class up or down costs: CIRCUIT_NEVER if it must not. */
struct weight {
    int64_t up, down;
};

/* The cheapest circuit that costs less than `below` and moves `class` by `by` (+1 or -1), looking
 * at no more than `nodes` partial ones. A line out of balance is reckoned at `closing`, so that
 * what closes lines comes first. *best keeps what it has when nothing cheaper is found. */
bool circuit_find(struct circuit_search *s, uint32_t class, int by, const struct weight *weights,
                  int64_t below, int64_t closing, size_t nodes, struct circuit *best);

#endif

/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * exchange: the cheapest change of the whole system that moves one cell by one person and keeps
 * every equation, among those that are made of a few circuits (sdc/circuit.h), each in one unit.
 *
 * SHAPES first (sdc/shapes.h): one shape along a CHAIN of units, a path through the tree of units:
 * from a unit without children up to some ancestor, over to a sibling of that ancestor and down to
 * a unit without children there, in which everything happens with the opposite sign; or all the way
 * up to the government. Two sibling entities are the shortest.
 *
 * Then LEGS: a circuit in the cell's own unit, chosen by what it costs there and what others would
 * ask for taking it up; what it leaves out of balance in a family is taken up by circuits in
 * siblings or in the parent, each as much as it can, for a limited number of units. Then PAIRS: a
 * circuit priced in two siblings at once.
 *
 * The search looks at whole people and at what each cell can give, so that what it finds can be
 * done as it stands. That it finds nothing proves nothing.
 */
#ifndef HERKOMST_SDC_EXCHANGE_H
#define HERKOMST_SDC_EXCHANGE_H

#include "sdc/circuit.h"

struct exchange {
    size_t count;
    uint32_t *slots; /* in no order, each once */
    int8_t *by;      /* +1 or -1 */
    int64_t cost;    /* CIRCUIT_NEVER: none */
};

struct effort {
    size_t partners; /* siblings tried at each step */
    size_t nodes;    /* partial circuits looked at for each circuit */
    size_t legs;     /* units that may take part */
    size_t rounds;   /* first circuits tried */
    int64_t least;   /* what goes down must have at least this many people; 1 or more */
};

/* How hard to look, for blocks of this size: the larger, the less for each. thorough: for what must
 * be found if it is there; otherwise for what would merely be better. */
struct effort effort_for(const struct blocks *b, bool thorough);

struct exchange_search;

/* values, prices: per slot of b, the caller's; they may change between searches. */
int exchange_open(struct exchange_search **x, const struct blocks *b, const int64_t *values,
                  const struct weight *prices, struct err *err);
void exchange_close(struct exchange_search *x);

/* The price of the slot has changed. */
void exchange_touch(struct exchange_search *x, uint32_t slot);

int exchange_init(struct exchange *e, const struct blocks *b, struct err *err);
void exchange_release(struct exchange *e);

/* The cheapest that moves the slot by `by` (+1 or -1) and costs less than `below`; false and
 * cost = CIRCUIT_NEVER if none was found. */
bool exchange_find(struct exchange_search *x, uint32_t slot, int by, int64_t below,
                   const struct effort *effort, struct exchange *best);

#endif

/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * exchange: the cheapest change of the whole system that moves one cell by one person, among the
 * changes that make one circuit (sdc/circuit.h) in every unit of a chain of units.
 *
 * CHAIN. A path through the tree of units along which families stay in balance: from a unit without
 * children up to some ancestor, over to a sibling of that ancestor, and down to a unit without
 * children there, in which everything happens with the opposite sign; or from a unit without
 * children up to the government. Two sibling entities are the shortest.
 *
 * The search tries the chains whose units have most to offer around the wanted class. It looks at
 * whole people and at what each cell can give, so that what it finds can be done as it stands.
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

/* SPDX-License-Identifier: EUPL-1.2 */
/* exchange_search: what the files of sdc/exchange.h share. Private to pipeline/sdc. */
#ifndef HERKOMST_SDC_EXCHANGE_SEARCH_H
#define HERKOMST_SDC_EXCHANGE_SEARCH_H

#include "sdc/exchange.h"
#include "sdc/shapes.h"

enum { PARTNERS_MOST = 64, LEGS_MOST = 8 };

struct leg { /* what happens in one unit */
    uint32_t unit;
    struct circuit circuit;
};

struct cheapest { /* among the children of a unit: who moves a class for least, and the next price
                   */
    int64_t first, second;
    uint32_t who;
};

struct outlook {
    struct cheapest up, down;
};

struct exchange_search {
    const struct blocks *b;
    const int64_t *values;
    int64_t least; /* a cell that goes down must have this many people at least */
    const struct weight *prices;
    struct circuit_search *circuits;
    struct shapes shapes;
    struct weight *weights;   /* per class, of the circuit at hand */
    int64_t *surcharge;       /* per class, for the first leg */
    struct outlook *outlooks; /* per family (the slots of its parent) and class */
    uint8_t *stale;           /* and likewise: they must be looked up again */
    int16_t *residual;        /* per family and class: children less parent */
    uint32_t *open;           /* per family: how many classes are out of balance */
    struct leg legs[LEGS_MOST];
    size_t leg_count;
};

struct request {
    const struct effort *effort;
    struct exchange *best;
};

static inline uint32_t slot_at(const struct exchange_search *x, uint32_t unit, uint32_t class)
{
    return unit * (uint32_t)x->b->class_count + class;
}

static inline int parent_of(const struct exchange_search *x, uint32_t unit)
{
    return x->b->cells->structure->units[unit].parent;
}

static inline bool has_children(const struct exchange_search *x, uint32_t unit)
{
    return x->b->child_start[unit] != x->b->child_start[unit + 1];
}

static inline int64_t add_price(int64_t a, int64_t b)
{
    return a >= CIRCUIT_NEVER || b >= CIRCUIT_NEVER ? CIRCUIT_NEVER : a + b;
}

static inline int64_t price_of(const struct exchange_search *x, uint32_t slot, int by)
{
    if (by > 0)
        return x->prices[slot].up;
    return x->values[slot] >= x->least ? x->prices[slot].down : CIRCUIT_NEVER;
}

/* Nothing can be better. */
static inline bool is_free(const struct exchange *e)
{
    return e->count > 0 && e->cost == 0;
}

/* False: in some equation of the slot nothing else moves for less than `below` that would keep it,
 * so no exchange costs less. */
bool exchange_may_be(struct exchange_search *x, uint32_t unit, uint32_t class, int by,
                     int64_t below);

/* Shapes along chains of units. */
void exchange_try_shapes(const struct exchange_search *x, uint32_t unit, uint32_t class, int by,
                         struct exchange *best);

/* LEGS. A circuit in one unit, what it leaves out of balance taken up by circuits in others. */
void exchange_add_leg(struct exchange_search *x, const struct request *r, uint32_t unit,
                      uint32_t class, int by, int64_t cost);
void exchange_try_pairs(struct exchange_search *x, const struct request *r, uint32_t unit,
                        uint32_t class, int by);

#endif

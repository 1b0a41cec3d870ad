/* SPDX-License-Identifier: EUPL-1.2 */
/* Shapes along chains of units: see include/sdc/exchange.h. */
#include "sdc/exchange_search.h"

/* A shape, made along a chain of units: the price, and which units. */
struct chain {
    int64_t price;
    size_t count;
    uint32_t units[LEGS_MOST];
    int8_t signs[LEGS_MOST];
};

static void chain_add(struct chain *c, uint32_t unit, int sign, int64_t price)
{
    c->price += price;
    if (c->count == LEGS_MOST) {
        c->price = CIRCUIT_NEVER;
        return;
    }
    c->units[c->count] = unit;
    c->signs[c->count++] = (int8_t)sign;
}

/* What the shape costs in the unit; at least `below` when that is reached. */
static int64_t shape_price(const struct exchange_search *x, const struct shape *shape,
                           uint32_t unit, int sign, int64_t below)
{
    const uint32_t *member = x->shapes.member + shape->first;
    const int8_t *by = x->shapes.by + shape->first;
    uint32_t first = slot_at(x, unit, 0);
    int64_t sum = 0;
    for (size_t i = 0; i < shape->count && sum < below; i++)
        sum = add_price(sum, price_of(x, first + member[i], by[i] * sign));
    return sum;
}

/* Adds the unit and the cheapest chain below it, if all costs less than `below`. */
static bool chain_down(const struct exchange_search *x, const struct shape *shape, uint32_t unit,
                       int sign, int64_t below, struct chain *c)
{
    const struct blocks *b = x->b;
    int64_t own = shape_price(x, shape, unit, sign, below - c->price);
    struct chain best = {.price = below};
    chain_add(c, unit, sign, own);
    if (c->price >= below)
        return false;
    if (!has_children(x, unit))
        return true;
    for (uint32_t i = b->child_start[unit]; i < b->child_start[unit + 1] && best.price > c->price;
         i++) {
        struct chain trial = *c;
        if (chain_down(x, shape, b->child[i], sign, best.price, &trial))
            best = trial;
    }
    *c = best;
    return c->price < below;
}

/* Completes a chain that ends at `unit`: over to a sibling, or up. */
static bool chain_up(const struct exchange_search *x, const struct shape *shape, uint32_t unit,
                     int sign, int64_t below, struct chain *c)
{
    const struct blocks *b = x->b;
    int parent = parent_of(x, unit);
    struct chain best = {.price = below};
    if (parent < 0)
        return c->price < below;
    for (uint32_t i = b->child_start[parent];
         i < b->child_start[parent + 1] && best.price > c->price; i++) {
        struct chain trial = *c;
        if (b->child[i] != unit && chain_down(x, shape, b->child[i], -sign, best.price, &trial))
            best = trial;
    }
    if (best.price > c->price) {
        struct chain trial = *c;
        chain_add(&trial, (uint32_t)parent, sign,
                  shape_price(x, shape, (uint32_t)parent, sign, best.price - c->price));
        if (trial.price < best.price &&
            chain_up(x, shape, (uint32_t)parent, sign, best.price, &trial))
            best = trial;
    }
    *c = best;
    return c->price < below;
}

static void keep_chain(const struct exchange_search *x, const struct shape *shape,
                       const struct chain *c, struct exchange *best)
{
    best->cost = c->price;
    best->count = 0;
    for (size_t u = 0; u < c->count; u++)
        for (size_t i = 0; i < shape->count; i++) {
            best->slots[best->count] = slot_at(x, c->units[u], x->shapes.member[shape->first + i]);
            best->by[best->count++] = (int8_t)(c->signs[u] * x->shapes.by[shape->first + i]);
        }
}

void exchange_try_shapes(const struct exchange_search *x, uint32_t unit, uint32_t class, int by,
                         struct exchange *best)
{
    for (uint32_t i = x->shapes.class_start[class];
         i < x->shapes.class_start[class + 1] && !is_free(best); i++) {
        const struct shape *shape = &x->shapes.shape[i];
        struct chain c = {.price = 0};
        if (chain_down(x, shape, unit, by, best->cost, &c) &&
            chain_up(x, shape, unit, by, best->cost, &c))
            keep_chain(x, shape, &c, best);
    }
}

/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/sdc/exchange.h. */
#include "sdc/exchange.h"

#include "sdc/exchange_search.h"

#include <stdlib.h>
#include <string.h>

static int circuit_init(struct circuit *c, const struct blocks *b, struct err *err)
{
    c->classes = malloc((b->class_count + 1) * sizeof *c->classes);
    c->by = malloc(b->class_count + 1);
    return c->classes && c->by ? 0 : err_memory(err);
}

int exchange_init(struct exchange *e, const struct blocks *b, struct err *err)
{
    memset(e, 0, sizeof *e);
    e->slots = malloc((b->class_count * LEGS_MOST + 1) * sizeof *e->slots);
    e->by = malloc(b->class_count * LEGS_MOST + 1);
    return e->slots && e->by ? 0 : err_memory(err);
}

void exchange_release(struct exchange *e)
{
    free(e->slots);
    free(e->by);
    memset(e, 0, sizeof *e);
}

int exchange_open(struct exchange_search **out, const struct blocks *b, const int64_t *values,
                  const struct weight *prices, struct err *err)
{
    struct exchange_search *x = *out = calloc(1, sizeof *x);
    if (!x)
        return err_memory(err);
    size_t slots = b->unit_count * b->class_count;
    x->b = b;
    x->values = values;
    x->prices = prices;
    x->weights = malloc((b->class_count + 1) * sizeof *x->weights);
    x->surcharge = calloc(b->class_count + 1, sizeof *x->surcharge);
    x->outlooks = malloc((slots + 1) * sizeof *x->outlooks);
    x->stale = malloc(slots + 1);
    x->residual = calloc(slots + 1, sizeof *x->residual);
    x->open = calloc(b->unit_count + 1, sizeof *x->open);
    if (!x->weights || !x->surcharge || !x->outlooks || !x->stale || !x->residual || !x->open)
        return err_memory(err);
    memset(x->stale, 1, slots);
    for (int i = 0; i < LEGS_MOST; i++)
        if (circuit_init(&x->legs[i].circuit, b, err) != 0)
            return -1;
    return shapes_build(&x->shapes, b, err) != 0 ? -1 : circuit_open(&x->circuits, b, err);
}

void exchange_close(struct exchange_search *x)
{
    if (!x)
        return;
    circuit_close(x->circuits);
    shapes_release(&x->shapes);
    for (int i = 0; i < LEGS_MOST; i++) {
        free(x->legs[i].circuit.classes);
        free(x->legs[i].circuit.by);
    }
    free(x->weights);
    free(x->surcharge);
    free(x->outlooks);
    free(x->stale);
    free(x->residual);
    free(x->open);
    free(x);
}

void exchange_touch(struct exchange_search *x, uint32_t slot)
{
    uint32_t classes = (uint32_t)x->b->class_count;
    int parent = parent_of(x, slot / classes);
    if (parent >= 0)
        x->stale[slot_at(x, (uint32_t)parent, slot % classes)] = 1;
}

struct effort effort_for(const struct blocks *b, bool thorough)
{
    size_t nodes = 12000 / (b->class_count + 1);
    nodes = nodes < 40 ? 40 : nodes > 400 ? 400 : nodes;
    size_t partners = nodes < 200 ? 4 : 8;
    return (struct effort){.partners = thorough ? partners : partners / 2,
                           .nodes = thorough ? nodes : nodes / 2,
                           .legs = 4,
                           .rounds = thorough ? 2 : 1,
                           .least = 1};
}

bool exchange_find(struct exchange_search *x, uint32_t slot, int by, int64_t below,
                   const struct effort *effort, struct exchange *best)
{
    uint32_t classes = (uint32_t)x->b->class_count;
    struct request r = {effort, best};
    best->cost = CIRCUIT_NEVER;
    best->count = 0;
    x->leg_count = 0;
    x->least = effort->least;
    if (!exchange_may_be(x, slot / classes, slot % classes, by, below))
        return false;
    best->cost = below;
    exchange_try_shapes(x, slot / classes, slot % classes, by, best);
    memset(x->surcharge, 0, classes * sizeof *x->surcharge);
    for (size_t round = 0; round < effort->rounds && !is_free(best); round++)
        exchange_add_leg(x, &r, slot / classes, slot % classes, by, 0);
    if (!is_free(best))
        exchange_try_pairs(x, &r, slot / classes, slot % classes, by);
    if (best->cost >= below) {
        best->cost = CIRCUIT_NEVER;
        return false;
    }
    return true;
}

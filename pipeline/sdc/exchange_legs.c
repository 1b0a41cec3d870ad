/* SPDX-License-Identifier: EUPL-1.2 */
/* Circuits in several units that balance each other: see include/sdc/exchange.h. */
#include "sdc/exchange_search.h"

#include <string.h>

/* What is reckoned for each class that others must still set right. */
static const int64_t TROUBLE = 2;

static void offer(struct cheapest *c, int64_t price, uint32_t unit)
{
    if (price < c->first) {
        c->second = c->first;
        c->first = price;
        c->who = unit;
    } else if (price < c->second) {
        c->second = price;
    }
}

static void look_around(struct exchange_search *x, uint32_t parent, uint32_t class)
{
    const struct blocks *b = x->b;
    struct outlook *outlook = &x->outlooks[slot_at(x, parent, class)];
    static const struct cheapest NOBODY = {CIRCUIT_NEVER, CIRCUIT_NEVER, SLOT_NONE};
    struct cheapest up = NOBODY, down = NOBODY;
    for (uint32_t i = b->child_start[parent]; i < b->child_start[parent + 1]; i++) {
        const struct weight *price = &x->prices[slot_at(x, b->child[i], class)];
        offer(&up, price->up, b->child[i]);
        offer(&down, price->down, b->child[i]);
    }
    *outlook = (struct outlook){.up = up, .down = down};
    x->stale[slot_at(x, parent, class)] = 0;
}

/* The least price at which a child of `parent`, not `but`, moves the class by `by`. */
static int64_t price_below(struct exchange_search *x, uint32_t parent, uint32_t class, int by,
                           uint32_t but)
{
    if (x->stale[slot_at(x, parent, class)])
        look_around(x, parent, class);
    const struct outlook *o = &x->outlooks[slot_at(x, parent, class)];
    const struct cheapest *c = by > 0 ? &o->up : &o->down;
    return c->who == but ? c->second : c->first;
}

/* Can another class of the line take up, for less than `below`, that this one moves? */
static bool line_gives(const struct exchange_search *x, uint32_t unit, uint32_t line,
                       uint32_t class, int by, int64_t below)
{
    const struct blocks *b = x->b;
    for (uint32_t i = b->line_start[line]; i < b->line_start[line + 1]; i++) {
        int move = i == b->line_start[line] ? by : -by; /* the total has sign -1 */
        if (b->line_class[i] != class &&
            price_of(x, slot_at(x, unit, b->line_class[i]), move) < below)
            return true;
    }
    return false;
}

bool exchange_may_be(struct exchange_search *x, uint32_t unit, uint32_t class, int by,
                     int64_t below)
{
    const struct blocks *b = x->b;
    int parent = parent_of(x, unit);
    if (price_of(x, slot_at(x, unit, class), by) >= below)
        return false;
    if (has_children(x, unit) && price_below(x, unit, class, by, SLOT_NONE) >= below)
        return false;
    if (parent >= 0 && price_below(x, (uint32_t)parent, class, -by, unit) >= below &&
        price_of(x, slot_at(x, (uint32_t)parent, class), by) >= below)
        return false;
    for (uint32_t i = b->class_start[class]; i < b->class_start[class + 1]; i++)
        if (!line_gives(x, unit, b->class_line[i], class, by * b->class_sign[i], below))
            return false;
    return true;
}

/* What it takes to set right, in the unit's own family (`parent`), that it moves the class by `by`.
 */
static int64_t price_above(struct exchange_search *x, uint32_t unit, uint32_t parent,
                           uint32_t class, int by)
{
    uint32_t above = slot_at(x, parent, class);
    int residual = x->residual[above];
    if (residual)
        return residual + by == 0 ? 0 : CIRCUIT_NEVER;
    int64_t sibling = price_below(x, parent, class, -by, unit), up = price_of(x, above, by);
    return add_price(sibling < up ? sibling : up, TROUBLE);
}

/* And in the family below. */
static int64_t price_of_children(struct exchange_search *x, uint32_t unit, uint32_t class, int by)
{
    int residual = x->residual[slot_at(x, unit, class)];
    if (residual)
        return residual == by ? 0 : CIRCUIT_NEVER;
    return add_price(price_below(x, unit, class, by, SLOT_NONE), TROUBLE);
}

static int64_t weigh_move(struct exchange_search *x, uint32_t unit, int parent, bool deep,
                          uint32_t class, int by)
{
    int64_t price = price_of(x, slot_at(x, unit, class), by);
    if (price < CIRCUIT_NEVER && parent >= 0)
        price = add_price(price, price_above(x, unit, (uint32_t)parent, class, by));
    if (price < CIRCUIT_NEVER && deep)
        price = add_price(price, price_of_children(x, unit, class, by));
    return price;
}

static void weigh(struct exchange_search *x, uint32_t unit)
{
    int parent = parent_of(x, unit);
    bool deep = has_children(x, unit);
    for (uint32_t k = 0; k < x->b->class_count; k++)
        x->weights[k] = (struct weight){weigh_move(x, unit, parent, deep, k, 1),
                                        weigh_move(x, unit, parent, deep, k, -1)};
}

static void balance(struct exchange_search *x, uint32_t family, uint32_t class, int by)
{
    int16_t *residual = &x->residual[slot_at(x, family, class)];
    x->open[family] -= *residual != 0;
    *residual = (int16_t)(*residual + by);
    x->open[family] += *residual != 0;
}

/* Makes (sign 1) or unmakes (-1) a leg. */
static void step(struct exchange_search *x, const struct leg *leg, int sign)
{
    int parent = parent_of(x, leg->unit);
    for (size_t i = 0; i < leg->circuit.count; i++) {
        uint32_t class = leg->circuit.classes[i];
        int by = sign * leg->circuit.by[i];
        if (parent >= 0)
            balance(x, (uint32_t)parent, class, by);
        if (has_children(x, leg->unit))
            balance(x, leg->unit, class, -by);
    }
}

static int64_t leg_price(const struct exchange_search *x, const struct leg *leg)
{
    int64_t sum = 0;
    for (size_t i = 0; i < leg->circuit.count; i++)
        sum += price_of(x, slot_at(x, leg->unit, leg->circuit.classes[i]), leg->circuit.by[i]);
    return sum;
}

static bool takes_part(const struct exchange_search *x, uint32_t unit)
{
    for (size_t i = 0; i < x->leg_count; i++)
        if (x->legs[i].unit == unit)
            return true;
    return false;
}

static void keep_legs(const struct exchange_search *x, struct exchange *best, int64_t cost)
{
    best->cost = cost;
    best->count = 0;
    for (size_t l = 0; l < x->leg_count; l++)
        for (size_t i = 0; i < x->legs[l].circuit.count; i++) {
            best->slots[best->count] = slot_at(x, x->legs[l].unit, x->legs[l].circuit.classes[i]);
            best->by[best->count++] = x->legs[l].circuit.by[i];
        }
}

struct taker {
    int64_t score;
    uint32_t unit;
};

/* Keeps the `most` best in the list, best first. */
static void keep_best(struct taker *list, size_t *count, size_t most, struct taker one)
{
    if (most == 0 || (*count == most && one.score <= list[most - 1].score))
        return;
    size_t k = *count < most ? (*count)++ : *count - 1;
    for (; k > 0 && list[k - 1].score < one.score; k--)
        list[k] = list[k - 1];
    list[k] = one;
}

/* How many open classes of the family the unit can set right for nothing. sign: 1 for a child, -1
 * for the parent. */
static int64_t score_of(const struct exchange_search *x, uint32_t family, uint32_t unit, int sign,
                        const uint32_t *classes, size_t count)
{
    int64_t score = 0;
    for (size_t i = 0; i < count; i++) {
        int by = -sign * x->residual[slot_at(x, family, classes[i])];
        int64_t price = price_of(x, slot_at(x, unit, classes[i]), by);
        score += price == 0 ? 64 : price < CIRCUIT_NEVER ? 1 : 0;
    }
    return score;
}

enum { OPEN_MOST = 512 };

static size_t best_takers(const struct exchange_search *x, uint32_t family, size_t most,
                          struct taker *list)
{
    const struct blocks *b = x->b;
    uint32_t classes[OPEN_MOST];
    size_t open = 0, count = 0;
    for (uint32_t k = 0; k < b->class_count && open < OPEN_MOST; k++)
        if (x->residual[slot_at(x, family, k)])
            classes[open++] = k;
    for (uint32_t i = b->child_start[family]; i < b->child_start[family + 1]; i++)
        if (!takes_part(x, b->child[i]))
            keep_best(
                list, &count, most,
                (struct taker){score_of(x, family, b->child[i], 1, classes, open), b->child[i]});
    if (!takes_part(x, family))
        list[count++] = (struct taker){score_of(x, family, family, -1, classes, open), family};
    return count;
}

/* The open class of the family that the unit can take and that is dearest to take for others. */
static uint32_t hardest(struct exchange_search *x, uint32_t family, uint32_t unit, int *by)
{
    uint32_t found = SLOT_NONE;
    int64_t most = -1;
    for (uint32_t k = 0; k < x->b->class_count; k++) {
        int residual = x->residual[slot_at(x, family, k)];
        int move = unit == family ? residual : -residual;
        if (residual == 0 || price_of(x, slot_at(x, unit, k), move) >= CIRCUIT_NEVER)
            continue;
        int64_t other = price_below(x, family, k, -residual, unit);
        if (other > most) {
            most = other;
            found = k;
            *by = move;
        }
    }
    return found;
}

/* A family out of balance, entities' first; SLOT_NONE: all are in balance. */
static uint32_t open_family(const struct exchange_search *x)
{
    for (size_t u = x->leg_count; u-- > 0;) {
        uint32_t unit = x->legs[u].unit;
        int parent = parent_of(x, unit);
        if (x->open[unit])
            return unit;
        if (parent >= 0 && x->open[parent])
            return (uint32_t)parent;
    }
    return SLOT_NONE;
}

static void settle(struct exchange_search *x, const struct request *r, int64_t cost);

/* One more leg: the unit moves the class, and what else it can take. */
void exchange_add_leg(struct exchange_search *x, const struct request *r, uint32_t unit,
                      uint32_t class, int by, int64_t cost)
{
    struct leg *leg = &x->legs[x->leg_count];
    if (price_of(x, slot_at(x, unit, class), by) >= r->best->cost - cost)
        return; /* whatever else the leg moves */
    leg->unit = unit;
    weigh(x, unit);
    if (x->leg_count == 0)
        for (uint32_t k = 0; k < x->b->class_count; k++) {
            x->weights[k].up = add_price(x->weights[k].up, x->surcharge[k]);
            x->weights[k].down = add_price(x->weights[k].down, x->surcharge[k]);
        }
    if (!circuit_find(x->circuits, class, by, x->weights,
                      add_price(r->best->cost - cost, 64 * TROUBLE + (x->leg_count ? 0 : 100000)),
                      4, r->effort->nodes, &leg->circuit))
        return;
    if (x->leg_count == 0)
        for (size_t i = 0; i < leg->circuit.count; i++)
            if (leg->circuit.classes[i] != class)
                x->surcharge[leg->circuit.classes[i]] += 8;
    int64_t sum = cost + leg_price(x, leg);
    if (sum >= r->best->cost)
        return;
    x->leg_count++;
    step(x, leg, 1);
    settle(x, r, sum);
    step(x, leg, -1);
    x->leg_count--;
}

static void settle(struct exchange_search *x, const struct request *r, int64_t cost)
{
    struct taker takers[PARTNERS_MOST + 1];
    uint32_t family = open_family(x);
    if (family == SLOT_NONE) {
        keep_legs(x, r->best, cost);
        return;
    }
    if (x->leg_count >= r->effort->legs)
        return;
    size_t partners = r->effort->partners >> (x->leg_count > 1 ? 1 : 0);
    size_t count = best_takers(x, family, partners ? partners : 1, takers);
    for (size_t i = 0; i < count && cost < r->best->cost && !is_free(r->best); i++) {
        int by;
        uint32_t class = hardest(x, family, takers[i].unit, &by);
        if (class != SLOT_NONE)
            exchange_add_leg(x, r, takers[i].unit, class, by, cost);
    }
}

/* The unit and a sibling make the same circuit, with opposite signs: priced together. */
static void try_pair(struct exchange_search *x, const struct request *r, uint32_t unit,
                     uint32_t sibling, uint32_t class, int by)
{
    struct leg *leg = &x->legs[0], *other = &x->legs[1];
    bool deep = has_children(x, unit);
    int64_t own = add_price(price_of(x, slot_at(x, unit, class), by),
                            price_of(x, slot_at(x, sibling, class), -by));
    if (own >= r->best->cost)
        return;
    for (uint32_t k = 0; k < x->b->class_count; k++) {
        uint32_t a = slot_at(x, unit, k), b = slot_at(x, sibling, k);
        x->weights[k] = (struct weight){add_price(price_of(x, a, 1), price_of(x, b, -1)),
                                        add_price(price_of(x, a, -1), price_of(x, b, 1))};
        if (deep) {
            x->weights[k].up =
                add_price(x->weights[k].up, add_price(price_of_children(x, unit, k, 1),
                                                      price_of_children(x, sibling, k, -1)));
            x->weights[k].down =
                add_price(x->weights[k].down, add_price(price_of_children(x, unit, k, -1),
                                                        price_of_children(x, sibling, k, 1)));
        }
    }
    if (!circuit_find(x->circuits, class, by, x->weights, r->best->cost, 16, r->effort->nodes,
                      &leg->circuit))
        return;
    leg->unit = unit;
    other->unit = sibling;
    other->circuit.count = leg->circuit.count;
    for (size_t i = 0; i < leg->circuit.count; i++) {
        other->circuit.classes[i] = leg->circuit.classes[i];
        other->circuit.by[i] = (int8_t)-leg->circuit.by[i];
    }
    x->leg_count = 2;
    int64_t cost = leg_price(x, leg) + leg_price(x, other);
    step(x, leg, 1);
    step(x, other, 1);
    if (cost < r->best->cost)
        settle(x, r, cost);
    step(x, other, -1);
    step(x, leg, -1);
    x->leg_count = 0;
}

static int64_t near_offer(const struct exchange_search *x, uint32_t unit, uint32_t class, int by)
{
    const struct blocks *b = x->b;
    int64_t score = -price_of(x, slot_at(x, unit, class), by);
    for (uint32_t i = b->class_start[class]; i < b->class_start[class + 1]; i++)
        for (uint32_t m = b->line_start[b->class_line[i]]; m < b->line_start[b->class_line[i] + 1];
             m++) {
            uint32_t slot = slot_at(x, unit, b->line_class[m]);
            score += price_of(x, slot, -by) == 0 ? 16 : price_of(x, slot, by) == 0 ? 4 : 0;
        }
    return score;
}

void exchange_try_pairs(struct exchange_search *x, const struct request *r, uint32_t unit,
                        uint32_t class, int by)
{
    struct taker partners[PARTNERS_MOST];
    int parent = parent_of(x, unit);
    size_t count = 0;
    if (parent < 0)
        return;
    int64_t most = r->best->cost - price_of(x, slot_at(x, unit, class), by);
    for (uint32_t i = x->b->child_start[parent]; i < x->b->child_start[parent + 1]; i++)
        if (x->b->child[i] != unit && price_of(x, slot_at(x, x->b->child[i], class), -by) < most)
            keep_best(partners, &count, r->effort->partners,
                      (struct taker){near_offer(x, x->b->child[i], class, -by), x->b->child[i]});
    for (size_t i = 0; i < count && !is_free(r->best); i++)
        try_pair(x, r, unit, partners[i].unit, class, by);
}

/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/sdc/transfer.h. */
#include "sdc/transfer.h"

#include "sdc/joint_transfer.h"

#include <stdlib.h>
#include <string.h>

enum { STEPS_MOST = 12 };

struct transfer {
    const struct blocks *b;
    int64_t width;
    int64_t *value;        /* per slot: of the table, changed by the steps so far */
    int64_t *cost;         /* per slot */
    struct weight *prices; /* per slot: cost, or 0 once a step has moved the cell */
    int64_t *by;           /* per slot: what the steps so far add up to */
    uint32_t *moved;       /* the slots that they touched */
    uint8_t *touched;      /* per slot: it is in moved */
    size_t moved_count;
    struct exchange_search *search;
    struct exchange step;
    struct joint_transfer *joint; /* of a joint system; all else is then empty */
};

/* A cell with few people cannot give the whole width: its price is for each person that it can. */
static void set_price(struct transfer *t, uint32_t slot)
{
    int64_t cost = t->touched[slot] ? 0 : t->cost[slot], value = t->value[slot];
    struct weight *p = &t->prices[slot];
    if (t->cost[slot] >= CIRCUIT_NEVER) {
        *p = (struct weight){CIRCUIT_NEVER, CIRCUIT_NEVER};
    } else {
        p->up = cost;
        p->down = value <= 0 ? CIRCUIT_NEVER : value < t->width ? cost * t->width / value : cost;
    }
    exchange_touch(t->search, slot);
}

int transfer_open(struct transfer **out, const struct blocks *b, int64_t width, struct err *err)
{
    struct transfer *t = *out = calloc(1, sizeof *t);
    if (!t)
        return err_memory(err);
    if (b->cells->joint)
        return joint_transfer_open(&t->joint, b->cells->joint, width, err);
    size_t slots = b->unit_count * b->class_count;
    t->b = b;
    t->width = width;
    t->value = calloc(slots + 1, sizeof *t->value);
    t->cost = malloc((slots + 1) * sizeof *t->cost);
    t->prices = malloc((slots + 1) * sizeof *t->prices);
    t->by = calloc(slots + 1, sizeof *t->by);
    t->moved = malloc((slots + 1) * sizeof *t->moved);
    t->touched = calloc(slots + 1, 1);
    if (!t->value || !t->cost || !t->prices || !t->by || !t->moved || !t->touched)
        return err_memory(err);
    for (size_t s = 0; s < slots; s++) {
        t->cost[s] = CIRCUIT_NEVER;
        t->prices[s] = (struct weight){CIRCUIT_NEVER, CIRCUIT_NEVER};
    }
    if (exchange_init(&t->step, b, err) != 0)
        return -1;
    return exchange_open(&t->search, b, t->value, t->prices, err);
}

void transfer_close(struct transfer *t)
{
    if (!t)
        return;
    joint_transfer_close(t->joint);
    exchange_close(t->search);
    exchange_release(&t->step);
    free(t->value);
    free(t->cost);
    free(t->prices);
    free(t->by);
    free(t->moved);
    free(t->touched);
    free(t);
}

struct effort transfer_effort(const struct transfer *t)
{
    return t->joint ? joint_transfer_effort(t->joint) : effort_for(t->b, true);
}

void transfer_set(struct transfer *t, uint32_t cell, int64_t value, int64_t cost)
{
    if (t->joint) {
        joint_transfer_set(t->joint, cell, value, cost);
        return;
    }
    uint32_t slot = t->b->slot[cell];
    if (slot == SLOT_NONE)
        return;
    t->value[slot] = value;
    t->cost[slot] = cost;
    set_price(t, slot);
}

/* How often the step can be made before a cell is down to zero. */
static int64_t how_often(const struct transfer *t)
{
    int64_t most = INT64_MAX;
    for (size_t i = 0; i < t->step.count; i++)
        if (t->step.by[i] < 0 && t->value[t->step.slots[i]] < most)
            most = t->value[t->step.slots[i]];
    return most;
}

/* Makes the step so often; returns what the cells cost that moved for the first time. */
static int64_t make_step(struct transfer *t, int64_t times)
{
    int64_t cost = 0;
    for (size_t i = 0; i < t->step.count; i++) {
        uint32_t slot = t->step.slots[i];
        t->value[slot] += t->step.by[i] * times;
        t->by[slot] += t->step.by[i] * times;
        if (!t->touched[slot]) {
            t->touched[slot] = 1;
            t->moved[t->moved_count++] = slot;
            cost += t->cost[slot];
        }
        set_price(t, slot);
    }
    return cost;
}

static void take_back(struct transfer *t)
{
    for (size_t i = 0; i < t->moved_count; i++) {
        uint32_t slot = t->moved[i];
        t->value[slot] -= t->by[slot];
        t->by[slot] = 0;
        t->touched[slot] = 0;
        set_price(t, slot);
    }
    t->moved_count = 0;
}

/* One step after the other until the slot has moved by `by`; false, and nothing is taken back, when
 * no step is found or the cost reaches `below`. */
static bool walk(struct transfer *t, uint32_t slot, int64_t by, int64_t below,
                 const struct effort *effort, int64_t *cost)
{
    *cost = 0;
    for (int step = 0; by != 0; step++) {
        int direction = by > 0 ? 1 : -1;
        /* A price may stand for more than the cost of a cell; what counts is what is paid. */
        int64_t room = below - *cost > CIRCUIT_NEVER / 8 ? CIRCUIT_NEVER : (below - *cost) * 4;
        if (step == STEPS_MOST ||
            !exchange_find(t->search, slot, direction, room, effort, &t->step))
            return false;
        int64_t times = how_often(t);
        times = times < by * direction ? times : by * direction;
        *cost += make_step(t, times);
        by -= times * direction;
        if (*cost >= below)
            return false;
    }
    return true;
}

static int copy_move(const struct transfer *t, struct move *out, struct err *err)
{
    out->cells = malloc((t->moved_count + 1) * sizeof *out->cells);
    out->by = malloc((t->moved_count + 1) * sizeof *out->by);
    if (!out->cells || !out->by)
        return err_memory(err);
    out->count = 0;
    for (size_t i = 0; i < t->moved_count; i++) {
        uint32_t slot = t->moved[i], cell = t->b->cell[slot];
        if (t->by[slot] == 0)
            continue;
        size_t k = out->count++;
        for (; k > 0 && out->cells[k - 1] > cell; k--) {
            out->cells[k] = out->cells[k - 1];
            out->by[k] = out->by[k - 1];
        }
        out->cells[k] = cell;
        out->by[k] = t->by[slot];
    }
    out->possible = out->whole = true;
    return 0;
}

/* Cells that can give everything at once first, then half, then what there is: what is cheapest at
 * the first step need not be so in the end. */
int transfer_solve(struct transfer *t, uint32_t cell, int64_t by, int64_t below,
                   const struct effort *effort, struct move *out, int64_t *cost, struct err *err)
{
    if (t->joint)
        return joint_transfer_solve(t->joint, cell, by, below, effort, out, cost, err);
    uint32_t slot = t->b->slot[cell];
    int64_t size = by < 0 ? -by : by;
    int rc = 0;
    memset(out, 0, sizeof *out);
    *cost = below;
    if (slot == SLOT_NONE || t->cost[slot] >= CIRCUIT_NEVER || t->value[slot] + by < 0)
        return 0;
    for (int64_t least = size; least > 0 && *cost > 0 && rc == 0; least /= 2) {
        struct effort now = *effort;
        int64_t paid;
        now.least = least;
        if (walk(t, slot, by, *cost, &now, &paid)) {
            move_release(out);
            *cost = paid;
            rc = copy_move(t, out, err);
        }
        take_back(t);
    }
    return rc;
}

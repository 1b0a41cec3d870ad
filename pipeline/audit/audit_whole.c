/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Whole-number tables where the optimum of the linear programme is none: depth first branch and
 * bound. audit_range_near and audit_range_whole of include/audit/range.h.
 */
#include "audit/range.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { DEPTH = 400 };
static const double WHOLE = 1e-6;

struct branching {
    struct audit_range *r;
    size_t place; /* of the cell in the part; SIZE_MAX: any table will do */
    int sign;
    int64_t goal, best; /* of sign * the cell */
    int64_t *kept;      /* the table of the best */
    bool found;
    size_t nodes;  /* left */
    bool complete; /* nothing was left out */
};

/* The free cell whose value is farthest from a whole number; SIZE_MAX if all are whole. */
static size_t most_fractional(const struct audit_range *r)
{
    size_t free_cell = SIZE_MAX;
    double most = WHOLE;
    for (size_t j = 0; j < r->part.free_count; j++) {
        double x = audit_range_value(r, j), away = fabs(x - nearbyint(x));
        if (away > most) {
            most = away;
            free_cell = j;
        }
    }
    return free_cell;
}

static void take_table(struct branching *b)
{
    if (!audit_range_table(b->r)) {
        b->complete = false;
        return;
    }
    int64_t value = b->place == SIZE_MAX ? b->goal : b->sign * b->r->table[b->place];
    if (b->found && value >= b->best)
        return;
    b->found = true;
    b->best = value;
    memcpy(b->kept, b->r->table, b->r->part.cell_count * sizeof *b->kept);
}

/* Is there nothing better to be had below this optimum? */
static bool is_beaten(const struct branching *b)
{
    const struct audit_part *p = &b->r->part;
    if (b->place == SIZE_MAX)
        return false;
    double value = (double)p->base[b->place];
    for (size_t i = 0; i < p->sum_count[b->place]; i++)
        value += audit_range_value(b->r, (size_t)p->sum.values[p->sum_start[b->place] + i]);
    return ceil(b->sign * value - WHOLE) >= (double)b->best;
}

static void branch(struct branching *b, size_t depth);

/* The tables in which a free cell is at most, or at least, x. */
static void take_side(struct branching *b, size_t free_cell, double x, bool down, size_t depth)
{
    double least = b->r->least[free_cell], most = b->r->most[free_cell];
    audit_range_limit(b->r, free_cell, down ? least : ceil(x), down ? floor(x) : most);
    if (b->nodes == 0) {
        b->complete = false;
    } else {
        b->nodes--;
        enum audit_solved solved = audit_range_resolve(b->r);
        if (solved == RANGE_SOLVED)
            branch(b, depth + 1);
        else if (solved == RANGE_UNSOLVED)
            b->complete = false;
    }
    audit_range_limit(b->r, free_cell, least, most);
}

/* Goes on from an answer. */
static void branch(struct branching *b, size_t depth)
{
    if (is_beaten(b))
        return;
    size_t free_cell = most_fractional(b->r);
    if (free_cell == SIZE_MAX) {
        take_table(b);
        return;
    }
    if (depth == DEPTH) {
        b->complete = false;
        return;
    }
    double x = audit_range_value(b->r, free_cell);
    bool down = x - floor(x) < 0.5;
    for (int side = 0; side < 2 && !(b->found && b->best <= b->goal); side++)
        take_side(b, free_cell, x, side == 0 ? down : !down, depth);
}

static bool branch_out(struct branching *b)
{
    size_t size = b->r->part.cell_count * sizeof *b->kept;
    b->kept = malloc(size + 1);
    if (!b->kept)
        return false;
    branch(b, 0);
    if (b->found)
        memcpy(b->r->table, b->kept, size);
    free(b->kept);
    return b->complete;
}

bool audit_range_near(struct audit_range *r, size_t nodes)
{
    if (audit_range_dive(r, nodes))
        return true;
    if (audit_range_resolve(r) != RANGE_SOLVED) /* the dive left another answer */
        return false;
    struct branching b = {.r = r, .place = SIZE_MAX, .nodes = nodes, .complete = true};
    (void)branch_out(&b);
    return b.found;
}

bool audit_range_whole(struct audit_range *r, size_t cell, int sign, int64_t goal, size_t nodes,
                       int64_t *best)
{
    struct branching b = {.r = r,
                          .place = r->part.place[cell] - 1,
                          .sign = sign,
                          .goal = goal,
                          .best = *best,
                          .nodes = nodes,
                          .complete = true};
    audit_range_clear(r);
    audit_range_price(r, cell, sign);
    enum audit_solved solved = audit_range_solve(r);
    if (solved != RANGE_SOLVED)
        return solved == RANGE_EMPTY;
    bool complete = branch_out(&b);
    *best = b.best;
    return complete;
}

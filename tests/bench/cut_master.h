/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * cut_master: the cheapest choice of cells that satisfies the cuts found so far
 * (attack_cuts.h): fractional by linear programming, whole by branch and cut (GLPK). Costs are
 * whole numbers.
 *
 *     master_open(&m, cells, costs, err)
 *     master_add(m, &cut, &is_new, err) ...; master_solve(m, err); m->x, m->bound
 *     master_solve_whole(m, best, most_nodes, err);             m->x, m->bound, m->complete
 */
#ifndef HERKOMST_BENCH_CUT_MASTER_H
#define HERKOMST_BENCH_CUT_MASTER_H

#include "attack_cuts.h"

#include <glpk.h>

struct part_answer;

struct cut_master {
    size_t cells;
    const int64_t *costs; /* per cell */
    double *x;            /* per cell: the last solution, */
    double *whole;        /* and the last whole one */
    double bound;         /* no choice that satisfies the cuts costs less (1e-6 off at most) */
    bool complete;        /* whole: the solution is one, and costs no more than the bound */
    glp_prob *lp;         /* column 1 + cell */
    struct cut *cuts;
    uint64_t *hashes;
    size_t count, capacity;
    uint32_t *part_of; /* per cell: root of its tree in the union of cells that share a cut */
    struct part_answer *answers; /* per root: what was found for the part, until it changes */
    uint64_t nodes;              /* of branch and bound so far: the measure of effort */
};

int master_open(struct cut_master *m, size_t cells, const int64_t *costs, struct err *err);
void master_close(struct cut_master *m);

/* Takes the cut over (it is emptied), unless it is there already. */
int master_add(struct cut_master *m, struct cut *cut, bool *is_new, struct err *err);

/* The fractional optimum. ERR_INTERNAL if the solver fails. */
int master_solve(struct cut_master *m, struct err *err);

/* Call it after master_solve. The whole optimum, or a lower bound of it once m->nodes has
 * reached most_nodes. `best` is the cost of a pattern that is known: cells that no pattern as cheap
 * can hold (their reduced cost says so) are left out, and what is left falls apart into parts. */
int master_solve_whole(struct cut_master *m, int64_t best, uint64_t most_nodes, struct err *err);

#endif

/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * attack_cuts: what every protected pattern must satisfy, as inequalities over "is this cell
 * hidden?" (x = 0 or 1), found where a given x breaks them.
 *
 * MODEL (M. Fischetti and J. J. Salazar, "Solving the cell suppression problem on tabular data with
 * linear constraints", Management Science 47, 2001). Let n be the true table. A table that an
 * attacker cannot tell from n is n + z with M z = 0 and, for every cell c,
 *     -n_c x_c <= z_c <= room_c x_c,
 * room_c = what its public group leaves, or no limit. For whole multipliers L, one an equation, and
 * a = N e_p - L M, every such z has
 *     N z_p = sum a_c z_c <= sum (a_c+ room_c + a_c- n_c) x_c.
 * So if cell p must rise by r, the right side is at least N r; if it must range over a width w, the
 * sum of two of them, for p and for -p, is at least N w. Factors above the right side may be cut
 * down to it, because x is 0 or 1; cells that are unsafe have x = 1. All this is computed in whole
 * numbers from L, so that a cut is true however badly the linear programme that proposed L was
 * solved.
 *
 * The tables here may be fractional, those of the criterion (sdc/prove.h) are whole; and only the
 * unsafe cells are asked to be protected. Both make the model's optimum a lower bound of the real
 * one.
 */
#ifndef HERKOMST_BENCH_ATTACK_CUTS_H
#define HERKOMST_BENCH_ATTACK_CUTS_H

#include "instance_system.h"

struct cut { /* sum of factors[i] x[cells[i]] >= 1; 0 < factors[i] <= 1 */
    size_t count;
    uint32_t *cells; /* increasing; cells that are neither unsafe nor public */
    double *factors;
};
void cut_release(struct cut *c);

struct attack;

/* system and unsafe (per cell) must outlive it. */
int attack_open(struct attack **a, const struct instance_system *system, const uint8_t *unsafe,
                struct err *err);
void attack_close(struct attack *a);

/* The x (per cell; only cells that may be hidden and are not unsafe count) that is judged from now
 * on. */
void attack_weigh(struct attack *a, const double *x);

/* Cuts that x breaks by more than `slack` because of this unsafe cell: 0 to 2 of them, the caller's
 * to release. */
int attack_find(struct attack *a, uint32_t cell, double slack, struct cut out[static 2],
                size_t *count, struct err *err);

/* Simplex iterations so far: the measure of effort. */
uint64_t attack_effort(const struct attack *a);

#endif

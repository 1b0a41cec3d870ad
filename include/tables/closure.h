/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * closure: is a population's set of tables decomposable, and if not, which crossing makes it so?
 *
 * The tables are edges over variables. Graham-Yu-Ozsoyoglu reduction: drop a variable that only one
 * edge has, drop an edge that lies within another, as long as either can be done. Nothing left: the
 * tables are acyclic. Otherwise one further table over all that is left makes them acyclic, since
 * every edge left lies within it. Units are in every table and so never matter.
 */
#ifndef HERKOMST_TABLES_CLOSURE_H
#define HERKOMST_TABLES_CLOSURE_H

#include "tables/structure.h"

/* The variables of the closing crossing as bits (1 << variable); 0 = none is needed. */
uint32_t closure_variables(const struct structure *s, int population);

/* What GYO reduction leaves of these edges (sets of variables); edges is used up. */
uint32_t closure_reduce(uint32_t *edges, size_t count);

#endif

/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * closure: do the margins that tables share always come from some people, and if not, which further
 * crossings make it so? Private to pipeline/tables.
 *
 * One population: its tables are edges over variables. Graham-Yu-Ozsoyoglu reduction: drop a
 * variable that only one edge has, drop an edge that lies within another, as long as either can be
 * done. Nothing left: the tables are acyclic, and margins that agree come from some people
 * (Vorob'ev, 1962). Otherwise a crossing of all that is left makes them acyclic, since every edge
 * left lies within it. Units are in every table and so never matter.
 *
 * Populations within each other (a FAMILY): to be in a part is one more variable of the people of
 * the whole. An edge of the part has it, and those of all that the part lies within. The edges of
 * the whole family must be acyclic, and each edge of a part must be known of the people outside the
 * part too, so that
 * 1 if the edges are not acyclic, a part has every table of its wholes as far as it uses the
 *   variables; if they still are not, the whole and the parts in the cycle have the crossing of
 *   what is left, as far as they use the variables;
 * 2 a whole has every edge of its parts, but for variables that one population alone uses: outside
 *   it they may as well not exist.
 * A whole uses what its parts and any other population of the family use.
 *
 * Where a population lies within two that do not lie within each other (or within itself), who is
 * in both of them is counted nowhere. Then all of the family have the crossing of all variables
 * that two of them use, and what closes their own tables with it.
 */
#ifndef HERKOMST_TABLES_CLOSURE_H
#define HERKOMST_TABLES_CLOSURE_H

#include "tables/structure.h"

struct crossing {
    int population;
    uint32_t variables; /* bits, 1 << variable; never none */
};

struct closure {
    size_t count;
    struct crossing *crossings; /* by population; none lies within another or within a table */
};

/* s must have passed structure_check. Release c whatever the result. */
int closure_find(struct closure *c, const struct structure *s, struct err *err);
void closure_release(struct closure *c);

/* What GYO reduction leaves of these edges (sets of variables); edges is used up. */
uint64_t closure_reduce(uint64_t *edges, size_t count);

#endif

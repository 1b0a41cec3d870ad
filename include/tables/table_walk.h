/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * table_walk: a table's rows in the order of every published file: unit by unit, the ones that were
 * not delivered too, categories last variable fastest and total first.
 *
 *     table_walk_begin(&w, cells, table);
 *     while (table_walk_next(&w))
 *         ... w.unit, w.categories[i] of the table's i-th variable, w.cell
 */
#ifndef HERKOMST_TABLES_TABLE_WALK_H
#define HERKOMST_TABLES_TABLE_WALK_H

#include "tables/structure.h"

struct table_walk {
    const struct cells *cells;
    const struct frequency_table *table;
    size_t unit;                                 /* index in the structure's units */
    uint16_t categories[CONFIG_TABLE_VARIABLES]; /* 0 = total */
    size_t cell;                                 /* SIZE_MAX: the unit was not delivered */
    const uint32_t *next;                        /* private: the next cell of the table */
    bool started;
};

void table_walk_begin(struct table_walk *w, const struct cells *cells, size_t table);
bool table_walk_next(struct table_walk *w); /* false: past the last row */

#endif

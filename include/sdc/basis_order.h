/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * basis_order: pivots for a basis in an order that keeps its product form (sdc/eta_file.h) short.
 *
 * A row with one column left is pivoted first, a column with one row left last, in the opposite
 * order of finding: the etas of both are the columns themselves. On systems of sums nearly every
 * column is one of these; the rest, the bump, comes between them, columns with few rows first.
 *
 * Source: Hellerman and Rarick, Reinversion with the preassigned pivot procedure (1971), its
 * triangles. Private to sdc/least_change.
 */
#ifndef HERKOMST_SDC_BASIS_ORDER_H
#define HERKOMST_SDC_BASIS_ORDER_H

#include "sdc/change_system.h"
#include "sdc/eta_file.h"

struct basis_order;

int basis_order_open(struct basis_order **b, const struct change_system *system, struct err *err);
void basis_order_close(struct basis_order *b);

/* Makes the file anew for these columns, basic in these rows, as many (all other rows have their
 * slacks). rows: on return, the i-th column's. *regular: false if no safe pivots were found; then
 * the file and rows are of no use. */
int basis_order_renew(struct basis_order *b, struct eta_file *file, const uint32_t *columns,
                      uint32_t *rows, size_t count, bool *regular, struct err *err);

#endif

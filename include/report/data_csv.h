/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * data_csv: units/UNIT/data.csv, period,level,unit,VARIABLE...,count,status,population: every cell
 * of one unit, once, in the order of cells (cells_build); "total" where the cell's table has no
 * such variable. count and status as in tables/TABLE.csv. The variables are those that a table
 * uses. A unit that was not delivered has the header alone.
 */
#ifndef HERKOMST_REPORT_DATA_CSV_H
#define HERKOMST_REPORT_DATA_CSV_H

#include "base/text.h"
#include "report/view.h"

int data_csv_write(struct text *out, const struct view *v, size_t unit, struct err *err);

/* The variables that a table uses, in order; returns how many. */
size_t data_csv_variables(const struct structure *s, int out[static CONFIG_VARIABLES]);

#endif

/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * turnover_csv: turnover.csv of a release,
 * period,level,unit,VARIABLE...,joined,left,population: who came and went, a row each head count
 * and other reference date. Period is an ISO 8601 interval, the earlier date first. The variables
 * are those without sensitive categories that a table uses ("total" where the head count does not).
 * Rows stand in the order of dates, then of cells (cells_build). Without other dates, or with
 * nothing public: the header alone.
 */
#ifndef HERKOMST_TABLES_TURNOVER_CSV_H
#define HERKOMST_TABLES_TURNOVER_CSV_H

#include "base/text.h"
#include "tables/turnover.h"

/* Appends the file's text; cells is of r's structure. */
int turnover_csv_write(struct text *out, const struct rules *r, const struct cells *cells,
                       const struct turnover *t, struct err *err);

/* Reads a file of anybody's into t, which is to be closed whatever the result. ERR_DATA with file,
 * line and column unless every row is what turnover_csv_write would give for some turnover. */
int turnover_csv_read(const char *path, const struct rules *r, const struct cells *cells,
                      struct turnover *t, struct err *err);
/* The same of a text in memory; name stands for the file in errors. */
int turnover_csv_parse(const char *name, const char *bytes, size_t length, const struct rules *r,
                       const struct cells *cells, struct turnover *t, struct err *err);

#endif

/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * table_csv: tables/TABLE.csv of a release, period,level,unit,VARIABLE...,count,status: every cell
 * of the table, one a row, in table_walk's order. Period is the reference date. Status is empty for
 * a published count, "c" for a confidential one, "n" for a unit that was not delivered; the count
 * is empty for those two.
 */
#ifndef HERKOMST_TABLES_TABLE_CSV_H
#define HERKOMST_TABLES_TABLE_CSV_H

#include "base/err.h"
#include "base/text.h"
#include "tables/rules.h"
#include "tables/structure.h"

#include <stdint.h>

enum { STATUS_PUBLISHED = 0, STATUS_CONFIDENTIAL = 1, STATUS_UNREAD = 2 };

/* Appends the file's text. cells is of r's structure; counts and status are per cell, and counts of
 * confidential cells are not looked at. */
int table_csv_write(struct text *out, const struct rules *r, const struct cells *cells,
                    size_t table, const int64_t *counts, const uint8_t *status, struct err *err);

/* Reads a file of anybody's into counts and status (per cell; all STATUS_UNREAD before the first
 * table of a release): the cells of this table get theirs, counts of confidential ones become -1.
 * ERR_DATA with file, line and column unless the header and every row are what table_csv_write
 * would give: no cell missing, strange, doubled or out of order, counts without sign or leading
 * zero and below 10^15. A cell that another table gave differently is ERR_REFUSED. */
int table_csv_read(const char *path, const struct rules *r, const struct cells *cells, size_t table,
                   int64_t *counts, uint8_t *status, struct err *err);

/* A count as published: 0 or digits without leading zero, below 10^15; -1 if it is no such thing.
 */
int64_t count_parse(const char *text, size_t length);

#endif

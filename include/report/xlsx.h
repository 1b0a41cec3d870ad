/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * xlsx: units/UNIT/report.xlsx, a workbook for who wants to reckon with the figures
 * (libxlsxwriter).
 *
 *   figures   a row each cell of the unit, as in data.csv: a column each variable (in words),
 * people, of, share, status, and the keys of the cell and of its group series    a row each share
 * of the report and release: share, date, unit of count ..., with a native chart beside it
 *   explanation   what the blanks mean, method, legal basis, in every language
 *
 * The columns that hold numbers are fixed, so that the audit can read them back (audit_xlsx.c):
 * XLSX_* below. Blank where nothing is published. Labels are in the first configured language.
 * The only metadata are the unit's name, the release and its reference date.
 */
#ifndef HERKOMST_REPORT_XLSX_H
#define HERKOMST_REPORT_XLSX_H

#include "report/view.h"

/* The title is the unit's name, or its code where the name is not shorter. */
enum { XLSX_TITLE = 200 };

/* Columns of `figures` behind those of the variables. */
enum {
    XLSX_COUNT,
    XLSX_WHOLE,
    XLSX_SHARE,
    XLSX_STATUS,
    XLSX_CELL,
    XLSX_OF,
};
/* Columns of `series`. */
enum {
    XLSX_SERIES_NAME,
    XLSX_SERIES_DATE,
    XLSX_SERIES_SHARE,
    XLSX_SERIES_COUNT,
    XLSX_SERIES_WHOLE,
    XLSX_SERIES_DEFINITION,
    XLSX_SERIES_RELEASE,
    XLSX_SERIES_CELL,
    XLSX_SERIES_OF,
};

/* Writes the file, and no other: its parts are made in memory. Errors: ERR_IO. */
int xlsx_write(const char *path, const struct view *v, size_t unit, struct err *err);

#endif

/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * workbook: reading report.xlsx back (include/report/xlsx.h says where its numbers stand). Private
 * to pipeline/audit.
 */
#ifndef HERKOMST_AUDIT_WORKBOOK_H
#define HERKOMST_AUDIT_WORKBOOK_H

#include "audit/pages.h"

enum { SHEET_COLUMNS = 64, SHEET_VALUE = 24, SHEET_SERIES_ROWS = 4096 };

struct workbook_reading {
    struct page_truth *truth;
    const char *path; /* of the workbook */
    size_t unit;
    struct err *err;
    int rc;
    size_t numbers, unknown;
    size_t string_count; /* shared strings */
    char **strings;
    bool *used;
    /* Of the sheet `series`, by row: the share as it is written, for the charts; "" = none. */
    char (*shares)[SHEET_VALUE];
};

/* The whole file. w: zeroed, but for truth, path, unit, err and room for shares
 * (SHEET_SERIES_ROWS); numbers are added up. Findings are added; 0 or -1, as w.rc. */
int workbook_read(struct workbook_reading *w, const struct text *bytes);

/* Private to the files that read it. */
void workbook_find(struct workbook_reading *w, const char *part, const char *what);
/* Text that people see: digits of names and dates only. */
bool workbook_text_known(const struct workbook_reading *w, const char *text);

/* The parts of the file, as XML texts. Findings are added; the result is in w->rc. */
void workbook_strings(struct workbook_reading *w, const struct text *xml);
void workbook_sheet(struct workbook_reading *w, int sheet /* 1 to 3 */, const struct text *xml);
void workbook_chart(struct workbook_reading *w, const char *part, const struct text *xml);
void workbook_properties(struct workbook_reading *w, const struct text *xml);

#endif

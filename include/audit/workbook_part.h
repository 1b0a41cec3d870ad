/* SPDX-License-Identifier: EUPL-1.2 */
/* workbook_part: an XML part of a workbook while it is read. Private to audit/workbook.h's files.
 */
#ifndef HERKOMST_AUDIT_WORKBOOK_PART_H
#define HERKOMST_AUDIT_WORKBOOK_PART_H

#include "audit/workbook.h"

#include <expat.h>

enum { PART_TEXT = 4096 };

struct workbook_value {
    bool there, number;
    const char *text;         /* a string */
    char digits[SHEET_VALUE]; /* a number, as it is written */
};

struct workbook_part {
    struct workbook_reading *w;
    const char *name;
    int sheet;
    char text[PART_TEXT]; /* of the innermost element */
    size_t length;
    bool too_long;
    /* of a sheet */
    size_t row, column;
    bool in_row, is_string;
    struct workbook_value values[SHEET_COLUMNS]; /* of the row */
    /* of a chart */
    size_t first_row, index;
    bool numbers;
};

/* A zeroed part of this name; NULL when memory ran out, which w then says. */
struct workbook_part *workbook_part_new(struct workbook_reading *w, const char *name);
void workbook_part_parse(struct workbook_part *p, const struct text *xml,
                         XML_StartElementHandler start, XML_EndElementHandler end);
/* YYYY-MM-DD, and a code behind it perhaps: a release's id. */
bool workbook_is_day(const char *text);

/* Are the row's numbers what the tables say? No other number stands in it. */
void workbook_row_check(struct workbook_part *p);

#endif

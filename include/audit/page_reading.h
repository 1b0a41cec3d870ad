/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * page_reading: reading report.html and index.html back (include/report/page.h says how they are
 * written). Private to pipeline/audit.
 *
 *     struct page_reading r = {.truth = &truth, .err = &err};
 *     page_read(&r, "units/E1/report.html", &html)       findings are added; 0 or -1, as r.rc
 */
#ifndef HERKOMST_AUDIT_PAGE_READING_H
#define HERKOMST_AUDIT_PAGE_READING_H

#include "audit/pages.h"
#include "base/date.h"

#include <expat.h>

enum { PAGE_DEPTH = 64, PAGE_TEXT = 256, PAGE_DIGITS = 64, PAGE_POINTS = 512 };
/* include/report/page.h */
enum { PAGE_CHART_BOTTOM = 210, PAGE_CHART_SIZE = 180, PAGE_BULLET_SIZE = 1000 };

struct page_element { /* that is open */
    struct page_marks marks;
    char is[24];         /* "" = no number */
    char day[DATE_TEXT]; /* of <time> */
    bool plain;          /* style: its text is no text */
    int64_t most, size;  /* of the chart around it */
    size_t length;       /* of its own text so far, without that of elements inside it */
    char text[PAGE_TEXT];
};

struct page_place {
    int64_t x, y;
};

struct page_reading {
    struct page_truth *truth;
    const char *path; /* in the release */
    XML_Parser parser;
    struct page_element open[PAGE_DEPTH];
    size_t depth;
    size_t digit_count; /* of a run of digits that is no marked number: it may go on */
    char digits[PAGE_DIGITS];
    size_t numbers, unknown;     /* looked at so far, of all pages */
    size_t dot_count, end_count; /* of the chart: dots, and ends of lines */
    struct page_place dots[PAGE_POINTS], ends[2 * PAGE_POINTS];
    struct err *err;
    int rc;
};

int page_read(struct page_reading *r, const char *path, const struct text *html);

/* What its parts share. */
void page_find(struct page_reading *r, const char *what);
int64_t page_whole_number(const char *text); /* below 10^12; -1: none */

/* Marks: what is not named is as around it; a whole that is named begins anew. */
void page_marks_read(struct page_reading *r, struct page_element *e, const char **attributes);

/* Drawings: a bar in a table, a shape of a chart, a line from dot to dot, and at the end of a chart
 * whether its lines lead from dots to dots. */
bool page_is_shape(const char *is);
bool page_is_ground(const struct page_element *e, const char *name, const char **attributes);
void page_style_check(struct page_reading *r, struct page_element *e, const char *style);
void page_shape_check(struct page_reading *r, const struct page_element *e,
                      const char **attributes);
void page_line_note(struct page_reading *r, const char *d);
void page_lines_check(struct page_reading *r);

#endif

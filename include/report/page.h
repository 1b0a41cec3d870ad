/* SPDX-License-Identifier: EUPL-1.2 */
/* clang-format off: a table reads as a table */
/*
 * page: how report pages are written. Private to pipeline/report.
 *
 * MARKS. Every number that a page or a chart shows stands in an element with data-is, which says
 * what it is of the cells that it and the elements around it name:
 *
 *   data-of=KEY                 a cell: the whole of a share; alone, what is counted
 *   data-add=VARIABLE=CATEGORY  its part: the people of the whole who have that category too
 *   data-at=RELEASE             counts of that earlier release; otherwise this one's
 *   data-since=RELEASE          the release that a change is counted from
 *   data-target=PPM             a declared share (target, benchmark, older series), in millionths
 *   data-plus=KEY               the people of unknown category
 *
 *   data-is=n                   the part's count, as the element's own text; so are
 *     whole s                   the whole's count, the share
 *     count-then share-then change more joined left   the same at data-since, and since then
 *                               (change: of the share, in percentage points; more: of the count)
 *     target gap growth index   the declared share, what is missing (include/report/shares.h)
 *     year definition           of the release that the counts are of
 *     plus upper                the unknown, and the share if all of them had the category
 *     scope composition within  include/report/growth.h
 *   style="--s:9.6"             the share as a bar's length; ";--m:20" behind it is the axis's end;
 *                               without data-is, its text is that share too
 *   data-is=bar point           the width, or the height above 0, is the share's,
 *     line declared             the target's, of data-max (tenths of a percent) in data-size
 *
 * The audit reads them back (pipeline/audit/audit_html.c): that every number is what it says it is,
 * and that no digit stands elsewhere but in names, dates and parameters that the rules or the
 * manifest hold. Pages are HTML and well-formed XML at the same time.
 */
/* clang-format on */
#ifndef HERKOMST_REPORT_PAGE_H
#define HERKOMST_REPORT_PAGE_H

#include "report/language.h"
#include "report/view.h"

struct page {
    struct text *out;
    const struct view *v;
    enum language language;
    size_t unit;
    unsigned charts; /* so far, to name their titles */
    bool drawing;    /* inside an SVG, where other elements hold text */
    size_t whole;    /* what elements around name as data-of; SIZE_MAX: nothing */
    size_t part;     /* and, with data-add, as its part */
};

/* What a sentence or a row speaks of. */
struct figure {
    struct view_share share;
    const struct view_point *at;    /* whose counts; NULL: today's */
    const struct view_point *since; /* what it is compared with, or NULL */
    int32_t target_ppm;             /* -1: none */
    date by;
    size_t plus;                          /* SIZE_MAX: none */
    const struct share_config *explained; /* whose growth, or NULL */
    const char *word[3];
};
struct figure figure_of(struct view_share share);

void html_put(struct text *out, const char *plain); /* escaped */

/* <TAG class="CLASS" and the figure's marks, without the closing >; class may be NULL. */
void page_tag(struct page *p, const char *tag, const char *class, const struct figure *f);
/* The same, closed. */
void page_open(struct page *p, const char *tag, const char *class, const struct figure *f);

/* The message's translation, in which {share}, {count} and the other names of data-is stand for
 * marked numbers, {date} {since} {by} for dates, {1} {2} {3} for the figure's words, escaped. */
void page_say(struct page *p, const struct figure *f, const char *message);
/* One marked number, a dash where it is not published; in <td>, or in an element within a text. */
void page_number(struct page *p, const struct figure *f, const char *is);
void page_cell(struct page *p, const struct figure *f, const char *is);
/* The number alone, into an element that the caller marks with data-is. */
void page_value(struct page *p, const struct figure *f, const char *is);
/* A date, in an element <time>. */
void page_day(struct page *p, date d);
/* A message without numbers; in an element <TAG>. */
void page_text(struct page *p, const char *message);
void page_element(struct page *p, const char *tag, const char *message);

/* What people call things: the configured label, the catalogue's name, or the name itself with its
 * underscores as spaces. The caller's buffer is appended to, unescaped. */
void name_variable(struct text *out, const struct page *p, int variable);
void name_category(struct text *out, const struct page *p, int variable, size_t category);
/* "foreign origin", "women, top management" */
void name_share(struct text *out, const struct page *p, const struct share_config *share);

/* Parts of a unit's page. */
void page_headlines(struct page *p);
void page_series(struct page *p);
void page_comparison(struct page *p);
void page_nearest(struct page *p); /* of the whole government, on the index */
void page_tables(struct page *p);
void page_method(struct page *p);

/* The next round number of tenths of a percent at or above the greatest of some: an axis's end. */
int64_t axis_end(int64_t tenths);

/* The shares that the report is about: those of the targets, each once; without targets the first
 * sensitive category of the first table that has one. Returns how many, at most `room`. */
size_t page_subjects(const struct view *v, struct share_config *out, size_t room);
enum { PAGE_SUBJECTS = 12 };
bool page_same_share(const struct share_config *a, const struct share_config *b);

#endif

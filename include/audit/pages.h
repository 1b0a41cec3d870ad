/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * pages: reading HTML pages back. Private to pipeline/audit. How numbers are marked:
 * include/report/page.h; nothing of how they were computed is shared.
 */
#ifndef HERKOMST_AUDIT_PAGES_H
#define HERKOMST_AUDIT_PAGES_H

#include "audit/case.h"
#include "base/dictionary.h"

/* What an element and those around it name. */
struct page_marks {
    size_t cell, of, plus;                    /* SIZE_MAX: not there */
    int64_t target_ppm;                       /* -1: not there */
    char at[CONFIG_CODE], since[CONFIG_CODE]; /* "" = this release */
};

/* What pages are compared with. */
struct page_truth {
    const struct audit_case *c;
    const struct past *past;  /* NULL: nothing is known of earlier releases */
    int64_t **then;           /* of each release of the past: counts of today's cells */
    struct dictionary digits; /* runs of digits that names and parameters have */
    size_t declared_count;    /* shares that the manifest declares, in millionths */
    int64_t declared[1024];
};

enum page_verdict { PAGE_RIGHT, PAGE_WRONG, PAGE_UNKNOWN /* of a release that is not at hand */ };

/* Is the text the number that `is` names of these marks? */
enum page_verdict page_number_check(const struct page_truth *t, const struct page_marks *m,
                                    const char *is, const char *text);

/* Is it a definition that some variable has in the release? */
enum page_verdict page_definition_check(const struct page_truth *t, const char *release,
                                        const char *text);

/* The share of the marks in tenths of a percent; -1: not published, -2: not known. */
int64_t page_share(const struct page_truth *t, const struct page_marks *m);

int page_truth_open(struct page_truth *t, const struct audit_case *c, const struct past *past,
                    struct err *err);
void page_truth_close(struct page_truth *t);

/* Does every run of digits in the text stand in a name or a parameter? */
bool page_digits_known(const struct page_truth *t, const char *text, size_t length);

/* Of an XML element, as expat gives them: its value, NULL if it is not there. */
const char *page_attribute(const char **attributes, const char *name);

#endif

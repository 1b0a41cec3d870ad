/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * html: units/UNIT/report.html and index.html: self-contained pages in every configured language
 * with a switch that works without script. Nothing but the published view is in them; see
 * include/report/page.h for how numbers are marked.
 */
#ifndef HERKOMST_REPORT_HTML_H
#define HERKOMST_REPORT_HTML_H

#include "base/text.h"
#include "report/view.h"

/* An entity's page has figures of that entity, its domain and the government only. */
int report_html_write(struct text *out, const struct view *v, size_t unit, struct err *err);
/* The start page: the government's figures, the list of units, and what the files are. */
int index_html_write(struct text *out, const struct view *v, struct err *err);

#endif

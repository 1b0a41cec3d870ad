/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * derived: files whose every figure follows from published cells. Private to pipeline/audit.
 *
 * A file that people or tools read beside the tables is derived again from the tables, and what
 * differs is a finding. Which files there are, and who derives them, is the table in
 * audit_derived.c: whoever adds a file to releases adds its line there.
 */
#ifndef HERKOMST_AUDIT_DERIVED_H
#define HERKOMST_AUDIT_DERIVED_H

#include "audit/case.h"

struct derived_units {
    uint32_t *by_code;      /* units by code, then level */
    uint32_t *start, *cell; /* unit u's published cells, hidden ones too, in the order of cells:
                             * cell[start[u] .. start[u + 1]) */
};

struct derived_file {
    struct audit_case *c;
    const struct derived_units *units;
    const char *path;    /* in the release */
    const int64_t *then; /* per cell: what the release before showed (tables/past.h), -1 where it
                          * did not; NULL: it was not given */
    size_t figures;      /* looked at so far, of all files */
};

typedef int (*derived_check)(struct derived_file *f, struct err *err);

/* Looks at every file of the release that is derived; audit_derived of include/audit/case.h calls
 * it without `then`, audit_history with it. */
int audit_derived_files(struct audit_case *c, const int64_t *then, struct err *err);

int audit_unit_data(struct derived_file *f, struct err *err);  /* units/UNIT/data.csv */
int audit_indicators(struct derived_file *f, struct err *err); /* indicators.csv */
int audit_sdmx(struct derived_file *f, struct err *err);       /* sdmx/TABLE.csv */

int audit_find_line(struct derived_file *f, long line, const char *cell, struct err *err,
                    const char *what);

#endif

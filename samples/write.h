/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * write: the sample's files at a date. Each function makes new files only (ERR_CREATE if one is
 * there). A few rows in each are bad, and never more than one in 200.
 */
#ifndef HERKOMST_SAMPLES_WRITE_H
#define HERKOMST_SAMPLES_WRITE_H

#include "base/text.h"
#include "world.h"

#include <stdio.h>

/* personnel/DOMAIN.csv: semicolons, windows-1252, dd/mm/yyyy. */
int personnel_write(const struct world *w, const char *folder, date day, struct err *err);
/* register.csv, nationality.csv, filiation.csv, alias.csv, registration.csv: commas, UTF-8, ISO. */
int extracts_write(const struct world *w, const char *folder, date day, struct err *err);
int entities_write(const struct world *w, const char *folder, date day, struct err *err);

/* A file that is being written, line by line. */
struct outfile {
    FILE *file;
    char path[4096];
    struct text line;
    uint64_t rows, bad;
};
int outfile_create(struct outfile *out, const char *folder, const char *name, struct err *err);
int outfile_line(struct outfile *out, struct err *err); /* writes and clears `line` */
/* True, and counted, if the file can bear another bad row. */
bool outfile_allows_bad(struct outfile *out);
/* Closes (and checks) if rc is 0, else just closes; the new rc. */
int outfile_close(struct outfile *out, int rc, struct err *err);

#endif

/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * issues: which rows of a dataset were rejected or doubted, and why; counts, and where to look. An
 * issue names a file, a line and a reason, and holds no value of the row.
 *
 * One struct is for one dataset. Each file is read into a struct of its own, which issues_append
 * then adds to the dataset's, in the order of the files. Not thread-safe.
 */
#ifndef HERKOMST_LINK_ISSUES_H
#define HERKOMST_LINK_ISSUES_H

#include "base/text.h"
#include "io/quality.h"
#include "link/value.h"

#include <stddef.h>
#include <stdint.h>

struct issue {
    uint32_t file; /* index in the dataset's list of files */
    uint32_t line;
    uint32_t reason; /* enum reason */
};

struct issues {
    uint64_t rows;     /* all that were read */
    uint64_t rejected; /* of them */
    uint64_t by_reason[REASONS];
    struct issue *list;
    size_t count;
    size_t capacity;
};

void issues_init(struct issues *s);
void issues_release(struct issues *s);

/* Notes a reason for a row of this dataset, which counts as rejected if reason_rejects. To be
 * called at most once for a row and reason, so that a figure is at most its whole. */
int issues_note(struct issues *s, enum dataset dataset, uint32_t file, long line,
                enum reason reason, struct err *err);

/* Adds the counts and entries of `more`, all of which get this file's index; `above`: lines of the
 * file before those of `more`. */
int issues_append(struct issues *s, const struct issues *more, uint32_t file, uint32_t above,
                  struct err *err);

/* Figures: rows; rejected (of rows); every reason that occurs (of rejected, or of rows). */
int issues_figures(const struct issues *s, enum dataset dataset, struct quality *q,
                   struct err *err);

/* More than most_ppm of the rows rejected: ERR_DATA naming the dataset and both shares. */
int issues_check(const struct issues *s, enum dataset dataset, int32_t most_ppm, struct err *err);

/* Appends the lines "dataset,file,line,reason", sorted by the file's base name, line and reason.
 * files: the paths that `file` is an index of. */
int issues_csv(const struct issues *s, enum dataset dataset, char *const *files, struct text *out,
               struct err *err);

#endif

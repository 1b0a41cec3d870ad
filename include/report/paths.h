/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * paths: which files a release has besides its tables and documents: all of them, whatever is in
 * them, so that no file's presence tells anything.
 */
#ifndef HERKOMST_REPORT_PATHS_H
#define HERKOMST_REPORT_PATHS_H

#include "base/err.h"
#include "base/text.h"
#include "tables/structure.h"

/* The name of a unit's folder in units/: its code, or LEVEL-CODE where a unit of a higher level has
 * that code. */
void unit_folder(struct text *out, const struct structure *s, size_t unit);

struct report_paths { /* in byte order */
    size_t count, capacity;
    char **paths;
};

/* l is set anew, and to be released whatever the result. */
int report_paths_list(struct report_paths *l, const struct structure *s, struct err *err);
bool report_paths_have(const struct report_paths *l, const char *path);
void report_paths_release(struct report_paths *l);

#endif

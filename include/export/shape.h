/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * shape: what the exports of both forms are made of: a source's axes, and its tables cell by cell.
 */
#ifndef HERKOMST_EXPORT_SHAPE_H
#define HERKOMST_EXPORT_SHAPE_H

#include "export/axis.h"
#include "export/export.h"
#include "tables/table_walk.h"

struct shape {
    const struct export_source *source;
    struct axis units;
    struct axis *variables; /* by index in the structure */
};

/* Release it whatever the result. */
int shape_open(struct shape *shape, const struct export_source *source, struct err *err);
void shape_release(struct shape *shape);

/* A table's axes: the units, then its variables; the i-th, or NULL past the last. */
const struct axis *shape_axis(const struct shape *shape, size_t table, size_t i);
/* Of the i-th axis the node at which the walk is. */
const struct axis_node *shape_node(const struct shape *shape, const struct table_walk *walk,
                                   size_t i);
/* 'u', 'p' or 's' */
char shape_status(const struct shape *shape, size_t cell);

/* A new file of the bundle: its folder ("" or with a slash behind), name and extension. */
struct text *shape_file(struct bundle *b, const char *folder, const char *name,
                        const char *extension, struct err *err);

/* The two forms. */
int shape_tauargus(const struct shape *shape, struct bundle *b, struct err *err);
int shape_sdctable(const struct shape *shape, struct bundle *b, struct err *err);

#endif

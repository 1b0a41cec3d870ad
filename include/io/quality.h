/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * quality: counts that say how good the inputs were. One figure is (dataset, check, count).
 *
 * A figure may be part of another one of the same dataset (`of`, for instance linked of persons):
 * suppression must then look at the rest as well, since part and whole give it away. Stages hand
 * their figures on inside their output file, as a frame "quality". Not thread-safe.
 */
#ifndef HERKOMST_IO_QUALITY_H
#define HERKOMST_IO_QUALITY_H

#include "base/err.h"
#include "io/frame.h"

#include <stddef.h>
#include <stdint.h>

struct quality_figure {
    char dataset[FRAME_NAME];
    char check[FRAME_NAME];
    char of[FRAME_NAME]; /* check of the same dataset that this one is part of; or "" */
    uint64_t count;
};

struct quality {
    struct quality_figure *figures;
    size_t count;
    size_t capacity;
};

void quality_init(struct quality *q);
void quality_release(struct quality *q);

/* Adds n to a figure, which is made if it is new (n may be 0: the figure then exists).
 * of may be NULL; it must be the same each time. */
int quality_add(struct quality *q, const char *dataset, const char *check, const char *of,
                uint64_t n, struct err *err);
uint64_t quality_get(const struct quality *q, const char *dataset, const char *check);

void quality_sort(struct quality *q); /* by dataset, then check: the order of every output */

/* f (never used or released) becomes the frame "quality", sorted; the caller releases it. */
int quality_to_frame(const struct quality *q, struct frame *f, struct err *err);
/* Adds the frame's figures to q, which must be initialised. */
int quality_from_frame(struct quality *q, const struct frame *f, struct err *err);

#endif

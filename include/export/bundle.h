/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * bundle: text files that travel together inside one zone file, as a frame "files" (name, content
 * coded), and leave it as a ZIP archive.
 *
 *     bundle_init(&b);
 *     struct text *file = bundle_add(&b, "origin.tab", err);      NULL: no memory
 *     text_string(file, ...);                                     until the next bundle_add
 *     bundle_to_frame(&b, &frame, err);  ...  bundle_from_frame(&b, &frame, err);
 *     bundle_zip(&b, &archive, err);
 *     bundle_release(&b);
 *
 * The same files give the same archive: they are stored as they are, dated 1980-01-01. Contents
 * hold no NUL byte. Confidential counts are in them: nothing here writes to disk.
 */
#ifndef HERKOMST_EXPORT_BUNDLE_H
#define HERKOMST_EXPORT_BUNDLE_H

#include "base/err.h"
#include "base/text.h"
#include "io/frame.h"

struct bundle {
    size_t count;
    struct bundle_file {
        char *name;
        struct text content;
    } * files;
};

void bundle_init(struct bundle *b);
void bundle_release(struct bundle *b);

/* A new, empty file of this name; it is the bundle's. The pointer is good until the next one is
 * added. */
struct text *bundle_add(struct bundle *b, const char *name, struct err *err);

/* f must be initialised and empty. ERR_SYSTEM too when a text has failed. */
int bundle_to_frame(const struct bundle *b, struct frame *f, struct err *err);
/* ERR_DATA if the frame is no such one. */
int bundle_from_frame(struct bundle *b, const struct frame *f, struct err *err);

/* Appends the archive. */
int bundle_zip(const struct bundle *b, struct text *out, struct err *err);

#endif

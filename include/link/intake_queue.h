/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * intake_queue: reads the files of datasets in several threads.
 *
 * All files are one queue, and large ones stand in it as parts, so that threads are busy to the end
 * however the rows are spread. What comes out is as if one thread had read file after file: rows,
 * issues with their lines, and the error, which is that of the first file that is bad.
 */
#ifndef HERKOMST_LINK_INTAKE_QUEUE_H
#define HERKOMST_LINK_INTAKE_QUEUE_H

#include "link/intake.h"
#include "link/row_reader.h"

/* Reads the datasets for which has_persons is as given, into their empty tables. part: bytes of a
 * file that one thread reads at a time. */
int intake_queue(struct intake *in, const struct row_context *context, bool has_persons,
                 unsigned threads, uint64_t part, struct err *err);

#endif

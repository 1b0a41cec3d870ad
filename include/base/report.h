/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * report: messages and progress on stderr, as text or (--log-json) one JSON object a line.
 *
 *     link: error: personnel.csv line 1042: 7 fields, 8 expected
 *     link: hint: ...
 *
 * Progress appears only when stderr is a terminal, after one second, at most ten times a second.
 * Only programs call this, except for progress_step, which any library loop may call: it costs a
 * counter and is safe from several threads.
 */
#ifndef HERKOMST_BASE_REPORT_H
#define HERKOMST_BASE_REPORT_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* program: what stands before the first colon; not copied. stage_number of stage_count, or 0 for
 * neither. Comes first in a program: standard input, output and error that are closed are opened on
 * /dev/null, so that messages can never end in a file that was opened later. */
void report_setup(const char *program, bool quiet, bool json, int stage_number, int stage_count);

void report_error(const struct err *err); /* with its hint */
void report_warning(const char *format, ...) __attribute__((format(printf, 1, 2)));
void report_note(const char *format, ...) __attribute__((format(printf, 1, 2))); /* not if quiet */
void report_exit(int code); /* the last object of --log-json; nothing otherwise */

/* what: "rows"; total 0 = not known. */
void progress_begin(const char *what, uint64_t total);
void progress_step(uint64_t n);
void progress_end(void);

#endif

/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * output: where a run's results go: the folder of releases, and the operator's private quality
 * folder.
 *
 *   OUTPUT/RELEASE/                 a release
 *   OUTPUT/.herkomst.lock           held while a run goes on
 *   OUTPUT/.work-RELEASE/           encrypted intermediate files; unreadable once the run has ended
 *   QUALITY/RELEASE/STAGE.csv       private figures (0600), rejected.csv: rejected rows, no values
 */
#ifndef HERKOMST_RUN_OUTPUT_H
#define HERKOMST_RUN_OUTPUT_H

#include "base/err.h"
#include "base/text.h"
#include "io/config.h"

/* --output DIR: replaces config.output; a ledger inside the old folder moves along, so that
 * releases and their ledger stay together. ERR_USAGE if it is empty. */
int output_relocate(struct config *c, const char *folder, struct err *err);

/* Makes a folder unless it is there; ERR_CREATE. The folder above it must be there. */
int output_ensure_folder(const char *path, unsigned mode, struct err *err);

/* Makes QUALITY/RELEASE (0700) if it is missing. */
int output_make_private_quality(const struct config *c, struct err *err);

/* Writes or replaces QUALITY/RELEASE/NAME (0600). */
int output_write_private(const struct config *c, const char *name, const struct text *content,
                         struct err *err);

/* Prints what the first stages left in QUALITY/RELEASE as CSV, a column with the stage before it.
 */
int output_print_quality(const struct config *c, size_t stage_count, struct err *err);

/* Removes every folder OUTPUT/PREFIX*, left by a run that crashed; the caller holds the lock that
 * says that none is in use. */
int output_remove_leftovers(const struct config *c, const char *prefix, struct err *err);

/* "OUTPUT/RELEASE"; text_init'd here. */
int output_release_path(const struct config *c, struct text *path, struct err *err);

/* Gives a finished file its name, in one step; ERR_CREATE if that is taken. */
int output_move_new(const char *from, const char *to, struct err *err);

/* Is the release's place taken? ERR_CREATE if so. */
int output_check_free(const struct config *c, struct err *err);

#endif

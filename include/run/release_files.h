/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * release_files: the files of a release as they are written: each goes into SHA256SUMS, which is
 * written last, when all the others are flushed. Private to pipeline/run.
 *
 *     struct release_files w = {.folder = folder};        an empty folder
 *     release_files_folder(&w, "tables", err)             folders before what is in them
 *     release_files_put(&w, "tables/origin.csv", &content, err)
 *     release_files_sums(&w, &sums, digest, err)
 *     release_files_release(&w)                           always
 *
 * All is flushed to disk by release_files_sums, but for the entries of `folder` itself.
 */
#ifndef HERKOMST_RUN_RELEASE_FILES_H
#define HERKOMST_RUN_RELEASE_FILES_H

#include "base/err.h"
#include "base/text.h"
#include "secure/digest.h"

struct release_files {
    const char *folder;
    size_t count, capacity;
    struct release_file {
        char *path;
        char digest[DIGEST_TEXT];
    } * files;
};

int release_files_folder(struct release_files *w, const char *path, struct err *err);
/* Writes and clears the content. */
int release_files_put(struct release_files *w, const char *path, struct text *content,
                      struct err *err);
/* A file that stands in the folder already, written by others: made readable and digested.
 */
int release_files_adopt(struct release_files *w, const char *path, struct err *err);
int release_files_sums(struct release_files *w, struct text *sums, char digest[static DIGEST_TEXT],
                       struct err *err);
void release_files_release(struct release_files *w);

#endif

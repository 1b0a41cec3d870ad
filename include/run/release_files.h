/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * release_files: the files of a release as they are written: each goes into SHA256SUMS, which is
 * written last, when all the others are flushed. Private to pipeline/run.
 *
 *     release_files_init(&w, folder)                      an empty folder
 *     release_files_folder(&w, "tables", err)             folders before what is in them
 *     release_files_put(&w, "tables/origin.csv", &content, err)
 *     release_files_sums(&w, &sums, digest, err)
 *     release_files_release(&w)                           always
 *
 * Threads may make folders, put and adopt at the same time.
 * All is flushed to disk by release_files_sums, but for the entries of `folder` itself.
 */
#ifndef HERKOMST_RUN_RELEASE_FILES_H
#define HERKOMST_RUN_RELEASE_FILES_H

#include "base/err.h"
#include "base/text.h"
#include "secure/digest.h"

#include <pthread.h>

struct release_files {
    const char *folder;
    size_t count, capacity;
    struct release_file {
        char *path;
        char digest[DIGEST_TEXT];
    } * files;
    pthread_mutex_t lock; /* of the list */
};

void release_files_init(struct release_files *w, const char *folder);

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

/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * files: reading and writing files so that links, crashes and full disks cannot surprise.
 *
 * Files are opened O_CLOEXEC and O_NOFOLLOW (the last component; the folders above it are the
 * operator's). New ones are made with O_EXCL and get exactly the mode that is asked for, whatever
 * the umask. Every write, fsync and close is checked; a failed fsync is final, since the kernel
 * reports it once only. Errors carry the file's base name.
 *
 * Kinds: ERR_NOINPUT it is not there; ERR_CREATE it exists already or cannot be made; ERR_IO
 * reading or writing failed, or it is no regular file; ERR_DATA it is longer than the caller
 * allows.
 */
#ifndef HERKOMST_SECURE_FILES_H
#define HERKOMST_SECURE_FILES_H

#include "base/err.h"
#include "base/text.h"

#include <stddef.h>
#include <sys/types.h>

/* Opens a regular file for reading; never waits for a FIFO. *fd is -1 on failure. */
int files_open(const char *path, int *fd, struct err *err);
/* Makes a new file for writing. *fd is -1 on failure. */
int files_create(const char *path, mode_t mode, int *fd, struct err *err);
/* Writes all bytes, going on after EINTR and short writes. The error has no file name. */
int files_write_all(int fd, const void *bytes, size_t length, struct err *err);

/* A new file with these bytes, flushed to disk; removed again when that fails. The folder's entry
 * is not flushed: files_fsync_folder, once all files are there. */
int files_write_new(const char *path, mode_t mode, const void *bytes, size_t length,
                    struct err *err);
/* The same, not flushed: for many files, which files_flush_all then flushes at once (syncfs(2),
 * which reports what could not be written since Linux 5.8): a tenth of the time of flushing each.
 */
int files_write_later(const char *path, mode_t mode, const void *bytes, size_t length,
                      struct err *err);
int files_flush_all(const char *folder, struct err *err);
/* Appends the whole of a file of at most limit bytes to an initialised text. */
int files_read_whole(const char *path, size_t limit, struct text *to, struct err *err);

int files_fsync_folder(const char *path, struct err *err);
int files_fsync_folder_of(const char *path, struct err *err); /* the folder that path is in */
/* A new folder; ERR_CREATE when it exists. */
int files_make_folder(const char *path, mode_t mode, struct err *err);
/* Removes a file or folder with all that is in it, following no link and leaving other file
 * systems' roots alone; not being there is fine. Folders more than 32 deep are an error. */
int files_remove_tree(const char *path, struct err *err);

/* Locks a file (made if need be, never removed) until files_unlock or the end of the process;
 * ERR_BUSY when another process has it. */
int files_lock(const char *path, int *fd, struct err *err);
void files_unlock(int *fd);

#endif

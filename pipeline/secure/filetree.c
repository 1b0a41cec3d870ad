/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * files_remove_tree of include/secure/files.h: removes a folder by descriptors of open folders, so
 * that a link or a rename during the work cannot lead it elsewhere.
 */
#include "secure/files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { TREE_DEPTH = 32 };

/* The open folders from the tree's root down to where the work is. */
struct walk {
    struct folder {
        DIR *stream;
        char name[NAME_MAX + 1]; /* in the folder above it */
        bool changed;            /* an entry went since the stream's start: look again */
    } * folders;
    size_t depth;
    dev_t device;
};

static int folder_enter(struct walk *w, int above, const char *name, struct err *err)
{
    struct stat st;
    if (w->depth == TREE_DEPTH)
        return err_set(err, ERR_IO, "folders too deep to be removed");
    int fd = openat(above, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0)
        return err_errno(err, ERR_IO, "a folder cannot be opened");
    if (fstat(fd, &st) != 0 || (w->depth > 0 && st.st_dev != w->device)) {
        (void)close(fd);
        return err_set(err, ERR_IO, "a folder of another file system cannot be removed");
    }
    struct folder *f = &w->folders[w->depth];
    f->stream = fdopendir(fd);
    if (!f->stream) {
        (void)close(fd);
        return err_memory(err);
    }
    (void)snprintf(f->name, sizeof f->name, "%s", name);
    f->changed = false;
    w->device = st.st_dev;
    w->depth++;
    return 0;
}

static int entry_remove(struct walk *w, const char *name, struct err *err)
{
    struct folder *f = &w->folders[w->depth - 1];
    f->changed = true;
    if (unlinkat(dirfd(f->stream), name, 0) == 0 || errno == ENOENT)
        return 0;
    if (errno == EISDIR || errno == EPERM)
        return folder_enter(w, dirfd(f->stream), name, err);
    return err_errno(err, ERR_IO, "a file cannot be removed");
}

/* The innermost folder has no entry left; the root itself is removed by the caller. */
static int folder_leave(struct walk *w, struct err *err)
{
    struct folder *f = &w->folders[--w->depth];
    (void)closedir(f->stream);
    if (w->depth == 0)
        return 0;
    if (unlinkat(dirfd(w->folders[w->depth - 1].stream), f->name, AT_REMOVEDIR) != 0)
        return err_errno(err, ERR_IO, "a folder cannot be removed");
    return 0;
}

static int step(struct walk *w, struct err *err)
{
    struct folder *f = &w->folders[w->depth - 1];
    errno = 0;
    const struct dirent *entry = readdir(f->stream);
    if (!entry && errno != 0)
        return err_errno(err, ERR_IO, "a folder cannot be read");
    if (entry && strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
        return entry_remove(w, entry->d_name, err);
    if (entry)
        return 0;
    if (!f->changed)
        return folder_leave(w, err);
    /* A file system may skip entries of a folder that shrinks while it is read. */
    f->changed = false;
    rewinddir(f->stream);
    return 0;
}

int files_remove_tree(const char *path, struct err *err)
{
    struct walk w = {0};
    struct stat st;
    if (lstat(path, &st) != 0) {
        if (errno == ENOENT)
            return 0;
        return err_errno(err, ERR_IO, "cannot be removed"), err_at(err, path, 0);
    }
    int rc = 0;
    if (S_ISDIR(st.st_mode)) {
        w.folders = calloc(TREE_DEPTH, sizeof *w.folders);
        rc = w.folders ? folder_enter(&w, AT_FDCWD, path, err) : err_memory(err);
    }
    while (rc == 0 && w.depth > 0)
        rc = step(&w, err);
    while (w.depth > 0)
        (void)closedir(w.folders[--w.depth].stream);
    free(w.folders);
    if (rc == 0 && unlinkat(AT_FDCWD, path, S_ISDIR(st.st_mode) ? AT_REMOVEDIR : 0) != 0)
        rc = err_errno(err, ERR_IO, "cannot be removed");
    return rc == 0 ? 0 : err_at(err, path, 0);
}

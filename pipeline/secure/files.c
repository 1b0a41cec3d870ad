/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/secure/files.h; files_remove_tree is filetree.c. */
#include "secure/files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum { READ_STEP = 65536 };

/* err_errno and err_at in one. */
static int fail(struct err *err, enum err_kind kind, const char *what, const char *path)
{
    (void)err_errno(err, kind, "%s", what);
    return err_at(err, path, 0);
}

int files_open(const char *path, int *fd, struct err *err)
{
    struct stat st;
    *fd = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (*fd < 0 && errno == ELOOP) {
        (void)err_set(err, ERR_IO, "is a symbolic link");
        return err_at(err, path, 0);
    }
    if (*fd < 0)
        return fail(err, errno == ENOENT ? ERR_NOINPUT : ERR_IO, "cannot be opened", path);
    int rc = 0;
    if (fstat(*fd, &st) != 0)
        rc = fail(err, ERR_IO, "cannot be opened", path);
    else if (!S_ISREG(st.st_mode)) {
        (void)err_set(err, ERR_IO, "is not a regular file");
        rc = err_at(err, path, 0);
    }
    if (rc != 0) {
        (void)close(*fd);
        *fd = -1;
    }
    return rc;
}

int files_create(const char *path, mode_t mode, int *fd, struct err *err)
{
    *fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode & 0700);
    if (*fd < 0)
        return fail(err, ERR_CREATE, "cannot be created", path);
    if (fchmod(*fd, mode) == 0)
        return 0;
    (void)fail(err, ERR_CREATE, "cannot be created", path);
    (void)close(*fd);
    (void)unlink(path);
    *fd = -1;
    return -1;
}

int files_write_all(int fd, const void *bytes, size_t length, struct err *err)
{
    const char *from = bytes;
    while (length > 0) {
        ssize_t n = write(fd, from, length);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return err_errno(err, ERR_IO, "cannot be written");
        from += n;
        length -= (size_t)n;
    }
    return 0;
}

static int write_new(const char *path, mode_t mode, const void *bytes, size_t length, bool flush,
                     struct err *err)
{
    int fd;
    if (files_create(path, mode, &fd, err) != 0)
        return -1;
    int rc = files_write_all(fd, bytes, length, err);
    if (rc == 0 && flush && fsync(fd) != 0)
        rc = err_errno(err, ERR_IO, "cannot be flushed");
    if (close(fd) != 0 && rc == 0)
        rc = err_errno(err, ERR_IO, "cannot be closed");
    if (rc != 0) {
        (void)err_at(err, path, 0);
        (void)unlink(path);
    }
    return rc;
}

int files_write_new(const char *path, mode_t mode, const void *bytes, size_t length,
                    struct err *err)
{
    return write_new(path, mode, bytes, length, true, err);
}

int files_write_later(const char *path, mode_t mode, const void *bytes, size_t length,
                      struct err *err)
{
    return write_new(path, mode, bytes, length, false, err);
}

int files_flush_all(const char *folder, struct err *err)
{
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return fail(err, ERR_IO, "the folder cannot be opened", folder);
    int rc = syncfs(fd) == 0 ? 0 : fail(err, ERR_IO, "cannot be flushed", folder);
    if (close(fd) != 0 && rc == 0)
        rc = fail(err, ERR_IO, "the folder cannot be closed", folder);
    return rc;
}

int files_read_whole(const char *path, size_t limit, struct text *to, struct err *err)
{
    int fd;
    int rc = -1;
    if (files_open(path, &fd, err) != 0)
        return -1;
    char *buffer = malloc(READ_STEP);
    if (!buffer) {
        (void)err_memory(err);
        goto out;
    }
    /* The file's size is not asked for: it may change, what is read may not exceed the limit. */
    for (size_t have = 0;;) {
        ssize_t n = read(fd, buffer, READ_STEP);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0) {
            (void)fail(err, ERR_IO, "cannot be read", path);
            goto out;
        }
        if (n == 0)
            break;
        if ((size_t)n > limit - have) {
            (void)err_set(err, ERR_DATA, "longer than %zu bytes", limit);
            (void)err_at(err, path, 0);
            goto out;
        }
        have += (size_t)n;
        text_append(to, buffer, (size_t)n);
    }
    text_append(to, "", 0);
    rc = to->failed ? err_memory(err) : 0;
out:
    free(buffer);
    (void)close(fd);
    return rc;
}

int files_fsync_folder(const char *path, struct err *err)
{
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return fail(err, ERR_IO, "the folder cannot be opened", path);
    int rc = 0;
    if (fsync(fd) != 0)
        rc = fail(err, ERR_IO, "the folder cannot be flushed", path);
    if (close(fd) != 0 && rc == 0)
        rc = fail(err, ERR_IO, "the folder cannot be closed", path);
    return rc;
}

int files_fsync_folder_of(const char *path, struct err *err)
{
    const char *slash = strrchr(path, '/');
    if (!slash)
        return files_fsync_folder(".", err);
    char *folder = text_duplicate(path, slash == path ? 1 : (size_t)(slash - path));
    if (!folder)
        return err_memory(err);
    int rc = files_fsync_folder(folder, err);
    free(folder);
    return rc;
}

int files_make_folder(const char *path, mode_t mode, struct err *err)
{
    if (mkdir(path, mode & 0700) != 0)
        return fail(err, ERR_CREATE, "the folder cannot be made", path);
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    int rc = 0;
    if (fd < 0 || fchmod(fd, mode) != 0) {
        rc = fail(err, ERR_CREATE, "the folder cannot be made", path);
        (void)rmdir(path);
    }
    if (fd >= 0)
        (void)close(fd);
    return rc;
}

int files_lock(const char *path, int *fd, struct err *err)
{
    *fd = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | O_NOCTTY, 0600);
    if (*fd < 0)
        return fail(err, ERR_CREATE, "the lock cannot be made", path);
    int rc;
    do
        rc = flock(*fd, LOCK_EX | LOCK_NB);
    while (rc != 0 && errno == EINTR);
    if (rc == 0)
        return 0;
    if (errno == EWOULDBLOCK) {
        (void)err_set(err, ERR_BUSY, "another run holds the lock");
        (void)err_at(err, path, 0);
        (void)err_hint(err, "wait until it has ended, or find out who holds it with fuser");
    } else
        (void)fail(err, ERR_IO, "the lock cannot be taken", path);
    files_unlock(fd);
    return -1;
}

void files_unlock(int *fd)
{
    if (*fd >= 0)
        (void)close(*fd);
    *fd = -1;
}

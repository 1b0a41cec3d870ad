/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The files of a release folder, listed without following a link. A release has no links, no
 * devices, no empty folders and no names that could be mistaken for something else. See
 * include/audit/case.h.
 */
#include "audit/case.h"

#include "secure/files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { TREE_DEPTH = 8, TREE_FILES = 1 << 20, PATH_BYTES = 1000, NAME_BYTES = 80 };

void audit_tree_release(struct audit_tree *t)
{
    for (size_t i = 0; i < t->count; i++)
        free(t->paths[i]);
    free((void *)t->paths);
    memset(t, 0, sizeof *t);
}

static int by_bytes(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

bool audit_tree_has(const struct audit_tree *t, const char *path)
{
    return t->count &&
           bsearch(&path, (const void *)t->paths, t->count, sizeof *t->paths, by_bytes) != NULL;
}

static int add_path(struct audit_tree *t, const char *path, struct err *err)
{
    if (t->count == t->capacity) {
        size_t capacity = t->capacity ? t->capacity * 2 : 64;
        char **paths = realloc((void *)t->paths, capacity * sizeof *paths);
        if (!paths)
            return err_memory(err);
        t->paths = paths;
        t->capacity = capacity;
    }
    t->paths[t->count] = text_duplicate(path, strlen(path));
    return t->paths[t->count++] ? 0 : err_memory(err);
}

/* Folders that are still to be listed, as a list that grows at its end. */
struct listing {
    struct audit_tree *files;
    struct audit_tree folders;
    struct audit_result *result;
    int root;
};

static size_t depth_of(const char *path)
{
    size_t depth = 1;
    for (; *path; path++)
        depth += *path == '/';
    return depth;
}

/* Letters, digits and . _ - only, so that a path is what it looks like everywhere. */
static bool is_file_name(const char *name)
{
    size_t length = strlen(name);
    if (length > NAME_BYTES || name[0] == '.' || name[0] == '-')
        return false;
    for (size_t i = 0; i < length; i++)
        if (!is_alpha(name[i]) && !is_digit(name[i]) && !strchr("._-", name[i]))
            return false;
    return true;
}

static int list_entry(struct listing *l, int folder, const char *path, const char *name,
                      struct err *err)
{
    struct stat st;
    if (!is_file_name(name) || strlen(path) > PATH_BYTES)
        return audit_find(l->result, AUDIT_FILES, "", "", err, "a file of a strange name");
    if (fstatat(folder, name, &st, AT_SYMLINK_NOFOLLOW) != 0)
        return err_errno(err, ERR_IO, "a file of the release cannot be looked at");
    if (S_ISDIR(st.st_mode) && depth_of(path) < TREE_DEPTH)
        return add_path(&l->folders, path, err);
    if (S_ISREG(st.st_mode) && l->files->count < TREE_FILES)
        return add_path(l->files, path, err);
    return audit_find(l->result, AUDIT_FILES, path, "", err,
                      "a link, a device, or too many files or folders");
}

static int list_folder(struct listing *l, const char *folder, struct err *err)
{
    int fd =
        openat(l->root, *folder ? folder : ".", O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    DIR *stream = fd < 0 ? NULL : fdopendir(fd);
    struct text path;
    int rc = -1;
    text_init(&path);
    if (!stream) {
        err_errno(err, ERR_IO, "a folder of the release cannot be read");
        if (fd >= 0)
            (void)close(fd);
        goto out;
    }
    size_t entries = 0;
    for (;;) {
        errno = 0;
        const struct dirent *entry = readdir(stream);
        if (!entry)
            break;
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        entries++;
        text_clear(&path);
        text_format(&path, "%s%s%s", folder, *folder ? "/" : "", entry->d_name);
        if (path.failed) {
            err_memory(err);
            goto out;
        }
        if (list_entry(l, fd, path.bytes, entry->d_name, err) != 0)
            goto out;
    }
    if (errno != 0)
        err_errno(err, ERR_IO, "a folder of the release cannot be read");
    else
        rc = entries || !*folder
                 ? 0
                 : audit_find(l->result, AUDIT_FILES, folder, "", err, "an empty folder");
out:
    if (stream)
        (void)closedir(stream);
    text_release(&path);
    return rc;
}

int audit_tree_list(struct audit_tree *t, const char *folder, struct audit_result *r,
                    struct err *err)
{
    struct listing l = {.files = t, .result = r};
    l.root = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (l.root < 0)
        return err_errno(err, errno == ENOENT || errno == ENOTDIR ? ERR_NOINPUT : ERR_IO,
                         "the release cannot be opened");
    int rc = list_folder(&l, "", err);
    for (size_t i = 0; rc == 0 && i < l.folders.count; i++)
        rc = list_folder(&l, l.folders.paths[i], err);
    (void)close(l.root);
    audit_tree_release(&l.folders);
    if (rc == 0 && t->count)
        qsort((void *)t->paths, t->count, sizeof *t->paths, by_bytes);
    return rc;
}

int audit_read(const char *folder, const char *path, size_t limit, struct text *out,
               struct err *err)
{
    struct text full;
    text_init(&full);
    text_format(&full, "%s/%s", folder, path);
    int rc = full.failed ? err_memory(err) : files_read_whole(full.bytes, limit, out, err);
    if (rc == 0 && !out->bytes) /* an empty file is an empty string */
        text_string(out, "");
    text_release(&full);
    return rc == 0 && out->failed ? err_memory(err) : rc;
}

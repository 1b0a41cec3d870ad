/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/run/output.h. */
#include "run/output.h"

#include "run/stage.h"
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

/* DIR as an absolute path without slashes at its end, whether it exists or not. */
static char *absolute(const char *folder, struct err *err)
{
    char here[PATH_MAX] = "";
    struct text path;
    if (folder[0] != '/' && !getcwd(here, sizeof here)) {
        (void)err_errno(err, ERR_SYSTEM, "the current folder");
        return NULL;
    }
    text_init(&path);
    text_format(&path, "%s%s%s", here, here[0] && here[1] ? "/" : "", folder);
    if (path.failed) {
        (void)err_memory(err);
        return NULL;
    }
    while (path.length > 1 && path.bytes[path.length - 1] == '/')
        path.bytes[--path.length] = '\0';
    return path.bytes;
}

/* What of the path is below the folder, with its slash; NULL if it is not in there. */
static const char *below(const char *path, const char *folder)
{
    size_t length = strlen(folder);
    while (length > 0 && folder[length - 1] == '/')
        length--;
    return strncmp(path, folder, length) == 0 && path[length] == '/' ? path + length : NULL;
}

int output_relocate(struct config *c, const char *folder, struct err *err)
{
    if (!folder[0])
        return err_set(err, ERR_USAGE, "--output DIR is empty");
    char *output = absolute(folder, err);
    if (!output)
        return -1;
    const char *inside = below(c->ledger, c->output);
    if (inside) {
        struct text ledger;
        text_init(&ledger);
        text_format(&ledger, "%s%s", output[1] ? output : "", inside);
        if (ledger.failed) {
            free(output);
            return err_memory(err);
        }
        free(c->ledger);
        c->ledger = ledger.bytes;
    }
    free(c->output);
    c->output = output;
    return 0;
}

int output_ensure_folder(const char *path, unsigned mode, struct err *err)
{
    struct stat found;
    if (stat(path, &found) != 0) {
        if (files_make_folder(path, mode, err) == 0)
            return 0;
        if (stat(path, &found) != 0) /* nor did another process make it meanwhile */
            return -1;
    }
    return S_ISDIR(found.st_mode) ? 0 : err_set(err, ERR_CREATE, "%s is no folder", path);
}

static int private_path(const struct config *c, const char *name, struct text *path,
                        struct err *err)
{
    text_init(path);
    text_format(path, "%s/%s%s%s", c->quality, c->release, name ? "/" : "", name ? name : "");
    return path->failed ? err_memory(err) : 0;
}

int output_make_private_quality(const struct config *c, struct err *err)
{
    struct text path;
    int rc = private_path(c, NULL, &path, err);
    if (rc == 0)
        rc = output_ensure_folder(c->quality, 0700, err);
    if (rc == 0)
        rc = output_ensure_folder(path.bytes, 0700, err);
    text_release(&path);
    return rc;
}

int output_write_private(const struct config *c, const char *name, const struct text *content,
                         struct err *err)
{
    struct text path;
    int rc = private_path(c, name, &path, err);
    if (rc == 0 && unlink(path.bytes) != 0 && errno != ENOENT)
        rc = err_errno(err, ERR_CREATE, "private quality file %s", name);
    if (rc == 0)
        rc = files_write_new(path.bytes, 0600, content->bytes, content->length, err);
    text_release(&path);
    return rc;
}

int output_release_path(const struct config *c, struct text *path, struct err *err)
{
    text_init(path);
    text_format(path, "%s/%s", c->output, c->release);
    return path->failed ? err_memory(err) : 0;
}

int output_check_free(const struct config *c, struct err *err)
{
    struct text path;
    struct stat found;
    int rc = output_release_path(c, &path, err);
    if (rc == 0 && lstat(path.bytes, &found) == 0) {
        rc = err_set(err, ERR_CREATE, "release %s exists already", c->release);
        (void)err_hint(err, "a correction is a new revision: --set run.release=%s.r2", c->release);
    } else if (rc == 0 && errno != ENOENT && errno != ENOTDIR) {
        rc = err_errno(err, ERR_CREATE, "release %s", c->release);
    }
    text_release(&path);
    return rc;
}

int output_remove_leftovers(const struct config *c, const char *prefix, struct err *err)
{
    DIR *folder = opendir(c->output);
    if (!folder)
        return err_errno(err, ERR_CREATE, "output folder");
    int rc = 0;
    for (struct dirent *entry; rc == 0 && (entry = readdir(folder));) {
        if (strncmp(entry->d_name, prefix, strlen(prefix)) != 0)
            continue;
        struct text path;
        text_init(&path);
        text_format(&path, "%s/%s", c->output, entry->d_name);
        rc = path.failed ? err_memory(err) : files_remove_tree(path.bytes, err);
        text_release(&path);
    }
    (void)closedir(folder);
    return rc;
}

int output_move_new(const char *from, const char *to, struct err *err)
{
    if (renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE) != 0) {
        (void)err_errno(err, ERR_CREATE, "cannot be renamed");
        return err_at(err, to, 0);
    }
    return files_fsync_folder_of(to, err);
}

int output_print_quality(const struct config *c, size_t stage_count, struct err *err)
{
    int rc =
        printf("stage,dataset,check,count\n") < 0 ? err_errno(err, ERR_IO, "standard output") : 0;
    for (size_t s = 0; rc == 0 && s < stage_count; s++) {
        struct text path, content;
        text_init(&path);
        text_init(&content);
        text_format(&path, "%s/%s/%s.csv", c->quality, c->release, STAGES[s]->name);
        if (STAGES[s]->rights & RIGHT_PRIVATE_QUALITY)
            rc = path.failed ? err_memory(err)
                             : files_read_whole(path.bytes, 1 << 24, &content, err);
        char *rest = content.bytes ? strchr(content.bytes, '\n') : NULL;
        for (char *line = rest ? strtok_r(NULL, "\n", &rest) : NULL; rc == 0 && line;
             line = strtok_r(NULL, "\n", &rest))
            if (printf("%s,%s\n", STAGES[s]->name, line) < 0)
                rc = err_errno(err, ERR_IO, "standard output");
        text_release(&path);
        text_release(&content);
    }
    if (rc == 0 && fflush(stdout) != 0)
        rc = err_errno(err, ERR_IO, "standard output");
    return rc;
}

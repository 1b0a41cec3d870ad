/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/run/output.h. */
#include "run/output.h"

#include "secure/files.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* DIR as an absolute path, whether it exists or not. */
static char *absolute(const char *folder)
{
    if (folder[0] == '/')
        return strdup(folder);
    char here[PATH_MAX];
    struct text path;
    text_init(&path);
    if (!getcwd(here, sizeof here))
        return NULL;
    text_format(&path, "%s/%s", here, folder);
    return path.bytes;
}

int output_relocate(struct config *c, const char *folder, struct err *err)
{
    char *output = absolute(folder);
    if (!output)
        return err_memory(err);
    size_t old = strlen(c->output);
    if (strncmp(c->ledger, c->output, old) == 0 && c->ledger[old] == '/') {
        struct text ledger;
        text_init(&ledger);
        text_format(&ledger, "%s%s", output, c->ledger + old);
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
    if (stat(path, &found) != 0)
        return files_make_folder(path, mode, err);
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
        err_hint(err, "a correction is a new revision: --set run.release=%s.r2", c->release);
    } else if (rc == 0 && errno != ENOENT && errno != ENOTDIR) {
        rc = err_errno(err, ERR_CREATE, "release %s", c->release);
    }
    text_release(&path);
    return rc;
}

/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/link/intake.h: the files of a dataset. glob(3) sorts as the locale says, so its own
 * order is not asked for. */
#include "link/intake.h"

#include <errno.h>
#include <glob.h>
#include <stdlib.h>
#include <string.h>

/* The pattern: a folder that happens to hold *, ?, [ or \ in its name stands for itself. */
static void make_pattern(struct text *pattern, const char *path, const char *folder)
{
    size_t literal = folder ? strlen(folder) : 0;
    if (literal && (strncmp(path, folder, literal) != 0 || path[literal] != '/'))
        literal = 0;
    for (size_t i = 0; path[i]; i++) {
        if (i < literal && strchr("*?[\\", path[i]))
            text_char(pattern, '\\');
        text_char(pattern, path[i]);
    }
}

static int by_bytes(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static int copy_paths(const glob_t *found, char ***files, size_t *count, struct err *err)
{
    *files = calloc(found->gl_pathc, sizeof **files);
    if (!*files)
        return err_memory(err);
    for (*count = 0; *count < found->gl_pathc; ++*count) {
        (*files)[*count] = strdup(found->gl_pathv[*count]);
        if (!(*files)[*count])
            return err_memory(err);
    }
    qsort((void *)*files, *count, sizeof **files, by_bytes);
    return 0;
}

int intake_files(const char *path, const char *folder, char ***files, size_t *count,
                 struct err *err)
{
    struct text pattern;
    glob_t found = {0};
    int rc = -1;
    *files = NULL;
    *count = 0;
    text_init(&pattern);
    make_pattern(&pattern, path, folder);
    if (pattern.failed) {
        (void)err_memory(err);
        goto out;
    }
    switch (glob(pattern.bytes, GLOB_ERR | GLOB_NOSORT, NULL, &found)) {
    case 0:
        rc = copy_paths(&found, files, count, err);
        break;
    case GLOB_NOMATCH:
        (void)err_set(err, ERR_NOINPUT, "no file matches %s", path);
        break;
    case GLOB_ABORTED:
        (void)err_errno(err, ERR_IO, "cannot read a folder of %s", path);
        break;
    default:
        (void)err_memory(err);
    }
out:
    globfree(&found);
    text_release(&pattern);
    return rc;
}

void intake_files_release(char **files, size_t count)
{
    for (size_t i = 0; i < count; i++)
        free(files[i]);
    free((void *)files);
}

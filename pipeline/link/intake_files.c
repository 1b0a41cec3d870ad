/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/link/intake.h: the files of a dataset. glob(3) sorts as the locale says, so its own
 * order is not asked for. */
#include "link/intake.h"

#include <errno.h>
#include <glob.h>
#include <stdlib.h>
#include <string.h>

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

int intake_files(const char *pattern, char ***files, size_t *count, struct err *err)
{
    glob_t found = {0};
    int rc = -1;
    *files = NULL;
    *count = 0;
    switch (glob(pattern, GLOB_ERR | GLOB_NOSORT, NULL, &found)) {
    case 0:
        rc = copy_paths(&found, files, count, err);
        break;
    case GLOB_NOMATCH:
        (void)err_set(err, ERR_NOINPUT, "no file matches %s", pattern);
        break;
    case GLOB_ABORTED:
        (void)err_errno(err, ERR_IO, "cannot read a folder of %s", pattern);
        break;
    default:
        (void)err_memory(err);
    }
    globfree(&found);
    return rc;
}

void intake_files_release(char **files, size_t count)
{
    for (size_t i = 0; i < count; i++)
        free(files[i]);
    free((void *)files);
}

/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/run/release_files.h. */
#include "run/release_files.h"

#include "secure/files.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

void release_files_init(struct release_files *w, const char *folder)
{
    *w = (struct release_files){.folder = folder};
    (void)pthread_mutex_init(&w->lock, NULL);
}

static int full_path(const struct release_files *w, const char *path, struct text *full,
                     struct err *err)
{
    text_init(full);
    text_format(full, "%s/%s", w->folder, path);
    return full->failed ? err_memory(err) : 0;
}

int release_files_folder(struct release_files *w, const char *path, struct err *err)
{
    struct text full;
    int rc = full_path(w, path, &full, err);
    if (rc == 0)
        rc = files_make_folder(full.bytes, 0755, err);
    text_release(&full);
    return rc;
}

/* NULL: no memory. */
static struct release_file *add(struct release_files *w)
{
    if (w->count == w->capacity) {
        size_t capacity = w->capacity ? w->capacity * 2 : 64;
        struct release_file *files = reallocarray(w->files, capacity, sizeof *files);
        if (!files)
            return NULL;
        w->files = files;
        w->capacity = capacity;
    }
    struct release_file *file = &w->files[w->count++];
    memset(file, 0, sizeof *file);
    return file;
}

static int remember(struct release_files *w, const char *path, const struct text *content,
                    struct err *err)
{
    struct release_file own = {.path = text_duplicate(path, strlen(path))};
    if (!own.path)
        return err_memory(err);
    digest_bytes(own.digest, content->bytes, content->length);
    (void)pthread_mutex_lock(&w->lock);
    struct release_file *file = add(w);
    if (file)
        *file = own;
    (void)pthread_mutex_unlock(&w->lock);
    if (!file)
        free(own.path);
    return file ? 0 : err_memory(err);
}

int release_files_put(struct release_files *w, const char *path, struct text *content,
                      struct err *err)
{
    struct text full;
    int rc = full_path(w, path, &full, err);
    if (rc == 0)
        rc = content->failed ? err_memory(err) : remember(w, path, content, err);
    if (rc == 0)
        rc = files_write_later(full.bytes, 0644, content->bytes, content->length, err);
    text_release(&full);
    text_clear(content);
    return rc;
}

int release_files_adopt(struct release_files *w, const char *path, struct err *err)
{
    enum { FILE_BYTES = 256 << 20 };
    struct text full, content;
    text_init(&content);
    int rc = full_path(w, path, &full, err);
    if (rc == 0)
        rc = files_read_whole(full.bytes, FILE_BYTES, &content, err);
    if (rc == 0)
        rc = remember(w, path, &content, err);
    if (rc == 0)
        rc = chmod(full.bytes, 0644) == 0 ? 0 : err_errno(err, ERR_CREATE, "%s", path);
    text_release(&content);
    text_release(&full);
    return rc;
}

static int by_path(const void *a, const void *b)
{
    return strcmp(((const struct release_file *)a)->path, ((const struct release_file *)b)->path);
}

int release_files_sums(struct release_files *w, struct text *sums, char digest[static DIGEST_TEXT],
                       struct err *err)
{
    struct text path;
    if (files_flush_all(w->folder, err) != 0 || full_path(w, "SHA256SUMS", &path, err) != 0)
        return -1;
    qsort(w->files, w->count, sizeof *w->files, by_path);
    for (size_t i = 0; i < w->count; i++)
        text_format(sums, "%s  %s\n", w->files[i].digest, w->files[i].path);
    int rc = sums->failed ? err_memory(err)
                          : files_write_new(path.bytes, 0644, sums->bytes, sums->length, err);
    if (rc == 0)
        digest_bytes(digest, sums->bytes, sums->length);
    text_release(&path);
    return rc;
}

void release_files_release(struct release_files *w)
{
    for (size_t i = 0; i < w->count; i++)
        free(w->files[i].path);
    free(w->files);
    (void)pthread_mutex_destroy(&w->lock);
    memset(w, 0, sizeof *w);
}

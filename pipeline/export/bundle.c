/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/export/bundle.h. */
#include "export/bundle.h"

#include <stdlib.h>
#include <string.h>
#include <zip.h>

enum { DOS_DATE = 1 << 5 | 1 }; /* 1980-01-01, the first day that a ZIP archive can name */

void bundle_init(struct bundle *b)
{
    memset(b, 0, sizeof *b);
}

void bundle_release(struct bundle *b)
{
    for (size_t i = 0; i < b->count; i++) {
        free(b->files[i].name);
        text_release(&b->files[i].content);
    }
    free(b->files);
    bundle_init(b);
}

struct text *bundle_add(struct bundle *b, const char *name, struct err *err)
{
    struct bundle_file *grown = realloc(b->files, (b->count + 1) * sizeof *grown);
    if (grown)
        b->files = grown;
    char *copy = grown ? text_duplicate(name, strlen(name)) : NULL;
    if (!copy) {
        (void)err_memory(err);
        return NULL;
    }
    struct bundle_file *file = &b->files[b->count++];
    file->name = copy;
    text_init(&file->content);
    return &file->content;
}

int bundle_to_frame(const struct bundle *b, struct frame *f, struct err *err)
{
    struct column *name = frame_add_coded(f, "name", err);
    struct column *content = name ? frame_add_coded(f, "content", err) : NULL;
    if (!content || frame_resize(f, b->count, err) != 0)
        return -1;
    for (size_t i = 0; i < b->count; i++) {
        const struct bundle_file *file = &b->files[i];
        if (file->content.failed)
            return err_memory(err);
        if (column_put_word(name, i, file->name, strlen(file->name), err) != 0 ||
            column_put_word(content, i, file->content.length ? file->content.bytes : "",
                            file->content.length, err) != 0)
            return -1;
    }
    return 0;
}

int bundle_from_frame(struct bundle *b, const struct frame *f, struct err *err)
{
    const struct column *name = frame_find(f, "name"), *content = frame_find(f, "content");
    if (!name || !name->coded || !content || !content->coded)
        return err_set(err, ERR_DATA, "not a frame of files");
    for (size_t i = 0; i < f->rows; i++) {
        const char *called = column_word(name, i), *holds = column_word(content, i);
        if (!called || !holds)
            return err_set(err, ERR_DATA, "a file without name or content");
        struct text *file = bundle_add(b, called, err);
        if (!file)
            return -1;
        text_string(file, holds);
        if (file->failed)
            return err_memory(err);
    }
    return 0;
}

/* Adds every file to the archive; 0, or -1. */
static int archive_fill(zip_t *zip, const struct bundle *b)
{
    for (size_t i = 0; i < b->count; i++) {
        const struct text *content = &b->files[i].content;
        zip_source_t *source = zip_source_buffer(zip, content->bytes, content->length, 0);
        zip_int64_t at =
            source ? zip_file_add(zip, b->files[i].name, source, ZIP_FL_ENC_UTF_8) : -1;
        if (source && at < 0)
            zip_source_free(source);
        if (at < 0 || zip_set_file_compression(zip, (zip_uint64_t)at, ZIP_CM_STORE, 0) != 0 ||
            zip_file_set_dostime(zip, (zip_uint64_t)at, 0, DOS_DATE, 0) != 0)
            return -1;
    }
    return 0;
}

/* The bytes of the finished archive. */
static int archive_read(zip_source_t *source, struct text *out)
{
    char block[1 << 16];
    zip_int64_t n = -1;
    if (zip_source_open(source) != 0)
        return -1;
    while ((n = zip_source_read(source, block, sizeof block)) > 0)
        text_append(out, block, (size_t)n);
    (void)zip_source_close(source);
    return n == 0 ? 0 : -1;
}

int bundle_zip(const struct bundle *b, struct text *out, struct err *err)
{
    zip_error_t fault;
    zip_error_init(&fault);
    zip_source_t *source = zip_source_buffer_create(NULL, 0, 0, &fault);
    zip_t *zip = source ? zip_open_from_source(source, ZIP_CREATE | ZIP_TRUNCATE, &fault) : NULL;
    int rc = -1;
    if (zip) {
        zip_source_keep(source); /* zip_close gives up its own hold, and we read it then */
        if (archive_fill(zip, b) == 0 && zip_close(zip) == 0)
            rc = archive_read(source, out);
        else
            zip_discard(zip);
    }
    if (source)
        zip_source_free(source);
    zip_error_fini(&fault);
    if (rc != 0)
        return err_set(err, ERR_SYSTEM, "the archive cannot be made");
    return out->failed ? err_memory(err) : 0;
}

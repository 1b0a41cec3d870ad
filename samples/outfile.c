/* SPDX-License-Identifier: EUPL-1.2 */
/* See write.h. */
#include "write.h"

#include <string.h>

int outfile_create(struct outfile *out, const char *folder, const char *name, struct err *err)
{
    memset(out, 0, sizeof *out);
    int length = snprintf(out->path, sizeof out->path, "%s/%s", folder, name);
    if (length < 0 || (size_t)length >= sizeof out->path)
        return err_set(err, ERR_CREATE, "path too long");
    out->file = fopen(out->path, "wxe");
    if (!out->file) {
        (void)err_errno(err, ERR_CREATE, "cannot create");
        (void)err_at(err, out->path, 0);
        return err_hint(err, "give --out a folder that is not there yet");
    }
    text_init(&out->line);
    return 0;
}

int outfile_line(struct outfile *out, struct err *err)
{
    if (out->line.failed)
        return err_memory(err);
    if (fwrite(out->line.bytes, 1, out->line.length, out->file) != out->line.length) {
        (void)err_errno(err, ERR_IO, "cannot write");
        return err_at(err, out->path, 0);
    }
    text_clear(&out->line);
    out->rows++;
    return 0;
}

bool outfile_allows_bad(struct outfile *out)
{
    if ((out->bad + 1) * 400 > out->rows)
        return false;
    out->bad++;
    return true;
}

int outfile_close(struct outfile *out, int rc, struct err *err)
{
    text_release(&out->line);
    if (out->file && fclose(out->file) != 0 && rc == 0) {
        (void)err_errno(err, ERR_IO, "cannot write");
        rc = err_at(err, out->path, 0);
    }
    out->file = NULL;
    return rc;
}

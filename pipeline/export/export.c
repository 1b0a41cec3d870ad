/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/export/export.h. */
#include "export/export.h"

#include "export/shape.h"
#include "io/artefacts.h"
#include "secure/zonefile.h"

#include <string.h>

int export_format_parse(const char *name, enum export_format *format, struct err *err)
{
    if (name && strcmp(name, "tauargus") == 0)
        *format = EXPORT_TAUARGUS;
    else if (name && strcmp(name, "sdctable") == 0)
        *format = EXPORT_SDCTABLE;
    else
        return err_set(err, ERR_USAGE, "--format is tauargus or sdctable");
    return 0;
}

int export_tables(struct bundle *b, const struct export_source *from, enum export_format format,
                  struct err *err)
{
    struct shape shape;
    int rc = shape_open(&shape, from, err);
    if (rc == 0)
        rc = format == EXPORT_TAUARGUS ? shape_tauargus(&shape, b, err)
                                       : shape_sdctable(&shape, b, err);
    shape_release(&shape);
    return rc;
}

int export_open(const char *path, const struct recipient *recipient, struct text *archive,
                struct err *err)
{
    struct zone_reader *reader = NULL;
    struct frame files;
    struct bundle bundle;
    frame_init(&files, "files");
    bundle_init(&bundle);
    int rc = zone_open(&reader, path, ZONE_COUNTS, ARTEFACT_EXPORT, NULL, recipient, err);
    if (rc == 0) {
        struct source source = zone_source(reader);
        if (frame_read_named(&files, "files", &source, err) != 0 || zone_finish(reader, err) != 0 ||
            bundle_from_frame(&bundle, &files, err) != 0 || bundle_zip(&bundle, archive, err) != 0)
            rc = -1;
    }
    bundle_release(&bundle);
    frame_release(&files);
    zone_close(&reader);
    return rc;
}

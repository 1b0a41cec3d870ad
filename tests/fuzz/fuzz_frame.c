/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Frames on a hostile stream: whoever has a recipient's public key can write a zone file, so what
 * is inside one is no more trusted than any file. A frame that is accepted has only codes that its
 * dictionaries have, and is written in no more bytes than it came in (cells in the least width; a
 * stranger's may be wider).
 */
#include "fuzz_file.h"
#include "io/frame.h"

struct stream {
    const uint8_t *bytes;
    size_t at, length;
};

static int stream_read(void *context, void *bytes, size_t length, struct err *err)
{
    struct stream *s = context;
    if (length > s->length - s->at)
        return err_set(err, ERR_DATA, "the end");
    memcpy(bytes, s->bytes + s->at, length);
    s->at += length;
    return 0;
}

static int stream_measure(void *context, const void *bytes, size_t length, struct err *err)
{
    struct stream *s = context;
    (void)bytes;
    (void)err;
    s->at += length;
    return 0;
}

static void check_codes(const struct frame *f)
{
    for (size_t i = 0; i < f->column_count; i++)
        for (size_t row = 0; f->columns[i]->coded && row < f->rows; row++)
            fuzz_demand(column_get(f->columns[i], row) <= f->columns[i]->dictionary.count);
}

/* What is read into narrow columns is what is read into wide ones. */
static void check_narrow(const struct frame *wide, const uint8_t *bytes, size_t length)
{
    struct stream from = {bytes, 0, length};
    struct frame f;
    struct err err;
    if (wide->rows > 1 << 20) /* cells that are all the same take next to no bytes of the input */
        return;
    const struct source source = {stream_read, &from};
    size_t left;
    int rc = frame_open_named(&f, wide->name, true, &left, &source, &err);
    while (rc == 0 && left > 0)
        rc = frame_read_block(&f, &left, &source, &err);
    /* A block of more bytes a cell than its codes need is refused. */
    fuzz_demand(rc != 0 || (f.rows == wide->rows && f.column_count == wide->column_count));
    for (size_t i = 0; rc == 0 && i < f.column_count; i++)
        for (size_t row = 0; f.columns[i]->coded && row < f.rows; row++)
            fuzz_demand(column_get(f.columns[i], row) == column_get(wide->columns[i], row));
    frame_release(&f);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    struct stream from = {bytes, 0, length}, again = {bytes, 0, length};
    struct source source = {stream_read, &from};
    struct sink sink = {stream_measure, &again};
    struct frame frame;
    struct err err = {.kind = ERR_NONE};
    frame_init(&frame, "");
    if (frame_read(&frame, &source, &err) == 0) {
        check_codes(&frame);
        check_narrow(&frame, bytes, length);
        fuzz_demand(frame_write(&frame, &sink, &err) == 0 && again.at <= from.at);
    } else {
        fuzz_demand(err.kind == ERR_DATA);
    }
    frame_release(&frame);
    return 0;
}

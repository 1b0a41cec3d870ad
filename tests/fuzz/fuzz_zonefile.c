/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The reader of zone files on hostile bytes: any bytes, or edits of a file that was made for this
 * recipient. Whatever is not that very file must be refused with ERR_DATA or ERR_KEY, and nothing
 * but its own content may come out before that.
 */
#include "fuzz_file.h"
#include "secure/zonefile.h"

#include <sodium.h>

static const char SCHEMA[] = "link", RELEASE[] = "2017-12-31";
enum { CONTENT = 300, FILE_MOST = 2048 };

static struct recipient recipient;
static uint8_t content[CONTENT], valid[FILE_MOST];
static size_t valid_length;

/* The valid file, read back into memory. */
static void make_valid(void)
{
    struct zone_writer *w = NULL;
    char path[256];
    for (size_t i = 0; i < sizeof content; i++)
        content[i] = (uint8_t)(i * 7);
    fuzz_path(path, sizeof path, ".valid");
    (void)unlink(path);
    fuzz_demand(
        zone_create(&w, path, ZONE_MICRODATA, SCHEMA, RELEASE, recipient.public_key, NULL) == 0);
    struct sink sink = zone_sink(w);
    fuzz_demand(sink.write(sink.context, content, sizeof content, NULL) == 0 &&
                zone_commit(&w, NULL) == 0);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t n = fd < 0 ? -1 : read(fd, valid, sizeof valid);
    fuzz_demand(n > CONTENT && n < FILE_MOST);
    valid_length = (size_t)n;
    (void)close(fd);
    (void)unlink(path);
}

static int read_all(const char *path, struct err *err)
{
    struct zone_reader *r = NULL;
    uint8_t clear[CONTENT];
    int rc = zone_open(&r, path, ZONE_MICRODATA, SCHEMA, RELEASE, &recipient, err);
    if (rc == 0) {
        struct source source = zone_source(r);
        rc = source.read(source.context, clear, sizeof clear, err);
        fuzz_demand(rc != 0 || memcmp(clear, content, sizeof clear) == 0);
    }
    if (rc == 0)
        rc = zone_finish(r, err);
    zone_close(&r);
    return rc;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    static uint8_t file[FILE_MOST * 2];
    struct err err = {.kind = ERR_NONE};
    if (valid_length == 0) {
        fuzz_demand(secret_setup(&err) == 0 && recipient_generate(&recipient, &err) == 0);
        make_valid();
    }
    if (length < 1 || length > sizeof file)
        return 0;
    size_t edited = length - 1;
    memcpy(file, bytes + 1, length - 1);
    if (bytes[0] & 1) {
        memcpy(file, valid, valid_length);
        edited = fuzz_edit(file, valid_length, sizeof file, bytes + 1, length - 1);
    }
    bool is_valid = edited == valid_length && memcmp(file, valid, valid_length) == 0;
    int rc = read_all(fuzz_file(file, edited, ".zone"), &err);
    fuzz_demand((rc == 0) == is_valid);
    fuzz_demand(rc == 0 || err.kind == ERR_DATA || err.kind == ERR_KEY);
    return 0;
}

/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The audit of a hostile release. The fuzzer's bytes, split at form feeds, are its files in the
 * order of FILES; a part that is empty or missing leaves that file as it is in a release that is
 * right, a part "-" takes it away. With SHA256SUMS given, signature and digests are looked at too.
 * The audit comes to its end or says why not, and never passes without all its files.
 */
#include "../unit/small_release.h"
#include "fuzz_file.h"

#include "audit/audit.h"

#include <errno.h>
#include <sys/stat.h>

static const char *const FILES[] = {"rules.json",       "tables/origin.csv",  "tables/head.csv",
                                    "certificate.json", "manifest.json",      "quality.csv",
                                    "SHA256SUMS",       "SHA256SUMS.minisig", "turnover.csv",
                                    "indicators.csv",   "units/E1/data.csv",  "sdmx/origin.csv"};
static const char *const FOLDERS[] = {"tables", "units", "units/E1", "sdmx"};
enum {
    FILE_COUNT = sizeof FILES / sizeof *FILES,
    FOLDER_COUNT = sizeof FOLDERS / sizeof *FOLDERS,
    SEALS = 3 << 6,   /* the sums and their signature, */
    DERIVED = 7 << 9, /* and what need not be there */
    NEEDED = ((1 << FILE_COUNT) - 1) & ~SEALS & ~DERIVED,
};

static char folder[256];
static struct text right[FILE_COUNT]; /* the release that is right; no sums */

static void make_right(void)
{
    struct err err;
    char path[300];
    fuzz_path(folder, sizeof folder, ".release");
    fuzz_demand(mkdir(folder, 0700) == 0 || errno == EEXIST);
    small_release_write(folder);
    for (size_t i = 0; i < FILE_COUNT; i++) {
        (void)snprintf(path, sizeof path, "%s/%s", folder, FILES[i]);
        text_init(&right[i]);
        if (access(path, R_OK) == 0)
            fuzz_demand(files_read_whole(path, 1 << 20, &right[i], &err) == 0);
    }
}

/* Folders are there when something is in them. */
static void make_folders(void)
{
    char path[300];
    for (size_t i = 0; i < FOLDER_COUNT; i++) {
        (void)snprintf(path, sizeof path, "%s/%s", folder, FOLDERS[i]);
        fuzz_demand(mkdir(path, 0700) == 0 || errno == EEXIST);
    }
}

static void remove_empty_folders(void)
{
    char path[300];
    for (size_t i = FOLDER_COUNT; i-- > 0;) {
        (void)snprintf(path, sizeof path, "%s/%s", folder, FOLDERS[i]);
        (void)rmdir(path);
    }
}

/* The next part of the bytes; false when there are none left. */
static bool next_part(const uint8_t **at, const uint8_t *end, const uint8_t **part, size_t *length)
{
    if (*at > end)
        return false;
    const uint8_t *stop = *at < end ? memchr(*at, '\f', (size_t)(end - *at)) : NULL;
    stop = stop ? stop : end;
    *part = *at;
    *length = (size_t)(stop - *at);
    *at = stop + 1;
    return true;
}

/* Writes the release; which of its files are there, as bits. */
static unsigned write_release(const uint8_t *bytes, size_t size)
{
    const uint8_t *at = bytes, *end = bytes + size;
    unsigned there = 0;
    make_folders();
    for (size_t i = 0; i < FILE_COUNT; i++) {
        char path[300];
        const uint8_t *part = NULL;
        size_t length = 0;
        bool given = next_part(&at, end, &part, &length) && length > 0;
        (void)snprintf(path, sizeof path, "%s/%s", folder, FILES[i]);
        (void)unlink(path);
        if (given ? length == 1 && part[0] == '-' : right[i].length == 0)
            continue;
        if (given)
            fuzz_write(path, part, length);
        else
            fuzz_write(path, right[i].bytes, right[i].length);
        there |= 1U << i;
    }
    remove_empty_folders();
    return there;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    static const struct public_key key = {.id = {1}};
    struct audit_result result;
    struct err err = {.kind = ERR_NONE};
    struct text text;
    if (!folder[0])
        make_right();
    unsigned there = write_release(bytes, length);
    int rc = audit_release(folder, there & SEALS ? &key : NULL, &result, &err);
    fuzz_demand(rc == 0 || err.kind != ERR_NONE);
    fuzz_demand(rc != 0 || !audit_passed(&result) || (there & NEEDED) == NEEDED);
    if (rc == 0 && audit_passed(&result)) /* what the certificate shows, the search finds */
        fuzz_demand(audit_thorough(folder, &result, &err) == 0 && audit_passed(&result));
    fuzz_demand(length > 0 || (rc == 0 && audit_passed(&result))); /* nothing was changed */
    text_init(&text);
    audit_text(&result, &text);
    audit_json(&result, &text);
    text_release(&text);
    audit_result_release(&result);
    return 0;
}

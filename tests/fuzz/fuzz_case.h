/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The small release that is right (../unit/small_release.h) as an audit sees it once its rules and
 * tables are read, for the targets of the readers that come after them: each reads the fuzzer's
 * bytes as one more file. The release without changes has no finding.
 */
#ifndef HERKOMST_TESTS_FUZZ_CASE_H
#define HERKOMST_TESTS_FUZZ_CASE_H

#include "../unit/small_release.h"
#include "fuzz_file.h"

#include "audit/case.h"

struct fuzz_case {
    char folder[256]; /* "" until it is open */
    struct audit_case c;
    struct audit_result result;
    struct err err;
    int64_t counts[SMALL_CELLS];
    uint8_t hidden[SMALL_CELLS];
};

/* The release's folder, written once a process. */
static inline void fuzz_case_folder(struct fuzz_case *f)
{
    fuzz_path(f->folder, sizeof f->folder, ".release");
    fuzz_demand(mkdir(f->folder, 0700) == 0 || errno == EEXIST);
    small_release_write(f->folder);
}

/* f: zeroed. */
static inline void fuzz_case_open(struct fuzz_case *f)
{
    fuzz_case_folder(f);
    f->c = (struct audit_case){
        .folder = f->folder, .result = &f->result, .counts = f->counts, .hidden = f->hidden};
    small_rules(&f->c.rules);
    fuzz_demand(cells_build(&f->c.cells, &f->c.rules.structure, true, &f->err) == 0);
    small_counts(&f->c.cells, f->counts, f->hidden);
    for (size_t i = 0; i < SMALL_CELLS; i++)
        f->counts[i] = f->hidden[i] ? -1 : f->counts[i];
}

/* One file more, or another one; it has a folder if its name says so. */
static inline void fuzz_case_put(struct fuzz_case *f, const char *name, const uint8_t *bytes,
                                 size_t length)
{
    signed_release_put(f->folder, name, length ? (const char *)bytes : "", length);
}

/* How many findings there were; the next input has none. */
static inline size_t fuzz_case_findings(struct fuzz_case *f)
{
    size_t count = f->result.finding_count;
    audit_result_release(&f->result);
    memset(&f->result, 0, sizeof f->result);
    return count;
}

static inline bool fuzz_same(const uint8_t *bytes, size_t length, const char *expected)
{
    return length == strlen(expected) && (length == 0 || memcmp(bytes, expected, length) == 0);
}

#endif

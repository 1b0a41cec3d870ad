/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * A manifest.json of anybody's, as each rule reads it: the release's place in time, what pages may
 * say, what metadata are made of. One without findings is the release's own.
 */
#include "fuzz_case.h"

#include "audit/pages.h"

enum { MOST = 1 << 20 };

static void check_place(const struct fuzz_case *f)
{
    struct audit_place place;
    struct text json;
    struct err err;
    text_init(&json);
    fuzz_demand(audit_read(f->folder, "manifest.json", MOST, &json, &err) == 0 &&
                audit_place_read(&place, json.bytes, json.length, &err) == 0 &&
                strcmp(place.release, "r1") == 0);
    text_release(&json);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    static struct fuzz_case f;
    struct page_truth truth;
    if (!f.folder[0])
        fuzz_case_folder(&f);
    f.c = (struct audit_case){.folder = f.folder, .result = &f.result};
    rules_init(&f.c.rules);
    fuzz_case_put(&f, "manifest.json", bytes, length);
    fuzz_demand(audit_rules(&f.c, &f.err) == 0 && f.c.cells.count == SMALL_CELLS);
    if (fuzz_case_findings(&f) == 0)
        check_place(&f);
    fuzz_demand(page_truth_open(&truth, &f.c, NULL, &f.err) == 0);
    page_truth_close(&truth);
    fuzz_demand(audit_written(&f.c, &f.err) == 0);
    (void)fuzz_case_findings(&f);
    audit_case_release(&f.c);
    return 0;
}

/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * A report.xlsx of anybody's: the archive and what is in it (fuzz_workbook gives its parts alone,
 * which no random bytes reach through an archive's checksums). Nothing may be demanded of the
 * answer but that there is one.
 */
#include "fuzz_case.h"

#include "audit/workbook.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    static struct fuzz_case f;
    static struct page_truth truth;
    static char shares[SHEET_SERIES_ROWS][SHEET_VALUE];
    struct text archive;
    if (!f.folder[0]) {
        fuzz_case_open(&f);
        fuzz_demand(page_truth_open(&truth, &f.c, NULL, &f.err) == 0);
    }
    struct workbook_reading w = {
        .truth = &truth, .path = "units/E1/report.xlsx", .unit = 2, .err = &f.err};
    w.shares = shares;
    text_init(&archive);
    text_append(&archive, length ? (const char *)bytes : "", length);
    fuzz_demand(workbook_read(&w, &archive) == 0);
    (void)fuzz_case_findings(&f);
    text_release(&archive);
    return 0;
}

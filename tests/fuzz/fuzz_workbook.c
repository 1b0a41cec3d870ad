/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * A part of anybody's report.xlsx, as the audit reads it back: the first byte says which part it
 * is. Nothing may be demanded of the answer but that there is one.
 */
#include "fuzz_case.h"

#include "audit/workbook.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    static struct fuzz_case f;
    static struct page_truth truth;
    static char shares[SHEET_SERIES_ROWS][SHEET_VALUE];
    struct text xml;
    if (length < 1)
        return 0;
    if (!f.folder[0]) {
        fuzz_case_open(&f);
        fuzz_demand(page_truth_open(&truth, &f.c, NULL, &f.err) == 0);
    }
    struct workbook_reading w = {
        .truth = &truth, .path = "units/E1/report.xlsx", .unit = 2, .err = &f.err};
    memset(shares, 0, sizeof shares);
    w.shares = shares;
    text_init(&xml);
    text_append(&xml, (const char *)bytes + 1, length - 1);
    switch (bytes[0] % 6) {
    case 0:
        workbook_strings(&w, &xml);
        break;
    case 1:
    case 2:
    case 3:
        workbook_sheet(&w, bytes[0] % 6, &xml);
        break;
    case 4:
        workbook_chart(&w, "xl/charts/chart1.xml", &xml);
        break;
    default:
        workbook_properties(&w, &xml);
        break;
    }
    for (size_t i = 0; i < w.string_count; i++)
        free(w.strings[i]);
    free((void *)w.strings);
    free(w.used);
    text_release(&xml);
    (void)fuzz_case_findings(&f);
    return 0;
}

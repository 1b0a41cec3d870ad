/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * A part of anybody's report.xlsx, as the audit reads it back: the first byte says which part it
 * is. Nothing may be demanded of the answer but that there is one.
 */
#include "../unit/small_release.h"
#include "fuzz_file.h"

#include "audit/workbook.h"

#include <sys/stat.h>

static struct audit_case audited;
static struct audit_result result;
static struct page_truth truth;
static int64_t counts[SMALL_CELLS];
static uint8_t hidden[SMALL_CELLS];

static void open_truth(void)
{
    static char folder[] = "/dev/shm/herkomst-fuzz-XXXXXX";
    char path[64];
    struct err err;
    fuzz_demand(mkdtemp(folder) != NULL);
    (void)snprintf(path, sizeof path, "%s/manifest.json", folder);
    FILE *f = fopen(path, "w");
    fuzz_demand(f && fputs(FUZZ_MANIFEST, f) >= 0 && fclose(f) == 0);
    audited = (struct audit_case){
        .folder = folder, .result = &result, .counts = counts, .hidden = hidden};
    small_rules(&audited.rules);
    fuzz_demand(cells_build(&audited.cells, &audited.rules.structure, true, &err) == 0);
    small_counts(&audited.cells, counts, hidden);
    for (size_t i = 0; i < SMALL_CELLS; i++)
        counts[i] = hidden[i] ? -1 : counts[i];
    fuzz_demand(page_truth_open(&truth, &audited, NULL, &err) == 0);
    (void)remove(path);
    (void)remove(folder);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    struct err err = {.kind = ERR_NONE};
    struct text xml;
    if (length < 1)
        return 0;
    if (!audited.folder)
        open_truth();
    struct workbook_reading w = {
        .truth = &truth, .path = "units/E1/report.xlsx", .unit = 2, .err = &err};
    w.shares = calloc(SHEET_SERIES_ROWS, sizeof *w.shares);
    fuzz_demand(w.shares != NULL);
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
    free(w.shares);
    text_release(&xml);
    audit_result_release(&result);
    return 0;
}

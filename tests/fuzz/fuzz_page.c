/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * A page of anybody's, as the audit reads it back. Nothing may be demanded of the answer but that
 * there is one, and that a page with an entity or a script in it has findings.
 */
#include "fuzz_case.h"

#include "audit/page_reading.h"

static bool has(const struct text *page, const char *what)
{
    return memmem(page->bytes, page->length, what, strlen(what)) != NULL;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    static struct fuzz_case f;
    static struct page_truth truth;
    static struct page_reading r;
    struct text html;
    if (!f.folder[0]) {
        fuzz_case_open(&f);
        fuzz_demand(page_truth_open(&truth, &f.c, NULL, &f.err) == 0);
    }
    r = (struct page_reading){.truth = &truth, .err = &f.err};
    text_init(&html);
    text_append(&html, length ? (const char *)bytes : "", length);
    fuzz_demand(page_read(&r, "units/E1/report.html", &html) == 0);
    if (fuzz_case_findings(&f) == 0)
        fuzz_demand(!has(&html, "<!ENTITY") && !has(&html, "<script>"));
    text_release(&html);
    return 0;
}

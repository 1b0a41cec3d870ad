/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * A quality.csv of anybody's. The one that is right has no finding; one without findings has no
 * count below the threshold but 0.
 */
#include "fuzz_case.h"

enum { THRESHOLD = 5, COUNT = 2 };

/* The third field of a row without quotes; 0 if it is empty. */
static long count_of(const char *row, size_t length)
{
    size_t field = 0;
    long count = 0;
    for (size_t i = 0; i < length && field <= COUNT; i++)
        if (row[i] == ',')
            field++;
        else if (field == COUNT && count < 1000000)
            count = count * 10 + (row[i] - '0');
    return count;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    static struct fuzz_case f;
    if (!f.folder[0])
        fuzz_case_open(&f);
    fuzz_case_put(&f, "quality.csv", bytes, length);
    fuzz_demand(audit_quality(&f.c, &f.err) == 0);
    size_t findings = fuzz_case_findings(&f);
    fuzz_demand(findings == 0 || !fuzz_same(bytes, length, SMALL_QUALITY));
    if (findings > 0 || (length > 0 && (memchr(bytes, '"', length) || memchr(bytes, '\r', length))))
        return 0;
    bool header = true;
    for (size_t at = 0; at < length; header = false) {
        const uint8_t *end = memchr(bytes + at, '\n', length - at);
        size_t row = end ? (size_t)(end - bytes) - at : length - at;
        long count = header ? 0 : count_of((const char *)bytes + at, row);
        fuzz_demand(count == 0 || count >= THRESHOLD);
        at += row + 1;
    }
    return 0;
}

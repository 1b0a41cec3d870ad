/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * An indicators.csv of anybody's. The one that is right has no finding; one without findings says
 * nothing about E1 but its head count, what is declared and that the rest is hidden.
 */
#include "fuzz_derived.h"

enum { FIRST_FIGURE = 4, TARGET = 9, STATUS = 11, FIELDS = 12 };

/* A row of E1, without quotes: its numbers are blank, but for denominator and target. */
static bool tells_nothing(const char *row, size_t length)
{
    size_t field = 0;
    for (size_t i = 0; i < length; i++) {
        bool may = field < FIRST_FIGURE || field == FIRST_FIGURE + 1 || field == TARGET;
        if (row[i] == ',')
            field++;
        else if (!may && !(field == STATUS && row[i] == 'c' && i + 1 == length))
            return false;
    }
    return field + 1 == FIELDS;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    static const char own[] = "2017-12-31,entity,E1,";
    size_t findings = fuzz_derived("indicators.csv", bytes, length);
    fuzz_demand(findings == 0 || !fuzz_same(bytes, length, SMALL_INDICATORS));
    if (findings > 0 || (length > 0 && (memchr(bytes, '"', length) || memchr(bytes, '\r', length))))
        return 0;
    for (size_t at = 0; at < length;) {
        const uint8_t *end = memchr(bytes + at, '\n', length - at);
        size_t row = end ? (size_t)(end - bytes) - at : length - at;
        if (row > sizeof own - 1 && memcmp(bytes + at, own, sizeof own - 1) == 0)
            fuzz_demand(tells_nothing((const char *)bytes + at, row));
        at += row + 1;
    }
    return 0;
}

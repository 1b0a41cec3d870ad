/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * An SDMX file of anybody's. The one that is right has no finding; one without findings has a row
 * for each of the table's, and no more.
 */
#include "fuzz_derived.h"

enum { ROWS = 16 }; /* with the header */

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    size_t rows = 0, findings = fuzz_derived("sdmx/origin.csv", bytes, length);
    bool quoted = false;
    for (size_t i = 0; i < length; i++) {
        rows += bytes[i] == '\n' || (i + 1 == length && bytes[i] != '\n');
        quoted = quoted || bytes[i] == '"' || bytes[i] == '\r';
    }
    fuzz_demand(findings > 0 || quoted || rows == ROWS);
    fuzz_demand(findings == 0 || !fuzz_same(bytes, length, SMALL_SDMX));
    return 0;
}

/* SPDX-License-Identifier: EUPL-1.2 */
/* A unit's data.csv of anybody's: it is the one that is right, or there is a finding. */
#include "fuzz_derived.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    bool right = fuzz_same(bytes, length, SMALL_DATA);
    fuzz_demand((fuzz_derived("units/E1/data.csv", bytes, length) == 0) == right);
    return 0;
}

/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/report/decimals.h. */
#include "report/decimals.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

char *decimals_tenths(int64_t tenths, char out[static DECIMALS_TEXT])
{
    int64_t size = tenths < 0 ? -tenths : tenths;
    (void)snprintf(out, DECIMALS_TEXT, "%s%" PRId64 ".%" PRId64, tenths < 0 ? "-" : "", size / 10,
                   size % 10);
    return out;
}

char *decimals_ppm(int32_t ppm, char out[static DECIMALS_TEXT])
{
    (void)snprintf(out, DECIMALS_TEXT, "%" PRId32 ".%04" PRId32, ppm / 10000, ppm % 10000);
    for (size_t end = strlen(out); out[end - 1] == '0' && out[end - 2] != '.'; end--)
        out[end - 1] = '\0';
    return out;
}

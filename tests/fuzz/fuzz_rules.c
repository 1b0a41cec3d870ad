/* SPDX-License-Identifier: EUPL-1.2 */
/* rules.json, the auditor's first reader: accepted rules build a system of cells and write
 * themselves. */
#include "fuzz_file.h"
#include "tables/rules.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    struct rules rules;
    struct err err = {.kind = ERR_NONE};
    rules_init(&rules);
    if (rules_read_json(&rules, (const char *)bytes, length, &err) == 0) {
        struct text again;
        text_init(&again);
        if (rules_write_json(&rules, &again, &err) != 0)
            abort();
        text_release(&again);
    } else if (err.kind != ERR_DATA) {
        abort();
    }
    rules_release(&rules);
    return 0;
}

/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * A table of anybody's: the first byte chooses the table and whether the other one was read before.
 * What is accepted is written and read again to the same cells; what is not is ERR_DATA, or
 * ERR_REFUSED for a cell that the other table gives otherwise.
 */
#include "../unit/small_release.h"
#include "fuzz_file.h"

static struct rules rules;
static struct cells cells;

static void read_again(size_t table, const int64_t *counts, const uint8_t *status)
{
    int64_t counts_again[SMALL_CELLS];
    uint8_t status_again[SMALL_CELLS];
    struct text text;
    text_init(&text);
    memcpy(counts_again, counts, sizeof counts_again);
    memcpy(status_again, status, sizeof status_again);
    fuzz_demand(table_csv_write(&text, &rules, &cells, table, counts, status, NULL) == 0);
    fuzz_demand(table_csv_read(fuzz_file((const uint8_t *)text.bytes, text.length, ".csv"), &rules,
                               &cells, table, counts_again, status_again, NULL) == 0);
    fuzz_demand(memcmp(counts_again, counts, sizeof counts_again) == 0 &&
                memcmp(status_again, status, sizeof status_again) == 0);
    text_release(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    int64_t counts[SMALL_CELLS];
    uint8_t status[SMALL_CELLS];
    struct err err = {.kind = ERR_NONE};
    if (length < 1)
        return 0;
    if (cells.count == 0) {
        small_rules(&rules);
        fuzz_demand(cells_build(&cells, &rules.structure, true, &err) == 0);
    }
    small_counts(&cells, counts, status);
    if (!(bytes[0] & 2))
        memset(status, STATUS_UNREAD, sizeof status);
    else
        for (size_t i = 0; i < SMALL_CELLS; i++)
            counts[i] = status[i] == STATUS_PUBLISHED ? counts[i] : -1;
    size_t table = bytes[0] & 1;
    if (table_csv_read(fuzz_file(bytes + 1, length - 1, ".csv"), &rules, &cells, table, counts,
                       status, &err) != 0)
        fuzz_demand(err.kind == ERR_DATA || err.kind == ERR_REFUSED);
    else
        read_again(table, counts, status);
    return 0;
}

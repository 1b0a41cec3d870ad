/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * A turnover.csv of anybody's. What is accepted is written and read again to the same figures, in
 * the same bytes; what is not is ERR_DATA.
 */
#include "../unit/small_release.h"
#include "fuzz_file.h"

#include "tables/turnover_csv.h"

static struct rules rules;
static struct cells cells;

static void read_again(const struct turnover *t)
{
    struct turnover again;
    struct text text;
    text_init(&text);
    fuzz_demand(turnover_csv_write(&text, &rules, &cells, t, NULL) == 0);
    fuzz_demand(turnover_csv_read(fuzz_file((const uint8_t *)text.bytes, text.length, ".csv"),
                                  &rules, &cells, &again, NULL) == 0);
    fuzz_demand(again.count == t->count);
    for (size_t i = 0; i < t->count * t->cells; i++)
        fuzz_demand(again.joined[i] == t->joined[i] && again.left[i] == t->left[i]);
    text_release(&text);
    turnover_close(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    struct turnover t;
    struct err err = {.kind = ERR_NONE};
    if (cells.count == 0) {
        small_rules(&rules);
        fuzz_demand(cells_build(&cells, &rules.structure, true, &err) == 0);
    }
    if (turnover_csv_read(fuzz_file(bytes, length, ".csv"), &rules, &cells, &t, &err) != 0)
        fuzz_demand(err.kind == ERR_DATA);
    else
        read_again(&t);
    turnover_close(&t);
    return 0;
}

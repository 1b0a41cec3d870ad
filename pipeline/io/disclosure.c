/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/io/disclosure.h. */
#include "io/disclosure.h"

void disclosure_defaults(struct disclosure *d)
{
    *d = (struct disclosure){
        .threshold = 5,
        .protect_zeros = true,
        .minimum_population = 0,
        .interval = true,
        .protection_width = 5,
        .turnover_threshold = 5,
        .public_head_counts = true,
        .cost = COST_COUNT,
        .weights = {.government = 10, .domain = 5, .entity = 0, .total = 0},
        .suppress_effort = 0,
    };
}

/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * indicators: indicators.csv, period,level,unit,indicator,numerator,denominator,share,
 * previous_share,change_pp,target,gap,status:
 * a row each unit and indicator, unit by unit.
 *
 *   POPULATION:VARIABLE=CATEGORY[/VARIABLE=CATEGORY...]   the share of the category among the
 * people of the population (who have the categories behind the slashes) target:NAME the same share
 * beside a target: gap = ceil(target * denominator) - numerator, how many more in the place of
 * others target:NAME:growth           gap = ceil((target * denominator - numerator) / (1 -
 * target)), how many more on top of those who are there benchmark:NAME               the same share
 * beside that of another population (target); share / target is the representation index; gap as
 * for a target
 *
 * numerator and denominator are published counts, empty where hidden. share, in percent with one
 * decimal, half up from the exact fraction, stands only where both counts do and the denominator is
 * not 0; status is c where one is hidden, n where the unit was not delivered. previous_share is
 * that of the release before (its count is in that release), change_pp the difference of the exact
 * fractions in percentage points; both only where all four counts are published and both releases
 * mean the same (BREAKS in report/view.h). gap only where both counts are published.
 *
 * Which shares: in a table with sensitive variables each category of those, otherwise of its last
 * variable; among everybody, and among each combination of the table's other variables.
 */
#ifndef HERKOMST_REPORT_INDICATORS_H
#define HERKOMST_REPORT_INDICATORS_H

#include "base/text.h"
#include "report/view.h"

/* A share as the tables give it, whatever the unit. */
struct indicator {
    int population, variable;
    uint16_t category;
    uint16_t among[CONFIG_VARIABLES]; /* 0: whatever */
};

struct indicators {
    size_t count, capacity;
    struct indicator *list;
};
int indicators_list(struct indicators *l, const struct structure *s, struct err *err);
void indicators_release(struct indicators *l);
struct view_share indicator_at(const struct view *v, const struct indicator *i, size_t unit);

/* Appends the file's text. */
int indicators_write(struct text *out, const struct view *v, struct err *err);

#endif

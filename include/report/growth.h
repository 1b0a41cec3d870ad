/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * growth: why a government's or a domain's share changed since the release before, from published
 * counts of it and of the units right below it, at both dates.
 *
 *     change = scope + composition + within        in fractions (0.007 is 0.7 percentage points)
 *
 * scope: entities that entered or left (also: were delivered at one date only); composition: units
 * that grew or shrank, each with the mean of its two shares; within: shares that changed, each with
 * the mean of its two weights. The units right below that are in scope at both dates are compared;
 * what is in the whole and in none of them entered or left. Where the scope changed within one of
 * them (an entity of a domain left), the effects at this level would be mixed: it is explained
 * below.
 */
#ifndef HERKOMST_REPORT_GROWTH_H
#define HERKOMST_REPORT_GROWTH_H

#include "report/view.h"

struct growth {
    double scope, composition, within;
};

/* False where a count that it takes is not published at either date, or the dates do not mean the
 * same (other than by scope of the unit itself), or nothing is below the unit. */
bool growth_explain(const struct view *v, const struct share_config *share, size_t unit,
                    struct growth *g);

/* In tenths of a percentage point, half away from zero. */
int64_t growth_tenths(double effect);

#endif

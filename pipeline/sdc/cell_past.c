/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/sdc/cell_past.h. */
#include "sdc/cell_past.h"

#include <string.h>

static enum cell_past past_of(const struct joint *j, const struct joint_tied_group *g,
                              const struct joint_tie *t, const int64_t *counts,
                              const struct disclosure *rules)
{
    int64_t people = counts[j->cells.group[t->new]];
    int64_t width = people < rules->protection_width ? people : rules->protection_width;
    bool few = g->joined + g->left < width, shown = j->counts[t->old] >= 0;
    bool asked = j->cells.flags[t->old] & CELL_SENSITIVE;
    if (shown)
        return few ? PAST_KNOWN : PAST_SHOWN;
    return few && asked && counts[t->new] - g->joined < rules->threshold ? PAST_NEEDED
                                                                         : PAST_HIDDEN;
}

/* Groups stand by release, the last one last: of the two milder kinds the last one counts. */
void cell_past_find(uint8_t *past, const struct joint *j, const struct joint_groups *g,
                    const int64_t *counts, const struct disclosure *rules)
{
    size_t n = j->present->count;
    memset(past, PAST_NONE, n);
    for (size_t k = 0; k < g->group_count; k++) {
        const struct joint_tied_group *group = &g->groups[k];
        for (uint32_t i = group->first; i < group->first + group->count; i++) {
            const struct joint_tie *t = &g->ties[i];
            if (t->new >= n)
                continue;
            enum cell_past now = past_of(j, group, t, counts, rules);
            if (now >= PAST_NEEDED ? now > past[t->new] : past[t->new] < PAST_NEEDED)
                past[t->new] = (uint8_t)now;
        }
    }
}

void cell_past_bounded(uint8_t *only, const uint8_t *past, size_t count)
{
    for (size_t i = 0; i < count; i++)
        only[i] = past[i] == PAST_BOUNDED ? PAST_BOUNDED : PAST_NONE;
}

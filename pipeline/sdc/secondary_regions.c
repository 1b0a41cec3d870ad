/* SPDX-License-Identifier: EUPL-1.2 */
/* The programmes of sdc/secondary.h, by the units whose cells they may move, the others staying as
 * they are: the entities of one domain, or everything. Made at first use. */
#include "sdc/secondary_state.h"

#include <stdlib.h>

enum { EVERYTHING = 0 }; /* the place of that region; a domain's is its unit */

uint32_t secondary_domain(const struct secondary *s, uint32_t unit)
{
    const struct blocks *b = &s->blocks;
    int parent = s->cells->structure->units[unit].parent;
    bool leaf = b->child_start[unit] == b->child_start[unit + 1];
    return leaf && parent > 0 ? (uint32_t)parent : unit;
}

static bool is_in(const struct secondary *s, uint32_t region, uint32_t cell)
{
    uint32_t unit = s->cells->unit[cell];
    return region == EVERYTHING || (secondary_domain(s, unit) == region && unit != region);
}

static int make(struct secondary *s, uint32_t region, struct err *err)
{
    const struct cells *c = s->cells;
    uint8_t *movable = calloc(c->count + 1, 1);
    if (!movable)
        return err_memory(err);
    for (uint32_t i = 0; i < c->count; i++)
        movable[i] = s->may[i] && is_in(s, region, i);
    int rc = deviations_open(&s->regions[region], c, s->counts, movable, NULL, err);
    for (uint32_t i = 0; rc == 0 && i < c->count; i++)
        if (movable[i])
            secondary_price(s, s->regions[region], i);
    free(movable);
    return rc;
}

int secondary_region(struct secondary *s, uint32_t cell, bool wide, struct deviations **out,
                     struct err *err)
{
    uint32_t unit = s->cells->unit[cell], domain = secondary_domain(s, unit);
    uint32_t region = wide || domain == unit ? EVERYTHING : domain;
    if (!s->regions[region] && make(s, region, err) != 0)
        return -1;
    *out = s->regions[region];
    return 0;
}

void secondary_price_again(struct secondary *s, uint32_t cell)
{
    uint32_t unit = s->cells->unit[cell], domain = secondary_domain(s, unit);
    if (s->regions[EVERYTHING])
        secondary_price(s, s->regions[EVERYTHING], cell);
    if (domain != unit && s->regions[domain])
        secondary_price(s, s->regions[domain], cell);
}

void secondary_close_regions(struct secondary *s)
{
    for (size_t u = 0; s->regions && u < s->cells->structure->unit_count; u++)
        deviations_close(s->regions[u]);
    free((void *)s->regions);
}

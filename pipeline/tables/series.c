/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/tables/series.h. */
#include "tables/series.h"

#include "base/dictionary.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NO_UNIT UINT32_MAX

static uint32_t place(struct dictionary *places, enum level level, const char *code, bool add)
{
    char name[16 + CONFIG_CODE];
    int length = snprintf(name, sizeof name, "%s:%s", level_name(level), code);
    return add ? dictionary_intern(places, name, (size_t)length)
               : dictionary_find(places, name, (size_t)length);
}

/* Gives the units of today, then their predecessors, codes; unit_of[code]: the first that has it.
 */
static int index_today(struct dictionary *places, uint32_t *unit_of, const struct structure *now,
                       struct err *err)
{
    for (size_t u = 0; u < now->unit_count; u++) {
        uint32_t code = place(places, now->units[u].level, now->units[u].code, true);
        if (code == 0)
            return err_memory(err);
        unit_of[code] = (uint32_t)u;
    }
    for (size_t u = 0; u < now->unit_count; u++)
        for (size_t i = 0; i < now->units[u].predecessor_count; i++) {
            uint32_t known = places->count;
            uint32_t code = place(places, now->units[u].level, now->units[u].predecessors[i], true);
            if (code == 0)
                return err_memory(err);
            if (code > known)
                unit_of[code] = (uint32_t)u;
        }
    return 0;
}

int series_units(uint32_t *unit, const struct structure *then, const struct structure *now,
                 struct err *err)
{
    int rc = -1;
    size_t names = now->unit_count;
    for (size_t u = 0; u < now->unit_count; u++)
        names += now->units[u].predecessor_count;
    struct dictionary places;
    dictionary_init(&places);
    uint32_t *unit_of = calloc(names + 1, sizeof *unit_of);
    if (!unit_of) {
        err_memory(err);
        goto out;
    }
    if (index_today(&places, unit_of, now, err) != 0)
        goto out;
    unit[0] = 0;
    for (size_t u = 1; u < then->unit_count; u++) { /* parents come first */
        const struct unit *was = &then->units[u];
        uint32_t code = place(&places, was->level, was->code, false);
        unit[u] = code ? unit_of[code] : unit[was->parent];
    }
    rc = 0;
out:
    dictionary_release(&places);
    free(unit_of);
    return rc;
}

/* The lowest unit that is a or above it, and b or above it; NO_UNIT counts as below everything. */
static uint32_t common(const struct structure *s, uint32_t a, uint32_t b)
{
    if (a == NO_UNIT || b == NO_UNIT)
        return a == NO_UNIT ? b : a;
    while (a != b) {
        if (s->units[a].level > s->units[b].level) {
            a = (uint32_t)s->units[a].parent;
        } else if (s->units[b].level > s->units[a].level) {
            b = (uint32_t)s->units[b].parent;
        } else {
            a = (uint32_t)s->units[a].parent;
            b = (uint32_t)s->units[b].parent;
        }
    }
    return a;
}

/* Turns the series of units into `inside`: the lowest unit of today whose series has all people of
 * the unit: for one with units below it, what they have in common. */
static int find_inside(uint32_t *inside, const struct structure *then, const struct structure *now,
                       struct err *err)
{
    uint32_t *series = calloc(then->unit_count + 1, sizeof *series);
    if (!series)
        return err_memory(err);
    int rc = series_units(series, then, now, err);
    for (size_t u = 0; u < then->unit_count; u++)
        inside[u] = NO_UNIT;
    for (size_t u = then->unit_count; rc == 0 && u-- > 0;) {
        const struct unit *unit = &then->units[u];
        if (!unit->delivered)
            continue;
        if (inside[u] == NO_UNIT) /* nothing below it was delivered: people are its own */
            inside[u] = series[u];
        if (unit->parent >= 0)
            inside[unit->parent] = common(now, inside[unit->parent], inside[u]);
    }
    free(series);
    return rc;
}

/* Adds u to the sources of every unit above inside[u] for which its parent does not serve. Only
 * counts while there is no room. */
static void take(struct series_sources *s, const struct structure *then,
                 const struct structure *now, const uint32_t *inside, uint32_t u, uint32_t *next)
{
    const struct unit *unit = &then->units[u];
    uint32_t parent = unit->parent < 0 ? NO_UNIT : inside[unit->parent];
    bool above = false; /* is `at` the parent's, or above it? */
    for (int at = (int)inside[u]; at >= 0; at = now->units[at].parent) {
        above = above || (uint32_t)at == parent;
        enum level level = now->units[at].level;
        if (unit->level < level || (above && unit->level > level))
            continue;
        if (s->unit)
            s->unit[next[at]] = u;
        next[at]++;
    }
}

int series_sources_find(struct series_sources *s, const struct structure *then,
                        const struct structure *now, struct err *err)
{
    int rc = -1;
    memset(s, 0, sizeof *s);
    uint32_t *inside = calloc(then->unit_count + 1, sizeof *inside);
    s->start = calloc(now->unit_count + 2, sizeof *s->start);
    if (!inside || !s->start) {
        err_memory(err);
        goto out;
    }
    if (find_inside(inside, then, now, err) != 0)
        goto out;
    for (uint32_t u = 0; u < then->unit_count; u++)
        if (then->units[u].delivered)
            take(s, then, now, inside, u, s->start + 1);
    for (size_t u = 0; u < now->unit_count; u++)
        s->start[u + 1] += s->start[u];
    s->unit = malloc(((size_t)s->start[now->unit_count] + 1) * sizeof *s->unit);
    if (!s->unit) {
        err_memory(err);
        goto out;
    }
    for (uint32_t u = 0; u < then->unit_count; u++)
        if (then->units[u].delivered)
            take(s, then, now, inside, u, s->start);
    memmove(s->start + 1, s->start, now->unit_count * sizeof *s->start);
    s->start[0] = 0;
    rc = 0;
out:
    free(inside);
    return rc;
}

void series_sources_release(struct series_sources *s)
{
    free(s->start);
    free(s->unit);
    memset(s, 0, sizeof *s);
}

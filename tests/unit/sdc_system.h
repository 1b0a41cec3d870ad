/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * sdc_system: small systems of cells for the tests of disclosure control, built by hand: a
 * government (unit 0) of up to 4 entities, an origin of up to 4 categories, and a sex of one or
 * two. Cells by (unit, origin, sex), 0 = total; those with origin 0 are public. The equations are
 * all there are. And the enumeration of every whole-number table that agrees with what is
 * published, to compare with.
 */
#ifndef TESTS_SDC_SYSTEM_H
#define TESTS_SDC_SYSTEM_H

#include "sdc/prove.h"

#include <stdio.h>
#include <string.h>

enum { SYSTEM_UNITS = 5, SYSTEM_ORIGINS = 5, SYSTEM_SEXES = 3, SYSTEM_CELLS = 75 };

struct sdc_system {
    size_t entities, origins, sexes; /* sexes 1: no sex in the table */
    struct structure structure;
    struct unit units[SYSTEM_UNITS];
    struct variable variables[2];
    struct population population;
    struct cells cells;
    uint32_t unit[SYSTEM_CELLS], populations[SYSTEM_CELLS], group[SYSTEM_CELLS];
    uint16_t categories[SYSTEM_CELLS * 2];
    uint8_t flags[SYSTEM_CELLS];
    uint32_t equation_start[3 * SYSTEM_CELLS], equation_cell[12 * SYSTEM_CELLS];
    int64_t counts[SYSTEM_CELLS];
    uint8_t hidden[SYSTEM_CELLS];
};

static inline size_t system_sexes(const struct sdc_system *s)
{
    return s->sexes == 1 ? 1 : s->sexes + 1; /* with the total */
}

static inline size_t system_cell(const struct sdc_system *s, size_t unit, size_t origin, size_t sex)
{
    return (unit * (s->origins + 1) + origin) * system_sexes(s) + sex;
}

static inline void system_equation(struct sdc_system *s, const size_t *members, size_t count)
{
    uint32_t end = s->equation_start[s->cells.equation_count];
    for (size_t i = 0; i < count; i++)
        s->equation_cell[end++] = (uint32_t)members[i];
    s->equation_start[++s->cells.equation_count] = end;
}

static inline void system_equations(struct sdc_system *s, size_t unit, size_t origin, size_t sex)
{
    size_t members[8], n;
    members[0] = system_cell(s, unit, origin, sex);
    if (unit == 0) {
        for (n = 1; n <= s->entities; n++)
            members[n] = system_cell(s, n, origin, sex);
        system_equation(s, members, n);
    }
    if (origin == 0) {
        for (n = 1; n <= s->origins; n++)
            members[n] = system_cell(s, unit, n, sex);
        system_equation(s, members, n);
    }
    if (sex == 0 && s->sexes > 1) {
        for (n = 1; n <= s->sexes; n++)
            members[n] = system_cell(s, unit, origin, n);
        system_equation(s, members, n);
    }
}

static inline void system_name(char *out, const char *stem, size_t number)
{
    (void)snprintf(out, CONFIG_CODE, "%s%u", stem, (unsigned)number % 100U);
}

static inline void system_structure(struct sdc_system *s)
{
    static char name[] = "unit", filter[] = "1";
    for (size_t u = 0; u <= s->entities; u++) {
        system_name(s->units[u].code, "U", u);
        s->units[u].name = name;
        s->units[u].level = u ? LEVEL_ENTITY : LEVEL_GOVERNMENT;
        s->units[u].parent = u ? 0 : -1;
        s->units[u].delivered = s->units[u].complete = true;
    }
    for (size_t v = 0; v < 2; v++) {
        system_name(s->variables[v].name, v ? "sex" : "origin", 1);
        s->variables[v].category_count = (v ? s->sexes : s->origins) + 1;
        for (size_t c = 0; c < s->variables[v].category_count; c++)
            system_name(s->variables[v].categories[c].name, "c", c);
    }
    system_name(s->population.id, "P", 1);
    s->population.filter = filter;
    s->structure =
        (struct structure){s->entities + 1, 2, 1, 0, s->units, s->variables, &s->population, NULL};
}

/* All of it but the counts; the last `open` origin categories are not sensitive. */
static inline void system_build(struct sdc_system *s, size_t entities, size_t origins, size_t sexes,
                                size_t open)
{
    memset(s, 0, sizeof *s);
    s->entities = entities;
    s->origins = origins;
    s->sexes = sexes;
    system_structure(s);
    struct cells *c = &s->cells;
    c->structure = &s->structure;
    c->count = (entities + 1) * (origins + 1) * system_sexes(s);
    c->stride = 2;
    c->unit = s->unit;
    c->population = s->populations;
    c->categories = s->categories;
    c->flags = s->flags;
    c->group = s->group;
    c->equation_start = s->equation_start;
    c->equation_cell = s->equation_cell;
    for (size_t u = 0; u <= entities; u++)
        for (size_t o = 0; o <= origins; o++)
            for (size_t x = 0; x < system_sexes(s); x++) {
                size_t i = system_cell(s, u, o, x);
                s->unit[i] = (uint32_t)u;
                s->categories[2 * i] = (uint16_t)o;
                s->categories[2 * i + 1] = (uint16_t)x;
                s->group[i] = (uint32_t)system_cell(s, u, 0, x);
                s->flags[i] = o == 0 ? CELL_PUBLIC : o + open <= origins ? CELL_SENSITIVE : 0;
                system_equations(s, u, o, x);
            }
}

/* The leaves: entity 1.., origin 1.., sex (1.. or the only 0). */
static inline size_t system_leaves(const struct sdc_system *s, size_t *leaves)
{
    size_t count = 0;
    for (size_t u = 1; u <= s->entities; u++)
        for (size_t x = s->sexes == 1 ? 0 : 1; x < system_sexes(s); x++)
            for (size_t o = 1; o <= s->origins; o++)
                leaves[count++] = system_cell(s, u, o, x);
    return count;
}

/* Adds the leaves up into every other cell of `values`. */
static inline void system_add_up(const struct sdc_system *s, int64_t *values)
{
    for (size_t u = s->entities + 1; u-- > 0;)
        for (size_t o = s->origins + 1; o-- > 0;)
            for (size_t x = system_sexes(s); x-- > 0;) {
                int64_t *sum = &values[system_cell(s, u, o, x)];
                if (u > 0 && o > 0 && (x > 0 || s->sexes == 1))
                    continue;
                *sum = 0;
                if (u == 0)
                    for (size_t k = 1; k <= s->entities; k++)
                        *sum += values[system_cell(s, k, o, x)];
                else if (o == 0)
                    for (size_t k = 1; k <= s->origins; k++)
                        *sum += values[system_cell(s, u, k, x)];
                else
                    for (size_t k = 1; k <= s->sexes; k++)
                        *sum += values[system_cell(s, u, o, k)];
            }
}

static inline bool system_agrees(const struct sdc_system *s, const int64_t *values)
{
    for (size_t i = 0; i < s->cells.count; i++)
        if (!s->hidden[i] && values[i] != s->counts[i])
            return false;
    return true;
}

/* The least and greatest value of every cell over all tables that agree with the published cells.
 * Groups of leaves (an entity and sex) have public totals, so there are finitely many. */
static inline void system_enumerate(const struct sdc_system *s, int64_t *low, int64_t *high)
{
    size_t leaves[SYSTEM_CELLS], count = system_leaves(s, leaves);
    int64_t values[SYSTEM_CELLS] = {0};
    for (size_t i = 0; i < s->cells.count; i++) {
        low[i] = INT64_MAX;
        high[i] = -1;
    }
    for (size_t i = 0; i < count; i += s->origins) /* the last of each group takes the rest */
        values[leaves[i + s->origins - 1]] = s->counts[s->group[leaves[i]]];
    for (;;) {
        system_add_up(s, values);
        for (size_t i = 0; system_agrees(s, values) && i < s->cells.count; i++) {
            low[i] = values[i] < low[i] ? values[i] : low[i];
            high[i] = values[i] > high[i] ? values[i] : high[i];
        }
        /* the next table: count up, group by group */
        size_t g = 0;
        for (; g < count; g += s->origins) {
            int64_t *last = &values[leaves[g + s->origins - 1]];
            size_t o = 0;
            while (o + 1 < s->origins && *last == 0) {
                *last += values[leaves[g + o]];
                values[leaves[g + o++]] = 0;
            }
            if (o + 1 < s->origins) {
                values[leaves[g + o]]++;
                --*last;
                break;
            }
        }
        if (g >= count)
            return;
    }
}

/* A fixed sequence of pseudo-random numbers (xorshift). */
static inline uint32_t system_random(uint32_t *state, uint32_t below)
{
    *state ^= *state << 13;
    *state ^= *state >> 17;
    *state ^= *state << 5;
    return *state % below;
}

static inline void system_fill(struct sdc_system *s, uint32_t *random, uint32_t most)
{
    size_t leaves[SYSTEM_CELLS], count = system_leaves(s, leaves);
    for (size_t i = 0; i < count; i++)
        s->counts[leaves[i]] = (int64_t)system_random(random, most + 1);
    system_add_up(s, s->counts);
}

#endif

/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * A structure written in a few lines, for the unit tests:
 *
 *     fixture_unit(&s, LEVEL_ENTITY, "E1", 1, true);         parents before children
 *     fixture_variable(&s, "origin", "foreign* eu<foreign other<foreign belgian* unknown");
 *     fixture_table(&s, "origin-sex", "staff", "origin sex", -1);
 *
 * A * marks a sensitive category, NAME<PARENT a nested one. `complete` is worked out at the end by
 * fixture_finish. Memory that runs out ends the test.
 */
#ifndef HERKOMST_TESTS_STRUCTURE_FIXTURE_H
#define HERKOMST_TESTS_STRUCTURE_FIXTURE_H

#include "tables/structure.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static inline void *fixture_grow(void *array, size_t count, size_t size)
{
    unsigned char *grown = realloc(array, (count + 1) * size);
    if (!grown)
        abort();
    memset(grown + count * size, 0, size);
    return grown;
}

static inline void fixture_name(char out[CONFIG_CODE], const char *bytes, size_t length)
{
    if (length >= CONFIG_CODE)
        abort();
    memcpy(out, bytes, length);
    out[length] = '\0';
}

static inline void fixture_unit(struct structure *s, enum level level, const char *code, int parent,
                                bool delivered)
{
    s->units = fixture_grow(s->units, s->unit_count, sizeof *s->units);
    struct unit *u = &s->units[s->unit_count++];
    u->level = level;
    fixture_name(u->code, code, strlen(code));
    u->name = text_duplicate(code, strlen(code));
    u->parent = parent;
    u->delivered = delivered;
}

static inline void fixture_variable(struct structure *s, const char *name, const char *categories)
{
    s->variables = fixture_grow(s->variables, s->variable_count, sizeof *s->variables);
    struct variable *v = &s->variables[s->variable_count++];
    fixture_name(v->name, name, strlen(name));
    fixture_name(v->categories[0].name, "total", 5);
    v->categories[0].parent = -1;
    v->category_count = 1;
    for (const char *at = categories; *at; at += strspn(at, " ")) {
        size_t length = strcspn(at, " "), name_length = strcspn(at, " *<");
        struct category *c = &v->categories[v->category_count++];
        fixture_name(c->name, at, name_length);
        c->sensitive = memchr(at, '*', length) != NULL;
        v->sensitive = v->sensitive || c->sensitive;
        const char *less = memchr(at, '<', length);
        if (less) {
            char parent[CONFIG_CODE];
            fixture_name(parent, less + 1, strcspn(less + 1, " *"));
            while (strcmp(v->categories[c->parent].name, parent) != 0)
                c->parent++;
        }
        at += length;
    }
}

static inline void fixture_table(struct structure *s, const char *name, const char *population,
                                 const char *variables, int within)
{
    int p = 0;
    while (p < (int)s->population_count && strcmp(s->populations[p].id, population) != 0)
        p++;
    if (p == (int)s->population_count) {
        s->populations = fixture_grow(s->populations, s->population_count, sizeof *s->populations);
        struct population *new = &s->populations[s->population_count++];
        fixture_name(new->id, population, strlen(population));
        struct text filter;
        text_init(&filter);
        text_format(&filter, "employment = '%s'", population);
        new->filter = filter.bytes;
    }
    s->tables = fixture_grow(s->tables, s->table_count, sizeof *s->tables);
    struct frequency_table *t = &s->tables[s->table_count++];
    fixture_name(t->name, name, strlen(name));
    t->population = p;
    t->within = within;
    for (const char *at = variables; *at; at += strspn(at, " ")) {
        char variable[CONFIG_CODE];
        size_t length = strcspn(at, " ");
        fixture_name(variable, at, length);
        int v = 0;
        while (strcmp(s->variables[v].name, variable) != 0)
            v++;
        t->variables[t->variable_count++] = v;
        at += length;
    }
}

/* delivered of parents, and complete of all, from the units below. */
static inline void fixture_finish(struct structure *s)
{
    for (size_t u = 0; u < s->unit_count; u++)
        s->units[u].complete = s->units[u].delivered;
    for (size_t u = s->unit_count; u-- > 1;)
        if (!s->units[u].complete)
            s->units[s->units[u].parent].complete = false;
}

/* A government VO of two domains and four entities, all delivered but E4 (unless all_delivered). */
static inline void fixture_units(struct structure *s, bool all_delivered)
{
    fixture_unit(s, LEVEL_GOVERNMENT, "VO", -1, true);
    fixture_unit(s, LEVEL_DOMAIN, "D1", 0, true);
    fixture_unit(s, LEVEL_DOMAIN, "D2", 0, true);
    fixture_unit(s, LEVEL_ENTITY, "E1", 1, true);
    fixture_unit(s, LEVEL_ENTITY, "E2", 1, true);
    fixture_unit(s, LEVEL_ENTITY, "E3", 2, true);
    fixture_unit(s, LEVEL_ENTITY, "E4", 2, all_delivered);
    fixture_finish(s);
}

#endif

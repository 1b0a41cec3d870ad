/* SPDX-License-Identifier: EUPL-1.2 */
/* Populations, variables and categories of one release's structure in another's. See
 * include/tables/joint_pair.h. */
#include "tables/joint_pair.h"

#include <stdlib.h>
#include <string.h>

static int population_find(const struct structure *s, const char *id)
{
    for (size_t p = 0; p < s->population_count; p++)
        if (strcmp(s->populations[p].id, id) == 0)
            return (int)p;
    return -1;
}

static int variable_find(const struct structure *s, const char *name)
{
    for (size_t v = 0; v < s->variable_count; v++)
        if (strcmp(s->variables[v].name, name) == 0)
            return (int)v;
    return -1;
}

/* 0 (the total) if it has no such category. */
static uint16_t category_find(const struct variable *v, const char *name)
{
    for (size_t i = 1; i < v->category_count; i++)
        if (strcmp(v->categories[i].name, name) == 0)
            return (uint16_t)i;
    return 0;
}

static bool same_tree(const struct variable *a, const struct variable *b)
{
    if (a->category_count != b->category_count)
        return false;
    for (size_t i = 1; i < a->category_count; i++) {
        uint16_t k = category_find(b, a->categories[i].name);
        if (k == 0 || strcmp(a->categories[a->categories[i].parent].name,
                             b->categories[b->categories[k].parent].name) != 0)
            return false;
    }
    return true;
}

static bool same_variable(const struct variable *a, const struct variable *b)
{
    return a->sensitive == b->sensitive && strcmp(a->definition, b->definition) == 0 &&
           (!a->sensitive || same_tree(a, b));
}

int name_map_build(struct name_map *m, const struct structure *of, const struct structure *in,
                   bool strict, struct err *err)
{
    memset(m, 0, sizeof *m);
    m->population = calloc(of->population_count + 1, sizeof *m->population);
    m->variable = calloc(of->variable_count + 1, sizeof *m->variable);
    m->category = calloc(of->variable_count * NAME_MAP_CATEGORIES + 1, sizeof *m->category);
    if (!m->population || !m->variable || !m->category)
        return err_memory(err);
    for (size_t p = 0; p < of->population_count; p++)
        m->population[p] = population_find(in, of->populations[p].id);
    for (size_t v = 0; v < of->variable_count; v++) {
        const struct variable *a = &of->variables[v];
        m->variable[v] = variable_find(in, a->name);
        if (m->variable[v] >= 0 && strict && !same_variable(a, &in->variables[m->variable[v]]))
            m->variable[v] = -1;
        for (size_t i = 1; m->variable[v] >= 0 && i < a->category_count; i++)
            m->category[v * NAME_MAP_CATEGORIES + i] =
                category_find(&in->variables[m->variable[v]], a->categories[i].name);
    }
    return 0;
}

void name_map_release(struct name_map *m)
{
    free(m->population);
    free(m->variable);
    free(m->category);
    memset(m, 0, sizeof *m);
}

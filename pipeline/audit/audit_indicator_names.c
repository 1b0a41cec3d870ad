/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/audit/indicator.h. */
#include "audit/indicator.h"

#include <string.h>

static size_t word_find(const char *word, size_t length, size_t count,
                        const char *(*name)(const void *context, size_t i), const void *context)
{
    for (size_t i = 0; i < count; i++) {
        const char *candidate = name(context, i);
        if (strlen(candidate) == length && memcmp(candidate, word, length) == 0)
            return i;
    }
    return SIZE_MAX;
}

static const char *population_name(const void *context, size_t i)
{
    return ((const struct structure *)context)->populations[i].id;
}
static const char *variable_name(const void *context, size_t i)
{
    return ((const struct structure *)context)->variables[i].name;
}
static const char *category_name(const void *context, size_t i)
{
    return ((const struct variable *)context)->categories[i].name;
}

/* VARIABLE=CATEGORY, up to a slash or the end; *at goes past it. */
static bool read_category(const struct structure *s, const char **at, size_t *variable,
                          uint16_t *category)
{
    size_t name = strcspn(*at, "=/"), value;
    if ((*at)[name] != '=')
        return false;
    *variable = word_find(*at, name, s->variable_count, variable_name, s);
    *at += name + 1;
    value = strcspn(*at, "/");
    if (*variable == SIZE_MAX)
        return false;
    const struct variable *v = &s->variables[*variable];
    size_t found = word_find(*at, value, v->category_count, category_name, v);
    *at += value;
    if (found == SIZE_MAX || found == 0) /* the total is no category */
        return false;
    *category = (uint16_t)found;
    return true;
}

static bool read_share(struct indicator_share *i, const char *name, const struct structure *s)
{
    size_t length = strcspn(name, ":"), variable;
    const char *at = name + length + 1;
    size_t population = word_find(name, length, s->population_count, population_name, s);
    if (name[length] != ':' || population == SIZE_MAX)
        return false;
    i->population = (int)population;
    if (!read_category(s, &at, &variable, &i->category))
        return false;
    i->variable = (int)variable;
    while (*at == '/') {
        uint16_t category;
        at++;
        if (!read_category(s, &at, &variable, &category) || i->among[variable] ||
            (int)variable == i->variable)
            return false;
        i->among[variable] = category;
    }
    return *at == '\0';
}

bool indicator_share_read(struct indicator_share *i, const char *name, const struct structure *s)
{
    memset(i, 0, sizeof *i);
    bool good = read_share(i, name, s);
    if (!good)
        i->variable = -1;
    return good;
}

bool indicator_pair_find(const struct audit_case *c, const struct indicator_share *i, size_t unit,
                         struct indicator_pair *p)
{
    uint16_t categories[CONFIG_VARIABLES];
    if (i->variable < 0)
        return false;
    memcpy(categories, i->among, sizeof categories);
    p->whole = cells_find(&c->cells, i->population, (int)unit, categories);
    categories[i->variable] = i->category;
    p->part = cells_find(&c->cells, i->population, (int)unit, categories);
    return !c->rules.structure.units[unit].delivered ||
           (p->whole != SIZE_MAX && p->part != SIZE_MAX &&
            !(c->cells.flags[p->whole] & CELL_UNPUBLISHED) &&
            !(c->cells.flags[p->part] & CELL_UNPUBLISHED));
}

/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/link/fields.h. */
#include "link/fields.h"

#include "link/derive.h"
#include "link/expression.h"

#include <stdlib.h>
#include <string.h>

const char *const FACT_NAMES[FACT_FIXED_COUNT] = {
    [FACT_ENTITY] = "entity",
    [FACT_DOMAIN] = "domain",
    [FACT_EMPLOYMENT] = "employment",
    [FACT_FTE] = "fte",
    [FACT_START_DATE] = "start_date",
    [FACT_END_DATE] = "end_date",
    [FACT_REFERENCE_DATE] = "reference_date",
    [FACT_AGE] = "age",
    [FACT_SEX] = "sex",
    [FACT_LINKED] = "linked",
    [FACT_OWN_CURRENT] = "own_current",
    [FACT_OWN_FIRST] = "own_first",
    [FACT_PARENT1_FIRST] = "parent1_first",
    [FACT_PARENT2_FIRST] = "parent2_first",
    [FACT_GRANDPARENT1_FIRST] = "grandparent1_first",
    [FACT_GRANDPARENT2_FIRST] = "grandparent2_first",
    [FACT_GRANDPARENT3_FIRST] = "grandparent3_first",
    [FACT_GRANDPARENT4_FIRST] = "grandparent4_first",
};

bool field_set_has(const struct field_set *s, const char *name)
{
    for (size_t i = 0; i < s->count; i++)
        if (strcmp(s->names[i], name) == 0)
            return true;
    return false;
}

int field_set_add(struct field_set *s, const char *name, struct err *err)
{
    size_t length = strlen(name);
    if (s->count == FIELDS_MAX || length >= sizeof s->names[0])
        return err_set(err, ERR_CONFIG, "more than %d fields are used", FIELDS_MAX);
    memcpy(s->names[s->count++], name, length + 1);
    return 0;
}

int fields_configured(struct field_set *s, const struct config *c, struct err *err)
{
    memset(s, 0, sizeof *s);
    for (size_t i = 0; i < FACT_FIXED_COUNT; i++)
        if (field_set_add(s, FACT_NAMES[i], err) != 0)
            return -1;
    for (size_t i = 0; i < c->attribute_count; i++) {
        char name[sizeof s->names[0]] = "attribute.";
        memcpy(name + strlen(name), c->attributes[i].name, sizeof c->attributes[i].name);
        if (field_set_add(s, name, err) != 0)
            return -1;
    }
    return 0;
}

/* Adds what one expression uses; `kind` and `name` say whose it is. */
static int collect(struct field_set *used, const char *sql, const struct field_set *available,
                   struct err *err)
{
    struct expression *e;
    if (expression_open(&e, sql, available, NULL, err) != 0)
        return -1;
    int rc = 0;
    for (size_t i = 0; rc == 0 && i < expression_field_count(e); i++)
        if (!field_set_has(used, expression_field(e, i)))
            rc = field_set_add(used, expression_field(e, i), err);
    expression_close(&e);
    return rc;
}

int fields_blame(const struct config *c, const char *kind, const char *name, long line,
                 struct err *err)
{
    if (!err || err->kind != ERR_CONFIG)
        return -1;
    struct err reason = *err;
    (void)err_set(err, ERR_CONFIG, "%s %s: %s", kind, name, reason.text);
    memcpy(err->hint, reason.hint, sizeof err->hint);
    return err_at(err, c->path, line);
}

static int by_name(const void *a, const void *b)
{
    return strcmp(a, b);
}

/* In the order of `available`; the registers, which it does not hold, by name. */
static int arrange(struct field_set *s, const struct field_set *used,
                   const struct field_set *available, struct err *err)
{
    memset(s, 0, sizeof *s);
    for (size_t i = 0; i < available->count; i++)
        if (field_set_has(used, available->names[i]) &&
            field_set_add(s, available->names[i], err) != 0)
            return -1;
    size_t first = s->count;
    for (size_t i = 0; i < used->count; i++)
        if (!field_set_has(available, used->names[i]) && field_set_add(s, used->names[i], err) != 0)
            return -1;
    qsort(s->names[first], s->count - first, sizeof s->names[0], by_name);
    return 0;
}

/* Which variables make groups: those without sensitive categories that a table uses. */
static int find_groups(bool *of_groups, const struct config *c, struct err *err)
{
    struct structure s;
    structure_init(&s);
    int rc = derive_shape(&s, c, err);
    for (size_t v = 0; rc == 0 && v < s.variable_count; v++)
        of_groups[v] = structure_uses(&s, v) && !s.variables[v].sensitive;
    structure_release(&s);
    return rc;
}

/* of_groups: the variables that count; NULL: all. */
static int fields_find(struct field_set *s, const struct config *c, const bool *of_groups,
                       struct err *err)
{
    struct field_set *available = calloc(2, sizeof *available);
    if (!available)
        return err_memory(err);
    struct field_set *used = available + 1;
    int rc = fields_configured(available, c, err);
    for (size_t i = 0; rc == 0 && i < c->variable_count; i++) {
        if (of_groups && !of_groups[i])
            continue;
        rc = collect(used, c->variables[i].sql, available, err);
        if (rc != 0)
            (void)fields_blame(c, "variable", c->variables[i].name, c->variables[i].line, err);
    }
    for (size_t i = 0; rc == 0 && i < c->table_count; i++) {
        rc = collect(used, c->tables[i].population, available, err);
        if (rc != 0)
            (void)fields_blame(c, "population of table", c->tables[i].name, c->tables[i].line, err);
    }
    if (rc == 0)
        rc = arrange(s, used, available, err);
    free(available);
    return rc;
}

int fields_used(struct field_set *s, const struct config *c, struct err *err)
{
    return fields_find(s, c, NULL, err);
}

int fields_of_groups(struct field_set *s, const struct config *c, struct err *err)
{
    bool of_groups[CONFIG_VARIABLES] = {false};
    return find_groups(of_groups, c, err) == 0 ? fields_find(s, c, of_groups, err) : -1;
}

unsigned fields_generations(const struct field_set *s)
{
    unsigned generations = 0;
    for (int f = FACT_PARENT1_FIRST; f <= FACT_GRANDPARENT4_FIRST; f++)
        if (field_set_has(s, FACT_NAMES[f]))
            generations = f <= FACT_PARENT2_FIRST ? 1 : 2;
    return generations;
}

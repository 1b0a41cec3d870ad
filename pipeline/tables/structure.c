/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The structure of a release and what must hold of it before cells are made of it: it may come from
 * an auditor's rules.json, so nothing is taken for granted. See include/tables/structure.h.
 */
#include "tables/structure.h"

#include "base/dictionary.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *level_name(enum level level)
{
    static const char *const names[] = {"government", "domain", "entity"};
    return names[level];
}

void structure_init(struct structure *s)
{
    memset(s, 0, sizeof *s);
}

void structure_release(struct structure *s)
{
    for (size_t u = 0; s->units && u < s->unit_count; u++) {
        free(s->units[u].name);
        free(s->units[u].predecessors);
    }
    for (size_t p = 0; s->populations && p < s->population_count; p++)
        free(s->populations[p].filter);
    free(s->units);
    free(s->variables);
    free(s->populations);
    free(s->tables);
    structure_init(s);
}

static int check_sizes(const struct structure *s, struct err *err)
{
    if (s->unit_count < 1 || s->unit_count > STRUCTURE_UNITS)
        return err_set(err, ERR_DATA, "no units, or more than %d", STRUCTURE_UNITS);
    if (s->variable_count > CONFIG_VARIABLES)
        return err_set(err, ERR_DATA, "more than %d variables", CONFIG_VARIABLES);
    if (s->table_count < 1 || s->table_count > CONFIG_TABLES)
        return err_set(err, ERR_DATA, "no tables, or more than %d", CONFIG_TABLES);
    if (s->population_count < 1 || s->population_count > s->table_count)
        return err_set(err, ERR_DATA, "no populations, or more than tables");
    return 0;
}

/* The tree: the government first, every other unit one level below its parent. */
static int check_unit(const struct structure *s, size_t u, struct err *err)
{
    const struct unit *unit = &s->units[u];
    if (!is_code(unit->code) || !unit->name)
        return err_set(err, ERR_DATA, "unit %zu: bad code or no name", u + 1);
    if (u == 0) {
        if (unit->level != LEVEL_GOVERNMENT || unit->parent != -1)
            return err_set(err, ERR_DATA, "the first unit is not the government");
        return 0;
    }
    if (unit->parent < 0 || (size_t)unit->parent >= u || unit->level > LEVEL_ENTITY ||
        unit->level != s->units[unit->parent].level + 1)
        return err_set(err, ERR_DATA, "unit %s: not one level below a unit before it", unit->code);
    return 0;
}

/* `delivered` and `complete` of a unit with children follow from theirs. */
static int check_delivery(const struct structure *s, struct err *err)
{
    enum { CHILD = 1, CHILD_DELIVERED = 2, CHILD_INCOMPLETE = 4 };
    unsigned char *seen = calloc(s->unit_count, 1);
    if (!seen)
        return err_memory(err);
    int rc = 0;
    for (size_t u = s->unit_count; u-- > 0 && rc == 0;) {
        const struct unit *unit = &s->units[u];
        bool delivered = seen[u] & CHILD ? (seen[u] & CHILD_DELIVERED) != 0 : unit->delivered;
        bool complete = delivered && !(seen[u] & CHILD_INCOMPLETE);
        if (unit->delivered != delivered || unit->complete != complete)
            rc = err_set(err, ERR_DATA,
                         "unit %s: delivered or complete does not follow from the units below it",
                         unit->code);
        if (unit->parent >= 0)
            seen[unit->parent] |= (unsigned char)(CHILD | (delivered ? CHILD_DELIVERED : 0) |
                                                  (complete ? 0 : CHILD_INCOMPLETE));
    }
    free(seen);
    return rc;
}

/* Only an entity takes others over, and what it took over is no entity any more; each has one
 * successor. They are listed in byte order. `names`: every unit's level and code. */
static int check_predecessors(const struct structure *s, struct dictionary *names, struct err *err)
{
    for (size_t u = 0; u < s->unit_count; u++) {
        const struct unit *unit = &s->units[u];
        if (unit->predecessor_count > 0 && unit->level != LEVEL_ENTITY)
            return err_set(err, ERR_DATA, "unit %s: no entity, but with predecessors", unit->code);
        for (size_t i = 0; i < unit->predecessor_count; i++) {
            char name[16 + CONFIG_CODE];
            const char *code = unit->predecessors[i];
            if (!is_code(code) || (i > 0 && strcmp(unit->predecessors[i - 1], code) >= 0))
                return err_set(err, ERR_DATA, "unit %s: bad predecessors", unit->code);
            int length = snprintf(name, sizeof name, "%s:%s", level_name(LEVEL_ENTITY), code);
            uint32_t before = names->count;
            uint32_t found = dictionary_intern(names, name, (size_t)length);
            if (found != before + 1)
                return found ? err_set(err, ERR_DATA, "predecessor %s is a unit, or another one's",
                                       code)
                             : err_memory(err);
        }
    }
    return 0;
}

static int check_units(const struct structure *s, struct err *err)
{
    struct dictionary names;
    dictionary_init(&names);
    int rc = -1;
    for (size_t u = 0; u < s->unit_count; u++) {
        if (check_unit(s, u, err) != 0)
            goto out;
        char name[16 + CONFIG_CODE];
        int length =
            snprintf(name, sizeof name, "%s:%s", level_name(s->units[u].level), s->units[u].code);
        uint32_t code = dictionary_intern(&names, name, (size_t)length);
        if (code != u + 1) {
            if (code == 0)
                err_memory(err);
            else
                err_set(err, ERR_DATA, "unit %s is there twice", s->units[u].code);
            goto out;
        }
    }
    if (check_predecessors(s, &names, err) == 0)
        rc = check_delivery(s, err);
out:
    dictionary_release(&names);
    return rc;
}

/* What a category may be called: printable ASCII without what delimits keys and CSV fields. */
static bool is_category(const char *name)
{
    size_t length = strnlen(name, CONFIG_CODE);
    if (length < 1 || length >= CONFIG_CODE)
        return false;
    for (size_t i = 0; i < length; i++)
        if (name[i] <= ' ' || name[i] > '~' || strchr("|=:,;\"\\", name[i]))
            return false;
    return true;
}

static int check_categories(const struct variable *v, struct err *err)
{
    if (v->category_count < 2 || v->category_count > CONFIG_CATEGORIES + 2)
        return err_set(err, ERR_DATA, "variable %s: no categories, or too many", v->name);
    bool sensitive = false;
    for (size_t i = 0; i < v->category_count; i++) {
        const struct category *category = &v->categories[i];
        if (!is_category(category->name))
            return err_set(err, ERR_DATA, "variable %s: bad name of category %zu", v->name, i);
        if (i == 0 ? category->parent != -1 || category->sensitive
                   : category->parent < 0 || (size_t)category->parent >= i)
            return err_set(err, ERR_DATA, "variable %s: bad parent or total", v->name);
        for (size_t j = 0; j < i; j++)
            if (strcmp(v->categories[j].name, category->name) == 0)
                return err_set(err, ERR_DATA, "variable %s: a category twice", v->name);
        sensitive = sensitive || category->sensitive;
    }
    if (strcmp(v->categories[0].name, "total") != 0 || sensitive != v->sensitive)
        return err_set(err, ERR_DATA, "variable %s: no total, or wrong sensitivity", v->name);
    return 0;
}

/* A variable is a column of its tables' files and of the rows that are counted. */
static bool is_reserved(const char *name)
{
    static const char *const columns[] = {"period", "level",  "unit", "count",     "status",
                                          "entity", "joined", "left", "population"};
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
        if (strcmp(columns[i], name) == 0)
            return true;
    return false;
}

static int check_variables(const struct structure *s, struct err *err)
{
    for (size_t i = 0; i < s->variable_count; i++) {
        const struct variable *v = &s->variables[i];
        if (!is_code(v->name) || is_reserved(v->name) ||
            (v->definition[0] != '\0' && !is_code(v->definition)))
            return err_set(err, ERR_DATA, "variable %zu: bad name or definition", i + 1);
        for (size_t j = 0; j < i; j++)
            if (strcmp(s->variables[j].name, v->name) == 0)
                return err_set(err, ERR_DATA, "variable %s is there twice", v->name);
        if (check_categories(v, err) != 0)
            return -1;
    }
    return 0;
}

static int check_populations(const struct structure *s, struct err *err)
{
    for (size_t i = 0; i < s->population_count; i++) {
        const struct population *p = &s->populations[i];
        if (!is_code(p->id) || !p->filter)
            return err_set(err, ERR_DATA, "population %zu: bad id or no filter", i + 1);
        for (size_t j = 0; j < i; j++)
            if (strcmp(s->populations[j].id, p->id) == 0 ||
                strcmp(s->populations[j].filter, p->filter) == 0)
                return err_set(err, ERR_DATA, "population %s: id or filter there twice", p->id);
    }
    return 0;
}

static int check_table(const struct structure *s, size_t i, struct err *err)
{
    const struct frequency_table *t = &s->tables[i];
    if (!is_code(t->name))
        return err_set(err, ERR_DATA, "table %zu: bad name", i + 1);
    for (size_t j = 0; j < i; j++)
        if (strcmp(s->tables[j].name, t->name) == 0)
            return err_set(err, ERR_DATA, "table %s is there twice", t->name);
    if (t->population < 0 || (size_t)t->population >= s->population_count)
        return err_set(err, ERR_DATA, "table %s: unknown population", t->name);
    if (t->variable_count > CONFIG_TABLE_VARIABLES)
        return err_set(err, ERR_DATA, "table %s: more than %d variables", t->name,
                       CONFIG_TABLE_VARIABLES);
    for (size_t v = 0; v < t->variable_count; v++)
        if (t->variables[v] < (v ? t->variables[v - 1] + 1 : 0) ||
            (size_t)t->variables[v] >= s->variable_count)
            return err_set(err, ERR_DATA, "table %s: unknown variable, twice, or out of order",
                           t->name);
    if (t->within < -1 || t->within >= (int)s->table_count)
        return err_set(err, ERR_DATA, "table %s: within an unknown table", t->name);
    return 0;
}

/* Populations in the order in which the tables first use them, so that the order of cells follows
 * from the tables alone. */
static int check_use(const struct structure *s, struct err *err)
{
    size_t used = 0;
    for (size_t t = 0; t < s->table_count; t++) {
        if ((size_t)s->tables[t].population > used)
            return err_set(err, ERR_DATA, "populations are not in the order of the tables");
        if ((size_t)s->tables[t].population == used)
            used++;
    }
    return used == s->population_count ? 0 : err_set(err, ERR_DATA, "a population without tables");
}

/* No table lies within itself, by however many steps. */
static int check_within(const struct structure *s, struct err *err)
{
    for (size_t i = 0; i < s->table_count; i++) {
        int at = s->tables[i].within;
        for (size_t steps = 0; at >= 0; steps++) {
            if (steps > s->table_count)
                return err_set(err, ERR_DATA, "table %s lies within itself", s->tables[i].name);
            at = s->tables[at].within;
        }
    }
    return 0;
}

int variable_unknown(const struct variable *v)
{
    for (size_t i = 1; i < v->category_count; i++)
        if (strcmp(v->categories[i].name, CATEGORY_UNKNOWN) == 0)
            return (int)i;
    return v->category_count < CONFIG_CATEGORIES + 1 ? (int)v->category_count : -1;
}

int variable_add_unknown(struct variable *v)
{
    int at = variable_unknown(v);
    if (at == (int)v->category_count)
        v->categories[v->category_count++] = (struct category){.name = CATEGORY_UNKNOWN};
    return at;
}

bool structure_uses(const struct structure *s, size_t variable)
{
    for (size_t t = 0; t < s->table_count; t++)
        for (size_t i = 0; i < s->tables[t].variable_count; i++)
            if (s->tables[t].variables[i] == (int)variable)
                return true;
    return false;
}

int structure_check(const struct structure *s, struct err *err)
{
    if (check_sizes(s, err) != 0 || check_units(s, err) != 0 || check_variables(s, err) != 0 ||
        check_populations(s, err) != 0)
        return -1;
    for (size_t i = 0; i < s->table_count; i++)
        if (check_table(s, i, err) != 0)
            return -1;
    return check_use(s, err) == 0 ? check_within(s, err) : -1;
}

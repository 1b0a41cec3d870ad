/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * rules.json read, from anybody: every member known, typed and in range, none twice, none missing;
 * what they say together is structure_check's. See include/tables/rules.h.
 */
#include "tables/rules.h"

#include "tables/rules_json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    RULES_BYTES = 32 << 20, /* of a whole file */
    FILTER_BYTES = 8000,
    PARAMETER_MAX = 1000000000,
};

static int bad(struct err *err, const char *what)
{
    return err_set(err, ERR_DATA, "rules.json: %s", what);
}

static int get_number(const json_t *object, const char *name, int64_t least, int64_t *out,
                      struct err *err)
{
    const json_t *value = json_object_get(object, name);
    if (!json_is_integer(value) || json_integer_value(value) < least ||
        json_integer_value(value) > PARAMETER_MAX)
        return err_set(err, ERR_DATA, "rules.json: disclosure: bad %s", name);
    *out = json_integer_value(value);
    return 0;
}

/* One of two words. */
static int get_choice(const json_t *object, const char *name, const char *yes, const char *no,
                      bool *out, struct err *err)
{
    const char *text = rules_text(object, name, CONFIG_CODE);
    if (!text || (strcmp(text, yes) != 0 && strcmp(text, no) != 0))
        return err_set(err, ERR_DATA, "rules.json: disclosure: bad %s", name);
    *out = strcmp(text, yes) == 0;
    return 0;
}

static int read_disclosure(struct disclosure *d, const json_t *object, struct err *err)
{
    static const char *const members[] = {
        "threshold",        "zeros",  "minimum_population", "protection",
        "protection_width", "public", "turnover_threshold", NULL};
    if (rules_members(object, members, "disclosure", err) != 0 ||
        get_number(object, "threshold", 1, &d->threshold, err) != 0 ||
        get_choice(object, "zeros", "protect", "publish", &d->protect_zeros, err) != 0 ||
        get_number(object, "minimum_population", 0, &d->minimum_population, err) != 0 ||
        get_choice(object, "protection", "interval", "exact", &d->interval, err) != 0 ||
        get_number(object, "protection_width", 1, &d->protection_width, err) != 0 ||
        get_choice(object, "public", "head_counts", "nothing", &d->public_head_counts, err) != 0 ||
        get_number(object, "turnover_threshold", 0, &d->turnover_threshold, err) != 0)
        return -1;
    return 0;
}

/* The category of this name among the first `count`, or -1. */
static int find_category(const struct variable *v, const char *name)
{
    for (size_t i = 0; i < v->category_count; i++)
        if (strcmp(v->categories[i].name, name) == 0)
            return (int)i;
    return -1;
}

static int read_categories(struct variable *v, const json_t *list, struct err *err)
{
    static const char *const members[] = {"name", "parent", NULL};
    memcpy(v->categories[0].name, "total", sizeof "total");
    v->categories[0].parent = -1;
    v->category_count = 1;
    if (!json_is_array(list) || json_array_size(list) > CONFIG_CATEGORIES + 1)
        return err_set(err, ERR_DATA, "rules.json: variable %s: too many categories", v->name);
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *object = json_array_get(list, i);
        struct category *category = &v->categories[i + 1];
        if (rules_members(object, members, "a category", err) != 0)
            return -1;
        const char *parent = rules_text(object, "parent", CONFIG_CODE - 1);
        category->parent = parent ? find_category(v, parent) : -1;
        if (category->parent < 0 || rules_code(category->name, object, "name") != 0)
            return err_set(err, ERR_DATA, "rules.json: variable %s: bad category %zu", v->name,
                           i + 1);
        v->category_count++;
    }
    return 0;
}

static int read_sensitive(struct variable *v, const json_t *list, struct err *err)
{
    if (!json_is_array(list) || json_array_size(list) >= v->category_count)
        return err_set(err, ERR_DATA, "rules.json: variable %s: bad sensitive list", v->name);
    for (size_t i = 0; i < json_array_size(list); i++) {
        const char *name = json_string_value(json_array_get(list, i));
        int category = name ? find_category(v, name) : -1;
        if (category < 1 || v->categories[category].sensitive)
            return err_set(err, ERR_DATA, "rules.json: variable %s: bad sensitive list", v->name);
        v->categories[category].sensitive = true;
        v->sensitive = true;
    }
    return 0;
}

static int read_variable(struct variable *v, const json_t *object, struct err *err)
{
    static const char *const members[] = {"name", "definition", "sensitive", "categories", NULL};
    if (rules_members(object, members, "a variable", err) != 0)
        return -1;
    if (rules_code(v->name, object, "name") != 0)
        return bad(err, "a variable's name");
    if (!json_is_null(json_object_get(object, "definition")) &&
        rules_code(v->definition, object, "definition") != 0)
        return err_set(err, ERR_DATA, "rules.json: variable %s: bad definition", v->name);
    if (read_categories(v, json_object_get(object, "categories"), err) != 0)
        return -1;
    return read_sensitive(v, json_object_get(object, "sensitive"), err);
}

static int read_variables(struct structure *s, const json_t *root, struct err *err)
{
    const json_t *list = rules_list(root, "variables", CONFIG_VARIABLES, sizeof *s->variables,
                                    (void **)&s->variables, err);
    if (!list)
        return -1;
    for (size_t i = 0; i < json_array_size(list); i++, s->variable_count++)
        if (read_variable(&s->variables[i], json_array_get(list, i), err) != 0)
            return -1;
    return 0;
}

/* The table's population; a new one is added, a known one must have the same filter. */
static int read_population(struct structure *s, struct frequency_table *t, const json_t *object,
                           struct err *err)
{
    const char *id = rules_text(object, "population", CONFIG_CODE - 1);
    const char *filter = rules_text(object, "filter", FILTER_BYTES);
    if (!id || !filter)
        return err_set(err, ERR_DATA, "rules.json: table %s: bad population or filter", t->name);
    for (size_t p = 0; p < s->population_count; p++) {
        if (strcmp(s->populations[p].id, id) != 0)
            continue;
        t->population = (int)p;
        return strcmp(s->populations[p].filter, filter) == 0
                   ? 0
                   : err_set(err, ERR_DATA, "rules.json: population %s has two filters",
                             s->populations[p].id);
    }
    t->population = (int)s->population_count;
    struct population *p = &s->populations[s->population_count++];
    memcpy(p->id, id, strlen(id) + 1);
    p->filter = text_duplicate(filter, strlen(filter));
    return p->filter ? 0 : err_memory(err);
}

static int read_table_variables(const struct structure *s, struct frequency_table *t,
                                const json_t *list, struct err *err)
{
    if (!json_is_array(list) || json_array_size(list) > CONFIG_TABLE_VARIABLES)
        return err_set(err, ERR_DATA, "rules.json: table %s: bad variables", t->name);
    for (size_t i = 0; i < json_array_size(list); i++) {
        const char *name = json_string_value(json_array_get(list, i));
        size_t v = 0;
        while (name && v < s->variable_count && strcmp(s->variables[v].name, name) != 0)
            v++;
        if (!name || v == s->variable_count)
            return err_set(err, ERR_DATA, "rules.json: table %s: bad variables", t->name);
        t->variables[t->variable_count++] = (int)v;
    }
    return 0;
}

static int read_table(struct structure *s, struct frequency_table *t, const json_t *object,
                      struct err *err)
{
    static const char *const members[] = {"name",      "population", "filter",
                                          "variables", "within",     NULL};
    if (rules_members(object, members, "a table", err) != 0)
        return -1;
    if (rules_code(t->name, object, "name") != 0)
        return bad(err, "a table's name");
    if (read_population(s, t, object, err) != 0)
        return -1;
    return read_table_variables(s, t, json_object_get(object, "variables"), err);
}

/* `within` of all tables, once their names are known. */
static int resolve_within(struct structure *s, const json_t *list, struct err *err)
{
    for (size_t t = 0; t < s->table_count; t++) {
        const json_t *within = json_object_get(json_array_get(list, t), "within");
        s->tables[t].within = -1;
        if (json_is_null(within))
            continue;
        const char *name = json_string_value(within);
        for (size_t i = 0; name && i < s->table_count; i++)
            if (strcmp(s->tables[i].name, name) == 0)
                s->tables[t].within = (int)i;
        if (s->tables[t].within < 0)
            return err_set(err, ERR_DATA, "rules.json: table %s: within an unknown table",
                           s->tables[t].name);
    }
    return 0;
}

static int read_tables(struct structure *s, const json_t *root, struct err *err)
{
    const json_t *list =
        rules_list(root, "tables", CONFIG_TABLES, sizeof *s->tables, (void **)&s->tables, err);
    if (!list)
        return -1;
    s->populations = calloc(json_array_size(list) + 1, sizeof *s->populations);
    if (!s->populations)
        return err_memory(err);
    for (size_t i = 0; i < json_array_size(list); i++, s->table_count++)
        if (read_table(s, &s->tables[i], json_array_get(list, i), err) != 0)
            return -1;
    return resolve_within(s, list, err);
}

static int read_root(struct rules *r, const json_t *root, struct err *err)
{
    static const char *const members[] = {"format", "release",   "reference_date", "disclosure",
                                          "units",  "variables", "tables",         NULL};
    if (rules_members(root, members, "the file", err) != 0)
        return -1;
    const char *format = rules_text(root, "format", CONFIG_CODE);
    if (!format || strcmp(format, "herkomst-rules/1") != 0)
        return bad(err, "unknown format");
    if (rules_code(r->release, root, "release") != 0 || !is_code(r->release))
        return bad(err, "bad release");
    const char *day = rules_text(root, "reference_date", DATE_TEXT - 1);
    r->reference_date = day && strlen(day) == DATE_TEXT - 1
                            ? date_parse(day, DATE_TEXT - 1, "%Y-%m-%d")
                            : DATE_NONE;
    if (r->reference_date == DATE_NONE)
        return bad(err, "bad reference_date");
    if (read_disclosure(&r->disclosure, json_object_get(root, "disclosure"), err) != 0 ||
        rules_units(&r->structure, root, err) != 0 ||
        read_variables(&r->structure, root, err) != 0 || read_tables(&r->structure, root, err) != 0)
        return -1;
    return structure_check(&r->structure, err);
}

int rules_read_json(struct rules *r, const char *json, size_t length, struct err *err)
{
    json_error_t where;
    rules_init(r);
    if (length > RULES_BYTES)
        return bad(err, "too long");
    json_t *root = json_loadb(json, length, JSON_REJECT_DUPLICATES, &where);
    if (!root)
        return err_set(err, ERR_DATA, "rules.json: not JSON, line %d column %d", where.line,
                       where.column);
    int rc = read_root(r, root, err);
    json_decref(root);
    if (rc != 0)
        rules_release(r);
    return rc;
}

int rules_from_frame(struct rules *r, const struct frame *f, struct err *err)
{
    rules_init(r);
    const char *json = frame_document(f, err);
    return json ? rules_read_json(r, json, strlen(json), err) : -1;
}

int rules_add_unknown(struct rules *r, const struct frame *f, struct err *err)
{
    const struct column *variable = frame_need(f, "variable", COLUMN_U8, err);
    if (!variable)
        return -1;
    for (size_t row = 0; row < f->rows; row++) {
        size_t v = column_get(variable, row);
        struct variable *to = v < r->structure.variable_count ? &r->structure.variables[v] : NULL;
        if (!to || variable_unknown(to) != (int)to->category_count)
            return err_set(err, ERR_DATA, "frame unknown: row %zu: no variable without it",
                           row + 1);
        (void)variable_add_unknown(to);
    }
    return 0;
}

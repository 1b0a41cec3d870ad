/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/io/config_keys.h: the values of [variable] and [table]. */
#include "base/text.h"
#include "io/config_keys.h"

#include <stdlib.h>
#include <string.h>

/* Nesting of categories; a figure of more levels is nobody's. */
enum { CATEGORY_DEPTH = 16 };

bool config_category_name(const char *name)
{
    size_t length = 0, dots = 0;
    for (; name[length]; length++) {
        char c = name[length];
        if (!is_alpha(c) && !is_digit(c) && !strchr("._+<>-", c))
            return false;
        dots += c == '.';
    }
    return length >= 1 && length <= 32 && dots < length && strcmp(name, "total") != 0;
}

int config_category_find(const struct variable_config *v, const char *name)
{
    for (size_t i = 0; i < v->category_count; i++)
        if (strcmp(v->categories[i].name, name) == 0)
            return (int)i;
    return -1;
}

static int category_add(struct variable_config *v, const char *name, size_t length, int parent,
                        struct err *err)
{
    char copy[CONFIG_CODE] = "";
    if (length < sizeof copy)
        memcpy(copy, name, length);
    if (!config_category_name(copy))
        return err_set(err, ERR_CONFIG,
                       "\"%.40s\" cannot name a category (1 to 32 letters, digits and ._+<>-; not "
                       "\"total\")",
                       copy);
    if (config_category_find(v, copy) >= 0)
        return err_set(err, ERR_CONFIG, "category %s is there twice", copy);
    if (v->category_count == CONFIG_CATEGORIES)
        return err_set(err, ERR_CONFIG, "more than %d categories", CONFIG_CATEGORIES);
    struct category_config *c = &v->categories[v->category_count++];
    *c = (struct category_config){.parent = parent, .leaf = true};
    memcpy(c->name, copy, sizeof copy);
    if (parent >= 0)
        v->categories[parent].leaf = false;
    return 0;
}

static const char *skip_blanks(const char *at)
{
    while (is_space(*at))
        at++;
    return at;
}

/* foreign(eu, non_eu), belgian: a name, an opening or closing bracket or a comma at a time. */
int config_parse_categories(struct config *c, size_t index, const char *key, const char *value,
                            struct err *err)
{
    (void)key;
    struct variable_config *v = &c->variables[index];
    int parents[CATEGORY_DEPTH] = {-1};
    size_t depth = 0;
    for (const char *at = skip_blanks(value);;) {
        size_t length = strcspn(at, "(), \t");
        if (category_add(v, at, length, parents[depth], err) != 0)
            return -1;
        at = skip_blanks(at + length);
        if (*at == '(') {
            if (++depth == CATEGORY_DEPTH)
                return err_set(err, ERR_CONFIG, "categories nest deeper than %d", CATEGORY_DEPTH);
            parents[depth] = (int)v->category_count - 1;
            at = skip_blanks(at + 1);
            continue;
        }
        while (*at == ')' && depth > 0) {
            depth--;
            at = skip_blanks(at + 1);
        }
        if (*at == '\0' && depth == 0)
            return 0;
        if (*at != ',')
            return err_set(err, ERR_CONFIG, "commas and brackets of the list do not fit");
        at = skip_blanks(at + 1);
    }
}

/* The category that a value stands for: one of `categories`, or a new one when there is no such
 * list. */
static int value_category(struct variable_config *v, const char *name, bool listed, int *out,
                          struct err *err)
{
    if (*out >= 0)
        return err_set(err, ERR_CONFIG, "a value is there twice");
    int found = config_category_find(v, name);
    if (found < 0 && listed)
        return err_set(err, ERR_CONFIG, "\"%.40s\" is not one of the categories", name);
    if (found < 0) {
        if (category_add(v, name, strlen(name), -1, err) != 0)
            return -1;
        found = (int)v->category_count - 1;
    }
    if (!v->categories[found].leaf)
        return err_set(err, ERR_CONFIG,
                       "category %s has children: nobody is counted in it directly",
                       v->categories[found].name);
    *out = found;
    return 0;
}

static int value_item(struct variable_config *v, char *item, bool listed, struct err *err)
{
    char *colon = strchr(item, ':');
    if (!colon)
        return err_set(err, ERR_CONFIG, "not a list of 1:NAME, 0:NAME, null:NAME");
    const char *name = skip_blanks(colon + 1);
    while (colon > item && is_space(colon[-1]))
        colon--;
    *colon = '\0';
    if (strcmp(item, "1") == 0)
        return value_category(v, name, listed, &v->value_true, err);
    if (strcmp(item, "0") == 0)
        return value_category(v, name, listed, &v->value_false, err);
    if (strcmp(item, "null") == 0 || strcmp(item, "NULL") == 0)
        return value_category(v, name, listed, &v->value_null, err);
    return err_set(err, ERR_CONFIG, "a value other than 1, 0 and null");
}

int config_parse_values(struct config *c, size_t index, const char *key, const char *value,
                        struct err *err)
{
    (void)key;
    struct variable_config *v = &c->variables[index];
    char *copy = text_duplicate(value, strlen(value)), *rest = copy, *item;
    if (!copy)
        return err_memory(err);
    bool listed = v->category_count > 0;
    int rc = 0;
    v->has_values = true;
    while (rc == 0 && (item = config_next_item(&rest)))
        rc = value_item(v, item, listed, err);
    free(copy);
    return rc;
}

static int add_sensitive(struct config *c, size_t index, char *item, struct err *err)
{
    struct variable_config *v = &c->variables[index];
    int found = config_category_find(v, item);
    if (found < 0)
        return err_set(err, ERR_CONFIG, "\"%.40s\" is not one of the categories", item);
    if (v->categories[found].sensitive)
        return err_set(err, ERR_CONFIG, "category %s is there twice", item);
    v->categories[found].sensitive = true;
    return 0;
}

int config_parse_sensitive(struct config *c, size_t index, const char *key, const char *value,
                           struct err *err)
{
    (void)key;
    struct variable_config *v = &c->variables[index];
    if (v->category_count == 0)
        return err_set(err, ERR_CONFIG, "the variable has no categories");
    if (config_category_find(v, "unknown") < 0 && category_add(v, "unknown", 7, -1, err) != 0)
        return -1;
    v->sensitive = true;
    if (strcmp(value, "*") == 0) {
        for (size_t i = 0; i < v->category_count; i++)
            v->categories[i].sensitive = true;
        return 0;
    }
    return config_each_item(c, index, value, add_sensitive, err);
}

static int variable_find(const struct config *c, const char *name)
{
    for (size_t i = 0; i < c->variable_count; i++)
        if (strcmp(c->variables[i].name, name) == 0)
            return (int)i;
    return -1;
}

/* Keeps the variables in increasing order. */
static int add_variable(struct config *c, size_t index, char *name, struct err *err)
{
    struct table_config *t = &c->tables[index];
    int v = variable_find(c, name);
    if (v < 0)
        return err_set(err, ERR_CONFIG, "there is no [variable %.40s]", name);
    size_t at = t->variable_count;
    while (at > 0 && t->variables[at - 1] > v)
        at--;
    if (at > 0 && t->variables[at - 1] == v)
        return err_set(err, ERR_CONFIG, "variable %s is there twice", name);
    if (t->variable_count == CONFIG_TABLE_VARIABLES)
        return err_set(err, ERR_CONFIG, "more than %d variables", CONFIG_TABLE_VARIABLES);
    for (size_t i = t->variable_count; i > at; i--)
        t->variables[i] = t->variables[i - 1];
    t->variables[at] = v;
    t->variable_count++;
    return 0;
}

int config_parse_table_variables(struct config *c, size_t index, const char *key, const char *value,
                                 struct err *err)
{
    (void)key;
    return config_each_item(c, index, value, add_variable, err);
}

int config_table_find(const struct config *c, const char *name, int *out, struct err *err)
{
    for (size_t i = 0; i < c->table_count; i++)
        if (strcmp(c->tables[i].name, name) == 0) {
            *out = (int)i;
            return 0;
        }
    return err_set(err, ERR_CONFIG, "there is no [table %.40s]", name);
}

/* Earlier tables have their `within` already, later ones none yet: whoever closes a circle sees it.
 */
int config_parse_within(struct config *c, size_t index, const char *key, const char *value,
                        struct err *err)
{
    (void)key;
    struct table_config *t = &c->tables[index];
    if (config_table_find(c, value, &t->within, err) != 0)
        return -1;
    for (int at = t->within; at >= 0; at = c->tables[at].within)
        if (at == (int)index)
            return err_set(err, ERR_CONFIG, "the table is within itself");
    return 0;
}

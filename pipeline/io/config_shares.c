/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/io/config_keys.h: the values of [target], [benchmark] and [series]. */
#include "base/text.h"
#include "io/config_keys.h"

#include <stdlib.h>
#include <string.h>

void config_add_share(struct config *c, enum config_section kind, const char *name)
{
    static const struct share_config everybody = {.among_variable = -1, .among_category = -1};
    if (kind == SECTION_TARGET) {
        struct target_config *t = &c->targets[c->target_count++];
        memcpy(t->name, name, strlen(name) + 1);
        t->share = everybody;
        t->by = DATE_NONE;
    } else if (kind == SECTION_BENCHMARK) {
        struct benchmark_config *b = &c->benchmarks[c->benchmark_count++];
        memcpy(b->name, name, strlen(name) + 1);
        b->share = everybody;
    } else if (kind == SECTION_SERIES) {
        struct series_config *old = &c->series[c->series_count++];
        memcpy(old->name, name, strlen(name) + 1);
        old->share = everybody;
    }
}

/* The one variable of the share's table, other than `but`, that has the category. */
static int find_in_table(const struct config *c, const struct share_config *share, int but,
                         const char *name, int *variable, int *category, struct err *err)
{
    const struct table_config *t = &c->tables[share->table];
    *variable = -1;
    for (size_t i = 0; i < t->variable_count; i++) {
        int found = t->variables[i] == but
                        ? -1
                        : config_category_find(&c->variables[t->variables[i]], name);
        if (found < 0)
            continue;
        if (*variable >= 0)
            return err_set(err, ERR_CONFIG, "two variables of table %s have that category",
                           t->name);
        *variable = t->variables[i];
        *category = found;
    }
    if (*variable < 0)
        return err_set(err, ERR_CONFIG, "no variable of table %s has that category", t->name);
    return 0;
}

static int parse_category(const struct config *c, struct share_config *share, const char *name,
                          struct err *err)
{
    return find_in_table(c, share, -1, name, &share->variable, &share->category, err);
}

static int parse_among(const struct config *c, struct share_config *share, const char *name,
                       struct err *err)
{
    return find_in_table(c, share, share->variable, name, &share->among_variable,
                         &share->among_category, err);
}

int config_parse_target_table(struct config *c, size_t index, const char *key, const char *value,
                              struct err *err)
{
    (void)key;
    return config_table_find(c, value, &c->targets[index].share.table, err);
}

int config_parse_target_category(struct config *c, size_t index, const char *key, const char *value,
                                 struct err *err)
{
    (void)key;
    return parse_category(c, &c->targets[index].share, value, err);
}

int config_parse_target_among(struct config *c, size_t index, const char *key, const char *value,
                              struct err *err)
{
    (void)key;
    return parse_among(c, &c->targets[index].share, value, err);
}

int config_parse_benchmark_table(struct config *c, size_t index, const char *key, const char *value,
                                 struct err *err)
{
    (void)key;
    return config_table_find(c, value, &c->benchmarks[index].share.table, err);
}

int config_parse_benchmark_category(struct config *c, size_t index, const char *key,
                                    const char *value, struct err *err)
{
    (void)key;
    return parse_category(c, &c->benchmarks[index].share, value, err);
}

int config_parse_benchmark_among(struct config *c, size_t index, const char *key, const char *value,
                                 struct err *err)
{
    (void)key;
    return parse_among(c, &c->benchmarks[index].share, value, err);
}

/* What was counted by another definition is another thing, however alike its name. */
int config_parse_benchmark_definition(struct config *c, size_t index, const char *key,
                                      const char *value, struct err *err)
{
    (void)key;
    struct benchmark_config *b = &c->benchmarks[index];
    const struct variable_config *v = &c->variables[b->share.variable];
    if (strcmp(v->definition, value) != 0) {
        (void)err_set(err, ERR_CONFIG, "not the definition of variable %s", v->name);
        return err_hint(err, "a share by another definition says nothing about this one");
    }
    memcpy(b->definition, v->definition, sizeof b->definition);
    return 0;
}

int config_parse_series_table(struct config *c, size_t index, const char *key, const char *value,
                              struct err *err)
{
    (void)key;
    return config_table_find(c, value, &c->series[index].share.table, err);
}

int config_parse_series_category(struct config *c, size_t index, const char *key, const char *value,
                                 struct err *err)
{
    (void)key;
    return parse_category(c, &c->series[index].share, value, err);
}

int config_parse_series_among(struct config *c, size_t index, const char *key, const char *value,
                              struct err *err)
{
    (void)key;
    return parse_among(c, &c->series[index].share, value, err);
}

/* One value "YYYY-MM-DD:PERCENT", later than the one before it. */
static int add_value(struct config *c, size_t index, char *item, struct err *err)
{
    struct series_config *series = &c->series[index];
    size_t n = series->count;
    char *colon = strchr(item, ':');
    if (n == CONFIG_SERIES)
        return err_set(err, ERR_CONFIG, "more than %d values", CONFIG_SERIES);
    series->dates[n] = colon ? date_parse(item, (size_t)(colon - item), "%Y-%m-%d") : DATE_NONE;
    if (series->dates[n] == DATE_NONE || (n > 0 && series->dates[n] <= series->dates[n - 1]))
        return err_set(err, ERR_CONFIG, "not a list of YYYY-MM-DD:PERCENT, oldest first");
    for (colon++; is_space(*colon); colon++)
        ;
    series->count++;
    return config_parse_percent(colon, &series->ppm[n], err);
}

int config_parse_series_values(struct config *c, size_t index, const char *key, const char *value,
                               struct err *err)
{
    (void)key;
    return config_each_item(c, index, value, add_value, err);
}

/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/link/derive.h: who counts where, and in which category. */
#include "link/derive.h"

#include "base/report.h"

#include <stdlib.h>
#include <string.h>

enum {
    SUBSET_PEOPLE = 20, /* a smaller population may lie within another one by chance */
};

/* What a byte is made of: the value that an expression gives for a combination. */
typedef int (*judgement)(const struct derive_context *d, size_t index,
                         const struct sql_value *value, uint8_t *verdict, struct err *err);

/* What the expression gives for each combination; malloc'd, or NULL. */
static uint8_t *judge_all(const struct derive_context *d, struct combinations *c, judgement judge,
                          size_t index, struct err *err)
{
    uint8_t *of_code = malloc((size_t)c->count + 1);
    if (!of_code) {
        (void)err_memory(err);
        return NULL;
    }
    for (uint32_t code = 0; code < c->count; code++) {
        struct sql_value value;
        if (combinations_value(c, code, &value, err) != 0 ||
            judge(d, index, &value, &of_code[code], err) != 0) {
            free(of_code);
            return NULL;
        }
    }
    return of_code;
}

/* verdicts[i]: of row rows[i], or of row i if rows is NULL. */
static int evaluate(const struct derive_context *d, const char *sql, judgement judge, size_t index,
                    const uint32_t *rows, size_t count, uint8_t *verdicts, struct err *err)
{
    struct expression *e = NULL;
    struct combinations c = {0};
    uint8_t *of_code = NULL;
    int rc = -1;
    size_t bytes = (count + 1) * sizeof(uint32_t);
    uint32_t *codes = malloc(bytes);
    if (!codes)
        return err_memory(err);
    if (expression_open(&e, sql, &d->available, &d->countries, err) == 0 &&
        combinations_open(&c, e, &d->rows, err) == 0 &&
        combinations_find(&c, rows, count, d->threads, codes, err) == 0)
        of_code = judge_all(d, &c, judge, index, err);
    if (of_code) {
        for (size_t i = 0; i < count; i++)
            verdicts[i] = of_code[codes[i]];
        rc = 0;
    }
    progress_step(count);
    combinations_close(&c);
    expression_close(&e);
    free(of_code);
    free(codes);
    return rc;
}

/* 1 or 0, also as real numbers, or NULL: -1; anything else is no truth value. */
static int truth(const struct sql_value *v, int *out, struct err *err)
{
    bool one =
        (v->type == SQL_INTEGER && v->integer == 1) || (v->type == SQL_REAL && v->real == 1.0);
    bool zero =
        (v->type == SQL_INTEGER && v->integer == 0) || (v->type == SQL_REAL && v->real == 0.0);
    *out = one ? 1 : zero ? 0 : -1;
    if (one || zero || v->type == SQL_NULL)
        return 0;
    return err_set(err, ERR_CONFIG, "gives something else than 1, 0 or NULL");
}

/* ---- populations ---- */

static int is_counted(const struct derive_context *d, size_t index, const struct sql_value *value,
                      uint8_t *verdict, struct err *err)
{
    int of = 0;
    (void)d;
    (void)index;
    int rc = truth(value, &of, err);
    *verdict = of == 1;
    return rc;
}

/* A person counts once, at the first row that is in the population. */
static int population(struct derive_context *d, const char *filter, uint64_t bit, uint64_t *mask,
                      struct err *err)
{
    size_t rows = d->rows.facts->rows;
    uint8_t *in = calloc(rows + 1, 1);
    if (!in)
        return err_memory(err);
    int rc = evaluate(d, filter, is_counted, 0, NULL, rows, in, err);
    bool counted = false;
    for (size_t row = 0; rc == 0 && row < rows; row++) {
        counted = counted && !d->first[row];
        if (!counted && in[row]) {
            mask[row] |= bit;
            counted = true;
        }
    }
    free(in);
    return rc;
}

/* The first table of a population. */
static const struct table_config *table_of(const struct derive_context *d, size_t p)
{
    size_t t = 0;
    while ((size_t)d->structure->tables[t].population != p)
        t++;
    return &d->config->tables[t];
}

int derive_populations(struct derive_context *d, uint64_t *mask, struct err *err)
{
    for (size_t p = 0; p < d->structure->population_count; p++)
        if (population(d, d->structure->populations[p].filter, 1ULL << p, mask, err) != 0) {
            const struct table_config *t = table_of(d, p);
            return fields_blame(d->config, "population of table", t->name, t->line, err);
        }
    return 0;
}

/* ---- populations within each other ---- */

static bool share_sensitive(const struct structure *s, size_t p, size_t q)
{
    bool in_p[CONFIG_VARIABLES] = {false}, in_q[CONFIG_VARIABLES] = {false};
    for (size_t t = 0; t < s->table_count; t++)
        for (size_t i = 0; i < s->tables[t].variable_count; i++) {
            int v = s->tables[t].variables[i];
            in_p[v] = in_p[v] || (size_t)s->tables[t].population == p;
            in_q[v] = in_q[v] || (size_t)s->tables[t].population == q;
        }
    for (size_t v = 0; v < s->variable_count; v++)
        if (in_p[v] && in_q[v] && s->variables[v].sensitive)
            return true;
    return false;
}

/* True if a table of p leads to one of q along `within`, directly or through other tables'
 * populations. */
static bool says_within(const struct structure *s, size_t p, size_t q)
{
    uint64_t reached = 1ULL << p;
    for (uint64_t before = 0; before != reached;) {
        before = reached;
        for (size_t t = 0; t < s->table_count; t++)
            if (s->tables[t].within >= 0 && (reached >> s->tables[t].population & 1))
                reached |= 1ULL << s->tables[s->tables[t].within].population;
    }
    return reached >> q & 1;
}

int derive_check_within(const struct derive_context *d, const uint64_t *mask, struct err *err)
{
    const struct structure *s = d->structure;
    uint64_t within[DERIVE_POPULATIONS], person = 0;
    size_t people[DERIVE_POPULATIONS] = {0};
    memset(within, 0xFF, sizeof within);
    size_t rows = d->rows.facts->rows;
    for (size_t row = 0; row < rows; row++) {
        person |= mask[row];
        if (row + 1 < rows && !d->first[row + 1])
            continue;
        for (size_t p = 0; p < s->population_count; p++)
            if (person >> p & 1) {
                within[p] &= person;
                people[p]++;
            }
        person = 0;
    }
    for (size_t p = 0; p < s->population_count; p++)
        for (size_t q = 0; q < s->population_count; q++) {
            if (p == q || people[p] < SUBSET_PEOPLE || !(within[p] >> q & 1) ||
                !share_sensitive(s, p, q) || says_within(s, p, q) || says_within(s, q, p))
                continue;
            const struct table_config *t = table_of(d, p), *of = table_of(d, q);
            (void)err_set(err, ERR_CONFIG, "everybody in it is in the population of table %s too",
                          of->name);
            (void)err_hint(err, "say so in [table %s]: within = %s", t->name, of->name);
            return fields_blame(d->config, "population of table", t->name, t->line, err);
        }
    return 0;
}

/* ---- variables ---- */

static int find_category(const struct variable *v, const char *name)
{
    for (size_t i = 1; i < v->category_count; i++)
        if (strcmp(v->categories[i].name, name) == 0)
            return (int)i;
    return -1;
}

/* The category of NULL: `unknown`, appended the first time that it is needed and not there; at
 * another date 0, none. */
static int unknown_category(struct variable *v, bool then, struct err *err)
{
    int found = find_category(v, "unknown");
    if (found >= 0 || then)
        return found >= 0 ? found : 0;
    if (v->category_count == CONFIG_CATEGORIES + 1)
        return err_set(err, ERR_CONFIG, "no room for the category unknown");
    v->categories[v->category_count] = (struct category){.name = "unknown"};
    return (int)v->category_count++;
}

/* Negative after an error, which must not show what the expression gave: it may come from a row. */
static int categorise(const struct derive_context *d, size_t variable,
                      const struct sql_value *value, struct err *err)
{
    const struct variable_config *c = &d->config->variables[variable];
    struct variable *v = &d->structure->variables[variable];
    if (c->has_values) {
        int verdict;
        if (truth(value, &verdict, err) != 0)
            return -1;
        int index = verdict == 1 ? c->value_true : verdict == 0 ? c->value_false : c->value_null;
        if (index < 0 && verdict >= 0)
            return err_set(err, ERR_CONFIG, "gives %d, for which values has no name", verdict);
        return index < 0 ? unknown_category(v, d->then, err) : index + 1;
    }
    if (value->type == SQL_NULL)
        return unknown_category(v, d->then, err);
    if (value->type != SQL_TEXT)
        return err_set(err, ERR_CONFIG, "gives a number, not a category");
    int found = find_category(v, value->text);
    if (found < 0)
        return err_set(err, ERR_CONFIG, "gives something that is not one of the categories");
    if ((size_t)found <= c->category_count && !c->categories[found - 1].leaf)
        return err_set(err, ERR_CONFIG, "gives category %s, which has children",
                       v->categories[found].name);
    return found;
}

static int category_of(const struct derive_context *d, size_t index, const struct sql_value *value,
                       uint8_t *verdict, struct err *err)
{
    int category = categorise(d, index, value, err);
    *verdict = category < 0 ? 0 : (uint8_t)category;
    return category < 0 ? -1 : 0;
}

int derive_variable(struct derive_context *d, size_t v, const uint32_t *kept, size_t count,
                    uint8_t *categories, struct err *err)
{
    const struct variable_config *variable = &d->config->variables[v];
    int rc = evaluate(d, variable->sql, category_of, v, kept, count, categories, err);
    return rc == 0 ? 0 : fields_blame(d->config, "variable", variable->name, variable->line, err);
}

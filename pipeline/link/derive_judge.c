/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/link/derive_facts.h: what the configured expressions give for rows. */
#include "link/derive_facts.h"

#include "base/report.h"

#include <stdlib.h>
#include <string.h>

/* What a byte is made of: the value that an expression gives for a combination. */
typedef int (*judgement)(const struct derive_facts *f, size_t index, const struct sql_value *value,
                         uint8_t *verdict, struct err *err);

struct derive_judged {
    struct expression *expression; /* NULL: not wanted */
    struct combinations combinations;
    uint8_t *verdicts; /* by code */
    size_t capacity;
};

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

static int is_counted(const struct derive_facts *f, size_t index, const struct sql_value *value,
                      uint8_t *verdict, struct err *err)
{
    int of = 0;
    (void)f;
    (void)index;
    int rc = truth(value, &of, err);
    *verdict = of == 1;
    return rc;
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
    if (then)
        return variable_unknown(v) > 0 && variable_unknown(v) < (int)v->category_count
                   ? variable_unknown(v)
                   : 0;
    int at = variable_add_unknown(v);
    return at > 0 ? at : err_set(err, ERR_CONFIG, "no room for the category unknown");
}

/* Negative after an error, which must not show what the expression gave: it may come from a row. */
static int categorise(const struct derive_facts *f, size_t variable, const struct sql_value *value,
                      struct err *err)
{
    const struct variable_config *c = &f->context->config->variables[variable];
    struct variable *v = &f->context->structure->variables[variable];
    if (c->has_values) {
        int verdict;
        if (truth(value, &verdict, err) != 0)
            return -1;
        int index = verdict == 1 ? c->value_true : verdict == 0 ? c->value_false : c->value_null;
        if (index < 0 && verdict >= 0)
            return err_set(err, ERR_CONFIG, "gives %d, for which values has no name", verdict);
        return index < 0 ? unknown_category(v, f->then, err) : index + 1;
    }
    if (value->type == SQL_NULL)
        return unknown_category(v, f->then, err);
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

static int category_of(const struct derive_facts *f, size_t index, const struct sql_value *value,
                       uint8_t *verdict, struct err *err)
{
    int category = categorise(f, index, value, err);
    *verdict = category < 0 ? 0 : (uint8_t)category;
    return category < 0 ? -1 : 0;
}

/* ---- expressions ---- */

static int blame(const struct derive_context *c, size_t which, struct err *err)
{
    size_t populations = c->structure->population_count;
    if (which < populations) {
        const struct table_config *t = derive_table_of(c, which);
        return fields_blame(c->config, "population of table", t->name, t->line, err);
    }
    const struct variable_config *v = &c->config->variables[which - populations];
    return fields_blame(c->config, "variable", v->name, v->line, err);
}

static int open_one(struct derive_judged *j, const struct derive_facts *f, size_t which,
                    struct err *err)
{
    const struct derive_context *c = f->context;
    size_t populations = c->structure->population_count;
    const char *sql = which < populations ? c->structure->populations[which].filter
                                          : c->config->variables[which - populations].sql;
    if (expression_open(&j->expression, sql, &c->available, &c->countries, err) == 0 &&
        combinations_open(&j->combinations, j->expression, &f->rows, err) == 0)
        return 0;
    return blame(c, which, err);
}

struct derive_judged *derive_judged_open(const struct derive_facts *f, struct err *err)
{
    const struct structure *s = f->context->structure;
    size_t count = s->population_count + s->variable_count;
    struct derive_judged *judged = calloc(count + 1, sizeof *judged);
    if (!judged) {
        (void)err_memory(err);
        return NULL;
    }
    for (size_t i = 0; i < count; i++) {
        if (i >= s->population_count && !(f->variables >> (i - s->population_count) & 1))
            continue;
        if (open_one(&judged[i], f, i, err) == 0)
            continue;
        derive_judged_close(judged, s);
        return NULL;
    }
    return judged;
}

void derive_judged_close(struct derive_judged *judged, const struct structure *s)
{
    for (size_t i = 0; judged && i < s->population_count + s->variable_count; i++) {
        combinations_close(&judged[i].combinations);
        expression_close(&judged[i].expression);
        free(judged[i].verdicts);
    }
    free(judged);
}

/* What the expression gives for combinations that are new. */
static int judge_new(struct derive_judged *j, const struct derive_facts *f, judgement judge,
                     size_t index, struct err *err)
{
    struct combinations *c = &j->combinations;
    if (c->count > j->capacity) {
        size_t capacity = 2 * (size_t)c->count;
        uint8_t *grown = realloc(j->verdicts, capacity);
        if (!grown)
            return err_memory(err);
        j->verdicts = grown;
        j->capacity = capacity;
    }
    for (uint32_t code = c->before; code < c->count; code++) {
        struct sql_value value;
        if (combinations_value(c, code, &value, err) != 0 ||
            judge(f, index, &value, &j->verdicts[code], err) != 0)
            return -1;
    }
    return 0;
}

int derive_judge(struct derive_facts *f, size_t which, const uint32_t *rows, size_t count,
                 uint8_t *verdicts, struct err *err)
{
    const struct derive_context *c = f->context;
    const struct structure *s = c->structure;
    struct derive_judged *j = &f->judged[which];
    bool filter = which < s->population_count;
    const unsigned threads = c->plan->threads;
    if (combinations_find(&j->combinations, rows, count, threads, f->codes, err) != 0 ||
        judge_new(j, f, filter ? is_counted : category_of,
                  filter ? which : which - s->population_count, err) != 0)
        return blame(c, which, err);
    if (combinations_tell(&j->combinations, f->codes, count, threads, j->verdicts, verdicts, err) !=
        0)
        return -1;
    if (combinations_bytes(&j->combinations) >
        c->plan->partition / (s->population_count + s->variable_count))
        combinations_forget(&j->combinations);
    progress_step(count);
    return 0;
}

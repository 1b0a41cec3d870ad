/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/link/derive.h: units, variables, populations and tables, before anybody is counted.
 */
#include "base/text.h"
#include "link/derive.h"
#include "link/sql_words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- units ---- */

/* The frame's rows by entity code; a domain is named as at its first entity. */
struct entity_row {
    const char *entity, *name, *domain, *domain_name;
    bool delivered;
};

static int by_entity(const void *a, const void *b)
{
    return strcmp(((const struct entity_row *)a)->entity, ((const struct entity_row *)b)->entity);
}

static int by_domain(const void *a, const void *b)
{
    const struct entity_row *x = a, *y = b;
    int order = strcmp(x->domain, y->domain);
    return order ? order : by_entity(a, b);
}

static struct entity_row *entity_rows(const struct frame *f, struct err *err)
{
    const struct column *entity = frame_need(f, "entity", COLUMN_U32, err),
                        *name = frame_need(f, "name", COLUMN_U32, err),
                        *domain = frame_need(f, "domain", COLUMN_U32, err),
                        *domain_name = frame_need(f, "domain_name", COLUMN_U32, err),
                        *delivered = frame_need(f, "delivered", COLUMN_U8, err);
    if (!entity || !name || !domain || !domain_name || !delivered)
        return NULL;
    struct entity_row *rows = calloc(f->rows + 1, sizeof *rows);
    if (!rows)
        (void)err_memory(err);
    for (size_t i = 0; rows && i < f->rows; i++) {
        rows[i] = (struct entity_row){column_word(entity, i), column_word(name, i),
                                      column_word(domain, i), column_word(domain_name, i),
                                      column_get(delivered, i) != 0};
        if (rows[i].entity && rows[i].domain && is_code(rows[i].entity) && is_code(rows[i].domain))
            continue;
        (void)err_set(err, ERR_DATA, "frame entities: an entity or a domain without a code");
        free(rows);
        rows = NULL;
    }
    return rows;
}

static int add_unit(struct structure *s, enum level level, const char *code, const char *name,
                    int parent, struct err *err)
{
    struct unit *u = &s->units[s->unit_count];
    *u = (struct unit){.level = level, .parent = parent, .complete = true};
    if (!name)
        name = code;
    u->name = text_duplicate(name, strlen(name));
    if (!u->name)
        return err_memory(err);
    memcpy(u->code, code, strlen(code) + 1);
    s->unit_count++;
    return 0;
}

static int domain_index(const struct structure *s, const char *code)
{
    for (size_t i = 0; i < s->unit_count; i++)
        if (s->units[i].level == LEVEL_DOMAIN && strcmp(s->units[i].code, code) == 0)
            return (int)i;
    return -1;
}

/* From the bottom up: a unit is delivered when one below it is, and complete when all are. */
static void sum_delivery(struct structure *s)
{
    for (size_t i = s->unit_count; i-- > 1;) {
        struct unit *u = &s->units[i], *parent = &s->units[u->parent];
        u->complete = u->complete && u->delivered;
        parent->delivered = parent->delivered || u->delivered;
        parent->complete = parent->complete && u->complete;
    }
    s->units[0].complete = s->units[0].complete && s->units[0].delivered;
}

static struct unit *find_entity(struct structure *s, const char *code)
{
    for (size_t i = 0; i < s->unit_count; i++)
        if (s->units[i].level == LEVEL_ENTITY && strcmp(s->units[i].code, code) == 0)
            return &s->units[i];
    return NULL;
}

/* Entities that ended, in byte order, become predecessors of the one that goes on with them. */
static int add_predecessors(struct structure *s, const struct frame *former, struct err *err)
{
    const struct column *entity = frame_need(former, "entity", COLUMN_U32, err);
    const struct column *successor = frame_need(former, "successor", COLUMN_U32, err);
    const struct column *then = frame_need(former, "valid_then", COLUMN_U8, err);
    if (!entity || !successor || !then)
        return -1;
    for (size_t row = 0; row < former->rows; row++) {
        const char *code = column_word(entity, row), *to = column_word(successor, row);
        if (!column_get(then, row) || !to)
            continue;
        struct unit *u = find_entity(s, to);
        if (!u || !code || !is_code(code))
            return err_set(err, ERR_DATA, "frame former: an entity without a code or a successor");
        char(*grown)[CONFIG_CODE] =
            reallocarray(u->predecessors, u->predecessor_count + 1, sizeof *grown);
        if (!grown)
            return err_memory(err);
        u->predecessors = grown;
        (void)snprintf(grown[u->predecessor_count++], sizeof *grown, "%s", code);
    }
    return 0;
}

int derive_units(struct structure *s, const struct config *c, const struct frame *entities,
                 const struct frame *former, struct err *err)
{
    struct entity_row *rows = entity_rows(entities, err);
    if (!rows)
        return -1;
    int rc = -1;
    s->units = calloc(2 * entities->rows + 1, sizeof *s->units);
    if (!s->units) {
        (void)err_memory(err);
        goto out;
    }
    if (add_unit(s, LEVEL_GOVERNMENT, c->code, c->name, -1, err) != 0)
        goto out;
    qsort(rows, entities->rows, sizeof *rows, by_domain);
    for (size_t i = 0; i < entities->rows; i++)
        if ((i == 0 || strcmp(rows[i].domain, rows[i - 1].domain) != 0) &&
            add_unit(s, LEVEL_DOMAIN, rows[i].domain, rows[i].domain_name, 0, err) != 0)
            goto out;
    qsort(rows, entities->rows, sizeof *rows, by_entity);
    for (size_t i = 0; i < entities->rows; i++) {
        if (add_unit(s, LEVEL_ENTITY, rows[i].entity, rows[i].name, domain_index(s, rows[i].domain),
                     err) != 0)
            goto out;
        s->units[s->unit_count - 1].delivered = rows[i].delivered;
    }
    sum_delivery(s);
    rc = add_predecessors(s, former, err);
out:
    free(rows);
    return rc;
}

/* ---- variables ---- */

static void add_variable(struct structure *s, const struct variable_config *from)
{
    struct variable *v = &s->variables[s->variable_count++];
    memcpy(v->name, from->name, sizeof v->name);
    memcpy(v->definition, from->definition, sizeof v->definition);
    v->sensitive = false;
    v->categories[0] = (struct category){.name = "total", .parent = -1};
    v->category_count = 1;
    for (size_t i = 0; i < from->category_count; i++) {
        const struct category_config *category = &from->categories[i];
        struct category *to = &v->categories[v->category_count++];
        *to = (struct category){.parent = category->parent + 1, .sensitive = category->sensitive};
        memcpy(to->name, category->name, sizeof to->name);
        v->sensitive = v->sensitive || category->sensitive;
    }
}

/* ---- populations ---- */

/* The X of employment = 'X', if it is a code; id is left empty for any other filter. */
static int employment_id(const char *filter, char id[static CONFIG_CODE], struct err *err)
{
    static const enum sql_kind KINDS[] = {SQL_WORD_NAME, SQL_WORD_OTHER, SQL_WORD_STRING};
    struct sql_words w = {.sql = filter};
    char code[CONFIG_CODE] = "";
    size_t count = 0;
    int rc;
    id[0] = '\0';
    for (; (rc = sql_next(&w, err)) > 0; count++) {
        if (count == 3 || w.kind != KINDS[count])
            return 0;
        if (count == 0 && (w.length != 10 || strncmp(w.start, "employment", 10) != 0))
            return 0;
        if (count == 1 && w.start[0] != '=')
            return 0;
        if (count == 2 && w.length - 2 < sizeof code)
            memcpy(code, w.start + 1, w.length - 2);
    }
    if (rc == 0 && count == 3 && is_code(code))
        memcpy(id, code, sizeof code);
    return rc;
}

static bool id_taken(const struct structure *s, const char *id)
{
    for (size_t i = 0; i < s->population_count; i++)
        if (strcmp(s->populations[i].id, id) == 0)
            return true;
    return false;
}

/* The table's name, cut and with -2, -3, ... after it when a population is called so already. */
static void table_id(const struct structure *s, const char *table, char id[static CONFIG_CODE])
{
    char candidate[CONFIG_CODE], suffix[12];
    (void)snprintf(candidate, sizeof candidate, "%s", table);
    for (unsigned n = 2; id_taken(s, candidate); n++) {
        int length = snprintf(suffix, sizeof suffix, "-%u", n);
        (void)snprintf(candidate, sizeof candidate, "%.*s%s", CONFIG_CODE - 1 - length, table,
                       suffix);
    }
    memcpy(id, candidate, sizeof candidate);
}

/* The population of table t: that of the first table with the same filter, or a new one. */
static int add_table(struct structure *s, const struct config *c, char **forms, size_t t,
                     struct err *err)
{
    const struct table_config *from = &c->tables[t];
    struct frequency_table *to = &s->tables[s->table_count++];
    memcpy(to->name, from->name, sizeof to->name);
    to->variable_count = from->variable_count;
    memcpy(to->variables, from->variables, sizeof to->variables);
    to->within = from->within;
    for (size_t i = 0; i < t; i++)
        if (strcmp(forms[i], forms[t]) == 0) {
            to->population = s->tables[i].population;
            return 0;
        }
    if (s->population_count == DERIVE_POPULATIONS)
        return err_set(err, ERR_CONFIG, "more than %d different populations", DERIVE_POPULATIONS);
    struct population *p = &s->populations[s->population_count];
    p->filter = text_duplicate(from->population, strlen(from->population));
    if (!p->filter)
        return err_memory(err);
    to->population = (int)s->population_count++;
    return employment_id(p->filter, p->id, err);
}

/* Filters of the form employment = 'X' have their ids first, so that no table takes one away. */
static void name_populations(struct structure *s)
{
    for (size_t t = 0; t < s->table_count; t++) {
        struct population *p = &s->populations[s->tables[t].population];
        if (!p->id[0])
            table_id(s, s->tables[t].name, p->id);
    }
}

static int add_tables(struct structure *s, const struct config *c, char **forms, struct err *err)
{
    for (size_t t = 0; t < c->table_count; t++)
        if (expression_form(c->tables[t].population, &forms[t], err) != 0 ||
            add_table(s, c, forms, t, err) != 0)
            return fields_blame(c, "population of table", c->tables[t].name, c->tables[t].line,
                                err);
    name_populations(s);
    return 0;
}

int derive_shape(struct structure *s, const struct config *c, struct err *err)
{
    s->variables = calloc(c->variable_count + 1, sizeof *s->variables);
    s->populations = calloc(c->table_count + 1, sizeof *s->populations);
    s->tables = calloc(c->table_count + 1, sizeof *s->tables);
    char **forms = calloc(c->table_count + 1, sizeof *forms);
    if (!forms || !s->variables || !s->populations || !s->tables) {
        free((void *)forms);
        return err_memory(err);
    }
    for (size_t i = 0; i < c->variable_count; i++)
        add_variable(s, &c->variables[i]);
    int rc = add_tables(s, c, forms, err);
    for (size_t t = 0; t < c->table_count; t++)
        free(forms[t]);
    free((void *)forms);
    return rc;
}

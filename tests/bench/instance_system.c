/* SPDX-License-Identifier: EUPL-1.2 */
/* See instance_system.h. */
#include "instance_system.h"

#include "io/csv_reader.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { VARIABLES = 4, CATEGORIES = 8, FIRST_VARIABLE = 2, COUNT_DIGITS = 9 };

struct variable_form {
    const char *name;
    struct {
        const char *name;
        const char *in_file; /* NULL: the sum of its children */
        int parent;
        bool sensitive;
    } categories[CATEGORIES]; /* from 1 on: 0 is the total */
};

static const struct variable_form ORIGIN_FLAT = {"origin",
                                                 {{NULL, NULL, -1, false},
                                                  {"belgian", "belgian", 0, true},
                                                  {"foreign_eu", "foreign_eu", 0, true},
                                                  {"foreign_noneu", "foreign_noneu", 0, true},
                                                  {"unknown", "unknown", 0, true}}};
static const struct variable_form ORIGIN_NESTED = {"origin",
                                                   {{NULL, NULL, -1, false},
                                                    {"foreign", NULL, 0, true},
                                                    {"eu", "foreign_eu", 1, true},
                                                    {"non_eu", "foreign_noneu", 1, true},
                                                    {"belgian", "belgian", 0, true},
                                                    {"unknown", "unknown", 0, false}}};
static const struct variable_form OTHERS[] = {
    {"gender", {{NULL, NULL, -1, false}, {"m", "m", 0, false}, {"f", "f", 0, false}}},
    {"age",
     {{NULL, NULL, -1, false},
      {"a<30", "a<30", 0, false},
      {"a30-39", "a30-39", 0, false},
      {"a40-49", "a40-49", 0, false},
      {"a50-59", "a50-59", 0, false},
      {"a60+", "a60+", 0, false}}},
    {"grade", /* `level` is the name of a table file's column */
     {{NULL, NULL, -1, false},
      {"A", "A", 0, false},
      {"B", "B", 0, false},
      {"C", "C", 0, false},
      {"D", "D", 0, false}}}};

struct row {
    uint32_t entity; /* code in the dictionary */
    uint32_t leaf;   /* position among the combinations of categories */
    int64_t count;
};

struct reading {
    struct instance_system *s;
    const struct variable_form *forms[VARIABLES];
    struct dictionary entities, domains;
    uint32_t *domain_of; /* per entity */
    struct row *rows;
    size_t row_count, row_capacity, entity_capacity;
    size_t combinations;
    int64_t *leaves; /* per unit and combination */
};

static int grow(void **array, size_t *capacity, size_t count, size_t size, struct err *err)
{
    if (count < *capacity)
        return 0;
    size_t wanted = *capacity ? 2 * *capacity : 1024;
    void *more = realloc(*array, wanted * size);
    if (!more)
        return err_memory(err);
    *array = more;
    *capacity = wanted;
    return 0;
}

static int set_rules(struct disclosure *d, const char *rules, struct err *err)
{
    disclosure_defaults(d);
    d->turnover_threshold = 0;
    if (strcmp(rules, "own") == 0)
        return 0;
    if (strcmp(rules, "z0") != 0 && strcmp(rules, "z1") != 0)
        return err_set(err, ERR_USAGE, "the rules are z0, z1 or own");
    d->protect_zeros = strcmp(rules, "z1") == 0;
    d->interval = false;
    d->public_head_counts = false;
    return 0;
}

static void add_category(struct variable *v, const struct variable_form *form, size_t i)
{
    struct category *c = &v->categories[i];
    (void)snprintf(c->name, sizeof c->name, "%s", i ? form->categories[i].name : "total");
    c->parent = form->categories[i].parent;
    c->sensitive = form->categories[i].sensitive;
    v->sensitive = v->sensitive || c->sensitive;
    v->category_count++;
}

static int on_header(void *context, const struct csv_field *fields, size_t count, long line,
                     struct err *err)
{
    struct reading *r = context;
    struct structure *s = &r->s->structure;
    if (count < FIRST_VARIABLE + 2 || count > FIRST_VARIABLE + VARIABLES + 1 ||
        strcmp(fields[0].bytes, "entity") != 0 || strcmp(fields[count - 1].bytes, "freq") != 0)
        return err_set(err, ERR_DATA, "line %ld: not the header of an instance", line);
    s->variables = calloc(VARIABLES, sizeof *s->variables);
    if (!s->variables)
        return err_memory(err);
    s->variable_count = count - FIRST_VARIABLE - 1;
    r->combinations = 1;
    for (size_t i = 0; i < s->variable_count; i++) {
        r->forms[i] =
            i ? &OTHERS[i - 1] : (r->s->rules.public_head_counts ? &ORIGIN_NESTED : &ORIGIN_FLAT);
        struct variable *v = &s->variables[i];
        (void)snprintf(v->name, sizeof v->name, "%s", r->forms[i]->name);
        add_category(v, r->forms[i], 0);
        while (r->forms[i]->categories[v->category_count].name)
            add_category(v, r->forms[i], v->category_count);
        r->combinations *= v->category_count;
    }
    return 0;
}

static size_t find_category(const struct variable_form *form, size_t count, const char *name)
{
    for (size_t i = 1; i < count; i++)
        if (form->categories[i].in_file && strcmp(form->categories[i].in_file, name) == 0)
            return i;
    return 0;
}

static int set_entity(struct reading *r, struct row *row, const struct csv_field *fields,
                      struct err *err)
{
    row->entity = dictionary_intern(&r->entities, fields[0].bytes, fields[0].length);
    uint32_t domain = dictionary_intern(&r->domains, fields[1].bytes, fields[1].length);
    if (row->entity == 0 || domain == 0 ||
        grow((void **)&r->domain_of, &r->entity_capacity, row->entity, sizeof *r->domain_of, err))
        return err_memory(err);
    r->domain_of[row->entity] = domain;
    return 0;
}

static int on_row(void *context, const struct csv_field *fields, size_t count, long line,
                  struct err *err)
{
    struct reading *r = context;
    const struct structure *s = &r->s->structure;
    if (grow((void **)&r->rows, &r->row_capacity, r->row_count, sizeof *r->rows, err) != 0)
        return -1;
    struct row *row = &r->rows[r->row_count++];
    *row = (struct row){0, 0, 0};
    for (size_t i = 0; i < s->variable_count; i++) {
        const char *name = fields[FIRST_VARIABLE + i].bytes;
        size_t category = find_category(r->forms[i], s->variables[i].category_count, name);
        if (category == 0)
            return err_set(err, ERR_DATA, "line %ld: unknown category", line);
        row->leaf = row->leaf * (uint32_t)s->variables[i].category_count + (uint32_t)category;
    }
    const struct csv_field *freq = &fields[count - 1];
    if (freq->length == 0 || freq->length > COUNT_DIGITS ||
        strspn(freq->bytes, "0123456789") != freq->length)
        return err_set(err, ERR_DATA, "line %ld: bad count", line);
    row->count = strtoll(freq->bytes, NULL, 10);
    return set_entity(r, row, fields, err);
}

static int set_unit(struct unit *u, enum level level, const char *code, int parent, struct err *err)
{
    *u = (struct unit){.level = level, .parent = parent, .delivered = true, .complete = true};
    (void)snprintf(u->code, sizeof u->code, "%s", code);
    u->name = text_duplicate(code, strlen(code));
    return u->name ? 0 : err_memory(err);
}

/* The government, the domains by code, the entities in the file's order. */
static int make_units(struct reading *r, struct err *err)
{
    struct structure *s = &r->s->structure;
    size_t domains = r->domains.count, entities = r->entities.count;
    uint32_t *renumber = calloc(domains + 1, sizeof *renumber);
    s->units = calloc(1 + domains + entities, sizeof *s->units);
    if (!renumber || !s->units || dictionary_sort(&r->domains, renumber) != 0) {
        free(renumber);
        return err_memory(err);
    }
    int rc = set_unit(&s->units[s->unit_count++], LEVEL_GOVERNMENT, "G", -1, err);
    for (uint32_t d = 1; rc == 0 && d <= domains; d++)
        rc = set_unit(&s->units[s->unit_count++], LEVEL_DOMAIN, dictionary_word(&r->domains, d), 0,
                      err);
    for (uint32_t e = 1; rc == 0 && e <= entities; e++)
        rc = set_unit(&s->units[s->unit_count++], LEVEL_ENTITY, dictionary_word(&r->entities, e),
                      (int)renumber[r->domain_of[e]], err);
    free(renumber);
    return rc;
}

static int make_table(struct structure *s, struct err *err)
{
    s->populations = calloc(1, sizeof *s->populations);
    s->tables = calloc(1, sizeof *s->tables);
    if (!s->populations || !s->tables)
        return err_memory(err);
    s->population_count = s->table_count = 1;
    (void)snprintf(s->populations->id, CONFIG_CODE, "staff");
    s->populations->filter = text_duplicate("1", 1);
    struct frequency_table *t = s->tables;
    (void)snprintf(t->name, sizeof t->name, "staff");
    t->within = -1;
    t->variable_count = s->variable_count;
    for (size_t v = 0; v < s->variable_count; v++)
        t->variables[v] = (int)v;
    return s->populations->filter ? 0 : err_memory(err);
}

static int64_t leaf_of(void *context, size_t leaf_table, int unit, const uint16_t *categories)
{
    const struct reading *r = context;
    const struct structure *s = &r->s->structure;
    (void)leaf_table;
    size_t at = 0;
    for (size_t v = 0; v < s->variable_count; v++)
        at = at * s->variables[v].category_count + categories[v];
    return r->leaves[(size_t)unit * r->combinations + at];
}

static int make_cells(struct reading *r, struct err *err)
{
    struct instance_system *s = r->s;
    if (make_units(r, err) != 0 || make_table(&s->structure, err) != 0 ||
        structure_check(&s->structure, err) != 0 ||
        cells_build(&s->cells, &s->structure, s->rules.public_head_counts, err) != 0)
        return -1;
    s->counts = calloc(s->cells.count + 1, sizeof *s->counts);
    r->leaves = calloc(s->structure.unit_count * r->combinations, sizeof *r->leaves);
    if (!s->counts || !r->leaves)
        return err_memory(err);
    for (size_t i = 0; i < r->row_count; i++) {
        size_t unit = r->domains.count + r->rows[i].entity;
        r->leaves[unit * r->combinations + r->rows[i].leaf] += r->rows[i].count;
    }
    return cells_sum_up(&s->cells, s->counts, leaf_of, r, err);
}

int instance_system_read(struct instance_system *s, const char *path, const char *rules,
                         struct err *err)
{
    static const struct csv_options OPTIONS = {',', ENCODING_UTF8, NULL};
    struct reading r = {.s = s};
    memset(s, 0, sizeof *s);
    structure_init(&s->structure);
    dictionary_init(&r.entities);
    dictionary_init(&r.domains);
    int rc = -1;
    if (set_rules(&s->rules, rules, err) == 0 &&
        csv_read(path, &OPTIONS, on_header, on_row, &r, err) == 0)
        rc = make_cells(&r, err);
    dictionary_release(&r.entities);
    dictionary_release(&r.domains);
    free(r.domain_of);
    free(r.rows);
    free(r.leaves);
    return rc;
}

void instance_system_release(struct instance_system *s)
{
    cells_release(&s->cells);
    structure_release(&s->structure);
    free(s->counts);
    s->counts = NULL;
}
